//! A threshold with one number that it is about.

use super::baseline::Counterpart;
use super::kind::Kind;
use super::measure::Measure;
use super::settings::GateSettings;
use super::subject::{Chosen, Subject, subjects};
use super::threshold::Threshold;
use crate::error::{Error, Result};
use crate::view::View;

/// A threshold, and one number that it is about.
pub(super) struct Case<'t> {
    pub(super) threshold: &'t Threshold,
    pub(super) subject: Subject,
    /// The baseline's model.
    pub(super) against: Option<Counterpart>,
}

/// What cases have in common that bound one number, or one number with its sign turned.
type Common<'c> = (Kind, &'c Subject, Option<&'c Counterpart>);

impl Case<'_> {
    /// What it has in common with other cases that bound the same number, or the same with its sign turned.
    pub(super) fn common(&self) -> Common<'_> {
        let kind = match self.number_kind() {
            Kind::MaxLoss | Kind::MinGain => Kind::Equivalent,
            kind => kind,
        };
        (kind, &self.subject, self.against.as_ref())
    }

    /// The kind of its number: the first of the kinds that bound the same one, with the same sign.
    pub(super) fn number_kind(&self) -> Kind {
        if self.threshold.kind == Kind::Max { Kind::Min } else { self.threshold.kind }
    }
}

/// Every number that a threshold is about.
///
/// # Errors
/// The run does not have what a threshold names, or only the reference of corruption errors, whose own is always 100.
pub(super) fn cases<'t>(
    view: &View,
    thresholds: &'t [Threshold],
    settings: &GateSettings,
) -> Result<Vec<Case<'t>>> {
    let chosen = Chosen { mode: settings.mode, reference: settings.reference.clone() };
    let mut cases = Vec::new();
    for threshold in thresholds {
        let mut found = subjects(view, &threshold.target, &chosen, threshold.kind == Kind::MaxDrop)?;
        if matches!(threshold.kind, Kind::Min | Kind::Max)
            && threshold.target.measure == Measure::CorruptionError
        {
            found.retain(|subject| subject.reference.as_ref() != Some(&subject.model));
            if found.is_empty() {
                let reason = "mce of the reference itself is always 100; expected another model, or another --reference";
                return Err(Error::Threshold { text: threshold.to_string(), reason: reason.to_owned() });
            }
        }
        cases.extend(found.into_iter().map(|subject| Case { threshold, subject, against: None }));
    }
    Ok(cases)
}
