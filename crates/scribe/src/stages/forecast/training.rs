//! How much of a recipe's training is left.

use crate::recipe::CheckedRecipe;
use crate::stages::run::Run;
use crate::stages::train_config::train_config;
use scribe_base::human;

/// The trainings of a recipe.
pub(super) struct Training {
    pub(super) networks: usize,
    /// Steps over all networks that are not done yet.
    pub(super) left: u64,
    /// Steps of one network.
    steps: u64,
}

impl Training {
    /// Counts what the run's folder holds already; `pictures` is the length of the training list.
    pub(super) fn of(run: &Run, pictures: usize) -> Training {
        let recipe = &run.recipe;
        let steps = train_config(recipe, 0, pictures).steps;
        let all = recipe.trained().flat_map(|model| recipe.seeds.iter().map(|seed| (&model.id, *seed)));
        let left = |(id, seed): (&String, u64)| {
            let metrics = scribe_train::read_metrics(&run.dir.training(id, seed).join("metrics.jsonl"));
            let done = metrics.ok().and_then(|all| all.last().map(|last| last.step)).unwrap_or(0);
            steps.saturating_sub(done)
        };
        let networks = recipe.trained().count() * recipe.seeds.len();
        Training { networks, steps, left: all.map(left).sum() }
    }

    /// One line for people.
    pub(super) fn text(&self, recipe: &CheckedRecipe) -> String {
        let Training { networks, steps, left } = self;
        let (batch, crop) = (recipe.train.batch, recipe.train.crop);
        format!(
            "training: {} x {} of {batch} pictures at {crop}x{crop}, {left} of {} left",
            human::count(*networks, "network"),
            human::count(*steps, "step"),
            human::count(*networks as u64 * steps, "step")
        )
    }
}
