//! A look at every file of a split.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::{CLASSES, ImageId, Sample, Split, VOID};

/// What [`check_dataset`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckReport {
    /// Images in the split.
    pub images: usize,
    /// Pixels of each class, over the images without a problem.
    pub class_pixels: [u64; CLASSES],
    /// Void pixels (255).
    pub void_pixels: u64,
    /// Images in which each class occurs.
    pub class_images: [u64; CLASSES],
    /// What is wrong, in the split's order: at most one problem an image.
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

    fn new(images: usize) -> CheckReport {
        CheckReport {
            images,
            class_pixels: [0; CLASSES],
            void_pixels: 0,
            class_images: [0; CLASSES],
            problems: Vec::new(),
        }
    }

    fn add(&mut self, counts: &[u64; 256]) {
        self.void_pixels += counts[usize::from(VOID)];
        let totals = self.class_pixels.iter_mut().zip(&mut self.class_images);
        for ((pixels, images), &count) in totals.zip(counts) {
            *pixels += count;
            *images += u64::from(count > 0);
        }
    }
}

/// Loads every image of a split on all threads: files there and whole, sizes equal, labels 0 to 20 or 255.
///
/// `progress` is called after each image with the number done and the number of all, from any thread.
/// Open the split with [`crate::VocSplit::open_unchecked`], so that missing files are listed too.
pub fn check_dataset(split: &dyn Split, progress: &(dyn Fn(usize, usize) + Sync)) -> CheckReport {
    let ids = split.ids();
    let done = AtomicUsize::new(0);
    let check = |id: &ImageId| {
        let result = split.load(id).map_err(|e| e.to_string()).and_then(|sample| count(&sample));
        progress(done.fetch_add(1, Ordering::Relaxed) + 1, ids.len());
        result
    };
    let results: Vec<Result<Box<[u64; 256]>, String>> = ids.par_iter().map(check).collect();
    let mut report = CheckReport::new(ids.len());
    for (id, result) in ids.iter().zip(results) {
        match result {
            Ok(counts) => report.add(&counts),
            Err(message) => report.problems.push(Problem { id: id.clone(), message }),
        }
    }
    report
}

/// The number of pixels of each label, once the sample is sound.
fn count(sample: &Sample) -> Result<Box<[u64; 256]>, String> {
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
