//! Refuses a pass that cannot run, before any work.

use super::Pass;
use crate::{Error, Result};
use std::collections::BTreeSet;
use std::fmt::Display;

impl Pass<'_> {
    pub(crate) fn check(&self) -> Result<()> {
        at_least_one("batch", self.batch)?;
        at_least_one("threads", self.threads)?;
        at_least_one("side_by_side", self.side_by_side)?;
        at_least_one("calibration.bins", self.calibration.as_ref().map_or(1, |c| c.bins))?;
        at_least_one("temperatures.bins", self.temperatures.as_ref().map_or(1, |c| c.bins))?;
        once("pictures", self.image_ids.iter())?;
        once("conditions", self.conditions.iter())?;
        once("models", self.series().iter().map(|s| &s.series))?;
        self.conditions.iter().try_for_each(|condition| self.check_condition(condition))?;
        let counts: BTreeSet<usize> = self.entrants.iter().map(|e| e.predictor.class_count()).collect();
        if counts.len() > 1 {
            let expected = "the same number of classes in every model";
            return Err(Error::Setting { name: "classes", value: format!("{counts:?}"), expected });
        }
        Ok(())
    }
}

fn at_least_one(name: &'static str, value: usize) -> Result<()> {
    if value == 0 {
        return Err(Error::Setting { name, value: "0".to_owned(), expected: "at least 1" });
    }
    Ok(())
}

fn once<'a, T: Ord + Display + 'a>(
    name: &'static str,
    mut values: impl Iterator<Item = &'a T>,
) -> Result<()> {
    let mut before = BTreeSet::new();
    match values.find(|value| !before.insert(*value)) {
        Some(value) => Err(Error::Setting { name, value: value.to_string(), expected: "each of them once" }),
        None => Ok(()),
    }
}
