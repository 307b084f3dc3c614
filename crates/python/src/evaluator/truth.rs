//! The true labels of a run's pictures: each picture has one label map, whatever corruption is shown.

use pyo3::PyResult;
use pyo3::exceptions::PyValueError;
use scribe_base::digest::sha256_hex_of_reader;
use scribe_corruptions::Suite;
use scribe_dataset::VOID;
use scribe_records::{Condition, CorruptionInfo, Key, SparseConfusion, Unit};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::io::Read;

/// A label map, as much of it as tells it from others.
pub(super) struct Truth {
    /// The condition under which it came.
    condition: Condition,
    /// The labelled pixels of each class that it has.
    counts: BTreeMap<u8, u64>,
    /// Height and width; a store does not keep them.
    size: Option<[usize; 2]>,
    /// The hash of size and map, which stores of earlier versions do not have.
    sha256: Option<String>,
}

/// Those that were seen, by the ids of their pictures.
#[derive(Default)]
pub(super) struct Truths {
    of: HashMap<String, Truth>,
}

impl Truth {
    /// Of labels, 255 for what counts for nothing, of this height and width.
    pub(super) fn new(condition: &Condition, labels: &[u8], size: [usize; 2]) -> Truth {
        let mut counts = [0; 256];
        labels.iter().for_each(|label| counts[usize::from(*label)] += 1);
        let there = (0..VOID).zip(counts).filter(|(_, pixels)| *pixels > 0);
        let sha256 = Some(sha256_of(labels, size));
        Truth { condition: condition.clone(), counts: there.collect(), size: Some(size), sha256 }
    }

    /// Tells a unit the hash that the store keeps: of the picture's one truth, or of that of a picture which no corruption made.
    pub(super) fn name_in(&self, unit: &mut Unit) {
        let place =
            if is_made(&self.condition) { &mut unit.label_sha256 } else { &mut unit.moved_label_sha256 };
        place.clone_from(&self.sha256);
    }

    /// Of what a store has counted.
    fn counted(condition: Condition, cells: &SparseConfusion) -> Truth {
        let mut counts = BTreeMap::new();
        let scored = cells.cells().iter().map(|&(truth, _, pixels)| (truth, pixels));
        for (truth, pixels) in scored.chain(cells.unmapped().iter().copied()) {
            *counts.entry(truth).or_default() += u64::from(pixels);
        }
        Truth { condition, counts, size: None, sha256: None }
    }

    /// What tells it from an earlier one, in words.
    fn difference(&self, before: &Truth) -> Option<String> {
        let under = &before.condition;
        if let (Some(now), Some(then)) = (self.size, before.size)
            && now != then
        {
            let ([height, width], [old_height, old_width]) = (now, then);
            return Some(format!("{height}x{width} pixels, and under {under} {old_height}x{old_width}"));
        }
        let pixels = |truth: &Truth, class: u8| truth.counts.get(&class).copied().unwrap_or_default();
        if let Some(class) = (0..VOID).find(|class| pixels(self, *class) != pixels(before, *class)) {
            let (now, then) = (pixels(self, class), pixels(before, class));
            return Some(format!("{now} pixels of class {class}, and under {under} {then}"));
        }
        let hashes = self.sha256.as_ref().zip(before.sha256.as_ref());
        hashes
            .is_some_and(|(now, then)| now != then)
            .then(|| format!("its classes at other pixels than under {under}"))
    }
}

impl Truths {
    /// Refuses another truth than the picture had before.
    ///
    /// # Errors
    /// Says what differs.
    pub(super) fn check(&self, image_id: &str, truth: &Truth) -> PyResult<()> {
        let before = self.of.get(image_id).filter(|_| is_made(&truth.condition));
        match before.and_then(|before| truth.difference(before)) {
            Some(difference) => Err(PyValueError::new_err(format!(
                "the truth of {image_id} under {} has {difference} (expected one truth of a picture, clean and under every \
                 corruption; a picture that no corruption made may have its own, as \"{}NAME:SEVERITY\")",
                truth.condition,
                CorruptionInfo::GIVEN_PREFIX
            ))),
            None => Ok(()),
        }
    }

    /// Keeps the truth of a result that was taken.
    pub(super) fn keep(&mut self, image_id: &str, truth: Truth) {
        if !is_made(&truth.condition) {
            return;
        }
        match self.of.entry(image_id.to_owned()) {
            Entry::Vacant(place) => drop(place.insert(truth)),
            Entry::Occupied(mut found) if found.get().size.is_none() => drop(found.insert(truth)),
            Entry::Occupied(_) => {}
        }
    }

    /// Keeps the hashes that a store has of its pictures' truths.
    pub(super) fn keep_hashes(&mut self, mut label_maps: BTreeMap<String, String>) {
        for (image_id, truth) in &mut self.of {
            truth.sha256 = label_maps.remove(image_id);
        }
    }

    /// Keeps what a store says of a picture's truth. A condition that the suite does not know may have moved it.
    pub(super) fn keep_counted(&mut self, suite: &Suite, key: &Key, cells: &SparseConfusion) {
        let condition = &key.condition;
        let is_known = || condition.is_clean() || suite.get(&condition.corruption).is_ok();
        if !self.of.contains_key(&key.image_id) && is_made(condition) && is_known() {
            self.of.insert(key.image_id.clone(), Truth::counted(condition.clone(), cells));
        }
    }
}

/// Whether a corruption made the picture from the one that its truth is of, or it is that one.
fn is_made(condition: &Condition) -> bool {
    !CorruptionInfo::is_name_of_given(&condition.corruption)
}

/// As FORMAT.md says it of the table `pictures`: of a line `width height`, and of one byte for each pixel.
fn sha256_of(labels: &[u8], [height, width]: [usize; 2]) -> String {
    let line = format!("{width} {height}\n");
    sha256_hex_of_reader(line.as_bytes().chain(labels)).expect("memory can be read")
}
