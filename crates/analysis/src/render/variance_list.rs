//! The list of variances: `variance.csv`.

use super::field::{Field, csv, texts};
use crate::variance::{Split, VarianceSplits};
use crate::view::View;

/// Every number, and every difference between two models, with its standard error and what the pictures, the draws and the trainings alone give it; percent points.
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
        let error = |variance: Option<f64>| Field::percent(variance.map(f64::sqrt), 4);
        let p = &s.parts;
        let errors = [Some(p.pictures), p.draws, p.trainings, p.both, Some(p.total()), p.one_draw];
        let title = s.title(view);
        let id =
            s.minus.as_ref().map_or_else(|| s.model.to_string(), |other| format!("{} - {other}", s.model));
        let names = [title.as_str(), id.as_str(), s.mode_choice.key()].map(Field::text);
        let draws = if s.drawn { view.draw_count() } else { 1 };
        let counts = [draws, view.seeds(&s.model).len()].map(Field::count);
        let value = [Field::text(&s.quantity), Field::percent(Some(s.value), 3)];
        names.into_iter().chain(value).chain(errors.map(error)).chain(counts).collect()
    };
    csv(texts(&head), splits.all.iter().map(row))
}
