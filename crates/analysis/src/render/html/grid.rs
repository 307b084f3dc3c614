//! A table as an HTML grid: sortable, with the paper's number, the interval, the mark, and a link to the
//! pictures.

use super::parts::{empty, head_with_title, range, stub, stub_head};
use crate::bootstrap::Interval;
use crate::format::percent;
use crate::tables::{NOT_ESTABLISHED, RowKind, Table};
use maud::{Markup, html};
use scribe_records::Condition;

/// How a grid shows its cells.
pub(super) struct Look<'a> {
    /// The paper's table, whose number stands small under ours.
    pub(super) printed: Option<&'a Table>,
    /// The interval of a cell by row and column.
    pub(super) interval: &'a dyn Fn(usize, usize) -> Option<Interval>,
    /// The condition whose pictures the page holds, by row and column.
    pub(super) pictures: &'a dyn Fn(usize, usize) -> Option<Condition>,
    /// Whether the interval is printed; otherwise it is a tooltip.
    pub(super) show_interval: bool,
    /// Whether cells are shaded by value.
    pub(super) heat: bool,
}

/// The address of a condition's pictures on the page, of one picture where `image` names it.
pub(super) fn address(condition: &Condition, image: Option<&str>) -> String {
    let image = image.map_or_else(String::new, |i| format!(":{i}"));
    format!("#see={}:{}{image}", condition.corruption, condition.severity)
}

pub(super) fn grid(table: &Table, look: &Look<'_>) -> Markup {
    let best = table.best();
    let classes =
        [("sortable", true), ("dense", table.columns.len() > 8), ("grouped", table.stubs.len() > 1)];
    html! {
        div.scroll tabindex="0" {
            table class=(words(&classes)) {
                "\n" (head(table))
                tbody {
                    "\n"
                    @for (i, row) in table.rows.iter().enumerate() {
                        tr class=[row_class(table, i)] {
                            @for text in &row.stubs { (stub(text)) }
                            @for (column, best) in best[i].iter().enumerate() {
                                (cell(table, look, i, column, *best))
                            }
                        } "\n"
                    }
                }
            }
        } "\n"
    }
}

/// The words that hold.
fn words(all: &[(&str, bool)]) -> String {
    all.iter().filter(|(_, holds)| *holds).map(|(word, _)| *word).collect::<Vec<_>>().join(" ")
}

fn row_class(table: &Table, i: usize) -> Option<String> {
    let row = &table.rows[i];
    let first = table.stubs.len() > 1 && (i == 0 || table.rows[i - 1].stubs[0] != row.stubs[0]);
    Some(words(&[("mean", row.kind == RowKind::Mean), ("block", first)])).filter(|class| !class.is_empty())
}

fn head(table: &Table) -> Markup {
    html! {
        thead {
            "\n"
            @if !table.groups.is_empty() {
                tr.groups {
                    @for _ in &table.stubs { th {} }
                    @for (name, span) in &table.groups { th colspan=(span) { (name) } }
                } "\n"
            }
            tr {
                @for text in &table.stubs { (stub_head(text)) }
                @for column in &table.columns { (head_with_title(&column.short, &column.title)) }
            } "\n"
        } "\n"
    }
}

fn cell(table: &Table, look: &Look<'_>, row: usize, column: usize, best: bool) -> Markup {
    let line = &table.rows[row];
    let Some(value) = line.values[column] else { return empty() };
    let text = percent(Some(value), 1, "–");
    let number = html! { @if best { span.best { (text) } } @else { (text) } };
    let pictures = (look.pictures)(row, column).map(|condition| address(&condition, None));
    let interval = (look.interval)(row, column).map(|i| range(&i));
    let (shown, tooltip) = if look.show_interval { (interval, None) } else { (None, interval) };
    let title = tooltip.map(|i| format!("{} {}: {i}", line.stubs.join(" "), table.columns[column].title));
    let printed = |t: &Table| t.value(&table.paper_stubs(row)?, &table.columns[column].key);
    let printed = look.printed.and_then(printed).map(|p| format!("{:.1}", p * 100.0));
    let heat = look.heat.then(|| format!("--v:{:.0}", value * 100.0));
    html! {
        td class=[look.heat.then_some("heat")] style=[heat] title=[title]
            data-value=(format!("{:.4}", value * 100.0))
        {
            @if let Some(address) = pictures { a.see href=(address) { (number) } } @else { (number) }
            @if table.is_not_established(row, column) { sup { (NOT_ESTABLISHED) } }
            @if let Some(interval) = shown { small { (interval) } }
            @if let Some(printed) = printed {
                small { @if look.show_interval { "paper " } (printed) }
            }
        }
    }
}
