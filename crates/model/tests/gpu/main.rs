//! What only a GPU has: that it gives what the CPU gives, for every element type. Built with the feature `cuda` only;
//! `cargo xtask gpu test` runs it on a GPU, `cargo xtask gpu emulate` without one.

mod head;
mod pointwise;
mod predict;
mod support;
