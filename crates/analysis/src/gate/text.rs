//! The verdicts of a gate for a terminal, as Markdown for the summary of a CI job, and as JUnit XML.

use super::result::{GateResult, Verdict};
use crate::render::md::Md;
use crate::render::plain::one_line;
use crate::render::xml::is_xml;
use maud::{PreEscaped, html};

/// The names of the columns.
const HEAD: [&str; 6] = ["verdict", "threshold", "model", "value", "interval", "needs"];

fn fields(verdict: &Verdict) -> [String; 6] {
    [
        verdict.word().to_owned(),
        one_line(&verdict.threshold),
        one_line(&verdict.who()),
        verdict.value(),
        verdict.range(),
        verdict.needs.clone(),
    ]
}

/// A table in aligned columns, with a line above that says what was judged and one below that counts failures.
#[must_use]
pub fn text(result: &GateResult) -> String {
    let rows: Vec<[String; 6]> =
        std::iter::once(HEAD.map(str::to_owned)).chain(result.verdicts.iter().map(fields)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; 6] = std::array::from_fn(width);
    let line = |row: &[String; 6]| {
        let cells = row.iter().zip(widths).enumerate().map(|(column, (cell, width))| {
            if column == 3 { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
        });
        cells.collect::<Vec<String>>().join("  ").trim_end().to_owned()
    };
    let table: Vec<String> = rows.iter().map(line).collect();
    let notes: String = result.notes().iter().map(|note| format!("{}\n", one_line(note))).collect();
    format!("{}\n\n{}\n\n{}\n{notes}", one_line(&result.heading()), table.join("\n"), result.summary())
}

/// A heading, a table, and the count of failures. Failed rows are bold.
#[must_use]
pub fn to_markdown(result: &GateResult) -> String {
    let row = |cells: [Md; 6]| format!("| {} |\n", cells.map(|cell| cell.to_string()).join(" | "));
    let mark = |verdict: &Verdict| {
        let cells = fields(verdict).map(|cell| Md::text(&cell));
        if verdict.passed { cells } else { cells.map(Md::bold) }
    };
    let mut out = format!("## Gate: {}\n\n", result.summary());
    out.push_str(&format!("{}\n\n", Md::text(&result.heading())));
    out.push_str(&row(HEAD.map(Md::markup)));
    out.push_str("| :-- | :-- | :-- | --: | :-- | :-- |\n");
    out.extend(result.verdicts.iter().map(|verdict| row(mark(verdict))));
    out.extend(result.notes().iter().map(|note| format!("\n{}\n", Md::text(note))));
    out
}

/// JUnit XML: a test suite for the run, and a test case for each threshold and model.
#[must_use]
pub fn junit(result: &GateResult) -> String {
    let (tests, failures) = (result.verdicts.len(), result.failures());
    let name = one_line(&format!("scribe gate {}", result.run));
    let case = |verdict: &Verdict| {
        let [_, threshold, model, value, range, needs] = fields(verdict);
        let said = format!("{value} ({range}), needs {needs}");
        html! {
            testcase classname=(name) name={ (threshold) " (" (model) ")" } time="0" {
                @if verdict.passed { system-out { (said) } } @else {
                    failure type="threshold" message=(said) {
                        (threshold) " of " (model) ": " (said) ". " (one_line(&result.heading())) "."
                    }
                }
            } "\n"
        }
    };
    let suites = html! {
        testsuites name=(name) tests=(tests) failures=(failures) errors="0" {
            "\n"
            testsuite name=(name) tests=(tests) failures=(failures) errors="0" skipped="0" time="0" {
                "\n" @for verdict in &result.verdicts { (case(verdict)) }
            } "\n"
        } "\n"
    };
    let head = PreEscaped("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Some characters cannot stand in XML, however they are escaped.
    let text = html! { (head) (suites) }.into_string();
    text.chars().map(|c| if is_xml(c) { c } else { char::REPLACEMENT_CHARACTER }).collect()
}
