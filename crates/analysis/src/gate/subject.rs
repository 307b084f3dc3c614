//! A target looked up in a run: the models, the class and the conditions that it means.

use super::measure::Measure;
use super::place::conditions;
use super::target::Target;
use crate::error::{Error, Result};
use crate::hint::hint;
use crate::summary::{ModeChoice, Results};
use crate::view::View;
use scribe_records::{Condition, Mode, ModelId};
use std::collections::BTreeSet;

/// What holds for all targets of a run.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Chosen {
    /// The mode of every number; `None` for the modes of Table 1.
    pub(crate) mode: Option<ModeChoice>,
    /// The reference of corruption errors, an id or a name; `None` for the report's.
    pub(crate) reference: Option<String>,
}

/// One number of one model.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Subject {
    /// The measure.
    pub(crate) measure: Measure,
    /// The model.
    pub(crate) model: ModelId,
    /// The modes that it is the mean of.
    pub(crate) modes: Vec<Mode>,
    /// The class; `None` for all together.
    pub(crate) class: Option<usize>,
    /// The conditions that it is made of.
    pub(crate) conditions: Vec<Condition>,
    /// The reference of corruption errors.
    pub(crate) reference: Option<ModelId>,
}

impl Subject {
    /// The same of clean images.
    pub(crate) fn on_clean(&self) -> Subject {
        Subject { conditions: vec![Condition::clean()], ..self.clone() }
    }

    /// The same of another model.
    pub(crate) fn of(&self, model: &ModelId) -> Subject {
        Subject { model: model.clone(), ..self.clone() }
    }

    /// Every condition that its value needs.
    pub(crate) fn needed(&self) -> BTreeSet<Condition> {
        let clean = (self.measure == Measure::Rpc).then(Condition::clean);
        self.conditions.iter().cloned().chain(clean).collect()
    }
}

/// The numbers of a target: one for the named model, or one for each model of the run. `corrupted` says that corrupted
/// conditions are meant where none is named.
///
/// # Errors
/// The run has no such model, class or condition.
pub(crate) fn subjects(
    view: &View,
    target: &Target,
    chosen: &Chosen,
    corrupted: bool,
) -> Result<Vec<Subject>> {
    let class = target.class.as_deref().map(|name| class(view, name)).transpose()?;
    let conditions = conditions(view, target.place_or(corrupted), !target.is_named)?;
    let models = match &target.model {
        Some(name) => vec![model(view, name)?],
        None => view.models.clone(),
    };
    let reference = match (&chosen.reference, target.measure) {
        (_, measure) if measure != Measure::CorruptionError => None,
        (Some(name), _) => Some(model(view, name)?),
        (None, _) => view.model_named("Baseline").or_else(|| view.models.first()).cloned(),
    };
    let results = Results::new(view);
    let choice = chosen.mode.unwrap_or_else(|| results.shown());
    let subject = |model: ModelId| {
        let of_logits = matches!(target.measure, Measure::Logits(_));
        // Logits are kept in one mode, that of the report's details.
        let modes = match chosen.mode {
            None if of_logits => vec![results.detail_mode(&model)],
            _ => results.of(&model, choice).modes().to_vec(),
        };
        let (conditions, reference) = (conditions.clone(), reference.clone());
        Subject { measure: target.measure, model, modes, class, conditions, reference }
    };
    Ok(models.into_iter().map(subject).collect())
}

/// The model of an id or a name.
///
/// # Errors
/// [`Error::Unknown`] with the models that there are.
pub(crate) fn model(view: &View, name: &str) -> Result<ModelId> {
    // An id before a name: names may be shared.
    let with = |of: &dyn Fn(&ModelId) -> bool| view.models.iter().find(|m| of(m)).cloned();
    let found = with(&|m| m.as_str() == name).or_else(|| with(&|m| view.title(m) == name));
    found.ok_or_else(|| {
        let ids: Vec<&str> = view.models.iter().map(ModelId::as_str).collect();
        let near = hint(name, ids.iter().copied());
        Error::Unknown {
            what: format!("model `{name}`"),
            expected: format!("one of {}{near}", ids.join(", ")),
        }
    })
}

/// The class of a name or, behind a `#`, of an index.
fn class(view: &View, name: &str) -> Result<usize> {
    let by_index = name.strip_prefix('#').and_then(|index| index.parse::<usize>().ok());
    let same = |own: &String| own.eq_ignore_ascii_case(name) || own.replace('_', " ") == name;
    let found = by_index.or_else(|| view.classes.iter().position(same));
    found.filter(|class| *class < view.classes.len()).ok_or_else(|| {
        let near = hint(name, view.classes.iter().map(String::as_str));
        // Some sets have 150 classes.
        let known = if near.is_empty() { view.classes.join(", ") } else { "the set's classes".to_owned() };
        Error::Unknown {
            what: format!("class `{name}`"),
            expected: format!("one of {known}, or `#` and an index from 0{near}"),
        }
    })
}
