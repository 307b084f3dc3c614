//! Tables 1 and 2 beside the printed numbers, and the table of differences between models.

use super::super::percent;
use super::super::svg::escape;
use super::bullets;
use crate::bootstrap::{Interval, Over};
use crate::names::{Group, paper_model};
use crate::reference::CELL_ROUNDING;
use crate::report::Contents;
use crate::summary::Cells;
use crate::tables::{RowKind, Table, compare, printed_table1, printed_table2};
use crate::view::View;

/// How a grid shows its cells.
struct Look<'a> {
    /// The paper's table, whose number stands small under ours.
    printed: &'a Table,
    /// The interval of a cell by row and column.
    interval: &'a dyn Fn(usize, usize) -> Option<Interval>,
    /// Whether the interval is printed; else it is a tooltip.
    show_interval: bool,
    /// Whether cells are shaded by value.
    heat: bool,
}

pub(super) fn table2(view: &View, contents: &Contents) -> String {
    let printed = printed_table2();
    let interval = |row: usize, column: usize| {
        let model = view.models.get(row)?;
        let (cells, over) = match column {
            0 => (Cells::Single, Over::Clean),
            1 => (Cells::Msc, Over::Clean),
            2 => (Cells::Single, Over::Corrupted),
            3 => (Cells::Msc, Over::Corrupted),
            _ => return None,
        };
        contents.resampled.interval(view, model, cells, over)
    };
    let look = Look { printed: &printed, interval: &interval, show_interval: true, heat: false };
    let level = contents.bootstrap.level * 100.0;
    format!(
        "<p class=\"caption\">{} Underlined: highest of its column. Small: {level:.0} % interval from {} resamples of the pictures, and the paper's number on VOC 2012 val.</p>\n{}{}{}",
        escape(&contents.table2.caption),
        contents.bootstrap.resamples,
        grid(&contents.table2, &look),
        bullets("notes", &contents.table2.notes),
        agreement(&contents.table2, &printed, view)
    )
}

pub(super) fn table1(view: &View, contents: &Contents) -> String {
    let printed = printed_table1();
    let interval = |row: usize, column: usize| {
        let row = contents.table1.rows.get(row).filter(|r| r.kind == RowKind::Body)?;
        let severity: u8 = row.stubs[0].parse().ok()?;
        let model = view.models.iter().find(|m| view.title(m) == row.stubs[1])?;
        let condition = crate::summary::condition(&contents.table1.columns[column].key, severity)?;
        contents.resampled.interval(view, model, contents.cells, Over::One(&condition))
    };
    let look = Look { printed: &printed, interval: &interval, show_interval: false, heat: true };
    format!(
        "<p class=\"caption\">{} Underlined: highest of its severity. Small: the paper's number. Rest the pointer on a cell for its interval.</p>\n{}{}{}",
        escape(&contents.table1.caption),
        grid(&contents.table1, &look),
        bullets("notes", &contents.table1.notes),
        agreement(&contents.table1, &printed, view)
    )
}

/// Differences between models with paired intervals, per group; empty text for fewer than two models.
pub(super) fn gaps(view: &View, contents: &Contents) -> String {
    let mut overs = vec![("clean", Over::Clean), ("all corrupted", Over::Corrupted)];
    overs.extend(Group::ALL.map(|g| (g.title(), Over::Group(g))));
    let mut rows = String::new();
    for (i, b) in view.models.iter().enumerate() {
        for a in &view.models[i + 1..] {
            let cells: String = overs
                .iter()
                .map(|(_, over)| gap_cell(contents.resampled.paired_gap(view, a, b, contents.cells, *over)))
                .collect();
            let name = format!("{} − {}", view.title(a), view.title(b));
            rows.push_str(&format!("<tr><td class=\"stub\">{}</td>{cells}</tr>\n", escape(&name)));
        }
    }
    if rows.is_empty() || contents.resampled.is_empty() {
        return String::new();
    }
    let heads: String = overs.iter().map(|(name, _)| format!("<th>{}</th>", escape(name))).collect();
    format!(
        "<p class=\"caption\">Difference in mIoU in percent points ({}), with the {:.0} % interval of a paired bootstrap over pictures. \
         A difference is called established when its interval leaves out zero; with many differences in one table, some will by chance.</p>\n\
         <div class=\"scroll\"><table><thead><tr><th class=\"stub\">Difference</th>{heads}</tr></thead><tbody>\n{rows}</tbody></table></div>\n",
        escape(contents.cells.title()),
        contents.bootstrap.level * 100.0
    )
}

fn gap_cell(gap: Option<Interval>) -> String {
    let Some(gap) = gap else { return "<td>–</td>".to_owned() };
    let tag = if gap.excludes_zero() {
        "<span class=\"tag yes\">established</span>"
    } else {
        "<span class=\"tag\">not established</span>"
    };
    format!("<td>{:+.1}<small>{}</small>{tag}</td>", gap.value * 100.0, range(&gap))
}

fn range(interval: &Interval) -> String {
    // Adding zero turns "-0.0" into "0.0".
    let points = |x: f64| (x * 1000.0).round() / 10.0 + 0.0;
    format!("{:.1} to {:.1}", points(interval.low), points(interval.high))
}

fn agreement(ours: &Table, printed: &Table, view: &View) -> String {
    let comparison = compare(ours, printed, CELL_ROUNDING / 100.0);
    let (Some(mean), Some(worst)) = (comparison.mean_absolute(), comparison.worst()) else {
        return String::new();
    };
    let caution =
        if view.about.synthetic { " On generated pictures this is no test of the paper." } else { "" };
    format!(
        "<p class=\"notes\">Against the paper's numbers: {} of {} entries lie within {CELL_ROUNDING} points, mean absolute difference {:.1} points, largest {:+.1} ({}, {}).{caution}</p>\n",
        comparison.within(),
        comparison.pairs.len(),
        mean * 100.0,
        worst.difference() * 100.0,
        escape(&worst.stubs.join(" ")),
        escape(&worst.column)
    )
}

fn grid(table: &Table, look: &Look<'_>) -> String {
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
        "<div class=\"scroll\"><table class=\"sortable{dense}{grouped}\">\n{}<tbody>\n{rows}</tbody></table></div>\n",
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
    let ours = if best { format!("<span class=\"best\">{text}</span>") } else { text };
    let stubs: Vec<&str> = line.stubs.iter().map(|s| paper_model(s).unwrap_or(s.as_str())).collect();
    let interval = (look.interval)(row, column).map(|i| range(&i));
    let mut small = String::new();
    if let (true, Some(i)) = (look.show_interval, &interval) {
        small.push_str(&format!("<small>{i}</small>"));
    }
    if let Some(p) = look.printed.value(&stubs, &table.columns[column].key) {
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
    format!("<td{heat}{title} data-value=\"{:.4}\">{ours}{small}</td>", value * 100.0)
}
