//! A table as an HTML grid: sortable, with the paper's number, the interval, the mark, and a link to the pictures.

use crate::bootstrap::Interval;
use crate::format::percent;
use crate::render::svg::escape;
use crate::tables::{OPEN, RowKind, Table};
use scribe_records::Condition;

/// How a grid shows its cells.
pub(super) struct Look<'a> {
    /// The paper's table, whose number stands small under ours.
    pub printed: Option<&'a Table>,
    /// The interval of a cell by row and column.
    pub interval: &'a dyn Fn(usize, usize) -> Option<Interval>,
    /// The condition whose pictures the page holds, by row and column.
    pub pictures: &'a dyn Fn(usize, usize) -> Option<Condition>,
    /// Whether the interval is printed; else it is a tooltip.
    pub show_interval: bool,
    /// Whether cells are shaded by value.
    pub heat: bool,
}

/// The address of a condition's pictures on the page, of one picture where `image` names it.
pub(super) fn address(condition: &Condition, image: Option<&str>) -> String {
    let image = image.map_or_else(String::new, |i| format!(":{i}"));
    format!("#see={}:{}{image}", condition.corruption, condition.severity)
}

/// "1.2 to 3.4" in percent.
pub(super) fn range(interval: &Interval) -> String {
    crate::format::range(interval, 100.0, 1)
}

pub(super) fn grid(table: &Table, look: &Look<'_>) -> String {
    let best = table.best();
    let mut rows = String::new();
    for (i, row) in table.rows.iter().enumerate() {
        let block = table.stubs.len() > 1 && (i == 0 || table.rows[i - 1].stubs[0] != row.stubs[0]);
        let classes = match (row.kind, block) {
            (RowKind::Mean, true) => " class=\"mean block\"",
            (RowKind::Mean, false) => " class=\"mean\"",
            (RowKind::Body, true) => " class=\"block\"",
            (RowKind::Body, false) => "",
        };
        let stubs: String = row
            .stubs
            .iter()
            .map(|s| format!("<td class=\"stub\" data-value=\"{0}\">{0}</td>", escape(s)))
            .collect();
        let values: String = (0..table.columns.len()).map(|c| cell(table, look, i, c, best[i][c])).collect();
        rows.push_str(&format!("<tr{classes}>{stubs}{values}</tr>\n"));
    }
    let dense = if table.columns.len() > 8 { " dense" } else { "" };
    let grouped = if table.stubs.len() > 1 { " grouped" } else { "" };
    format!(
        "<div class=\"scroll\" tabindex=\"0\"><table class=\"sortable{dense}{grouped}\">\n{}<tbody>\n{rows}</tbody></table></div>\n",
        head(table)
    )
}

fn head(table: &Table) -> String {
    let mut out = String::from("<thead>\n");
    if !table.groups.is_empty() {
        let blanks = "<th></th>".repeat(table.stubs.len());
        let groups: String = table
            .groups
            .iter()
            .map(|(n, span)| format!("<th colspan=\"{span}\">{}</th>", escape(n)))
            .collect();
        out.push_str(&format!("<tr class=\"groups\">{blanks}{groups}</tr>\n"));
    }
    let stubs: String = table
        .stubs
        .iter()
        .map(|s| format!("<th class=\"stub\"><button type=\"button\">{}</button></th>", escape(s)))
        .collect();
    let columns: String = table
        .columns
        .iter()
        .map(|c| {
            format!(
                "<th title=\"{}\"><button type=\"button\">{}</button></th>",
                escape(&c.title),
                escape(&c.short)
            )
        })
        .collect();
    out.push_str(&format!("<tr>{stubs}{columns}</tr>\n</thead>\n"));
    out
}

fn cell(table: &Table, look: &Look<'_>, row: usize, column: usize, best: bool) -> String {
    let line = &table.rows[row];
    let Some(value) = line.values[column] else { return "<td data-value=\"\">–</td>".to_owned() };
    let text = percent(Some(value), 1, "–");
    let number = if best { format!("<span class=\"best\">{text}</span>") } else { text };
    let linked = match (look.pictures)(row, column) {
        Some(c) => format!("<a class=\"see\" href=\"{}\">{number}</a>", address(&c, None)),
        None => number,
    };
    let mark = if table.is_open(row, column) { format!("<sup>{OPEN}</sup>") } else { String::new() };
    let interval = (look.interval)(row, column).map(|i| range(&i));
    let mut small = String::new();
    if let (true, Some(i)) = (look.show_interval, &interval) {
        small.push_str(&format!("<small>{i}</small>"));
    }
    let printed = |t: &Table| t.value(&table.paper_stubs(row)?, &table.columns[column].key);
    if let Some(p) = look.printed.and_then(printed) {
        let word = if look.show_interval { "paper " } else { "" };
        small.push_str(&format!("<small>{word}{:.1}</small>", p * 100.0));
    }
    let title = match (&interval, look.show_interval) {
        (Some(i), false) => format!(
            " title=\"{} {}: {i}\"",
            escape(&line.stubs.join(" ")),
            escape(&table.columns[column].title)
        ),
        _ => String::new(),
    };
    let heat =
        if look.heat { format!(" class=\"heat\" style=\"--v:{:.0}\"", value * 100.0) } else { String::new() };
    format!("<td{heat}{title} data-value=\"{:.4}\">{linked}{mark}{small}</td>", value * 100.0)
}
