//! Tests of gossip: its parts alone, and swarms on loopback.

mod parts;
mod raw_peer;
mod swarms;
