//! Tables as Markdown: percent with one decimal as the paper prints them, the best of each block in bold.

use super::percent;
use crate::tables::{OPEN, Table};

/// The table with its heading, caption and notes.
pub fn markdown(table: &Table) -> String {
    let mut out = format!("# {}\n\n{}\n\n", table.title, table.caption);
    out.push_str(&grid(table));
    if !table.notes.is_empty() {
        out.push('\n');
        for note in &table.notes {
            out.push_str(&format!("- {note}\n"));
        }
    }
    out
}

/// The grid alone, for splicing into another document.
pub fn grid(table: &Table) -> String {
    let heads = table.stubs.iter().chain(table.columns.iter().map(|c| &c.short));
    let mut out = row(heads.map(|h| escape(h)));
    let rules =
        table.stubs.iter().map(|_| ":--".to_owned()).chain(table.columns.iter().map(|_| "--:".to_owned()));
    out.push_str(&row(rules));
    for ((i, line), best) in table.rows.iter().enumerate().zip(table.best()) {
        let values = line.values.iter().zip(best).enumerate().map(|(c, (v, best))| {
            let text = percent(*v, 1, "–");
            let mark = if table.is_open(i, c) { OPEN } else { "" };
            if best { format!("**{text}**") } else { format!("{text}{mark}") }
        });
        out.push_str(&row(line.stubs.iter().map(|s| escape(s)).chain(values)));
    }
    out
}

fn row(fields: impl Iterator<Item = String>) -> String {
    let fields: Vec<String> = fields.collect();
    format!("| {} |\n", fields.join(" | "))
}

fn escape(text: &str) -> String {
    text.replace('|', "\\|")
}
