//! Tests of the whole: real processes that form networks on this machine.

mod crash;
