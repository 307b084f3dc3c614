//! Tests that look below the crate's public interface; those of the interface itself are in `tests/`.

mod audit;
mod claims;
mod class_correlations;
#[path = "../../tests/common/mod.rs"]
mod common;
mod conventions;
mod draws;
mod figures;
mod gate;
mod gate_rules;
mod gate_runs;
mod holds_for;
mod label_shift;
mod load;
mod measures;
mod mode_gaps;
mod numbers;
mod one_number;
mod page_notes;
mod power;
mod resampling;
mod seeds;
mod selective;
mod structure;
mod two_classes;
mod variance;
mod verdicts;
