//! Tests by topic.

mod agents;
mod authority;
mod capacities;
mod extension;
mod genesis;
mod governance;
mod invariants;
mod organisations;
mod random;
mod views;

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};

type E = Error<Test>;
