//! Tables as Markdown: percent with one decimal as the paper prints them, the best of each block in bold.

use super::plain::one_line;
use crate::format::percent;
use crate::tables::{NOT_ESTABLISHED, Table};

/// The table with its heading, caption and notes.
pub(crate) fn markdown(table: &Table) -> String {
    let mut out = format!("# {}\n\n{}\n\n", table.title, table.caption);
    out.push_str(&grid(table));
    if !table.notes.is_empty() {
        out.push('\n');
        for note in &table.notes {
            // Notes name models, and a model's label is anybody's text.
            out.push_str(&format!("- {}\n", one_line(note).replace('<', "&lt;")));
        }
    }
    out
}

/// The grid alone, for splicing into another document.
pub(crate) fn grid(table: &Table) -> String {
    let heads = table.stubs.iter().chain(table.columns.iter().map(|c| &c.short));
    let mut out = row(heads.map(|h| escape(h)));
    let rules =
        table.stubs.iter().map(|_| ":--".to_owned()).chain(table.columns.iter().map(|_| "--:".to_owned()));
    out.push_str(&row(rules));
    for ((i, line), best) in table.rows.iter().enumerate().zip(table.best()) {
        let values = line.values.iter().zip(best).enumerate().map(|(c, (v, best))| {
            let text = percent(*v, 1, "–");
            let mark = if table.is_not_established(i, c) { NOT_ESTABLISHED } else { "" };
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

/// The text on one line, escaped so that it cannot end the cell, start a tag or a link, or change the type.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in one_line(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '|' | '\\' | '`' | '*' | '[' | ']' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn a_label_cannot_break_its_table() {
        assert_eq!(escape("a\nb"), "a b");
        assert_eq!(escape("a|b <img src=x> *c*"), "a\\|b &lt;img src=x&gt; \\*c\\*");
        assert_eq!(escape("gaussian_noise, IBE (seed 1)"), "gaussian_noise, IBE (seed 1)");
    }
}
