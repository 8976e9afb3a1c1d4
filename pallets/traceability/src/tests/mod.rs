//! Tests of every call, error and boundary, by topic.

mod production;
