//! The conditions that one number is made of: clean, one corrupted condition, or a mean over several.

use crate::names::{COLUMNS, Group, position};
use crate::view::View;
use scribe_records::Condition;

/// The conditions that one number is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over<'a> {
    /// The clean pictures.
    Clean,
    /// One condition.
    One(&'a Condition),
    /// mPC: mean over all measured corrupted conditions of the paper's fifteen.
    Corrupted,
    /// rPC: the ratio of [`Over::Corrupted`] to [`Over::Clean`].
    Retained,
    /// Mean over the severities of one corruption.
    Corruption(&'a str),
    /// Mean over the corruptions of one of the paper's groups and their severities.
    Group(Group),
    /// Mean over the paper's corruptions at one severity.
    Severity(u8),
    /// Least-squares slope of [`Over::Severity`] over severities 1 to 5, per step.
    Slope,
}

impl Over<'_> {
    /// The name in CSV: `clean`, `fog:3`, `corrupted`, `rpc`, `corruption fog`, `group Noise`, `severity 3`, `slope`.
    pub fn name(&self) -> String {
        match self {
            Over::Clean => "clean".to_owned(),
            Over::One(condition) => condition.to_string(),
            Over::Corrupted => "corrupted".to_owned(),
            Over::Retained => "rpc".to_owned(),
            Over::Corruption(name) => format!("corruption {name}"),
            Over::Group(g) => format!("group {}", g.title()),
            Over::Severity(s) => format!("severity {s}"),
            Over::Slope => "slope".to_owned(),
        }
    }

    /// All conditions that are needed for it.
    pub(crate) fn needed(&self, view: &View) -> Vec<Condition> {
        let clean = (*self == Over::Retained).then(Condition::clean);
        self.conditions(view).into_iter().chain(clean).collect()
    }

    /// The conditions that the number is the plain mean of; for [`Over::Retained`] and [`Over::Slope`] those of
    /// [`Over::Corrupted`].
    pub(crate) fn conditions(&self, view: &View) -> Vec<Condition> {
        let within = |keep: &dyn Fn(&Condition) -> bool| {
            let paper = view.corrupted().into_iter().filter(|c| position(&c.corruption).is_some());
            paper.filter(|c| keep(c)).collect()
        };
        match *self {
            Over::Clean => vec![Condition::clean()],
            Over::One(condition) => vec![condition.clone()],
            Over::Corrupted | Over::Retained | Over::Slope => within(&|_| true),
            // By name, so that a corruption beyond the paper's fifteen has its own mean, too.
            Over::Corruption(name) => view.corrupted().into_iter().filter(|c| c.corruption == name).collect(),
            Over::Severity(s) => within(&|c| c.severity == s),
            Over::Group(g) => within(&|c| COLUMNS.iter().any(|k| k.group == g && k.name == c.corruption)),
        }
    }
}
