//! Tables 1 and 2 next to the printed numbers, and the corruption errors.

use super::grid::{Look, grid};
use super::parts::{bullets, level};
use crate::bootstrap::Interval;
use crate::contents::Contents;
use crate::format::{list, signed};
use crate::one_class::one_class;
use crate::reference::CELL_ROUNDING;
use crate::tables::{NOT_ESTABLISHED, RowKind, Table, compare, printed_table1, printed_table2, with_meaning};
use maud::{Markup, html};
use scribe_records::Condition;
use std::collections::BTreeMap;

pub(super) fn table2(c: &Contents<'_>) -> Markup {
    let (table, printed) = (&c.table2, c.view.is_of_voc().then(printed_table2));
    let look = Look {
        printed: printed.as_ref(),
        interval: &|row, column| interval(c, table, row, column),
        pictures: &|_, _| None,
        show_interval: true,
        heat: false,
    };
    html! {
        p.caption {
            (table.caption) " Underlined: highest of its column. " (NOT_ESTABLISHED) ": its difference to that one is \
             not established. Small: " (level(&c.bootstrap)) " % interval from " (c.bootstrap.resamples)
            " resamples of " (c.resampled())
            @if printed.is_some() { ", and the paper's number on VOC 2012 val" } "."
        } "\n"
        (grid(table, &look)) (bullets("notes", &table.notes))
        @if let Some(printed) = &printed { (agreement(c, table, printed)) }
    }
}

pub(super) fn table1(c: &Contents<'_>) -> Markup {
    let (table, printed) = (&c.table1, c.view.is_of_voc().then(printed_table1));
    let look = Look {
        printed: printed.as_ref(),
        interval: &|row, column| interval(c, table, row, column),
        pictures: &|row, column| with_pictures(c, row, column),
        show_interval: false,
        heat: true,
    };
    html! {
        p.caption {
            (table.caption) " Underlined: highest of its severity. " (NOT_ESTABLISHED) ": its difference to that one is \
             not established." @if printed.is_some() { " Small: the paper's number." } " Rest the pointer on a cell for its interval."
            @if !c.view.panels.is_empty() { " A number with a dotted line leads to its pictures." }
        } "\n"
        (grid(table, &look)) (bullets("notes", &table.notes)) (bullets("notes", &of_one_class(c)))
        @if let Some(printed) = &printed { (agreement(c, table, printed)) }
    }
}

/// What is said of conditions under which all models predict one class; corruption by corruption.
fn of_one_class(c: &Contents<'_>) -> Vec<String> {
    let mut by_name: BTreeMap<(String, usize), Vec<String>> = BTreeMap::new();
    for (condition, class) in one_class(&c.results, c.mode_choice) {
        by_name.entry((condition.corruption, class)).or_default().push(condition.severity.to_string());
    }
    let sentence = |((name, class), severities): (&(String, usize), &Vec<String>)| {
        format!(
            "Under {} at {} {} every model predicts {} at every pixel: equal values there are that class's alone and rank \
             nothing.",
            name.replace('_', " "),
            if severities.len() == 1 { "severity" } else { "severities" },
            list(severities),
            c.view.classes[*class]
        )
    };
    by_name.iter().map(sentence).collect()
}

/// The condition of a cell of Table 1, where the page holds pictures of it.
fn with_pictures(c: &Contents<'_>, row: usize, column: usize) -> Option<Condition> {
    let table = &c.table1;
    let row = table.rows.get(row).filter(|r| r.kind == RowKind::Body)?;
    let severity = row.stubs[0].parse().ok()?;
    let condition = Condition::new(table.columns[column].key.as_str(), severity).ok()?;
    c.view.panels.iter().any(|p| p.condition == condition).then_some(condition)
}

/// The corruptions beyond the paper's fifteen; `None` where none was run.
pub(super) fn extras(c: &Contents<'_>) -> Option<Markup> {
    let table = c.extras.as_ref()?;
    let look = Look {
        printed: None,
        interval: &|row, column| interval(c, table, row, column),
        pictures: &|_, _| None,
        show_interval: true,
        heat: false,
    };
    Some(html! {
        p.caption {
            (table.caption) " Underlined: highest of its severity. " (NOT_ESTABLISHED) ": its difference to that one is \
             not established. Small: " (level(&c.bootstrap)) " % interval."
        } "\n"
        (grid(table, &look)) (bullets("notes", &table.notes))
    })
}

/// Corruption errors against the reference; nothing without them.
pub(super) fn corruption_error(c: &Contents<'_>) -> Markup {
    let (Some(table), Some(reference)) = (&c.corruption_error, &c.reference) else { return html! {} };
    let interval = |row: usize, column: usize| {
        let key = table.columns.get(column)?.key.as_str();
        let corruption = (key != "mce").then_some(key);
        let of = c.results.of(table.model(row)?, c.mode_choice);
        c.resampled.corruption_error(of, c.results.of(reference, c.mode_choice), corruption)
    };
    let look = Look {
        printed: None,
        interval: &interval,
        pictures: &|_, _| None,
        show_interval: false,
        heat: false,
    };
    html! {
        h3 { "Corruption error (CE)" } "\n"
        p.caption {
            (table.caption) " With a DeepLabV3+ as reference this is Kamann and Rother's CD. Underlined: \
             lowest of its column. Rest the pointer on a cell for its interval."
        } "\n"
        (grid(table, &look))
    }
}

fn interval(c: &Contents<'_>, table: &Table, row: usize, column: usize) -> Option<Interval> {
    let model = table.model(row)?;
    with_meaning(table, row, column, c.mode_choice, |choice, quantity| {
        c.resampled.interval(c.results.of(model, choice), quantity)
    })
}

/// How near the table is to the printed one; nothing where they share no cell.
fn agreement(c: &Contents<'_>, ours: &Table, printed: &Table) -> Markup {
    let comparison = compare(ours, printed, CELL_ROUNDING / 100.0);
    let (Some(mean), Some(worst)) = (comparison.mean_absolute(), comparison.worst()) else {
        return html! {};
    };
    // A stub that is a number is a severity.
    let stub =
        |stub: &String| if stub.parse::<u8>().is_ok() { format!("severity {stub}") } else { stub.clone() };
    let place: Vec<String> = worst.stubs.iter().map(stub).collect();
    html! {
        p.notes {
            "Against the paper's numbers: " (comparison.within()) " of " (comparison.pairs.len())
            " entries lie within " (CELL_ROUNDING) " points, mean absolute difference "
            (format!("{:.1}", mean * 100.0)) " points, largest " (signed(worst.difference() * 100.0, 1))
            " (" (place.join(", ")) ", " (worst.column) ")."
            @if c.view.about.synthetic { " On generated pictures this is no test of the paper." }
        } "\n"
    }
}
