//! The split of every number of the tables into pictures, draws and trainings.

use super::contributions::Contributions;
use super::crossed::{Crossed, Parts};
use crate::names::COLUMNS;
use crate::summary::{ModeChoice, ModelResults, Quantity, Results};
use crate::view::{Cell, View};
use scribe_records::{Condition, ModelId, Series};

/// Where the uncertainty of one number comes from.
#[derive(Debug, Clone)]
pub(crate) struct Split {
    /// The model.
    pub(crate) model: ModelId,
    /// The model whose number is taken away from it; `None` for the number of the model alone.
    pub(crate) minus: Option<ModelId>,
    /// The modes that the number is computed from.
    pub(crate) mode_choice: ModeChoice,
    /// The name of the quantity ([`Quantity::name`]).
    pub(crate) quantity: String,
    /// The number, a fraction.
    pub(crate) value: f64,
    /// Its variance, in parts.
    pub(crate) parts: Parts,
    /// Whether a condition of it has a draw.
    pub(crate) drawn: bool,
}

impl Split {
    /// The model in tables, or "A − B" for a difference.
    pub(crate) fn title(&self, view: &View) -> String {
        let minus = self.minus.as_ref().map_or_else(String::new, |other| format!(" − {}", view.title(other)));
        view.title(&self.model) + &minus
    }
}

/// The splits of a view with several draws of its corruptions; made once, read by the page, the figure and `variance.csv`.
#[derive(Debug, Clone)]
pub(crate) struct VarianceSplits {
    /// By model, modes and quantity, in the order of the tables.
    pub(crate) all: Vec<Split>,
}

impl VarianceSplits {
    /// Computes the split of the clean mIoU, cor, rPC, the mean of each corruption and each cell, for the modes that tables
    /// show. `None` where the corruptions were drawn once.
    pub(crate) fn new(results: &Results<'_>) -> Option<VarianceSplits> {
        let view = results.view();
        if view.draw_count() < 2 {
            return None;
        }
        let contributions = Contributions::new(view);
        let conditions: Vec<Condition> = in_order(view);
        let mut quantities = vec![Quantity::Clean, Quantity::Cor, Quantity::Rpc];
        quantities.extend(COLUMNS.iter().map(|c| Quantity::Corruption(c.name)));
        quantities.extend(conditions.iter().map(Quantity::One));
        let mut all = Vec::new();
        for model in &view.models {
            let average = Some(ModeChoice::AsPrinted).filter(|_| results.shown() == ModeChoice::AsPrinted);
            for choice in average.into_iter().chain(ModeChoice::held_by(view)) {
                let of = results.of(model, choice);
                let earlier = view.models.iter().take_while(|other| *other != model);
                let others =
                    std::iter::once(None).chain(earlier.map(|other| Some(results.of(other, choice))));
                for minus in others {
                    let split = |quantity: &Quantity<'_>| split(&contributions, (of, minus), *quantity);
                    all.extend(quantities.iter().filter_map(split));
                }
            }
        }
        Some(VarianceSplits { all })
    }

    /// The split of one number of a model, or of its difference to another one's.
    pub(crate) fn get(
        &self,
        (model, minus): (&ModelId, Option<&ModelId>),
        choice: ModeChoice,
        quantity: &str,
    ) -> Option<&Split> {
        let mine = |s: &&Split| s.model == *model && s.minus.as_ref() == minus;
        self.all.iter().filter(mine).find(|s| s.mode_choice == choice && s.quantity == quantity)
    }
}

fn split(
    contributions: &Contributions,
    (of, minus): (&ModelResults<'_>, Option<&ModelResults<'_>>),
    quantity: Quantity<'_>,
) -> Option<Split> {
    let (mut value, mut crossed) = (of.value(quantity)?, contributed(of, contributions, quantity)?);
    if let Some(other) = minus {
        value -= other.value(quantity)?;
        crossed =
            crossed.minus(&contributed(other, contributions, quantity)?).filter(|_| shared(of, other))?;
    }
    Some(Split {
        model: of.model().clone(),
        minus: minus.map(|other| other.model().clone()),
        mode_choice: of.mode_choice(),
        quantity: quantity.name(),
        value,
        parts: crossed.split()?,
        drawn: quantity.needed(of.view()).iter().any(|c| draws(of, c)),
    })
}

/// Whether the trainings of two models are the same ones to a difference: one of each, or those of one run with the same seeds.
fn shared(a: &ModelResults<'_>, b: &ModelResults<'_>) -> bool {
    let view = a.view();
    let seeds = [a, b].map(|of| view.seeds(of.model()));
    let trained = [a, b].iter().all(|of| view.trained.contains(of.model()));
    seeds.iter().all(|seeds| seeds.len() == 1) || trained && seeds[0] == seeds[1]
}

fn contributed(
    of: &ModelResults<'_>,
    contributions: &Contributions,
    quantity: Quantity<'_>,
) -> Option<Crossed> {
    match quantity {
        Quantity::Rpc => ratio(of, contributions),
        _ => crossed(of, contributions, &quantity.conditions(of.view())),
    }
}

/// Whether the model has further draws of a condition.
fn draws(of: &ModelResults<'_>, condition: &Condition) -> bool {
    let mine = |cell: &Cell| cell.series.model == *of.model() && cell.condition == *condition;
    of.view().further.keys().any(mine)
}

/// The contributions to a mean over conditions and modes, for every picture, training and draw. A picture contributes to a
/// condition without a draw the same in every draw. `None` where a training or a draw is not whole.
fn crossed(
    of: &ModelResults<'_>,
    contributions: &Contributions,
    conditions: &[Condition],
) -> Option<Crossed> {
    let view = of.view();
    let seeds: Vec<u64> = view.seeds(of.model()).into_iter().collect();
    let has_draws = conditions.iter().any(|condition| draws(of, condition));
    let levels = [view.images.len(), seeds.len(), if has_draws { view.draw_count() } else { 1 }];
    let measured = conditions.iter().filter(|condition| of.at(condition).is_some());
    let places: Vec<_> = measured.flat_map(|c| of.modes().iter().map(move |m| (c, m))).collect();
    let mut values = vec![0.0; levels.iter().product()];
    for (t, seed) in seeds.iter().enumerate() {
        for d in 0..levels[2] {
            for (condition, mode) in &places {
                let series = Series::new(of.model().clone(), *seed, (*mode).clone());
                let cell = Cell { series, condition: (*condition).clone() };
                for (p, x) in contributions.get(&cell, d)?.iter().enumerate() {
                    values[(p * levels[1] + t) * levels[2] + d] += x / places.len() as f64;
                }
            }
        }
    }
    (!places.is_empty()).then_some(Crossed { levels, values })
}

/// The contributions to rPC = cor / clean, linearised about both: `R + (x_cor - R x_clean) / clean`.
fn ratio(of: &ModelResults<'_>, contributions: &Contributions) -> Option<Crossed> {
    let (base, ratio) = (of.clean()?, of.rpc()?);
    let corrupted = crossed(of, contributions, &Quantity::Cor.conditions(of.view()))?;
    let clean = crossed(of, contributions, &[Condition::clean()])?;
    let draws = corrupted.levels[2];
    let at = |(place, x): (usize, &f64)| ratio + (x - ratio * clean.values[place / draws]) / base;
    Some(Crossed { levels: corrupted.levels, values: corrupted.values.iter().enumerate().map(at).collect() })
}

/// The conditions that were measured, those of the paper in Table 1's order and then the others.
fn in_order(view: &View) -> Vec<Condition> {
    let corrupted = view.corrupted();
    let of = |name: &str| corrupted.iter().filter(|c| c.corruption == name).cloned().collect::<Vec<_>>();
    let extras = view.extras();
    let names = COLUMNS.iter().map(|c| c.name).chain(extras.iter().map(String::as_str));
    names.flat_map(of).collect()
}
