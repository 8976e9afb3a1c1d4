//! Vertical compensation (纵向生态保护补偿): transfers of a finance department to counties.

pub(crate) mod functions;
pub mod score;
pub mod types;
