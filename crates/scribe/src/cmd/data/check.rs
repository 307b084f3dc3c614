//! `scribe data check`: every picture and label of a set, looked at.

use crate::cmd::assignments::assignments;
use crate::cmd::output::print;
use crate::cmd::whole::whole;
use anyhow::bail;
use clap::Args;
use scribe::{CheckedRecipe, Recipe, TEST_LIST, overlap_of_lists};
use scribe_base::human;
use scribe_dataset::{CheckReport, FileSplit, Limits, Split, check_dataset};
use std::path::{Path, PathBuf};

/// The recipe that describes VOC's layout where none is given.
const OF_VOC: &str = "voc-scratch";

/// Look at every picture and label of a set.
#[derive(Args)]
#[command(after_help = "Examples:
  scribe data check VOCdevkit/VOC2012
  scribe data check VOCdevkit/VOC2012 --split val
  scribe data check MY_VOC --recipe my.toml
The pictures of the recipe's [[eval.conditions]] are looked at with val.
Every listed id must have a whole picture and a label map of its size, whose
values have a class or are ignored. Printed are sizes, the pixels of each
class, values without a class, and warnings: label maps of 0 and 255 alone,
void ones, palettes that contradict the indices, classes that never occur,
label maps without a picture, pictures of val that are in another list too,
and pictures with an EXIF orientation, which is not applied (pixels are taken
as stored). `scribe data init` writes a recipe
for a folder.")]
pub(crate) struct Check {
    /// The folder of the data
    root: PathBuf,
    /// The recipe whose [data] says where the files are and what they mean [default: VOC's layout and classes]
    #[arg(long, default_value = OF_VOC, hide_default_value = true, value_name = "RECIPE")]
    recipe: String,
    /// Change one key of the recipe first, for example --set data.classes=cityscapes; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE")]
    assignments: Vec<String>,
    /// Lists, separated by commas: below ImageSets/Segmentation, or train and val of a recipe with own sections [default: train
    /// and val, where they are]
    #[arg(long, value_delimiter = ',', value_name = "NAMES")]
    split: Vec<String>,
    /// The most pixels of a picture or a label map [default: the recipe's, or 134217728, or 16777216
    /// for a file of less than 1 MiB]
    #[arg(long, value_name = "N", value_parser = whole::<u64>(1..=u64::MAX))]
    max_pixels: Option<u64>,
}

impl Check {
    /// Prints counts per class for each split; fails when there is a problem.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let recipe = Recipe::load(&self.recipe, &assignments(&self.assignments)?)?;
        let limits = Limits::of_setting(self.max_pixels.or(recipe.data.max_pixels));
        let (mut bad, mut images, mut opened) = (0, 0, Vec::new());
        for name in self.splits(&recipe) {
            let split = recipe.open_to_check(&self.root, &name)?.with_limits(limits);
            let given = if name == TEST_LIST {
                recipe.open_conditions_to_check(&self.root, &split)?
            } else {
                Vec::new()
            };
            let own = [(name.as_str(), split.source(), &split)];
            let given = given.iter().map(|(name, folder, split)| (name.as_str(), folder.as_path(), split));
            for (name, place, split) in own.into_iter().chain(given) {
                let bar = scribe::progress_bar("checking", split.ids().len() as u64, "pictures");
                let report = check_dataset(split, &|done, _| bar.set_position(done as u64));
                bar.finish_and_clear();
                print(&text(name, place, &report))?;
                bad += report.problems.len();
                images += report.images;
            }
            opened.push((name, split));
        }
        print(&overlaps(&opened))?;
        if bad > 0 {
            let have = if images == 1 { "has" } else { "have" };
            let of = human::count(images, "picture");
            bail!("{}: {bad} of {of} {have} a problem", self.root.display());
        }
        Ok(())
    }

    /// The lists that were asked for, or those of `train` and `val` that are there.
    fn splits(&self, recipe: &CheckedRecipe) -> Vec<String> {
        if !self.split.is_empty() {
            return self.split.clone();
        }
        let own = recipe.own_lists();
        let lists = self.root.join("ImageSets").join("Segmentation");
        let there =
            |name: &&str| own.contains(name) || own.is_empty() && lists.join(format!("{name}.txt")).is_file();
        let found: Vec<String> = ["train", "val"].iter().copied().filter(there).map(str::to_owned).collect();
        // Where neither is, opening val says what is missing.
        if found.is_empty() { vec!["val".to_owned()] } else { found }
    }
}

/// A warning for each list that shares pictures with the one that is tested.
fn overlaps(opened: &[(String, FileSplit)]) -> String {
    let Some((_, test)) = opened.iter().find(|(name, _)| name == TEST_LIST) else { return String::new() };
    let others = opened.iter().filter(|(name, _)| name != TEST_LIST);
    let warning = |(name, list): &(String, FileSplit)| {
        Some(format!("warning: lists {name} and {TEST_LIST}: {}\n", overlap_of_lists(list, test)?))
    };
    others.filter_map(warning).collect()
}

/// What is printed of one split; `place` is the list or the folder of its pictures.
fn text(name: &str, place: &Path, report: &CheckReport) -> String {
    let mut text =
        format!("{name}, {}: {}{}\n", place.display(), human::count(report.images, "picture"), sizes(report));
    let width = report.classes.names().map(|name| name.chars().count()).max().unwrap_or(0).max(14);
    let counts = report.classes.names().zip(&report.class_images).zip(&report.class_pixels);
    for ((name, images), pixels) in counts {
        let word = if *images == 1 { "picture," } else { "pictures," };
        text += &format!("{name:<width$} in {images:>6} {word:<9} {pixels:>12} pixels\n");
    }
    text += &format!("{:<width$} {:>33} pixels\n", "void", report.void_pixels);
    for (value, found) in &report.unlisted {
        let pictures = human::count(found.images, "picture");
        text += &format!("{value} means no class: in {pictures}, {}\n", human::count(found.pixels, "pixel"));
    }
    for warning in report.warnings() {
        text += &format!("warning: {warning}\n");
    }
    for problem in &report.problems {
        text += &format!("{}\n", problem.message);
    }
    text
}

/// The sizes of the pictures: the only one, or how many there are, with the smallest and the largest.
fn sizes(report: &CheckReport) -> String {
    let area = |&(width, height): &(u32, u32)| u64::from(width) * u64::from(height);
    let least = report.sizes.keys().min_by_key(|size| area(size));
    let most = report.sizes.keys().max_by_key(|size| area(size));
    match (least, most) {
        (Some(one), Some(other)) if one == other => format!(" of {}x{}", one.0, one.1),
        (Some(least), Some(most)) => {
            format!(" of {} sizes, from {}x{} to {}x{}", report.sizes.len(), least.0, least.1, most.0, most.1)
        }
        _ => String::new(),
    }
}
