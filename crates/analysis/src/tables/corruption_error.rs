//! The table of corruption errors: each model's error under each corruption, relative to a reference model's.

use super::table1::{columns, groups};
use super::{Better, Column, Row, RowKind, RowModel, Table, notes};
use crate::names::COLUMNS;
use crate::summary::{ModeChoice, ModelResults, Results};
use scribe_records::ModelId;

/// CE_c = sum_s (1 - mIoU) / sum_s (1 - mIoU of `reference`) for each corruption, and their mean mCE, as fractions;
/// below 1 is better than the reference. `None` where no model has a corrupted condition in common with the
/// reference.
pub(crate) fn corruption_error_table(
    results: &Results<'_>,
    reference: &ModelId,
    choice: ModeChoice,
) -> Option<Table> {
    let view = results.view();
    let base = results.of(reference, choice);
    let row = |of: &ModelResults<'_>| {
        let errors = COLUMNS.iter().map(|c| of.corruption_error(base, c.name));
        let values = errors.chain([of.mean_corruption_error(base)]).collect();
        Row { stubs: vec![of.title()], model: RowModel::of(view, of.model()), kind: RowKind::Body, values }
    };
    let rows: Vec<Row> = results.all(choice).filter(|of| of.model() != reference).map(row).collect();
    let mean =
        Column { key: "mce".to_owned(), short: "mCE".to_owned(), title: "mean over corruptions".to_owned() };
    rows.iter().any(|r| r.values.iter().any(Option::is_some)).then(|| Table {
        id: "corruption-error".to_owned(),
        title: format!("Corruption error against {}", view.title(reference)),
        caption: format!(
            "Sum over severities of (1 - mIoU), in percent of the same sum of {}; lower is better, 100 is the reference ({}).",
            view.title(reference),
            choice.title()
        ),
        stubs: vec!["Model".to_owned()],
        groups: groups().into_iter().chain([(String::new(), 1)]).collect(),
        columns: columns().into_iter().chain([mean]).collect(),
        rows,
        notes: notes(results, choice),
        better: Better::Lower,
        not_established: Vec::new(),
    })
}
