//! The draws of the corruptions: the results of a cell under each master seed.

use crate::error::Result;
use crate::format::list;
use crate::summary::mean;
use crate::view::{Cell, FurtherDraw, View};
use scribe_records::{Confusion, SparseConfusion};

/// The draws of the corruptions in words.
const DRAWS: &str = "draws of the corruptions";

impl View {
    /// Adds one picture's confusion under a further master seed to its cell, which has one under the first.
    ///
    /// # Errors
    /// The confusion has a class that the view does not have.
    pub fn insert_further(
        &mut self,
        master_seed: u64,
        cell: &Cell,
        image: usize,
        confusion: SparseConfusion,
    ) -> Result<()> {
        let classes = self.classes.len().max(1);
        let draws = self.further.entry(cell.clone()).or_default();
        let place = draws.iter().position(|draw| draw.master_seed == master_seed).unwrap_or_else(|| {
            draws.push(FurtherDraw {
                master_seed,
                confusion: Confusion::new(classes),
                per_image: Vec::new(),
            });
            draws.len() - 1
        });
        draws[place].confusion.merge_sparse(&confusion)?;
        draws[place].per_image.push((image, confusion));
        Ok(())
    }

    /// Sorts the pictures of further draws, drops those draws that lack pictures which the cell has under the first master
    /// seed, whose conditions are then unfinished, and lists the master seeds that are left, in the order of `wanted`.
    pub(crate) fn finish_further(&mut self, wanted: &[u64]) {
        for (cell, draws) in &mut self.further {
            let full = self.per_image.get(cell).map_or(0, Vec::len);
            if draws.iter().any(|draw| draw.per_image.len() != full) {
                self.unfinished.insert(cell.condition.clone());
            }
            draws.retain(|draw| draw.per_image.len() == full);
            for draw in draws.iter_mut() {
                draw.per_image.sort_by_key(|(image, _)| *image);
            }
            draws.sort_by_key(|draw| wanted.iter().position(|seed| *seed == draw.master_seed));
        }
        self.further.retain(|_, draws| !draws.is_empty());
        let there = |seed: &u64| self.further.values().flatten().any(|draw| draw.master_seed == *seed);
        let further: Vec<u64> = wanted.iter().skip(1).copied().filter(there).collect();
        let first = wanted.iter().take(usize::from(!further.is_empty())).copied();
        self.master_seeds = first.chain(further).collect();
    }

    /// How many draws of the corruptions there are; 1 where there are no further master seeds.
    pub(crate) fn draw_count(&self) -> usize {
        self.master_seeds.len().max(1)
    }

    /// What a resample draws, in words: "pictures, draws of the corruptions and training seeds", as far as there are several.
    pub(crate) fn resampled(&self) -> String {
        list(&[vec!["pictures".to_owned()], self.several()].concat())
    }

    /// The same of numbers of which only the first draw of the corruptions was counted.
    pub(crate) fn resampled_in_first_draw(&self) -> String {
        let several = self.several().into_iter().filter(|axis| axis != DRAWS);
        list(&std::iter::once("pictures".to_owned()).chain(several).collect::<Vec<_>>())
    }

    /// What a number is a mean over, of which there are several.
    pub(crate) fn several(&self) -> Vec<String> {
        let seeds = self.models.iter().any(|model| self.seeds(model).len() > 1);
        let axes = [(self.draw_count() > 1, DRAWS), (seeds, "training seeds")];
        axes.into_iter().filter(|(several, _)| *several).map(|(_, name)| name.to_owned()).collect()
    }

    /// What is said of numbers of which only the first draw of the corruptions was counted; nothing where there is one draw.
    pub(crate) fn of_first_draw(&self) -> Option<String> {
        let first = self.master_seeds.first().filter(|_| self.draw_count() > 1)?;
        Some(format!("Of the first draw of the corruptions alone (master seed {first})."))
    }

    /// The mIoU of a cell, the mean over the draws that it has; `None` where no pixel was counted.
    pub(crate) fn miou(&self, cell: &Cell) -> Option<f64> {
        let further = self.further.get(cell).into_iter().flatten().map(|draw| &draw.confusion);
        mean(self.confusions.get(cell).into_iter().chain(further).filter_map(Confusion::miou))
    }

    /// The draws that a cell has: the place of each among the master seeds, and its pictures.
    pub(crate) fn draws(&self, cell: &Cell) -> Vec<(usize, &[(usize, SparseConfusion)])> {
        let first = self.per_image.get(cell).map(|pictures| (0, pictures.as_slice()));
        let place = |seed: u64| self.master_seeds.iter().position(|s| *s == seed);
        let further = self.further.get(cell).into_iter().flatten();
        let further = further.filter_map(|draw| Some((place(draw.master_seed)?, draw.per_image.as_slice())));
        first.into_iter().chain(further).collect()
    }
}
