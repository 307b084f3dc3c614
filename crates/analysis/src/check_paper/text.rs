//! The check as text, Markdown, CSV and JSON.

use super::PaperCheck;
use crate::audit::{Finding, Findings};

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
        std::iter::once(head).chain(self.findings().iter().map(Finding::sentence)).collect()
    }

    /// Plain text with a heading for each kind; ends in a line break.
    pub fn text(&self) -> String {
        self.all().text()
    }

    /// The same as Markdown.
    pub fn markdown(&self) -> String {
        self.all().markdown()
    }

    /// One line a finding: kind, place, model, column, printed, recomputed, difference, text.
    pub fn csv(&self) -> String {
        self.all().csv()
    }

    /// An array of objects with the fields of the CSV; missing numbers are null.
    pub fn json(&self) -> String {
        self.all().json()
    }

    /// The findings as any audit has them.
    pub fn all(&self) -> Findings {
        Findings { list: self.findings(), ..Findings::default() }
    }
}
