//! The same label maps by the conventions of other papers and packages.

use super::detail_modes;
use super::parts::{empty, fraction, level};
use crate::contents::Contents;
use crate::conventions::{Convention, ConventionRow, ConventionTable};
use crate::format::list;
use maud::{Markup, html};
use scribe_records::ModelId;

/// VOC's mIoU and the numbers by other conventions; `None` where nothing was measured.
pub(super) fn conventions(c: &Contents<'_>) -> Option<Markup> {
    let table = &c.conventions;
    let held = |model: &&ModelId| table.rows.iter().any(|row| row.model == **model);
    let models: Vec<&ModelId> = c.view.models.iter().filter(held).collect();
    let worst = std::iter::once(None).filter(|_| !table.worst.is_empty());
    let rows = Convention::ALL.into_iter().map(Some).chain(worst);
    let rows: Vec<Markup> = rows.filter_map(|of| row(table, &models, of)).collect();
    (!models.is_empty()).then(|| {
        html! {
            p.caption {
                "One set of label maps, " (detail_modes(c)) ", scored as different papers and packages do; in percent, small: "
                (level(&c.bootstrap)) " % interval over " (c.resampled()) ". The interval of a worst value (worst 5 %, \
                 worst corruption) lies on its better side, and the value may lie outside of it: a resample seldom holds \
                 more bad pictures than the set itself. Corrupted: mean over the conditions of the paper's corruptions. \
                 Only numbers by the same convention can be compared. Absent: a class that is neither labelled nor \
                 predicted, in the set or, image-wise, in the image; without a word on it, it is skipped. \
                 METHODOLOGY.md defines each row and says which package computes it."
            } "\n"
            div.scroll tabindex="0" {
                table {
                    thead {
                        tr.groups { th.stub {} @for model in &models { th colspan="2" { (c.view.title(model)) } } } "\n"
                        tr { th.stub { "Convention" } @for _ in &models { th { "clean" } th { "corrupted" } } }
                    }
                    tbody { "\n" @for row in &rows { (row) } }
                }
            } "\n"
            @if !table.worst.is_empty() { p.caption { "Worst corruption: " (list(&worst_names(c))) "." } "\n" }
        }
    })
}

/// One convention's row; `None` where no model has a value.
fn row(table: &ConventionTable, models: &[&ModelId], of: Option<Convention>) -> Option<Markup> {
    let find = |model: &ModelId| table.rows.iter().find(|row| row.model == *model && row.convention == of);
    let found: Vec<Option<&ConventionRow>> = models.iter().map(|model| find(model)).collect();
    let title = of.map_or("mIoU, worst corruption", Convention::title);
    found.iter().any(Option::is_some).then(|| {
        html! {
            tr {
                td.stub { (title) }
                @for row in found {
                    @for value in [row.and_then(|r| r.clean), row.and_then(|r| r.corrupted)] {
                        @if value.is_some() { (fraction(value.map(|v| v.value), value)) } @else { (empty()) }
                    }
                }
            } "\n"
        }
    })
}

/// "fog (Baseline)" of every model.
fn worst_names(c: &Contents<'_>) -> Vec<String> {
    let name = |model: &ModelId| {
        let worst = c.conventions.worst.get(model)?;
        Some(format!("{} ({})", worst.replace('_', " "), c.view.title(model)))
    };
    c.view.models.iter().filter_map(name).collect()
}
