//! What is left to do: everything that the pass wants and the store lacks, in the order of the pass.

use crate::Pass;
use crate::pass::PassSeries;
use scribe_records::Key;
use std::collections::{BTreeMap, BTreeSet};

/// One image under one condition, and the series that lack a result for it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct InputJob {
    /// Index into the pass's images.
    pub image_index: usize,
    /// Index into the pass's conditions.
    pub condition: usize,
    /// Indices into the pass's series, ascending.
    pub series: Vec<usize>,
}

/// What is left to do.
pub(crate) struct Plan {
    /// The inputs that some series has no result for, in the order of the pass.
    pub jobs: Vec<InputJob>,
    /// Every series of the pass.
    pub series: Vec<PassSeries>,
    /// Predictions that the pass wants and the store has.
    pub done_before: usize,
}

impl Plan {
    pub(crate) fn new(pass: &Pass<'_>, completed: &BTreeSet<Key>) -> Plan {
        let series = pass.series();
        let mut done = Done::new([pass.image_ids.len(), pass.conditions.len(), series.len()]);
        let image_at = index(pass.image_ids.iter().map(|id| id.as_str().to_owned()));
        let condition_at = index(pass.conditions.iter().cloned());
        let series_at = index(series.iter().map(|s| s.series.clone()));
        for key in completed {
            let place =
                (image_at.get(&key.image_id), condition_at.get(&key.condition), series_at.get(&key.series()));
            if let (Some(&i), Some(&c), Some(&s)) = place {
                done.set(i, c, s);
            }
        }
        Plan { jobs: done.left(), series, done_before: done.count() }
    }

    /// How many predictions are left.
    pub(crate) fn predictions(&self) -> usize {
        self.jobs.iter().map(|j| j.series.len()).sum()
    }
}

/// A flag for each (image, condition, series).
struct Done {
    sizes: [usize; 3],
    flags: Vec<bool>,
}

impl Done {
    fn new(sizes: [usize; 3]) -> Done {
        Done { sizes, flags: vec![false; sizes.iter().product()] }
    }

    fn at(&self, image_index: usize, condition: usize, series: usize) -> usize {
        (image_index * self.sizes[1] + condition) * self.sizes[2] + series
    }

    fn set(&mut self, image_index: usize, condition: usize, series: usize) {
        let at = self.at(image_index, condition, series);
        self.flags[at] = true;
    }

    fn count(&self) -> usize {
        self.flags.iter().filter(|&&f| f).count()
    }

    fn left(&self) -> Vec<InputJob> {
        let [images, conditions, all] = self.sizes;
        let mut jobs = Vec::new();
        for (image_index, condition) in (0..images).flat_map(|i| (0..conditions).map(move |c| (i, c))) {
            let series: Vec<usize> =
                (0..all).filter(|&s| !self.flags[self.at(image_index, condition, s)]).collect();
            if !series.is_empty() {
                jobs.push(InputJob { image_index, condition, series });
            }
        }
        jobs
    }
}

fn index<T: Ord>(items: impl Iterator<Item = T>) -> BTreeMap<T, usize> {
    items.enumerate().map(|(i, item)| (item, i)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_is_left_out_and_a_finished_input_is_not_a_job() {
        let mut done = Done::new([2, 2, 2]);
        for (i, c, s) in [(0, 0, 0), (0, 0, 1), (1, 0, 1)] {
            done.set(i, c, s);
        }
        let job = |image_index, condition, series: &[usize]| InputJob {
            image_index,
            condition,
            series: series.to_vec(),
        };
        assert_eq!(done.left(), [job(0, 1, &[0, 1]), job(1, 0, &[0]), job(1, 1, &[0, 1])]);
        assert_eq!(done.count(), 3);
    }
}
