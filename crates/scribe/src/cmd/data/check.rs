//! `scribe data check`: every picture and label of a set, looked at.

use crate::cmd::output::print;
use anyhow::bail;
use clap::Args;
use scribe::check_list;
use scribe_dataset::{CLASS_NAMES, LabelFolder, Split, VocSplit, check_dataset};
use std::path::PathBuf;

/// Look at every picture and label of a set.
#[derive(Args)]
#[command(after_help = "Example:
  scribe data check VOCdevkit/VOC2012 --split val
Every listed id must have a whole picture and a label map of its size with
values 0 to 20 or 255.")]
pub struct Check {
    /// Folder in VOC's layout
    root: PathBuf,
    /// The list below ImageSets/Segmentation
    #[arg(long, default_value = "val", value_name = "NAME")]
    split: String,
}

impl Check {
    /// Prints counts per class; fails when there is a problem.
    pub fn run(&self) -> anyhow::Result<()> {
        check_list(&self.root, &self.split)?;
        let split = VocSplit::open_unchecked(&self.root, &self.split, LabelFolder::Auto)?;
        let bar = scribe::progress_bar("checking", split.ids().len() as u64, "pictures");
        let report = check_dataset(&split, &|done, _| bar.set_position(done as u64));
        bar.finish_and_clear();
        let mut text = format!("{}: {} pictures\n", split.list().display(), report.images);
        let counts = CLASS_NAMES.iter().zip(report.class_images).zip(report.class_pixels);
        for ((name, images), pixels) in counts {
            text += &format!("{name:<14} in {images:>6} pictures, {pixels:>12} pixels\n");
        }
        text += &format!("{:<14} {:>33} pixels\n", "void", report.void_pixels);
        for problem in &report.problems {
            text += &format!("{}\n", problem.message);
        }
        print(&text)?;
        if !report.is_clean() {
            bail!(
                "{}: {} of {} pictures have a problem",
                self.root.display(),
                report.problems.len(),
                report.images
            );
        }
        Ok(())
    }
}
