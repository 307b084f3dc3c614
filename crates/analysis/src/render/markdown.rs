//! Tables as Markdown: percent with one decimal as the paper prints them, the best of each block in bold.

use super::md::Md;
use crate::tables::{NOT_ESTABLISHED, Table};

/// The table with its heading, caption and notes.
pub(crate) fn markdown(table: &Table) -> String {
    let mut out = format!("# {}\n\n{}\n\n", Md::text(&table.title), Md::text(&table.caption));
    out.push_str(&grid(table));
    if !table.notes.is_empty() {
        out.push('\n');
        for note in &table.notes {
            out.push_str(&format!("- {}\n", Md::text(note)));
        }
    }
    out
}

/// The grid alone, for splicing into another document.
pub(crate) fn grid(table: &Table) -> String {
    let heads = table.stubs.iter().chain(table.columns.iter().map(|c| &c.short));
    let mut out = row(heads.map(|h| Md::text(h)));
    let (stubs, columns) = (table.stubs.iter(), table.columns.iter());
    out.push_str(&row(stubs.map(|_| Md::markup(":--")).chain(columns.map(|_| Md::markup("--:")))));
    for ((i, line), best) in table.rows.iter().enumerate().zip(table.best()) {
        let values = line.values.iter().zip(best).enumerate().map(|(c, (v, best))| {
            let mark = if table.is_not_established(i, c) { NOT_ESTABLISHED } else { "" };
            let value = Md::percent(*v);
            if best { value.bold() } else { value.then(&Md::markup(mark)) }
        });
        out.push_str(&row(line.stubs.iter().map(|s| Md::text(s)).chain(values)));
    }
    out
}

fn row(fields: impl Iterator<Item = Md>) -> String {
    let fields: Vec<String> = fields.map(|field| field.to_string()).collect();
    format!("| {} |\n", fields.join(" | "))
}
