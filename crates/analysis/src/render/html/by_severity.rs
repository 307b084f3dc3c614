//! Measures by severity, and by corruption and severity.

use super::parts::{block, empty, head, head_with_title, measure, stub, stub_head};
use crate::bootstrap::Interval;
use crate::contents::Contents;
use crate::figures::at_severity;
use crate::format::fixed;
use crate::measures::Measure;
use crate::names::COLUMNS;
use maud::{Markup, html};
use scribe_records::{Condition, Mode};

/// How a measure is shown: itself, its heading, decimals.
pub(super) type Shown = (Measure, &'static str, usize);

/// One row a measure and model: clean, severities 1 to 5, and all corrupted conditions, each a mean over
/// corruptions with its interval. `None` where nothing was measured.
pub(super) fn by_severity(c: &Contents<'_>, mode: &Mode, shown: &[Shown]) -> Option<Markup> {
    let sets = sets(c);
    let row = |shown: &Shown, first: bool, title: &str, found: &[Option<Interval>]| {
        html! {
            tr class=[block(first)] {
                (stub(shown.1)) (stub(title))
                @for interval in found { (measure(*interval, shown.2)) }
            } "\n"
        }
    };
    let mut rows = Vec::new();
    for shown in shown {
        let found = c.view.models.iter().map(|m| {
            (m, sets.iter().map(|(_, set)| c.measured.mean(m, mode, set, shown.0)).collect::<Vec<_>>())
        });
        let found = found.filter(|(_, found)| found.iter().any(Option::is_some));
        rows.extend(found.enumerate().map(|(i, (m, found))| row(shown, i == 0, &c.view.title(m), &found)));
    }
    let heads = html! {
        (stub_head("Measure")) (stub_head("Model")) @for (name, _) in &sets { (head(name)) }
    };
    let table = table(&heads, &rows)?;
    Some(html! { (table) "\n" })
}

/// What the columns are means over; a severity that was not run gets no column.
fn sets(c: &Contents<'_>) -> Vec<(&'static str, Vec<Condition>)> {
    let names = ["clean", "1", "2", "3", "4", "5", "all corrupted"];
    let all = (1..=5).flat_map(|s| at_severity(c.view, s)).collect();
    let sets = (0..=5).map(|s| at_severity(c.view, s)).chain([all]);
    names.into_iter().zip(sets).filter(|(_, set)| !set.is_empty()).collect()
}

/// One measure by corruption and severity, folded away; `None` where no corrupted condition has it.
pub(super) fn every_condition(c: &Contents<'_>, mode: &Mode, shown: Shown) -> Option<Markup> {
    let columns = columns(c);
    let row = |severity: u8, first: bool, title: &str, found: &[Option<Interval>]| {
        html! {
            tr class=[block(first)] {
                (stub(&severity.to_string())) (stub(title))
                @for interval in found { (condition_cell(*interval, shown.2)) }
            } "\n"
        }
    };
    let mut rows = Vec::new();
    for severity in 1..=5u8 {
        let found = c.view.models.iter().map(|m| {
            let of =
                |name: &str| c.measured.interval(m, mode, &Condition::new(name, severity).ok()?, shown.0);
            (m, columns.iter().map(|(name, ..)| of(name)).collect::<Vec<_>>())
        });
        let found = found.filter(|(_, found)| found.iter().any(Option::is_some));
        rows.extend(found.enumerate().map(|(i, (m, found))| row(severity, i == 0, &c.view.title(m), &found)));
    }
    let heads = html! {
        (stub_head("Sv.")) (stub_head("Model"))
        @for (_, title, short) in &columns { (head_with_title(short, title)) }
    };
    let table = table(&heads, &rows)?;
    Some(html! {
        details { summary { (shown.1) " under every corruption and severity" } "\n" (table) } "\n"
    })
}

/// Name, title and heading of every corruption.
fn columns(c: &Contents<'_>) -> Vec<(String, String, String)> {
    let paper = COLUMNS.iter().map(|c| (c.name.to_owned(), c.title.to_owned(), c.short.to_owned()));
    // Corruptions beyond the paper's have a column here, since this table has no means.
    let extras = c.view.extras().into_iter().map(|n| (n.clone(), n.replace('_', " "), n.replace('_', " ")));
    paper.chain(extras).collect()
}

fn condition_cell(interval: Option<Interval>, decimals: usize) -> Markup {
    let Some(i) = interval else { return empty() };
    let [value, low, high] = [i.value, i.low, i.high].map(|x| fixed(x, decimals));
    html! { td title={ (low) " to " (high) } data-value=(i.value) { (value) } }
}

/// `None` without rows.
fn table(heads: &Markup, rows: &[Markup]) -> Option<Markup> {
    (!rows.is_empty()).then(|| {
        html! {
            div.scroll tabindex="0" {
                table.sortable.grouped.dense {
                    thead { tr { (heads) } } tbody { "\n" @for row in rows { (row) } }
                }
            }
        }
    })
}
