//! Tests, by topic.

mod application;
mod bodies;
mod certificates;
mod complaints;
mod decision;
mod duties;
mod evaluation;
mod exact;
mod findings;
mod governance;
mod invariants;
mod organic_code;
mod random;
mod requests;
mod sales;
mod stops;
