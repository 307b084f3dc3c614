//! Figure 3 in numbers, as CSV: `correlations.csv`.

use super::field::{Field, csv, texts};
use crate::class_correlations::ClassCorrelation;
use crate::correlation::Centering;
use crate::view::View;

/// One row for each network, kind of matrix and predicted class, the mean over classes with `mean` in its column. `None`
/// where no moments by class were counted.
pub(crate) fn correlations(view: &View, all: &[ClassCorrelation]) -> Option<String> {
    let head = [
        "model",
        "id",
        "seed",
        "predicted",
        "pixels",
        "centred",
        "with_others",
        "size_with_others",
        "among_others",
    ];
    let row = |one: &ClassCorrelation| {
        let class = one.class.map_or_else(|| "mean".to_owned(), |class| view.classes[class].clone());
        vec![
            Field::Text(view.title(&one.model)),
            Field::text(one.model.as_str()),
            Field::Count(one.seed),
            Field::Text(class),
            Field::Count(one.pixels),
            Field::text(if one.centering == Centering::Centred { "yes" } else { "no" }),
            Field::Number(Some(one.with_others), 4),
            Field::Number(Some(one.size_with_others), 4),
            Field::Number(Some(one.among_others), 4),
        ]
    };
    (!all.is_empty()).then(|| csv(texts(&head), all.iter().map(row)))
}
