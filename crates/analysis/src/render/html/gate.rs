//! The verdicts of a gate.

use super::parts::bullets;
use crate::contents::Contents;
use crate::gate::Verdict;
use maud::{Markup, html};

/// The verdicts on the thresholds that the report was asked to judge; `None` where it was not.
pub(super) fn gate(c: &Contents<'_>) -> Option<Markup> {
    let result = c.extra.gate.as_ref()?;
    Some(html! {
        p.caption { strong { (result.summary()) } " " (result.heading()) ". METHODOLOGY.md says what each test means." } "\n"
        div.scroll tabindex="0" {
            table {
                thead {
                    tr {
                        th.stub { "Verdict" } th.stub { "Threshold" } th.stub { "Model" } th { "value" } th { "interval" }
                        th.stub { "needs" }
                    }
                }
                tbody { "\n" @for verdict in &result.verdicts { (row(verdict)) } }
            }
        } "\n"
        (bullets("notes", &result.notes()))
    })
}

fn row(verdict: &Verdict) -> Markup {
    html! {
        tr {
            td.stub { span class=(if verdict.passed { "tag yes" } else { "tag no" }) { (verdict.word()) } }
            td.stub { code { (verdict.threshold) } } td.stub { (verdict.who()) }
            td { (verdict.value()) } td { (verdict.range()) } td.stub { (verdict.needs) }
        } "\n"
    }
}
