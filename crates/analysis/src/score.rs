//! mIoU of label maps in memory, with its interval.

use crate::bootstrap::{Bootstrap, Interval, Resampled};
use crate::classes::{ClassIous, ClassSet};
use crate::error::{Error, Result};
use crate::summary::{ModeChoice, Quantity, Results};
use crate::view::{Cell, View};
use scribe_records::{Condition, Confusion, Mode, ModelId, Series, SparseConfusion, VOID};
use std::borrow::Cow;

/// The score of a set of predicted label maps; all values are fractions.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// mIoU of one confusion over all images, with its interval.
    pub miou: Interval,
    /// IoU of each class with its interval; `None` for a class that occurs neither in the labels nor in the
    /// predictions.
    pub per_class: Vec<Option<Interval>>,
    /// How many images were scored.
    pub images: usize,
}

/// Scores predicted label maps against the true ones: mIoU and the IoU of each class, each with the interval that the
/// report gives, a percentile bootstrap over images.
///
/// Each item of `maps` is one image: the true class and the predicted class of every pixel, in the same order. Pixels
/// whose true class is `ignore` are left out. A class that occurs neither in the labels nor in the predictions is left
/// out of the mean. The same maps and the same `how` give the same score on every machine.
///
/// # Errors
/// [`Error::Setting`] for a number of classes outside 1 to 255, a number of resamples outside 1 to 1,000,000, or a level outside
/// (0, 1); [`Error::Resamples`] for more resamples than so many images may have; [`Error::Sequence`] for fewer than two whole
/// sequences; [`Error::Map`] for
/// an image whose two maps differ in length or hold a value that is not a class; [`Error::NothingToScore`] where there is no
/// pixel to score.
///
/// ```
/// use scribe_analysis::{Bootstrap, score_maps};
///
/// let maps = [([0, 0, 1, 255], [0, 1, 1, 1]), ([0, 1, 1, 1], [0, 1, 1, 0])];
/// let maps = maps.iter().map(|(truth, predicted)| (&truth[..], &predicted[..]));
/// let score = score_maps(maps, 2, Some(255), &Bootstrap::STANDARD)?;
/// // Class 0: 2 of 4 pixels in the union are right; class 1: 3 of 5.
/// assert_eq!(score.miou.value, (2.0 / 4.0 + 3.0 / 5.0) / 2.0);
/// assert!(score.miou.low <= score.miou.value && score.miou.value <= score.miou.high);
/// # Ok::<(), scribe_analysis::Error>(())
/// ```
pub fn score_maps<'a>(
    maps: impl IntoIterator<Item = (&'a [u8], &'a [u8])>,
    classes: usize,
    ignore: Option<u8>,
    how: &Bootstrap,
) -> Result<Score> {
    check(classes, how)?;
    let model = ModelId::new("maps").expect("a plain name");
    let series = Series::new(model.clone(), 0, Mode::single());
    let cell = Cell { series, condition: Condition::clean() };
    let mut view = View { classes: (0..classes).map(|c| c.to_string()).collect(), ..View::default() };
    for (image, (truth, predicted)) in maps.into_iter().enumerate() {
        let of_image = |source| Error::Map { image, source };
        let confusion = count(truth, predicted, classes, ignore).map_err(of_image)?;
        view.images.push(image.to_string());
        view.insert(&cell, image, confusion)?;
    }
    how.check_for(view.images.len())?;
    let results = Results::new(&view);
    let miou = Resampled::new(&view, how).interval(results.of(&model, ModeChoice::Single), Quantity::Clean);
    let ious = ClassIous::new(&view, how);
    let per_class = ious.get(&model, &Mode::single(), &ClassSet::One(Condition::clean()));
    let (Some(miou), Some(per_class)) = (miou, per_class) else {
        return Err(Error::NothingToScore);
    };
    Ok(Score { miou, per_class: per_class.to_vec(), images: view.images.len() })
}

fn check(classes: usize, how: &Bootstrap) -> Result<()> {
    let wrong = |name, value: String, expected| Err(Error::Setting { name, value, expected });
    if !(1..=255).contains(&classes) {
        return wrong("classes", classes.to_string(), "1 to 255, since a map holds bytes");
    }
    if how.resamples == 0 {
        return wrong("resamples", how.resamples.to_string(), "at least 1");
    }
    if !(how.level > 0.0 && how.level < 1.0) {
        return wrong("level", how.level.to_string(), "a coverage between 0 and 1, such as 0.95");
    }
    how.check_most()
}

/// The confusion of one image. [`Confusion`] leaves out pixels whose truth is [`VOID`], so another `ignore` becomes it.
pub(crate) fn count(
    truth: &[u8],
    predicted: &[u8],
    classes: usize,
    ignore: Option<u8>,
) -> scribe_records::Result<SparseConfusion> {
    let mut truth = Cow::Borrowed(truth);
    if ignore != Some(VOID) {
        if let Some(pixel) = truth.iter().position(|t| *t == VOID) {
            return Err(scribe_records::Error::Class { what: "truth", value: VOID, pixel, classes });
        }
        if let Some(ignore) = ignore {
            truth.to_mut().iter_mut().filter(|t| **t == ignore).for_each(|t| *t = VOID);
        }
    }
    let mut confusion = Confusion::new(classes);
    confusion.add(&truth, predicted)?;
    SparseConfusion::try_from(&confusion)
}
