//! What a file gave to a network.

use crate::{Error, Result};
use std::collections::BTreeMap;
use std::path::Path;

/// What a file gave to a network, and what it did not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "a file may have given less than the network needs"]
pub struct LoadReport {
    /// Names (the network's) that the file gave.
    pub loaded: Vec<String>,
    /// Names of the network that the file does not have: they keep their values.
    pub missing: Vec<String>,
    /// Counters of batch norms (`num_batches_tracked`) that the file does not have: they keep their values, as in torch.
    /// Nothing here computes with them.
    pub uncounted: Vec<String>,
    /// Names of the file (its own spelling) that the network does not have.
    pub unused: Vec<String>,
    /// Names of the file that were left out on purpose: torchvision's second head (`aux_classifier.*`), which only its
    /// training uses, and beside a trunk everything that is not of the trunk.
    pub left_out: Vec<String>,
}

impl LoadReport {
    /// Nothing of the network is missing, but counters, and nothing of the file unused, but what is left out on purpose.
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

    /// One line for a log: how many tensors were loaded, and which were not, by the first part of their names.
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
