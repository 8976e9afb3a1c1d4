//! Tests of the whole: real processes that form networks on this machine.

mod bad_input;
mod command_line;
mod crash;
mod finality;
mod interface;
mod membership;
mod refusals;
mod restart;
