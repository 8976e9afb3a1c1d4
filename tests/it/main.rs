//! Tests of the whole: real processes that form networks on this machine.

#![allow(clippy::print_stdout, reason = "figures and seeds belong to a test's output")]

mod bad_input;
mod bulk_runs;
mod command_line;
mod crash;
mod daily_work;
mod every_record;
mod finality;
mod interface;
mod membership;
mod programs;
mod refusals;
mod registrar_day;
mod restart;
