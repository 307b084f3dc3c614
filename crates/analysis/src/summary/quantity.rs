//! The quantities that tables show of a model: the mIoU under one condition, means over several, rPC and the slope.

use crate::names::{COLUMNS, Group, position};
use crate::view::View;
use scribe_records::Condition;

/// What a number of a table says about a model: its mIoU under one condition, or a number made of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity<'a> {
    /// The clean pictures.
    Clean,
    /// One condition.
    One(&'a Condition),
    /// cor, also called mPC: mean over all measured corrupted conditions of the paper's fifteen.
    Cor,
    /// rPC: the ratio of [`Quantity::Cor`] to [`Quantity::Clean`].
    Rpc,
    /// Mean over the severities of one corruption.
    Corruption(&'a str),
    /// Mean over the corruptions of one of the paper's groups and their severities.
    Group(Group),
    /// Mean over the paper's corruptions at one severity.
    Severity(u8),
    /// Least-squares slope of [`Quantity::Severity`] over severities 1 to 5, per step.
    Slope,
}

impl Quantity<'static> {
    /// Clean, cor, rPC, and the means over each group, severity and corruption of the paper.
    pub(crate) fn of_the_paper() -> Vec<Quantity<'static>> {
        let mut all = vec![Quantity::Clean, Quantity::Cor, Quantity::Rpc];
        all.extend(Group::ALL.map(Quantity::Group));
        all.extend((1..=5).map(Quantity::Severity));
        all.extend(COLUMNS.iter().map(|c| Quantity::Corruption(c.name)));
        all
    }
}

impl Quantity<'_> {
    /// The name in CSV: `clean`, `fog:3`, `corrupted`, `rpc`, `corruption fog`, `group Noise`, `severity 3`, `slope`.
    pub fn name(&self) -> String {
        match self {
            Quantity::Clean => "clean".to_owned(),
            Quantity::One(condition) => condition.to_string(),
            Quantity::Cor => "corrupted".to_owned(),
            Quantity::Rpc => "rpc".to_owned(),
            Quantity::Corruption(name) => format!("corruption {name}"),
            Quantity::Group(g) => format!("group {}", g.title()),
            Quantity::Severity(s) => format!("severity {s}"),
            Quantity::Slope => "slope".to_owned(),
        }
    }

    /// All conditions that are needed for it.
    pub(crate) fn needed(&self, view: &View) -> Vec<Condition> {
        let clean = (*self == Quantity::Rpc).then(Condition::clean);
        self.conditions(view).into_iter().chain(clean).collect()
    }

    /// The conditions that the number is the plain mean of; for [`Quantity::Rpc`] and [`Quantity::Slope`] those of
    /// [`Quantity::Cor`].
    pub(crate) fn conditions(&self, view: &View) -> Vec<Condition> {
        let within = |keep: &dyn Fn(&Condition) -> bool| {
            let paper = view.corrupted().into_iter().filter(|c| position(&c.corruption).is_some());
            paper.filter(|c| keep(c)).collect()
        };
        match *self {
            Quantity::Clean => vec![Condition::clean()],
            Quantity::One(condition) => vec![condition.clone()],
            Quantity::Cor | Quantity::Rpc | Quantity::Slope => within(&|_| true),
            // By name, so that a corruption beyond the paper's fifteen has its own mean, too.
            Quantity::Corruption(name) => {
                view.corrupted().into_iter().filter(|c| c.corruption == name).collect()
            }
            Quantity::Severity(s) => within(&|c| c.severity == s),
            Quantity::Group(g) => within(&|c| COLUMNS.iter().any(|k| k.group == g && k.name == c.corruption)),
        }
    }
}
