//! How many bits the numbers of a network have while it computes.

use crate::ops::{GpuMath, set_gpu_math};
use serde::{Deserialize, Serialize};

/// The numbers of a network's activations and products. Parameters, statistics, losses and the gradients of parameters
/// are f32 in every case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// f32, with all 24 bits in products.
    #[default]
    F32,
    /// f32, with products of 11 bits in convolutions (TF32). Only on a GPU.
    Tf32,
    /// Activations in bfloat16, of 8 bits, summed in f32. Only on a GPU.
    Bf16,
}

impl Precision {
    /// The name in recipes.
    pub fn name(self) -> &'static str {
        match self {
            Precision::F32 => "f32",
            Precision::Tf32 => "tf32",
            Precision::Bf16 => "bf16",
        }
    }
}

/// Sets how many bits the products of f32 convolutions keep on a GPU: all 24 for [`Precision::F32`], which is how a
/// program starts, and 11 (TF32) for the others.
///
/// This is a setting of the whole program, as in cuDNN: it changes the results of every network, from the next
/// convolution on. What one network computes its activations in is set with [`crate::Model::set_precision`].
pub fn set_program_precision(precision: Precision) {
    set_gpu_math(if precision == Precision::F32 { GpuMath::Exact } else { GpuMath::Tf32 });
}
