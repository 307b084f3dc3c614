//! The code that only a GPU runs gives the CPU's results, for every element type.
//!
//! It is built with the feature `cuda` only. `cargo xtask gpu test` runs it on a GPU, `cargo xtask gpu emulate` without one.

mod dropout;
mod exact;
mod head;
mod input;
mod pointwise;
mod precision;
mod predict;
mod support;
