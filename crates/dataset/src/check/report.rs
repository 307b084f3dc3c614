//! What the check found.

use super::label_file::LabelFile;
use crate::{Classes, ImageId};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What [`crate::check_dataset`] found. Pixels, sizes and images of each class are counted over the images without a
/// problem.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckReport {
    /// What the label files mean.
    pub classes: Arc<Classes>,
    /// Images in the split.
    pub images: usize,
    /// How many images have each size (width and height in pixels).
    pub sizes: BTreeMap<(u32, u32), usize>,
    /// Pixels of each class.
    pub class_pixels: Vec<u64>,
    /// Pixels that do not count.
    pub void_pixels: u64,
    /// Images in which each class occurs.
    pub class_images: Vec<u64>,
    /// Values and colours without a class, each with where it occurs.
    pub unlisted: BTreeMap<String, UnlistedValue>,
    /// Images whose label maps hold only the values 0 and 255, where 255 is no class.
    pub only_0_and_255: Vec<ImageId>,
    /// Images whose label maps are void at every pixel.
    pub only_void: Vec<ImageId>,
    /// Images whose label map has a palette that shows an index in the colour of another class.
    pub palette_contradicts: Vec<ImageId>,
    /// Images whose picture states an EXIF orientation other than upright (1), which is not applied.
    pub oriented: Vec<(ImageId, u8)>,
    /// The ids that the list names again, once for each such line.
    pub repeated: Vec<ImageId>,
    /// Label maps without a picture, in words; only where there is no list.
    pub orphans: Vec<String>,
    /// What is wrong, in the split's order: at most one problem per image.
    pub problems: Vec<Problem>,
}

/// Where a value or a colour without a class occurs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UnlistedValue {
    /// In how many images.
    pub images: u64,
    /// In how many pixels.
    pub pixels: u64,
}

/// What is wrong with one image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The image.
    pub id: ImageId,
    /// The problem, with the file and the value.
    pub message: String,
}

impl CheckReport {
    /// Whether no problem was found.
    pub fn is_clean(&self) -> bool {
        self.problems.is_empty()
    }

    /// An empty report.
    pub(super) fn new(classes: Arc<Classes>, images: usize) -> CheckReport {
        CheckReport {
            images,
            sizes: BTreeMap::new(),
            class_pixels: vec![0; classes.len()],
            void_pixels: 0,
            class_images: vec![0; classes.len()],
            unlisted: BTreeMap::new(),
            only_0_and_255: Vec::new(),
            only_void: Vec::new(),
            palette_contradicts: Vec::new(),
            oriented: Vec::new(),
            repeated: Vec::new(),
            orphans: Vec::new(),
            problems: Vec::new(),
            classes,
        }
    }

    /// Adds what was seen of one image.
    pub(super) fn add(&mut self, id: &ImageId, file: LabelFile) {
        for (name, pixels) in file.unlisted {
            let found = self.unlisted.entry(name).or_default();
            found.images += 1;
            found.pixels += pixels;
        }
        if let Some(message) = file.problem {
            return self.problems.push(Problem { id: id.clone(), message });
        }
        *self.sizes.entry(file.size).or_default() += 1;
        self.void_pixels += file.void;
        let totals = self.class_pixels.iter_mut().zip(&mut self.class_images);
        for ((pixels, images), &count) in totals.zip(&file.classes) {
            *pixels += count;
            *images += u64::from(count > 0);
        }
        let is_class = |value| matches!(self.classes.of_value(value), crate::Meaning::Class(_));
        if file.classes.iter().all(|&count| count == 0) && file.void > 0 {
            self.only_void.push(id.clone());
        } else if file.only_0_and_255 && !is_class(255) {
            self.only_0_and_255.push(id.clone());
        }
        if file.palette_contradicts {
            self.palette_contradicts.push(id.clone());
        }
    }
}
