//! The corruptions beyond the paper's fifteen, in a table of their own.

use super::table1::rows;
use super::{Better, Column, Table};
use crate::summary::Cells;
use crate::view::View;

/// mIoU by severity, model and corruption, as Table 1, of the corruptions that are not among the paper's fifteen; `None` where
/// none was run.
pub fn extras_table(view: &View, cells: Cells) -> Option<Table> {
    let names = view.extras();
    let of: Vec<&str> = names.iter().map(String::as_str).collect();
    let column = |name: &String| {
        let words = name.replace('_', " ");
        Column { key: name.clone(), short: words.clone(), title: words }
    };
    (!names.is_empty()).then(|| Table {
        id: "extra-corruptions".to_owned(),
        title: "Corruptions beyond the paper's fifteen".to_owned(),
        caption: format!(
            "mIoU in percent; each cell: {}. These corruptions count in no mean, rank or summary elsewhere.",
            cells.title()
        ),
        stubs: vec!["Sv.".to_owned(), "Model".to_owned()],
        groups: Vec::new(),
        columns: names.iter().map(column).collect(),
        rows: rows(view, cells, &of),
        notes: Vec::new(),
        better: Better::Higher,
        open: Vec::new(),
    })
}
