//! How much of a drop is the label map that stayed behind: conditions that were scored twice, against the label map that
//! stayed and against the one that moved with the image.

use crate::bootstrap::{Interval, Resampled};
use crate::summary::{ModeChoice, ModelResults, Quantity, Results, mean};
use scribe_records::{Condition, CorruptionInfo, ModelId};

/// One model under one corruption, at one severity or over all of them; mIoUs and shares in [0, 1].
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LabelShift {
    /// The model.
    pub(crate) model: ModelId,
    /// Of which modes the numbers are made.
    pub(crate) mode_choice: ModeChoice,
    /// The corruption, under the name whose label map stays.
    pub(crate) corruption: String,
    /// The severity; `None` for the mean over those that have both results.
    pub(crate) severity: Option<u8>,
    /// mIoU on the clean images.
    pub(crate) clean: f64,
    /// mIoU against the label map that stayed.
    pub(crate) stayed: f64,
    /// mIoU of the same predictions against the label map that moved.
    pub(crate) moved: f64,
    /// `moved - stayed`: the part of the drop that is label shift; negative where the predictions fit the label map that
    /// stayed better.
    pub(crate) shift: Interval,
    /// `shift / (clean - stayed)`; `None` where one of the two is not above zero.
    pub(crate) share: Option<f64>,
}

/// Every model for one choice of modes, the mean over severities first; empty where no label map moved.
pub(crate) fn label_shifts(
    results: &Results<'_>,
    resampled: &Resampled,
    choice: ModeChoice,
) -> Vec<LabelShift> {
    let corruptions: Vec<String> = results.view().extras();
    let moved = corruptions.iter().filter_map(|name| name.strip_suffix(CorruptionInfo::MOVED_LABEL_SUFFIX));
    let moved: Vec<&str> = moved.collect();
    results.all(choice).flat_map(|of| moved.iter().flat_map(|name| of_model(of, resampled, name))).collect()
}

fn of_model(of: &ModelResults<'_>, resampled: &Resampled, corruption: &str) -> Vec<LabelShift> {
    let both = |severity| {
        let stayed = Condition::new(corruption, severity).ok()?;
        let name = format!("{corruption}{}", CorruptionInfo::MOVED_LABEL_SUFFIX);
        let moved = Condition::new(name, severity).ok()?;
        (of.at(&stayed).is_some() && of.at(&moved).is_some()).then_some((stayed, moved))
    };
    let pairs: Vec<(Condition, Condition)> = (1..=5).filter_map(both).collect();
    let severities = pairs.iter().map(|pair| (Some(pair.0.severity), std::slice::from_ref(pair)));
    let all = (pairs.len() > 1).then_some((None, pairs.as_slice()));
    let shift = |(severity, pairs)| over(of, resampled, (corruption, severity), pairs);
    all.into_iter().chain(severities).filter_map(shift).collect()
}

fn over(
    of: &ModelResults<'_>,
    resampled: &Resampled,
    (corruption, severity): (&str, Option<u8>),
    pairs: &[(Condition, Condition)],
) -> Option<LabelShift> {
    let value = |which: fn(&(Condition, Condition)) -> &Condition| {
        mean(pairs.iter().filter_map(|pair| of.at(which(pair))))
    };
    let (clean, stayed, moved) = (of.clean()?, value(|pair| &pair.0)?, value(|pair| &pair.1)?);
    let draws = |which: fn(&(Condition, Condition)) -> &Condition| -> Option<Vec<f64>> {
        let of_each = pairs.iter().map(|pair| resampled.draws(of, Quantity::One(which(pair))));
        let of_each: Vec<Vec<f64>> = of_each.collect::<Option<_>>()?;
        let one = |r: usize| mean(of_each.iter().map(|draws| draws[r])).unwrap_or(f64::NAN);
        Some((0..of_each.first()?.len()).map(one).collect())
    };
    let (of_stayed, of_moved) = (draws(|pair| &pair.0)?, draws(|pair| &pair.1)?);
    let shifts: Vec<f64> = of_moved.iter().zip(&of_stayed).map(|(m, s)| m - s).collect();
    let share = (clean > stayed && moved > stayed).then(|| (moved - stayed) / (clean - stayed));
    Some(LabelShift {
        model: of.model().clone(),
        mode_choice: of.mode_choice(),
        corruption: corruption.to_owned(),
        severity,
        clean,
        stayed,
        moved,
        shift: Interval::percentile(moved - stayed, shifts, resampled.level()),
        share,
    })
}
