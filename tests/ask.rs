//! A program that is asked while an evaluation runs: its rows are those of its files, whatever is interrupted.
//!
//! The programs are written in Python's standard library; where there is no python3 the tests say that they are skipped.

mod common;
#[path = "ask/equal.rs"]
mod equal;
#[path = "ask/examples.rs"]
mod examples;
#[path = "ask/interrupted.rs"]
mod interrupted;
#[path = "ask/refused.rs"]
mod refused;
#[path = "ask/rows.rs"]
mod rows;
#[path = "ask/world.rs"]
mod world;
