//! Tables 1 and 2 beside the printed numbers, and the corruption errors.

use super::bullets;
use super::grid::{Look, grid};
use crate::bootstrap::Interval;
use crate::contents::Contents;
use crate::format::signed;
use crate::reference::CELL_ROUNDING;
use crate::render::svg::escape;
use crate::tables::{OPEN, RowKind, Table, compare, printed_table1, printed_table2, with_meaning};
use crate::view::View;
use scribe_records::Condition;

pub(super) fn table2(view: &View, contents: &Contents) -> String {
    let printed = printed_table2();
    let table = &contents.table2;
    let interval = |row: usize, column: usize| interval(view, contents, table, row, column);
    let look = Look {
        printed: Some(&printed),
        interval: &interval,
        pictures: &|_, _| None,
        show_interval: true,
        heat: false,
    };
    let level = contents.bootstrap.level * 100.0;
    format!(
        "<p class=\"caption\">{} Underlined: highest of its column. {OPEN}: its difference to that one is not established. Small: {level:.0} % interval from {} resamples of the pictures{}, and the paper's number on VOC 2012 val.</p>\n{}{}{}",
        escape(&table.caption),
        contents.bootstrap.resamples,
        if view.models.iter().any(|m| view.seeds(m).len() > 1) { " and training seeds" } else { "" },
        grid(table, &look),
        bullets("notes", &table.notes),
        agreement(table, &printed, view)
    )
}

pub(super) fn table1(view: &View, contents: &Contents) -> String {
    let printed = printed_table1();
    let table = &contents.table1;
    let interval = |row: usize, column: usize| interval(view, contents, table, row, column);
    let pictures = |row: usize, column: usize| {
        let row = table.rows.get(row).filter(|r| r.kind == RowKind::Body)?;
        let severity = row.stubs[0].parse().ok()?;
        let condition = Condition::new(table.columns[column].key.as_str(), severity).ok()?;
        view.panels.iter().any(|p| p.condition == condition).then_some(condition)
    };
    let look = Look {
        printed: Some(&printed),
        interval: &interval,
        pictures: &pictures,
        show_interval: false,
        heat: true,
    };
    let links =
        if view.panels.is_empty() { "" } else { " A number with a dotted line leads to its pictures." };
    format!(
        "<p class=\"caption\">{} Underlined: highest of its severity. {OPEN}: its difference to that one is not established. Small: the paper's number. Rest the pointer on a cell for its interval.{links}</p>\n{}{}{}",
        escape(&table.caption),
        grid(table, &look),
        bullets("notes", &table.notes),
        agreement(table, &printed, view)
    )
}

/// The corruptions beyond the paper's fifteen; empty text where none was run.
pub(super) fn extras(view: &View, contents: &Contents) -> String {
    let Some(table) = &contents.extras else { return String::new() };
    let interval = |row: usize, column: usize| interval(view, contents, table, row, column);
    let look =
        Look { printed: None, interval: &interval, pictures: &|_, _| None, show_interval: true, heat: false };
    format!(
        "<p class=\"caption\">{} Underlined: highest of its severity. {OPEN}: its difference to that one is not established. Small: {:.0} % interval.</p>\n{}{}",
        escape(&table.caption),
        contents.bootstrap.level * 100.0,
        grid(table, &look),
        bullets("notes", &table.notes)
    )
}

/// Corruption errors against the reference; empty text without them.
pub(super) fn corruption_error(view: &View, contents: &Contents) -> String {
    let (Some(table), Some(reference)) = (&contents.corruption_error, &contents.reference) else {
        return String::new();
    };
    let interval = |row: usize, column: usize| {
        let key = table.columns.get(column)?.key.as_str();
        let corruption = (key != "mce").then_some(key);
        let model = table.model(row)?;
        contents.resampled.corruption_error(view, model, reference, contents.cells, corruption)
    };
    let look = Look {
        printed: None,
        interval: &interval,
        pictures: &|_, _| None,
        show_interval: false,
        heat: false,
    };
    format!(
        "<h3>Corruption error (CE)</h3>\n<p class=\"caption\">{} With a DeepLabV3+ as reference this is Kamann and Rother's CD. Underlined: lowest of its column. Rest the pointer on a cell for its interval.</p>\n{}",
        escape(&table.caption),
        grid(table, &look)
    )
}

fn interval(view: &View, contents: &Contents, table: &Table, row: usize, column: usize) -> Option<Interval> {
    let model = table.model(row)?;
    with_meaning(table, row, column, contents.cells, |cells, over| {
        contents.resampled.interval(view, model, cells, over)
    })
}

fn agreement(ours: &Table, printed: &Table, view: &View) -> String {
    let comparison = compare(ours, printed, CELL_ROUNDING / 100.0);
    let (Some(mean), Some(worst)) = (comparison.mean_absolute(), comparison.worst()) else {
        return String::new();
    };
    let caution =
        if view.about.synthetic { " On generated pictures this is no test of the paper." } else { "" };
    format!(
        "<p class=\"notes\">Against the paper's numbers: {} of {} entries lie within {CELL_ROUNDING} points, mean absolute difference {:.1} points, largest {} ({}, {}).{caution}</p>\n",
        comparison.within(),
        comparison.pairs.len(),
        mean * 100.0,
        signed(worst.difference() * 100.0, 1),
        escape(&worst.stubs.join(" ")),
        escape(&worst.column)
    )
}
