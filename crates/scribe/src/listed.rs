//! The lists of a data set, opened for `scribe data check` and `scribe corrupt-set`.

use crate::check_list::check_list;
use crate::recipe::{CheckedRecipe, FilesSection, GivenCondition};
use crate::stages::first_of;
use anyhow::{Context, bail};
use scribe_dataset::{FileSplit, LabelFolder, Split, Template, VocSplit};
use scribe_records::CorruptionInfo;
use std::path::{Path, PathBuf};

impl CheckedRecipe {
    /// The lists that the recipe's own sections describe: `train`, `val`, or neither.
    pub fn own_lists(&self) -> Vec<&'static str> {
        let sections = [("train", &self.data.train), ("val", &self.data.val)];
        sections.into_iter().filter(|(_, files)| files.is_some()).map(|(name, _)| name).collect()
    }

    /// Opens a list without requiring its files: one of the recipe's own sections, else a list in VOC's layout.
    ///
    /// # Errors
    /// The list, its folder or its templates cannot be used.
    pub fn open_to_check(&self, root: &Path, name: &str) -> anyhow::Result<FileSplit> {
        match self.section(name)? {
            Some(files) => {
                let open = || -> scribe_dataset::Result<FileSplit> {
                    files.layout()?.open_unchecked(root, self.classes().clone())
                };
                open().with_context(|| format!("[data.{name}] of recipe {}", self.name))
            }
            None => {
                check_list(root, name)?;
                let split = VocSplit::open_unchecked(root, name, LabelFolder::Auto)?;
                Ok(split.with_classes(self.classes().clone()))
            }
        }
    }

    /// Opens only the pictures of a list: one of the recipe's own sections, else a list in VOC's layout.
    ///
    /// # Errors
    /// The list, its folder or its templates cannot be used, or a picture is missing.
    pub fn open_pictures(&self, root: &Path, name: &str) -> anyhow::Result<FileSplit> {
        match self.section(name)? {
            Some(files) => {
                let open = || -> scribe_dataset::Result<FileSplit> { files.layout()?.open_pictures(root) };
                open().with_context(|| format!("[data.{name}] of recipe {}", self.name))
            }
            None => {
                check_list(root, name)?;
                Ok(VocSplit::open_pictures(root, name)?)
            }
        }
    }

    /// Opens the pictures of each of `[[eval.conditions]]` for the images of `test`, without requiring the files, with what each
    /// condition is called and the folder of its pictures.
    ///
    /// # Errors
    /// A template cannot be used, or its folder is not there.
    pub fn open_conditions_to_check(
        &self,
        root: &Path,
        test: &FileSplit,
    ) -> anyhow::Result<Vec<(String, PathBuf, FileSplit)>> {
        let ids = &test.ids()[..first_of(self.eval.limit, test.ids().len())];
        let open = |wanted: &GivenCondition| -> scribe_dataset::Result<(PathBuf, FileSplit)> {
            let labels = wanted.labels.as_deref().map(Template::new).transpose()?;
            let pictures = Template::new(&wanted.pictures)?;
            let split = test.with_pictures_unchecked(root, ids, &pictures, labels.as_ref())?;
            Ok((pictures.folder_below(root), split))
        };
        let named = |wanted: &GivenCondition| {
            let name = format!("[[eval.conditions]] {}:{}", wanted.name, wanted.severity);
            let (folder, split) = open(wanted).with_context(|| name.clone())?;
            Ok((name, folder, split))
        };
        self.eval.conditions.iter().map(named).collect()
    }

    /// The pictures of each of `[[eval.conditions]]` for the images of `test`, with the names and severities under which stores and
    /// corrupted sets have them.
    ///
    /// # Errors
    /// A template cannot be used, or its folder is not there.
    pub fn open_given_pictures(
        &self,
        root: &Path,
        test: &FileSplit,
    ) -> anyhow::Result<Vec<((String, u8), FileSplit)>> {
        let opened = self.open_conditions_to_check(root, test)?.into_iter().map(|(_, _, split)| split);
        let name = |wanted: &GivenCondition| {
            (format!("{}{}", CorruptionInfo::GIVEN_PREFIX, wanted.name), wanted.severity)
        };
        Ok(self.eval.conditions.iter().map(name).zip(opened).collect())
    }

    /// The recipe's own section of this name; `None` where the recipe is of VOC's layout.
    fn section(&self, name: &str) -> anyhow::Result<Option<&FilesSection>> {
        let own = self.own_lists();
        match name {
            _ if own.is_empty() => Ok(None),
            "train" if own.contains(&name) => Ok(self.data.train.as_ref()),
            "val" if own.contains(&name) => Ok(self.data.val.as_ref()),
            _ => bail!("recipe {} has no section [data.{name}] (it has {})", self.name, own.join(", ")),
        }
    }
}
