//! The findings of an audit as they come: the first of each kind, and how many more there are.

use super::{Finding, Findings, Kind};
use std::collections::BTreeMap;

/// The findings of each kind, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Kept {
    of: BTreeMap<Kind, (Vec<Finding>, usize)>,
}

impl Kept {
    /// Keeps those that are among the first [`Findings::MOST_OF_A_KIND`] of their kind, and counts the others. A table may have
    /// a finding in each of its million rows: no more than one of these is in memory at a time.
    pub(super) fn extend(&mut self, findings: impl IntoIterator<Item = Finding>) {
        for finding in findings {
            let (kept, more) = self.of.entry(finding.kind).or_default();
            if kept.len() < Findings::MOST_OF_A_KIND {
                kept.push(finding);
            } else {
                *more += 1;
            }
        }
    }

    /// All of them, faults first.
    pub(super) fn findings(self, summary: Vec<String>) -> Findings {
        let more = self.of.iter().filter(|(_, (_, more))| *more > 0);
        let more = more.map(|(kind, (_, more))| (*kind, *more)).collect();
        Findings { summary, list: self.of.into_values().flat_map(|(kept, _)| kept).collect(), more }
    }
}
