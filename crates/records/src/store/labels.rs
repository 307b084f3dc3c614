//! Whether the confusions of one input can be of one label map.

use crate::{Condition, Key, Manifest, Series, SparseConfusion};

/// The labelled pixels of the input that was read last, by class.
pub(super) struct Labels {
    /// The pixels of an image, where the manifest says them.
    most: Option<u64>,
    last: Option<(u64, String, Condition, [u64; 256])>,
}

impl Labels {
    /// Before the first.
    pub(super) fn new(manifest: &Manifest) -> Labels {
        Labels { most: manifest.pixels(), last: None }
    }

    /// Compares a confusion with that of another series for the same input. All series are scored against the same label
    /// map, by the same classes: what a network's map ignores is counted too.
    ///
    /// # Errors
    /// What does not fit, in words.
    pub(super) fn check(
        &mut self,
        master_seed: u64,
        key: &Key,
        cells: &SparseConfusion,
    ) -> Result<(), String> {
        let counts = cells.by_truth();
        let of = |reason| format!("image {} {}: {reason}", key.image_id, key.condition);
        check_total(&counts, self.most).map_err(of)?;
        if let Some((seed, image, condition, others)) = &self.last
            && (*seed, image, condition) == (master_seed, &key.image_id, &key.condition)
        {
            return check_same(&key.series(), &counts, others).map_err(of);
        }
        self.last = Some((master_seed, key.image_id.clone(), key.condition.clone(), counts));
        Ok(())
    }
}

/// Refuses more pixels than the image has.
pub(super) fn check_total(counts: &[u64; 256], most: Option<u64>) -> Result<(), String> {
    let total: u64 = counts.iter().sum();
    most.filter(|most| total > *most).map_or(Ok(()), |most| {
        Err(format!("{total} pixels are counted (expected at most {most}, which the image has)"))
    })
}

/// Refuses labelled pixels of a series that are not those of another one.
pub(super) fn check_same(series: &Series, counts: &[u64; 256], others: &[u64; 256]) -> Result<(), String> {
    let Some(class) = (0..256).find(|class| counts[*class] != others[*class]) else { return Ok(()) };
    Err(format!(
        "{series} has {} labelled pixels of class {class}, another series {} (expected the same: they have one label map)",
        counts[class], others[class]
    ))
}

impl Manifest {
    /// The pixels of every image at the size of the test, where the view is a square; otherwise an image may have any size.
    pub(crate) fn pixels(&self) -> Option<u64> {
        let side = self.view.strip_prefix("squash")?.strip_prefix([':', '-'])?;
        side.parse::<u32>().ok().map(|side| u64::from(side) * u64::from(side))
    }
}
