//! Tables as LaTeX for a two-column paper: plain `tabular` and `\hline`, no packages needed.

use crate::format::percent;
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
    let heads = table.stubs.iter().chain(table.columns.iter().map(|c| &c.short)).map(|h| escape(h));
    out.push_str(&row(heads));
    let best = table.best();
    for (i, line) in table.rows.iter().enumerate() {
        let new_block = i == 0 || (table.stubs.len() > 1 && line.stubs[0] != table.rows[i - 1].stubs[0]);
        if new_block {
            out.push_str("\\hline\n");
        }
        let stubs = line.stubs.iter().enumerate().map(|(s, text)| {
            if s == 0 && table.stubs.len() > 1 && !new_block { String::new() } else { escape(text) }
        });
        let values = line.values.iter().zip(&best[i]).enumerate().map(|(c, (v, best))| {
            let text = percent(*v, 1, "--");
            // The mark hangs over the column's edge, so that the digits stay in line.
            let mark = if table.is_not_established(i, c) { "\\rlap{$^{\\dagger}$}" } else { "" };
            if *best { format!("\\textbf{{{text}}}") } else { format!("{text}{mark}") }
        });
        out.push_str(&row(stubs.chain(values)));
    }
    let notes: Vec<String> = table.notes.iter().map(|n| escape(n)).collect();
    out.push_str(&format!(
        "\\hline\n\\end{{tabular}}\n\\caption{{{} {}}}\n\\label{{tab:{}}}\n\\end{{{environment}}}\n",
        escape(&table.caption),
        notes.join(" "),
        table.id
    ));
    out
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
    let empty = table.stubs.iter().map(|_| String::new());
    let heads = table.groups.iter().enumerate().map(|(i, (name, span))| {
        let end = if i + 1 == table.groups.len() { "" } else { "|" };
        format!("\\multicolumn{{{span}}}{{c{end}}}{{{}}}", escape(name))
    });
    row(empty.chain(heads))
}

fn row(fields: impl Iterator<Item = String>) -> String {
    let fields: Vec<String> = fields.collect();
    format!("{} \\\\\n", fields.join(" & "))
}

/// Escapes what TeX would read as a command; the few characters beyond ASCII that our own notes use become commands.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open = false;
    for c in super::plain::one_line(text).chars() {
        match c {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => {
                out.push('\\');
                out.push(c);
            }
            '\\' => out.push_str("\\textbackslash{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '\u{a0}' => out.push('~'),
            '–' => out.push_str("--"),
            '†' => out.push_str("$\\dagger$"),
            '"' => {
                open = !open;
                out.push_str(if open { "``" } else { "''" });
            }
            '<' => out.push_str("\\textless{}"),
            '>' => out.push_str("\\textgreater{}"),
            _ => out.push(c),
        }
    }
    out
}
