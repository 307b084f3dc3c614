//! How much of a recipe's evaluation is left.

use super::measured_run::MeasuredRun;
use crate::stages::run::Run;
use scribe_base::human;
use scribe_records::{Manifest, Store};

/// The evaluation of a recipe, or of one shard of it.
pub(super) struct Evaluation {
    pictures: usize,
    conditions: usize,
    /// Conditions under further master seeds, all of them together.
    drawn_again: usize,
    models: usize,
    modes: usize,
    done: usize,
}

impl Evaluation {
    /// Counts what the run's store holds already.
    ///
    /// # Errors
    /// There are more shards than blocks of images, or the store cannot be read.
    pub(super) fn of(run: &Run, measured: &MeasuredRun, wanted: &Manifest) -> anyhow::Result<Evaluation> {
        let blocks = run.recipe.eval.moment_blocks;
        let pictures = match run.dir.shard() {
            Some(shard) => {
                shard.check(blocks)?;
                measured.test_ids.iter().filter(|id| shard.has(id, blocks)).count()
            }
            None => measured.test_ids.len(),
        };
        let path = run.dir.own_store();
        let mut done = 0;
        if path.exists() {
            let store = Store::open(&path)?;
            done = store.completed()?.len();
            for seed in &store.manifest().further_seeds {
                done += store.completed_under(*seed)?.len();
            }
        }
        Ok(Evaluation {
            pictures,
            conditions: wanted.conditions().len(),
            drawn_again: wanted.further_seeds.len() * wanted.drawn_conditions().len(),
            models: wanted.models.len(),
            modes: wanted.modes.len(),
            done,
        })
    }

    /// Predictions that are not made yet.
    pub(super) fn left(&self) -> usize {
        self.all().saturating_sub(self.done)
    }

    /// One line for people.
    pub(super) fn text(&self) -> String {
        let Evaluation { pictures, conditions, models, modes, .. } = self;
        let again = match self.drawn_again {
            0 => String::new(),
            again => format!(" and {again} drawn again"),
        };
        format!(
            "evaluation: {} x {}{again} x {} x {}, {} of {} left",
            human::count(*pictures, "picture"),
            human::count(*conditions, "condition"),
            human::count(*models, "network"),
            human::count(*modes, "mode"),
            self.left(),
            human::count(self.all(), "prediction")
        )
    }

    fn all(&self) -> usize {
        self.pictures * (self.conditions + self.drawn_again) * self.models * self.modes
    }
}
