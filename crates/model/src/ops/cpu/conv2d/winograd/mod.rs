//! Convolution of 3x3 taps and stride 1 with fewer products, after Winograd.
//!
//! `y = A^T [(G g G^T) * (B^T d B)] A`: a patch of 2x2 (or 4x4) results takes 16 (36) products for each pair of channels
//! instead of 36 (144). The products of many patches are products of matrices, one for each place in the transformed
//! patch. Both transforms run on blocks of patches that stay in the second-level cache.

mod blocks;
mod choice;
mod convolution;
mod cut;
mod four;
mod lanes;
mod patches;
mod slices;
#[cfg(test)]
mod tests;
mod transforms;
mod two;
mod weight_gradient;
mod weights;

pub(in crate::ops::cpu) use blocks::block_pixels;
pub(in crate::ops::cpu) use choice::{Direction, chosen};
pub(in crate::ops::cpu) use convolution::Convolution;
pub(in crate::ops::cpu) use patches::{PatchSize, Patches};
pub(in crate::ops::cpu) use weight_gradient::WeightGradient;
pub(in crate::ops::cpu) use weights::TransformedWeights;
