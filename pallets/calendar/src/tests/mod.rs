//! Tests, by topic.

mod dates;
mod genesis;
mod set_year;
mod terms;
