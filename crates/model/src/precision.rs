//! In which numbers a network computes.

use serde::{Deserialize, Serialize};

/// Numbers of a network's activations and products; parameters, statistics, losses and gradients of parameters are f32 in
/// every case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// f32, and f32's 24 bits in products.
    #[default]
    F32,
    /// f32, with products of 11 bits in convolutions (TF32): a GPU's.
    Tf32,
    /// Activations in bfloat16, of 8 bits, summed in f32: a GPU's.
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
