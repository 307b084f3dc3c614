//! A corrupted set on disk that another program predicted, compared with what a recipe tests.

use super::test_protocol::{TEST_LIST, TestProtocol};
use anyhow::{bail, ensure};
use scribe_corrupt_set::{Difference, MadeImages, MadeSet, SETTINGS};
use scribe_dataset::ImageId;
use std::path::PathBuf;

/// The folder of a corrupted set.
#[derive(Clone, Debug)]
pub struct CorruptedSet {
    /// The folder.
    pub folder: PathBuf,
    /// The command that makes the set that the recipe tests, for error messages.
    pub remake: String,
}

impl CorruptedSet {
    /// Opens the set, of which only the settings are read.
    ///
    /// # Errors
    /// Names every setting that differs from what the recipe tests with, and the command that makes the right set; or
    /// says that the folder is not a corrupted set.
    pub(super) fn open(&self, tested: &TestProtocol) -> anyhow::Result<MadeSet> {
        let set = MadeSet::open(&self.folder)?;
        let mut differences = set.differences(&tested.protocol(), TEST_LIST);
        if tested.limit > set.images() {
            let (set, wanted) = (set.images().to_string(), tested.limit.to_string());
            differences.push(Difference { key: "pictures".to_owned(), set, wanted });
        }
        if !differences.is_empty() {
            let line =
                |d: &Difference| format!("{}: {} in the set, {} in the recipe", d.key, d.set, d.wanted);
            let lines: Vec<String> = differences.iter().map(line).collect();
            bail!(
                "{}: made with other settings than the recipe tests with:\n  {}\nthe right set comes from\n  {}",
                self.folder.join(SETTINGS).display(),
                lines.join("\n  "),
                self.remake
            );
        }
        Ok(set)
    }

    /// The images of the set, which must be those of `ids` from the first on, all of them written.
    ///
    /// # Errors
    /// Those of [`CorruptedSet::open`]; or the set holds fewer images, or others, or is not complete.
    pub(super) fn images(&self, tested: &TestProtocol, ids: &[ImageId]) -> anyhow::Result<MadeImages> {
        let (set, count) = (self.open(tested)?, ids.len());
        ensure!(
            count <= set.images(),
            "{}: pictures: the first {} of the list in the set, {count} in the recipe\nthe right set comes from\n  {}",
            self.folder.join(SETTINGS).display(),
            set.images(),
            self.remake
        );
        Ok(set.first(ids)?)
    }
}
