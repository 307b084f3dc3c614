//! `scribe data check`: every picture and label of a set, looked at.

use crate::cmd::output::print;
use anyhow::bail;
use clap::Args;
use scribe::check_list;
use scribe_dataset::{CLASS_NAMES, CheckReport, LabelFolder, Limits, Split, VocSplit, check_dataset};
use std::path::{Path, PathBuf};

/// Look at every picture and label of a set.
#[derive(Args)]
#[command(after_help = "Examples:
  scribe data check VOCdevkit/VOC2012
  scribe data check VOCdevkit/VOC2012 --split val
Every listed id must have a whole picture and a label map of its size, with
values 0 to 20 or 255. Printed are the pixels of each class, and warnings:
label maps of 0 and 255 alone, void label maps, classes that never occur, and
pictures with an EXIF orientation, which is not applied (pixels are taken as
stored).")]
pub(crate) struct Check {
    /// Folder in VOC's layout
    root: PathBuf,
    /// Lists below ImageSets/Segmentation, separated by commas [default: train and val, where they are]
    #[arg(long, value_delimiter = ',', value_name = "NAMES")]
    split: Vec<String>,
    /// The most pixels of a picture or a label map
    #[arg(long, default_value_t = Limits::DEFAULT_PIXELS, value_name = "N")]
    max_pixels: u64,
}

impl Check {
    /// Prints counts per class for each split; fails when there is a problem.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let (mut bad, mut images) = (0, 0);
        for name in self.splits() {
            check_list(&self.root, &name)?;
            let split = VocSplit::open_unchecked(&self.root, &name, LabelFolder::Auto)?;
            let split = split.with_limits(Limits { max_pixels: self.max_pixels });
            let bar = scribe::progress_bar("checking", split.ids().len() as u64, "pictures");
            let report = check_dataset(&split, &|done, _| bar.set_position(done as u64));
            bar.finish_and_clear();
            print(&text(split.list(), &report))?;
            bad += report.problems.len();
            images += report.images;
        }
        if bad > 0 {
            bail!("{}: {bad} of {images} pictures have a problem", self.root.display());
        }
        Ok(())
    }

    /// The lists that were asked for, or those of `train` and `val` that are there.
    fn splits(&self) -> Vec<String> {
        if !self.split.is_empty() {
            return self.split.clone();
        }
        let lists = self.root.join("ImageSets").join("Segmentation");
        let there = |name: &&str| lists.join(format!("{name}.txt")).is_file();
        let found: Vec<String> = ["train", "val"].iter().copied().filter(there).map(str::to_owned).collect();
        // Where neither is, opening val says what is missing.
        if found.is_empty() { vec!["val".to_owned()] } else { found }
    }
}

/// What is printed of one split.
fn text(list: &Path, report: &CheckReport) -> String {
    let mut text = format!("{}: {} pictures\n", list.display(), report.images);
    let counts = CLASS_NAMES.iter().zip(report.class_images).zip(report.class_pixels);
    for ((name, images), pixels) in counts {
        text += &format!("{name:<14} in {images:>6} pictures, {pixels:>12} pixels\n");
    }
    text += &format!("{:<14} {:>33} pixels\n", "void", report.void_pixels);
    for warning in report.warnings() {
        text += &format!("warning: {warning}\n");
    }
    for problem in &report.problems {
        text += &format!("{}\n", problem.message);
    }
    text
}
