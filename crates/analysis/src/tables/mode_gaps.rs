//! What every further mode of inference changes against single scale, model by model: `modes.csv`, and a sentence of the
//! report.

use crate::bootstrap::{Interval, Resampled};
use crate::summary::{ModeChoice, ModelResults, Quantity, Results};
use scribe_records::ModelId;
use std::collections::BTreeSet;

/// A model's value in one mode minus its value in single scale.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ModeGap {
    /// The model.
    pub(crate) model: ModelId,
    /// The mode that is compared with single scale.
    pub(crate) mode_choice: ModeChoice,
    /// The name of the quantity ([`Quantity::name`]).
    pub(crate) quantity: String,
    /// The value in the mode, in [0, 1].
    pub(crate) of_mode: f64,
    /// The value in single scale, in [0, 1].
    pub(crate) of_single: f64,
    /// The difference with its interval under the paired bootstrap.
    pub(crate) difference: Interval,
}

/// Every model in every mode but single scale: the clean pictures, cor, rPC, and the means over groups, severities and
/// corruptions. A model whose two modes were not run with the same training seeds is left out, and so is a mean of which
/// they were not run under the same conditions: there the difference would be one of seeds or of conditions.
pub(crate) fn mode_gaps(results: &Results<'_>, resampled: &Resampled) -> Vec<ModeGap> {
    let quantities = Quantity::of_the_paper();
    let further =
        ModeChoice::held_by(results.view()).into_iter().filter(|choice| *choice != ModeChoice::Single);
    let mut out = Vec::new();
    for mode_choice in further {
        for of in results.all(mode_choice) {
            let single = results.of(of.model(), ModeChoice::Single);
            if seeds(of) != seeds(single) {
                continue;
            }
            out.extend(quantities.iter().filter_map(|quantity| mode_gap(resampled, of, single, *quantity)));
        }
    }
    out
}

/// The training seeds of one mode.
fn seeds(of: &ModelResults<'_>) -> BTreeSet<u64> {
    let own = of.view().confusions.keys().map(|cell| &cell.series);
    own.filter(|s| s.model == *of.model() && of.modes() == [s.mode.clone()]).map(|s| s.seed).collect()
}

/// `None` where one of the two was not measured, or not under the conditions of the other.
fn mode_gap(
    resampled: &Resampled,
    of: &ModelResults<'_>,
    single: &ModelResults<'_>,
    quantity: Quantity<'_>,
) -> Option<ModeGap> {
    let conditions = quantity.needed(of.view());
    let alike = conditions.iter().all(|c| of.at(c).is_some() == single.at(c).is_some());
    alike.then_some(ModeGap {
        model: of.model().clone(),
        mode_choice: of.mode_choice(),
        quantity: quantity.name(),
        of_mode: of.value(quantity)?,
        of_single: single.value(quantity)?,
        difference: resampled.paired_gap(of, single, quantity)?,
    })
}
