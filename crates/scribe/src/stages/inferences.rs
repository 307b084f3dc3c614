//! The inference that each mode of a recipe stands for.

use crate::modes;
use crate::recipe::Recipe;
use anyhow::Context;
use scribe_base::nearest::did_you_mean;
use scribe_model::Inference;
use scribe_records::Mode;

/// The modes of these names, with the scales of the recipe.
///
/// # Errors
/// There is no mode of such a name.
pub(super) fn inferences(recipe: &Recipe, names: &[String]) -> anyhow::Result<Vec<(Mode, Inference)>> {
    let inference = |name: &String| {
        let inference = modes::inference(name, &recipe.eval.scales, recipe.eval.flip);
        let hint = did_you_mean(name, modes::NAMES);
        let inference = inference
            .with_context(|| format!("mode {name}: {hint}expected one of {}", modes::NAMES.join(", ")))?;
        Ok((Mode::new(name)?, inference))
    };
    names.iter().map(inference).collect()
}
