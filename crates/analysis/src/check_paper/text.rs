//! The check as text, Markdown, CSV and JSON.

use super::{Finding, Kind, PaperCheck};
use serde_json::json;

impl PaperCheck {
    /// The findings in words, one sentence a line, what does not add up first.
    pub fn sentences(&self) -> Vec<String> {
        let head = format!(
            "Table 1: {} of {} printed means differ from the mean of the five cells above them by more than {}, the most that rounding can explain; {} more differ by more than the last digit.",
            self.wrong_means().count(),
            self.means.len(),
            super::MEAN_ROUNDING,
            self.rounded_means().count()
        );
        std::iter::once(head).chain(self.findings().iter().map(sentence)).collect()
    }

    /// Plain text with a heading for each kind; ends in a line break.
    pub fn text(&self) -> String {
        self.sections(|title, n| format!("{title} ({n})\n"), |line| format!("  {line}\n"))
    }

    /// The same as Markdown.
    pub fn markdown(&self) -> String {
        self.sections(|title, n| format!("## {title} ({n})\n\n"), |line| format!("- {line}\n"))
    }

    /// One line a finding: kind, place, model, column, printed, recomputed, difference, text.
    pub fn csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let head = ["kind", "place", "model", "column", "printed", "recomputed", "difference", "text"];
        writer.write_record(head).expect("a vector takes every write");
        for f in self.findings() {
            let number =
                |x: Option<f64>, digits: usize| x.map_or_else(String::new, |x| format!("{x:.digits$}"));
            let numbers = [number(f.printed, 1), number(f.recomputed, 2), number(f.difference(), 2)];
            let [printed, recomputed, difference] = &numbers;
            let fields =
                [f.kind.word(), f.place, f.model, &f.column, printed, recomputed, difference, &f.text];
            writer.write_record(fields).expect("a vector takes every write");
        }
        String::from_utf8(writer.into_inner().expect("a vector takes every write"))
            .expect("text in, text out")
    }

    /// An array of objects with the fields of the CSV; missing numbers are null.
    pub fn json(&self) -> String {
        let rows: Vec<serde_json::Value> = self
            .findings()
            .iter()
            .map(|f| {
                json!({
                    "kind": f.kind.word(), "place": f.place, "model": f.model, "column": f.column,
                    "printed": f.printed, "recomputed": f.recomputed.map(hundredths),
                    "difference": f.difference().map(hundredths), "text": f.text,
                })
            })
            .collect();
        format!("{:#}\n", serde_json::Value::Array(rows))
    }

    fn sections(&self, head: impl Fn(&str, usize) -> String, line: impl Fn(String) -> String) -> String {
        let findings = self.findings();
        let mut out = String::new();
        for (kind, title) in [
            (Kind::Wrong, "Printed numbers that do not add up"),
            (Kind::Contradicts, "Sentences that do not agree"),
            (Kind::Rounding, "Printed means that differ by no more than rounding can explain"),
            (Kind::Note, "Recomputed, for use beside the printed numbers"),
        ] {
            let of_kind: Vec<&Finding> = findings.iter().filter(|f| f.kind == kind).collect();
            if !of_kind.is_empty() {
                let space = if out.is_empty() { "" } else { "\n" };
                out.push_str(space);
                out.push_str(&head(title, of_kind.len()));
                of_kind.iter().for_each(|f| out.push_str(&line(sentence(f))));
            }
        }
        out
    }
}

fn sentence(f: &Finding) -> String {
    let column = if f.column == "all" { "" } else { f.column.as_str() };
    let place: Vec<&str> = [f.place, f.model, column].into_iter().filter(|p| !p.is_empty()).collect();
    format!("{}: {}.", place.join(", "), f.text)
}

fn hundredths(x: f64) -> f64 {
    (x * 100.0).round() / 100.0 + 0.0
}
