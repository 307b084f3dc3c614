//! Findings as text, Markdown, CSV and JSON.

use super::{Finding, Kind};
use scribe_base::human::spreadsheet_text;
use serde_json::json;
use std::collections::BTreeMap;

/// What an audit found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Findings {
    /// What was recomputed, a sentence for each measure: without it nobody could tell a table without faults from one
    /// without checks.
    pub summary: Vec<String>,
    /// The findings, faults first; of [`audit()`](super::audit()) the first [`Self::MOST_OF_A_KIND`] of each kind.
    pub list: Vec<Finding>,
    /// How many more there are of each kind of which not all are listed.
    pub more: BTreeMap<Kind, usize>,
}

impl Findings {
    /// The most findings of one kind that an audit lists.
    pub const MOST_OF_A_KIND: usize = 1000;

    /// How many findings are faults, with those that are not listed.
    pub fn faults(&self) -> usize {
        let more = self.more.iter().filter(|(kind, _)| kind.is_fault()).map(|(_, more)| more);
        self.list.iter().filter(|f| f.kind.is_fault()).count() + more.sum::<usize>()
    }

    /// Plain text with a heading for each kind; ends in a line break.
    pub fn text(&self) -> String {
        self.sections(|title, n| format!("{title} ({n})\n"), |line| format!("  {line}\n"))
    }

    /// The same as Markdown.
    pub fn markdown(&self) -> String {
        self.sections(|title, n| format!("## {title} ({n})\n\n"), |line| format!("- {line}\n"))
    }

    /// One line a finding: kind, place, model, column, printed, recomputed, difference, text. Behind those of a kind of which
    /// there are more than are listed, a line says in its text how many.
    pub fn csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let head = ["kind", "place", "model", "column", "printed", "recomputed", "difference", "text"];
        writer.write_record(head).expect("a vector takes every write");
        for f in self.rows() {
            let number =
                |x: Option<f64>, digits: usize| x.map_or_else(String::new, |x| format!("{x:.digits$}"));
            let more = f.decimals + 1;
            let numbers =
                [number(f.printed, f.decimals), number(f.recomputed, more), number(f.difference(), more)];
            let [printed, recomputed, difference] = &numbers;
            let [place, model, column, text] =
                [&f.place, &f.model, &f.column, &f.text].map(|text| spreadsheet_text(text));
            let texts = [f.kind.word(), &place, &model, &column];
            let fields = texts.into_iter().chain([printed.as_str(), recomputed, difference, &text]);
            writer.write_record(fields).expect("a vector takes every write");
        }
        String::from_utf8(writer.into_inner().expect("a vector takes every write"))
            .expect("text in, text out")
    }

    /// An array of objects with the fields and lines of the CSV; missing numbers are null.
    pub fn json(&self) -> String {
        let row = |f: Finding| {
            let rounded = |x: f64| rounded(x, f.decimals + 1);
            json!({
                "kind": f.kind.word(), "place": f.place, "model": f.model, "column": f.column,
                "printed": f.printed, "recomputed": f.recomputed.map(rounded),
                "difference": f.difference().map(rounded), "text": f.text,
            })
        };
        format!("{:#}\n", serde_json::Value::Array(self.rows().map(row).collect()))
    }

    /// The findings, and behind the last of each kind of which there are more one that says how many.
    fn rows(&self) -> impl Iterator<Item = Finding> {
        self.list.iter().enumerate().flat_map(|(i, finding)| {
            let kind = finding.kind;
            let is_last = self.list.get(i + 1).is_none_or(|next| next.kind != kind);
            let more = self.more.get(&kind).filter(|_| is_last);
            let more = more.map(|more| Finding::new(kind, "", more_of(*more)));
            std::iter::once(finding.clone()).chain(more)
        })
    }

    fn sections(&self, head: impl Fn(&str, usize) -> String, line: impl Fn(String) -> String) -> String {
        let mut out: String = self.summary.iter().map(|sentence| format!("{sentence}\n")).collect();
        for kind in Kind::ALL {
            let of_kind: Vec<&Finding> = self.list.iter().filter(|f| f.kind == kind).collect();
            if !of_kind.is_empty() {
                let space = if out.is_empty() { "" } else { "\n" };
                out.push_str(space);
                let more = self.more.get(&kind).copied();
                out.push_str(&head(kind.title(), of_kind.len() + more.unwrap_or_default()));
                of_kind.iter().for_each(|f| out.push_str(&line(f.sentence())));
                out.extend(more.map(|more| line(more_of(more) + ".")));
            }
        }
        out
    }
}

fn more_of(more: usize) -> String {
    format!("and {more} more of this kind")
}

fn rounded(x: f64, decimals: usize) -> f64 {
    let factor = 10f64.powi(i32::try_from(decimals).unwrap_or(i32::MAX));
    (x * factor).round() / factor + 0.0
}
