//! How many bits the numbers of a network have while it computes.

use crate::ops::GpuMath;
use serde::{Deserialize, Serialize};

/// The numbers of a network's activations and products. Parameters, statistics, losses and the gradients of parameters
/// are f32 in every case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// f32, whose factors keep their significand of 24 bits in convolutions.
    #[default]
    F32,
    /// f32, whose factors are rounded to a significand of 11 bits in convolutions (TF32). Only on a GPU.
    Tf32,
    /// Activations in bfloat16, whose significand has 8 bits, summed in f32. Only on a GPU.
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

    /// How the convolutions of a network multiply.
    pub(crate) fn math(self) -> GpuMath {
        match self {
            Precision::F32 => GpuMath::Exact,
            Precision::Tf32 | Precision::Bf16 => GpuMath::Tf32,
        }
    }
}
