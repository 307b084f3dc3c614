//! Which tensors a network took from a file, and which not.

use crate::{Error, Result};
use std::collections::BTreeMap;
use std::path::Path;

/// Which tensors a network took from a file, and which not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "a file may have given less than the network needs"]
pub struct LoadReport {
    /// Names of the network that were taken from the file.
    pub loaded: Vec<String>,
    /// Names of the network that the file does not have. These tensors keep their values.
    pub missing: Vec<String>,
    /// Counters of batch norms (`num_batches_tracked`) that the file does not have. They keep their values, as in torch;
    /// nothing here computes with them.
    pub uncounted: Vec<String>,
    /// Names of the file, in its own spelling, that the network does not have.
    pub unused: Vec<String>,
    /// Names of the file that were left out on purpose: torchvision's second head (`aux_classifier.*`), which is only for
    /// its training, and everything but the backbone where only the backbone is taken.
    pub left_out: Vec<String>,
}

impl LoadReport {
    /// Checks that the file has every tensor of the network, except counters, and nothing else, except what is left out on
    /// purpose.
    ///
    /// # Errors
    /// [`Error::Incomplete`] when anything is missing or unused.
    pub fn complete(&self, path: &Path) -> Result<()> {
        if self.missing.is_empty() && self.unused.is_empty() {
            return Ok(());
        }
        let first = |names: &[String]| names.first().cloned().unwrap_or_else(|| "-".to_string());
        Err(Error::Incomplete {
            path: path.to_path_buf(),
            missing: self.missing.len(),
            first_missing: first(&self.missing),
            unused: self.unused.len(),
            first_unused: first(&self.unused),
        })
    }

    /// One line for a log: how many tensors were loaded, and which were not, grouped by the first part of their names.
    pub fn summary(&self) -> String {
        let mut parts = vec![format!("{} tensors loaded", self.loaded.len())];
        let left = self.left_out.iter().chain(&self.unused);
        for (what, names) in [
            ("left out of the file", groups(left)),
            ("not in the file, kept as drawn", groups(self.missing.iter())),
        ] {
            if !names.is_empty() {
                parts.push(format!("{what}: {names}"));
            }
        }
        if !self.uncounted.is_empty() {
            parts.push(format!("{} counters num_batches_tracked not in the file", self.uncounted.len()));
        }
        parts.join("; ")
    }
}

/// `classifier.* (44), fc.* (2)`.
fn groups<'a>(names: impl Iterator<Item = &'a String>) -> String {
    let mut groups: BTreeMap<&str, usize> = BTreeMap::new();
    for name in names {
        let plain = name.strip_prefix("module.").unwrap_or(name);
        *groups.entry(plain.split('.').next().unwrap_or(plain)).or_default() += 1;
    }
    let shown: Vec<_> = groups.iter().take(8).map(|(group, count)| format!("{group}.* ({count})")).collect();
    let more = if groups.len() > 8 { ", and more" } else { "" };
    format!("{}{more}", shown.join(", "))
}
