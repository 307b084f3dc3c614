//! The list of variances: `variance.csv`.

use super::lists::csv;
use crate::format;
use crate::variance::{Split, VarianceSplits};
use crate::view::View;

/// Every number with its standard error and what the pictures, the draws and the trainings alone give it; percent points.
pub(crate) fn variance(view: &View, splits: &VarianceSplits) -> String {
    let head = [
        "model",
        "id",
        "results",
        "quantity",
        "value",
        "pictures",
        "draws",
        "trainings",
        "both",
        "total",
        "one_draw",
        "master_seeds",
        "seeds",
    ];
    let row = |s: &Split| {
        let error = |variance: Option<f64>| format::percent(variance.map(f64::sqrt), 4, "");
        let p = &s.parts;
        let errors = [Some(p.pictures), p.draws, p.trainings, p.both, Some(p.total()), p.one_draw];
        let names = [view.title(&s.model), s.model.to_string(), s.mode_choice.key().to_owned()];
        let draws = if s.drawn { view.draw_count() } else { 1 };
        let counts = [draws, view.seeds(&s.model).len()].map(|n| n.to_string());
        let value = [s.quantity.clone(), format::percent(Some(s.value), 3, "")];
        names.into_iter().chain(value).chain(errors.map(error)).chain(counts).collect()
    };
    csv(&head, splits.all.iter().map(row))
}
