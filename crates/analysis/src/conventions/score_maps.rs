//! The conventions' values of label maps in memory.

use super::{Convention, Pictures, Score};
use crate::error::{Error, Result};
use crate::score::count;
use scribe_records::SparseConfusion;
use std::collections::BTreeMap;

/// Scores predicted label maps against the true ones by every convention; fractions in [0, 1]. A convention without a
/// value, such as one without background where no class is one, is not in the map.
///
/// Each item of `maps` is one image: the true class and the predicted class of every pixel, in the same order. Pixels
/// whose true class is `ignore` are left out. With `has_background` class 0 is the background.
///
/// # Errors
/// [`Error::Setting`] for a number of classes outside 1 to 255; [`Error::Map`] for an image whose two maps differ in
/// length or hold a value that is not a class; [`Error::NothingToScore`] where there is no pixel to score.
///
/// ```
/// use scribe_analysis::{Convention, score_by_conventions};
///
/// let maps: [(&[u8], &[u8]); 2] = [(&[0, 0, 1, 255], &[0, 1, 1, 1]), (&[0, 0, 0, 0], &[0, 0, 0, 0])];
/// let found = score_by_conventions(maps, 3, Some(255), true)?;
/// // Over both images, 5 of 6 pixels of class 0 in the union and 1 of 2 of class 1 are right; class 2 is nowhere.
/// assert_eq!(found[&Convention::Voc], (5.0 / 6.0 + 1.0 / 2.0) / 2.0);
/// assert_eq!(found[&Convention::AbsentZero], (5.0 / 6.0 + 1.0 / 2.0 + 0.0) / 3.0);
/// // Image by image: the mean of 1/2 and 1/2, and 1.
/// assert_eq!(found[&Convention::ImageWise], (0.5 + 1.0) / 2.0);
/// # Ok::<(), scribe_analysis::Error>(())
/// ```
pub fn score_by_conventions<'a>(
    maps: impl IntoIterator<Item = (&'a [u8], &'a [u8])>,
    classes: usize,
    ignore: Option<u8>,
    has_background: bool,
) -> Result<BTreeMap<Convention, f64>> {
    if !(1..=255).contains(&classes) {
        let expected = "1 to 255, since a map holds bytes";
        return Err(Error::Setting { name: "classes", value: classes.to_string(), expected });
    }
    let mut images: Vec<(usize, SparseConfusion)> = Vec::new();
    for (image, (truth, predicted)) in maps.into_iter().enumerate() {
        let of_image = |source| Error::Map { image, source };
        images.push((image, count(truth, predicted, classes, ignore).map_err(of_image)?));
    }
    let held = |c: &Convention| has_background || !c.is_of_foreground();
    let score = |convention| Score { convention, class: None };
    let wanted: Vec<Score> = Convention::ALL.into_iter().filter(held).map(score).collect();
    let prepared = Pictures::new(&images, classes, usize::from(has_background), &wanted);
    let values = prepared.scores(&wanted, &vec![1; images.len()]);
    let found = wanted.iter().zip(values).filter(|(_, value)| value.is_finite());
    let found: BTreeMap<Convention, f64> = found.map(|(score, value)| (score.convention, value)).collect();
    if found.is_empty() { Err(Error::NothingToScore) } else { Ok(found) }
}
