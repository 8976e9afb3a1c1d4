//! Measures networks on this machine.

fn main() {}
