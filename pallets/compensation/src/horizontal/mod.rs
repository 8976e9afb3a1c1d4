//! Horizontal compensation (横向生态保护补偿): agreements between governments of a basin.

pub mod formula;
pub(crate) mod functions;
pub(crate) mod samples;
pub(crate) mod settlement;
pub mod types;
