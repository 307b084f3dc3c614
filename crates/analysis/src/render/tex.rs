//! Tables as LaTeX for a two-column paper: plain `tabular` and `\hline`, no packages needed.

use super::latex::Latex;
use crate::tables::Table;

/// A `table*` (more than eight columns) or `table` environment, the best of each block in bold.
pub(crate) fn tex(table: &Table) -> String {
    let wide = table.columns.len() > 8;
    let environment = if wide { "table*" } else { "table" };
    let mut out = format!("\\begin{{{environment}}}[t]\n\\centering\n");
    // With these Table 2 fits a column of 229 pt, the narrowest of the usual classes, and Table 1 the page.
    let gap = if wide { "3pt" } else { "2pt" };
    out.push_str(&format!("\\footnotesize\n\\setlength{{\\tabcolsep}}{{{gap}}}\n"));
    out.push_str(&format!("\\begin{{tabular}}{{{}}}\n\\hline\n", alignment(table)));
    if !table.groups.is_empty() {
        out.push_str(&groups(table));
    }
    let heads = table.stubs.iter().chain(table.columns.iter().map(|c| &c.short));
    out.push_str(&row(heads.map(|h| Latex::text(h))));
    let best = table.best();
    for (i, best) in best.iter().enumerate() {
        out.push_str(&body(table, i, best));
    }
    let notes: Vec<String> = table.notes.iter().map(|n| Latex::text(n).to_string()).collect();
    out.push_str(&format!(
        "\\hline\n\\end{{tabular}}\n\\caption{{{} {}}}\n\\label{{tab:{}}}\n\\end{{{environment}}}\n",
        Latex::text(&table.caption),
        notes.join(" "),
        table.id
    ));
    out
}

/// One row, below a line where a block begins.
fn body(table: &Table, i: usize, best: &[bool]) -> String {
    let line = &table.rows[i];
    let several = table.stubs.len() > 1;
    let new_block = i == 0 || (several && line.stubs[0] != table.rows[i - 1].stubs[0]);
    let stubs = line.stubs.iter().enumerate().map(|(s, text)| match s {
        0 if several && !new_block => Latex::empty(),
        0 => Latex::first(text),
        _ => Latex::text(text),
    });
    let values = line.values.iter().zip(best).enumerate().map(|(c, (v, best))| {
        let value = Latex::percent(*v);
        match (*best, table.is_not_established(i, c)) {
            (true, _) => value.bold(),
            (false, true) => value.marked(),
            (false, false) => value,
        }
    });
    let rule = if new_block { "\\hline\n" } else { "" };
    rule.to_owned() + &row(stubs.chain(values))
}

fn alignment(table: &Table) -> String {
    let mut out = "l".repeat(table.stubs.len());
    if table.groups.is_empty() {
        out.push('|');
        out.push_str(&"r".repeat(table.columns.len()));
    }
    for (_, span) in &table.groups {
        out.push('|');
        out.push_str(&"r".repeat(*span));
    }
    out
}

fn groups(table: &Table) -> String {
    let empty = table.stubs.iter().map(|_| Latex::empty());
    let last = table.groups.len() - 1;
    let heads = table.groups.iter().enumerate();
    row(empty.chain(heads.map(|(i, (name, span))| Latex::spanning(name, *span, i == last))))
}

fn row(fields: impl Iterator<Item = Latex>) -> String {
    let fields: Vec<String> = fields.map(|field| field.to_string()).collect();
    format!("{} \\\\\n", fields.join(" & "))
}
