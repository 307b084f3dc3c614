//! Measures by severity, and by corruption and severity, as HTML.

use crate::figures::at_severity;
use crate::format::fixed;
use crate::measures::{Measure, Measured};
use crate::names::COLUMNS;
use crate::render::svg::escape;
use crate::view::View;
use scribe_records::{Condition, Mode};

/// How a measure is shown: itself, its heading, decimals.
pub(super) type Shown = (Measure, &'static str, usize);

/// One row a measure and model: clean, severities 1 to 5, and all corrupted conditions, each a mean over corruptions with its
/// interval. Empty text where nothing was measured.
pub(super) fn by_severity(view: &View, measured: &Measured, mode: &Mode, shown: &[Shown]) -> String {
    let names = ["clean", "1", "2", "3", "4", "5", "all corrupted"];
    let all = (1..=5).flat_map(|s| at_severity(view, s)).collect();
    let sets = (0..=5).map(|s| at_severity(view, s)).chain([all]);
    // A severity that was not run gets no column.
    let (heads, sets): (Vec<&str>, Vec<Vec<Condition>>) =
        names.into_iter().zip(sets).filter(|(_, set)| !set.is_empty()).unzip();
    let mut rows = String::new();
    for (measure, title, decimals) in shown {
        let mut first = true;
        for model in &view.models {
            let found: Vec<_> = sets.iter().map(|set| measured.mean(model, mode, set, *measure)).collect();
            if found.iter().all(Option::is_none) {
                continue;
            }
            let cells: String = found
                .iter()
                .map(|i| match i {
                    Some(i) => format!(
                        "<td data-value=\"{}\">{}<small>{} to {}</small></td>",
                        i.value,
                        fixed(i.value, *decimals),
                        fixed(i.low, *decimals),
                        fixed(i.high, *decimals)
                    ),
                    None => "<td data-value=\"\">–</td>".to_owned(),
                })
                .collect();
            let block = if first { " class=\"block\"" } else { "" };
            first = false;
            rows.push_str(&format!(
                "<tr{block}><td class=\"stub\" data-value=\"{0}\">{0}</td><td class=\"stub\" data-value=\"{1}\">{1}</td>{cells}</tr>\n",
                escape(title),
                escape(&view.title(model))
            ));
        }
    }
    if rows.is_empty() {
        return String::new();
    }
    let heads: String =
        heads.iter().map(|h| format!("<th><button type=\"button\">{h}</button></th>")).collect();
    format!(
        "<div class=\"scroll\" tabindex=\"0\"><table class=\"sortable grouped dense\"><thead><tr><th class=\"stub\"><button type=\"button\">Measure</button></th>\
         <th class=\"stub\"><button type=\"button\">Model</button></th>{heads}</tr></thead><tbody>\n{rows}</tbody></table></div>\n"
    )
}

/// One measure by corruption and severity, folded away; empty text where no corrupted condition has it.
pub(super) fn every_condition(view: &View, measured: &Measured, mode: &Mode, shown: Shown) -> String {
    let (measure, title, decimals) = shown;
    let paper = COLUMNS.iter().map(|c| (c.name.to_owned(), c.title.to_owned(), c.short.to_owned()));
    // Corruptions beyond the paper's have a column here, since this table has no means.
    let extras = view.extras().into_iter().map(|n| (n.clone(), n.replace('_', " "), n.replace('_', " ")));
    let columns: Vec<(String, String, String)> = paper.chain(extras).collect();
    let mut rows = String::new();
    for severity in 1..=5u8 {
        let mut first = true;
        for model in &view.models {
            let of = |name: &str| {
                let condition = Condition::new(name, severity).ok()?;
                measured.interval(model, mode, &condition, measure)
            };
            let found: Vec<_> = columns.iter().map(|(name, ..)| of(name)).collect();
            if found.iter().all(Option::is_none) {
                continue;
            }
            let cell = |i: &Option<crate::Interval>| match i {
                Some(i) => format!(
                    "<td title=\"{2} to {3}\" data-value=\"{0}\">{1}</td>",
                    i.value,
                    fixed(i.value, decimals),
                    fixed(i.low, decimals),
                    fixed(i.high, decimals)
                ),
                None => "<td data-value=\"\">–</td>".to_owned(),
            };
            let cells: String = found.iter().map(cell).collect();
            let block = if first { " class=\"block\"" } else { "" };
            first = false;
            rows.push_str(&format!(
                "<tr{block}><td class=\"stub\" data-value=\"{severity}\">{severity}</td><td class=\"stub\" data-value=\"{0}\">{0}</td>{cells}</tr>\n",
                escape(&view.title(model))
            ));
        }
    }
    if rows.is_empty() {
        return String::new();
    }
    let head = |(_, title, short): &(String, String, String)| {
        format!("<th title=\"{}\"><button type=\"button\">{}</button></th>", escape(title), escape(short))
    };
    let heads: String = columns.iter().map(head).collect();
    format!(
        "<details><summary>{} under every corruption and severity</summary>\n<div class=\"scroll\" tabindex=\"0\"><table class=\"sortable grouped dense\"><thead>\
         <tr><th class=\"stub\"><button type=\"button\">Sv.</button></th><th class=\"stub\"><button type=\"button\">Model</button></th>{heads}</tr></thead>\
         <tbody>\n{rows}</tbody></table></div></details>\n",
        escape(title)
    )
}
