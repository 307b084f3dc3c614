//! The table of corruption errors: each model's error under each corruption, relative to a reference model's.

use super::table1::{columns, groups};
use super::{Better, Column, Row, RowKind, RowModel, Table, notes};
use crate::names::COLUMNS;
use crate::summary::{self, Cells};
use crate::view::View;
use scribe_records::ModelId;

/// CE_c = sum_s (1 - mIoU) / sum_s (1 - mIoU of `reference`) for each corruption, and their mean mCE, as fractions; below 1 is
/// better than the reference. `None` where no model has a corrupted condition in common with the reference.
pub fn corruption_error_table(view: &View, reference: &ModelId, cells: Cells) -> Option<Table> {
    let row = |model: &ModelId| {
        let of = |c: &crate::names::Column| summary::corruption_error(view, model, reference, cells, c.name);
        let mean = summary::mean_corruption_error(view, model, reference, cells);
        let values = COLUMNS.iter().map(of).chain([mean]).collect();
        Row { stubs: vec![view.title(model)], model: RowModel::of(view, model), kind: RowKind::Body, values }
    };
    let rows: Vec<Row> = view.models.iter().filter(|m| *m != reference).map(row).collect();
    let mean =
        Column { key: "mce".to_owned(), short: "mCE".to_owned(), title: "mean over corruptions".to_owned() };
    rows.iter().any(|r| r.values.iter().any(Option::is_some)).then(|| Table {
        id: "corruption-error".to_owned(),
        title: format!("Corruption error against {}", view.title(reference)),
        caption: format!(
            "Sum over severities of (1 - mIoU), in percent of the same sum of {}; lower is better, 100 is the reference ({}).",
            view.title(reference),
            cells.title()
        ),
        stubs: vec!["Model".to_owned()],
        groups: groups().into_iter().chain([(String::new(), 1)]).collect(),
        columns: columns().into_iter().chain([mean]).collect(),
        rows,
        notes: notes(view, cells),
        better: Better::Lower,
        open: Vec::new(),
    })
}
