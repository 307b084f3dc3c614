//! Tables as aligned plain text for a terminal.

use crate::format::percent;
use crate::tables::{NOT_ESTABLISHED, Table};

/// The table with heading, aligned columns and notes; ends in a line break.
pub(crate) fn text(table: &Table) -> String {
    let cells: Vec<Vec<String>> = (0..table.rows.len()).map(|i| fields(table, i)).collect();
    let heads: Vec<String> =
        table.stubs.iter().cloned().chain(table.columns.iter().map(|c| c.short.clone())).collect();
    let widths: Vec<usize> = (0..heads.len())
        .map(|i| {
            let widest = cells.iter().map(|r| r[i].chars().count()).max().unwrap_or(0);
            widest.max(heads[i].chars().count())
        })
        .collect();
    let stubs = table.stubs.len();
    let rule = "-".repeat(widths.iter().sum::<usize>() + 2 * (widths.len() - 1));
    let mut out = format!("{}\n{}\n\n", table.title, table.caption);
    if !table.groups.is_empty() {
        out.push_str(&groups(table, &widths));
    }
    out.push_str(&line(&heads, &widths, stubs));
    for (i, row) in cells.iter().enumerate() {
        let new_block = i == 0 || (stubs > 1 && table.rows[i].stubs[0] != table.rows[i - 1].stubs[0]);
        if new_block {
            out.push_str(&rule);
            out.push('\n');
        }
        let mut row = row.clone();
        if stubs > 1 && !new_block {
            row[0].clear();
        }
        out.push_str(&line(&row, &widths, stubs));
    }
    out.push_str(&rule);
    out.push('\n');
    for note in &table.notes {
        out.push_str(&format!("* {note}\n"));
    }
    out
}

fn fields(table: &Table, i: usize) -> Vec<String> {
    let row = &table.rows[i];
    // Where some numbers carry a mark, the others get a space in its place, so that the digits stay in line.
    let no_mark = if table.not_established.iter().flatten().any(|o| *o) { " " } else { "" };
    let value = |(c, v): (usize, &Option<f64>)| {
        let mark = if table.is_not_established(i, c) { NOT_ESTABLISHED } else { no_mark };
        format!("{}{mark}", percent(*v, 1, "–"))
    };
    row.stubs
        .iter()
        .map(|stub| super::plain::one_line(stub))
        .chain(row.values.iter().enumerate().map(value))
        .collect()
}

fn groups(table: &Table, widths: &[usize]) -> String {
    let mut at = table.stubs.len();
    let lead: usize = widths[..at].iter().map(|w| w + 2).sum();
    let mut out = " ".repeat(lead);
    for (name, span) in &table.groups {
        let width: usize = widths[at..at + span].iter().map(|w| w + 2).sum();
        // Numbers are right-aligned, so a heading begins where the first column's widest text begins.
        out.push_str(&format!("{name:<width$}"));
        at += span;
    }
    out.trim_end().to_owned() + "\n"
}

fn line(fields: &[String], widths: &[usize], stubs: usize) -> String {
    let mut out = String::new();
    for (i, (field, width)) in fields.iter().zip(widths).enumerate() {
        let gap = if i == 0 { "" } else { "  " };
        let cell = if i < stubs { format!("{field:<width$}") } else { format!("{field:>width$}") };
        out.push_str(gap);
        out.push_str(&cell);
    }
    out.trim_end().to_owned() + "\n"
}
