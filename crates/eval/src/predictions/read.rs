//! One file of predictions: a label map, or the scores of all classes.

use super::npy::npy;
use super::{PredictionsError, Result};
use crate::scores_at_size::{argmax_planes, at_size};
use crate::scores_kind::{Misfit, check};
use candle_core::{DType, Tensor};
use scribe_dataset::image::GrayImage;
use scribe_dataset::{Limits, read_label_bytes};
use scribe_model::ScoreSpace;
use std::path::Path;

/// The classes of a label map of an image of `size` (width, height), row by row.
pub(super) fn label_map(path: &Path, class_count: usize, size: (u32, u32)) -> Result<Vec<u8>> {
    let map = read_label_bytes(path, Limits::default().at_least(size))?;
    let found = map.dimensions();
    if found != size {
        return Err(PredictionsError::Size { path: path.to_owned(), found, expected: size });
    }
    check_classes(path, &map, class_count)?;
    Ok(map.into_raw())
}

/// Refuses a label map with wrong classes, whatever its size.
pub(super) fn check_label_map(path: &Path, class_count: usize) -> Result<()> {
    check_classes(path, &read_label_bytes(path, Limits::default())?, class_count)
}

/// Refuses a value that is not a class; void is none, since a prediction has a class at every pixel.
fn check_classes(path: &Path, map: &GrayImage, class_count: usize) -> Result<()> {
    match map.as_raw().iter().position(|&class| usize::from(class) >= class_count) {
        None => Ok(()),
        Some(at) => {
            let (x, y) = (at as u32 % map.width(), at as u32 / map.width());
            let value = map.as_raw()[at];
            Err(PredictionsError::Class { path: path.to_owned(), value, x, y, class_count })
        }
    }
}

/// The classes and the scores of an image of `size` (width, height), the scores as one plane for each class. A file of
/// smaller planes is upsampled as torch does it (`bilinear`, `align_corners=False`).
pub(super) fn scores(
    path: &Path,
    class_count: usize,
    size: (u32, u32),
    space: ScoreSpace,
) -> Result<(Vec<u8>, Vec<f32>)> {
    let read = npy(path)?;
    let (width, height) = (size.0 as usize, size.1 as usize);
    let fits = match *read.dims() {
        [k, h, w] => k == class_count && (1..=height).contains(&h) && (1..=width).contains(&w),
        _ => false,
    };
    if !fits {
        let (path, found) = (path.to_owned(), read.dims().to_vec());
        return Err(PredictionsError::Shape { path, found, class_count, height, width });
    }
    let whole = upsampled(&read, height, width);
    let (whole, scores) =
        whole.map_err(|source| PredictionsError::Upsample { path: path.to_owned(), source })?;
    if let Some(at) = scores.iter().position(|value| !value.is_finite()) {
        let (class, value) = (at / (width * height), scores[at]);
        return Err(PredictionsError::NotFinite { path: path.to_owned(), class, value });
    }
    check_space(&scores, width * height, space, path)?;
    let classes = argmax_planes(&whole);
    let classes = classes.map_err(|source| PredictionsError::Upsample { path: path.to_owned(), source })?;
    Ok((classes, scores))
}

/// Refuses scores of `class_count` classes that are not what `space` says, whatever their size; the shape is checked
/// later, once the image is known.
pub(super) fn check_scores(path: &Path, class_count: usize, space: ScoreSpace) -> Result<()> {
    let read = npy(path)?;
    let [k, h, w] = *read.dims() else { return Ok(()) };
    if k != class_count {
        return Ok(());
    }
    let values = read.to_dtype(DType::F32).and_then(|read| read.flatten_all()?.to_vec1());
    let values: Vec<f32> =
        values.map_err(|source| PredictionsError::Npy { path: path.to_owned(), source })?;
    check_space(&values, h * w, space, path)
}

/// `[K, h, w]` as `[K, height, width]` in f32, and its values.
fn upsampled(read: &Tensor, height: usize, width: usize) -> candle_core::Result<(Tensor, Vec<f32>)> {
    let whole = at_size(&read.to_dtype(DType::F32)?, height, width)?;
    let values = whole.flatten_all()?.to_vec1()?;
    Ok((whole, values))
}

/// Refuses scores that are not what the mode says.
fn check_space(scores: &[f32], pixels: usize, space: ScoreSpace, path: &Path) -> Result<()> {
    let path = || path.to_owned();
    check(scores, pixels, space).map_err(|misfit| match misfit {
        Misfit::NotProbability { class, value } => {
            PredictionsError::NotProbabilities { path: path(), class, value }
        }
        Misfit::Sum { pixel, sum } => PredictionsError::Sum { path: path(), pixel, sum },
        Misfit::Probabilities => PredictionsError::Probabilities { path: path() },
    })
}
