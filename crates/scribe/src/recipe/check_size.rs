//! Checks how much a recipe asks for: what a store cannot hold is refused before anything is made of it.

use super::{Recipe, RecipeError};
use scribe_records::Manifest;

impl Recipe {
    /// Compares the numbers of series, conditions and master seeds with those that a store can hold.
    ///
    /// # Errors
    /// The key that lists too many.
    pub(super) fn check_size(&self) -> Result<(), RecipeError> {
        let (eval, most) = (&self.eval, Manifest::MOST);
        let [seeds, models, modes] = [self.seeds.len(), self.models.len(), eval.modes.len()];
        let series = seeds.saturating_mul(models).saturating_mul(modes);
        let found = format!("{seeds} seeds x {models} models x {modes} modes");
        let key = if seeds > models { "seeds" } else { "models" };
        self.require_count(series <= most, key, &found, &format!("at most {most} series, as a store holds"))?;
        let corrupted = eval.corruptions.len().saturating_mul(eval.severities.len());
        let conditions = corrupted.saturating_add(eval.conditions.len()).saturating_add(1);
        let found = format!("{conditions} conditions");
        let expected = format!("at most {most} with clean and [[eval.conditions]], as a store holds");
        self.require_count(conditions <= most, "eval.corruptions", &found, &expected)?;
        let draws = eval.master_seeds.len();
        let expected = format!("at most {most}, as a store holds");
        self.require_count(draws <= most, "eval.master_seeds", &format!("{draws} master seeds"), &expected)
    }

    /// The error says how many there are, and not which.
    fn require_count(&self, holds: bool, key: &str, found: &str, expected: &str) -> Result<(), RecipeError> {
        self.require(holds, key, format_args!("{found}"), expected)
    }
}
