//! The values and colours that label maps hold.

use super::FoundPair;
use crate::decode::{RawLabels, Stored, read_raw_labels};
use crate::{ImageId, Limits, Result, Template};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The most colours that are kept: label maps with more are of no use as classes.
const MOST: usize = 1000;

/// What some label maps hold, with the number of label maps that hold it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FoundValues {
    /// Values of grey and palette files.
    pub numbers: BTreeMap<u16, usize>,
    /// Colours of files saved in colour.
    pub colours: BTreeMap<[u8; 3], usize>,
    /// The colours that palettes show the values in; a value that two palettes show differently has none.
    pub shown: BTreeMap<u16, [u8; 3]>,
    /// How many label maps were looked at.
    pub looked_at: usize,
    /// How many there are.
    pub of: usize,
}

impl FoundValues {
    /// Adds what up to `masks` label maps of a pair hold, evenly chosen.
    pub(super) fn add(&mut self, root: &Path, pair: &FoundPair, masks: usize) -> Result<()> {
        let template = Template::new(&pair.labels)?;
        let step = pair.ids.len().div_ceil(masks.max(1)).max(1);
        let chosen: Vec<&String> = pair.ids.iter().step_by(step).collect();
        let read = |id: &&String| {
            let path = root.join(template.path(&ImageId::new(id.as_str())?));
            let raw = read_raw_labels(&path, &|size, bytes| Limits::default().check(&path, size, bytes))?;
            Ok(Held::of(&raw))
        };
        let held: Vec<Held> = chosen.par_iter().map(read).collect::<Result<_>>()?;
        self.looked_at += held.len();
        self.of += pair.ids.len();
        held.into_iter().for_each(|held| self.add_one(held));
        Ok(())
    }

    fn add_one(&mut self, held: Held) {
        for value in held.numbers {
            *self.numbers.entry(value).or_default() += 1;
            let (Some(shown), first) = (held.palette.get(usize::from(value)), self.numbers[&value] == 1)
            else {
                continue;
            };
            match self.shown.get(&value) {
                None if first => drop(self.shown.insert(value, *shown)),
                Some(other) if other != shown => drop(self.shown.remove(&value)),
                _ => {}
            }
        }
        for colour in held.colours {
            if self.colours.len() < MOST || self.colours.contains_key(&colour) {
                *self.colours.entry(colour).or_default() += 1;
            }
        }
    }
}

/// What one label map holds.
struct Held {
    numbers: BTreeSet<u16>,
    colours: BTreeSet<[u8; 3]>,
    palette: Vec<[u8; 3]>,
}

impl Held {
    fn of(raw: &RawLabels) -> Held {
        let (mut numbers, mut colours) = (BTreeSet::new(), BTreeSet::new());
        match &raw.stored {
            Stored::Bytes(values) => numbers.extend(distinct(values).into_iter().map(u16::from)),
            Stored::Words(values) => numbers = distinct(values),
            Stored::Colours(found) => colours = distinct(found),
        }
        Held { numbers, colours, palette: raw.palette.clone().unwrap_or_default() }
    }
}

/// The different values; neighbours mostly have the same.
fn distinct<T: Ord + Copy>(values: &[T]) -> BTreeSet<T> {
    let mut found = BTreeSet::new();
    let mut last = None;
    for &value in values {
        if last != Some(value) {
            found.insert(value);
            last = Some(value);
        }
    }
    found
}
