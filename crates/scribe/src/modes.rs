//! The names of inference modes in recipes and stores.

use scribe_model::{Inference, ScoreSpace};

/// All of them. `msc` averages in the space that suits the objective; the others name the space.
pub(crate) const NAMES: [&str; 6] =
    ["single", "msc", "msc-softmax", "msc-sigmoid", "msc-logit", "msc-rebuild"];

/// The inference that a name stands for; `None` for a name that is not in [`NAMES`].
pub(crate) fn inference(name: &str, scales: &[f64], flip: bool) -> Option<Inference> {
    let space = match name {
        "single" => return Some(Inference::Single),
        "msc" => None,
        "msc-softmax" => Some(ScoreSpace::Softmax),
        "msc-sigmoid" => Some(ScoreSpace::Sigmoid),
        "msc-logit" => Some(ScoreSpace::Logit),
        "msc-rebuild" => Some(ScoreSpace::RebuildBackground),
        _ => return None,
    };
    let scales = scales.iter().map(|scale| *scale as f32).collect();
    Some(Inference::MultiScale { scales, flip, space })
}
