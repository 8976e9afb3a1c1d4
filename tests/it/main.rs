//! Tests of the whole: real processes that form networks on this machine.

#![allow(clippy::print_stdout, reason = "figures and seeds belong to a test's output")]

mod audit_export;
mod bad_input;
mod brand_day;
mod browsing;
mod bulk_runs;
mod certification_day;
mod certified;
mod command_line;
mod compensation_day;
mod compensation_page;
mod coverage;
mod crash;
mod daily_work;
mod every_record;
mod finality;
mod fund_day;
mod gateway;
mod interface;
mod label_work;
mod membership;
mod open_recalls;
mod programs;
mod proofs;
mod provenance;
mod refusals;
mod registrar_day;
mod restart;
mod rough_callers;
mod scans;
mod serving;
mod store;
mod tampered;
mod typed_calls;
mod typed_money_calls;
mod vertical_day;
