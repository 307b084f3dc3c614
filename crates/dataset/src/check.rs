//! Checks every file of a split.

use crate::{CLASS_NAMES, CLASSES, ImageId, Sample, Split, VOID};
use rayon::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What [`check_dataset`] found. Pixels and images are counted over the images without a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckReport {
    /// Images in the split.
    pub images: usize,
    /// Pixels of each class.
    pub class_pixels: [u64; CLASSES],
    /// Void pixels (255).
    pub void_pixels: u64,
    /// Images in which each class occurs.
    pub class_images: [u64; CLASSES],
    /// Images whose label maps hold only 0 and 255.
    pub only_background_and_void: Vec<ImageId>,
    /// Images whose label maps are void at every pixel.
    pub only_void: Vec<ImageId>,
    /// Images whose picture states an EXIF orientation other than upright (1), which is not applied.
    pub oriented: Vec<(ImageId, u8)>,
    /// What is wrong, in the split's order: at most one problem per image.
    pub problems: Vec<Problem>,
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

    /// One sentence for each thing that is allowed but probably a mistake: label maps of only 0 and 255, label maps
    /// that are void at every pixel, classes that never occur, and pictures with an EXIF orientation.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        let mut about = |ids: &[ImageId], what: &str| {
            if let Some(first) = ids.first() {
                warnings.push(format!("{} of {} {what} (the first: {first})", ids.len(), self.images));
            }
        };
        about(
            &self.only_background_and_void,
            "label maps hold only 0 and 255; 255 is void, which is neither learnt nor counted: an object needs its \
             class's number, 1 to 20",
        );
        about(
            &self.only_void,
            "label maps are void (255) at every pixel: nothing is learnt from them or counted",
        );
        let oriented: Vec<_> = self.oriented.iter().map(|(id, _)| id.clone()).collect();
        let values: Vec<_> = (2..=8)
            .map(|value| (value, self.oriented.iter().filter(|(_, found)| *found == value).count()))
            .filter(|(_, count)| *count > 0)
            .map(|(value, count)| format!("{count} of {value}"))
            .collect();
        about(
            &oriented,
            &format!(
                "pictures state an EXIF orientation ({}), which is not applied: pixels are taken as stored, and \
                 the label map must fit them",
                values.join(", ")
            ),
        );
        warnings.extend(self.absent_classes_warning());
        warnings
    }

    /// A warning that names the classes that never occur.
    fn absent_classes_warning(&self) -> Option<String> {
        let names = CLASS_NAMES.iter().zip(self.class_images).filter(|(_, images)| *images == 0);
        let names: Vec<_> = names.map(|(name, _)| *name).collect();
        (!names.is_empty())
            .then(|| format!("{} of {CLASSES} classes never occur: {}", names.len(), names.join(", ")))
    }

    fn new(images: usize) -> CheckReport {
        CheckReport {
            images,
            class_pixels: [0; CLASSES],
            void_pixels: 0,
            class_images: [0; CLASSES],
            only_background_and_void: Vec::new(),
            only_void: Vec::new(),
            oriented: Vec::new(),
            problems: Vec::new(),
        }
    }

    fn add(&mut self, id: &ImageId, counts: &[u64; 256]) {
        let void = counts[usize::from(VOID)];
        self.void_pixels += void;
        let totals = self.class_pixels.iter_mut().zip(&mut self.class_images);
        for ((pixels, images), &count) in totals.zip(counts) {
            *pixels += count;
            *images += u64::from(count > 0);
        }
        let (background, objects) = (counts[0], counts[1..CLASSES].iter().sum::<u64>());
        match (background > 0, objects > 0, void > 0) {
            (true, false, true) => self.only_background_and_void.push(id.clone()),
            (false, false, true) => self.only_void.push(id.clone()),
            _ => {}
        }
    }
}

/// Loads every image of a split on all threads and checks that its files exist and are complete, that sizes match and
/// that labels are 0 to 20 or 255.
///
/// `progress` is called after each image with the number done and the total, from any thread.
/// Open the split with [`crate::VocSplit::open_unchecked`], so that missing files are listed too.
pub fn check_dataset(split: &dyn Split, progress: &(dyn Fn(usize, usize) + Sync)) -> CheckReport {
    let ids = split.ids();
    let done = AtomicUsize::new(0);
    let check = |id: &ImageId| {
        let result = split.load(id).map_err(|e| e.chain()).and_then(|sample| count_labels(&sample));
        let orientation = split.orientation(id).filter(|&value| value != 1);
        progress(done.fetch_add(1, Ordering::Relaxed) + 1, ids.len());
        (result, orientation)
    };
    let results: Vec<_> = ids.par_iter().map(check).collect();
    let mut report = CheckReport::new(ids.len());
    for (id, (result, orientation)) in ids.iter().zip(results) {
        report.oriented.extend(orientation.map(|value| (id.clone(), value)));
        match result {
            Ok(counts) => report.add(id, &counts),
            Err(message) => report.problems.push(Problem { id: id.clone(), message }),
        }
    }
    report
}

/// The number of pixels of each label; an error if sizes differ or a label is invalid.
fn count_labels(sample: &Sample) -> Result<Box<[u64; 256]>, String> {
    let (image, label) = (sample.image.dimensions(), sample.label.dimensions());
    if image != label {
        return Err(format!(
            "the label map is {}x{}, but the picture is {}x{}",
            label.0, label.1, image.0, image.1
        ));
    }
    let mut counts = Box::new([0; 256]);
    for &value in sample.label.as_raw() {
        counts[usize::from(value)] += 1;
    }
    match (CLASSES..usize::from(VOID)).find(|&value| counts[value] > 0) {
        None => Ok(counts),
        Some(value) => Err(format!("label {value} (expected 0..=20, or 255 for void)")),
    }
}
