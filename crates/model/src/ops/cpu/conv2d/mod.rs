//! Convolution on the CPU, on maps with their channels last.

mod correlation;
mod direct;
mod finish;
mod moments;
