//! Table 1: mIoU by severity, model and corruption, with means recomputed from the cells.

use super::{Better, Column, Row, RowKind, RowModel, Table, notes};
use crate::names::{COLUMNS, Group, MODELS};
use crate::reference;
use crate::summary::{ModeChoice, ModelResults, Results};
use scribe_records::Condition;

/// Table 1 of a view: rows severity x model, the paper's fifteen columns in its order, mean rows from the cells.
///
/// Severities that were not measured have no rows; corruptions that were not measured have an empty column.
pub(crate) fn table1(results: &Results<'_>, choice: ModeChoice) -> Table {
    let names: Vec<&str> = COLUMNS.iter().map(|c| c.name).collect();
    let rows = rows(results, choice, &names);
    Table {
        id: "table1".to_owned(),
        title: "Table 1. mIoU by corruption and severity".to_owned(),
        caption: format!(
            "mIoU in percent; each cell: {}. Mean rows are recomputed from the cells above.",
            choice.title()
        ),
        stubs: vec!["Sv.".to_owned(), "Model".to_owned()],
        groups: groups(),
        columns: columns(),
        rows,
        notes: notes(results, choice),
        better: Better::Higher,
        not_established: Vec::new(),
    }
}

/// The paper's Table 1 in the same form, its means recomputed from its cells (its own Mean rows are no target).
pub(crate) fn printed_table1() -> Table {
    let printed = reference::table1();
    let mut rows = Vec::new();
    for severity in 1..=5usize {
        rows.extend(MODELS.iter().enumerate().map(|(m, name)| {
            let values = printed.cells[m][severity - 1].iter().map(|x| Some(x / 100.0)).collect();
            Row {
                stubs: vec![severity.to_string(), (*name).to_owned()],
                model: None,
                kind: RowKind::Body,
                values,
            }
        }));
    }
    rows.extend(MODELS.iter().enumerate().map(|(m, name)| {
        let values = (0..15).map(|c| Some(printed.recomputed_mean(m, c) / 100.0)).collect();
        Row { stubs: vec!["Mean".to_owned(), (*name).to_owned()], model: None, kind: RowKind::Mean, values }
    }));
    Table {
        id: "table1-paper".to_owned(),
        title: "Table 1 as the paper prints it".to_owned(),
        caption: "mIoU in percent on VOC 2012 val. Mean rows are recomputed from the printed cells; 28 of the 45 printed means differ from that by more than rounding can explain."
            .to_owned(),
        stubs: vec!["Sv.".to_owned(), "Model".to_owned()],
        groups: groups(),
        columns: columns(),
        rows,
        notes: Vec::new(),
        better: Better::Higher,
        not_established: Vec::new(),
    }
}

/// A row for each measured severity and model, then a mean row for each model, over these corruptions.
pub(super) fn rows(results: &Results<'_>, choice: ModeChoice, names: &[&str]) -> Vec<Row> {
    let row = |stub: String, of: &ModelResults<'_>, kind, values| Row {
        stubs: vec![stub, of.title()],
        model: RowModel::of(of.view(), of.model()),
        kind,
        values,
    };
    let mut rows = Vec::new();
    for severity in 1..=5u8 {
        let body = |of: &ModelResults<'_>| {
            let value = |name: &&str| of.at(&Condition::new(*name, severity).ok()?);
            row(severity.to_string(), of, RowKind::Body, names.iter().map(value).collect())
        };
        let block: Vec<Row> = results.all(choice).map(body).collect();
        if block.iter().any(|r| r.values.iter().any(Option::is_some)) {
            rows.extend(block);
        }
    }
    rows.extend(results.all(choice).map(|of| {
        let value = |name: &&str| of.corruption_mean(name);
        row("Mean".to_owned(), of, RowKind::Mean, names.iter().map(value).collect())
    }));
    rows
}

pub(super) fn groups() -> Vec<(String, usize)> {
    Group::ALL
        .iter()
        .map(|g| (g.title().to_owned(), COLUMNS.iter().filter(|c| c.group == *g).count()))
        .collect()
}

pub(super) fn columns() -> Vec<Column> {
    COLUMNS
        .iter()
        .map(|c| Column { key: c.name.to_owned(), short: c.short.to_owned(), title: c.title.to_owned() })
        .collect()
}
