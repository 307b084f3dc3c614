//! What further modes of inference change against single scale.

use super::gaps::gap_cell;
use super::parts::{head, level, stub, stub_head};
use crate::contents::Contents;
use crate::names::Group;
use crate::summary::{ModeChoice, Quantity};
use crate::tables::ModeGap;
use maud::{Markup, html};
use scribe_records::ModelId;

/// Every model in every mode but single scale; `None` where only one mode was run.
pub(super) fn modes(c: &Contents<'_>) -> Option<Markup> {
    let mut quantities = vec![
        ("clean", Quantity::Clean.name()),
        ("all corrupted", Quantity::Cor.name()),
        ("rPC", Quantity::Rpc.name()),
    ];
    quantities.extend(Group::ALL.map(|g| (g.title(), Quantity::Group(g).name())));
    quantities.retain(|(_, name)| c.mode_gaps.iter().any(|gap| gap.quantity == *name));
    (!c.mode_gaps.is_empty()).then(|| {
        html! {
            p.caption {
                "mIoU of a mode minus that of single scale, of one model, in percent points (rPC in percent points of \
                 itself), with the " (level(&c.bootstrap)) " % interval of a paired bootstrap over " (c.resampled()) ". \
                 Also by severity and by corruption: modes.csv."
            } "\n"
            div.scroll tabindex="0" {
                table.sortable.dense {
                    thead {
                        tr { (stub_head("Model")) (stub_head("Mode")) @for (name, _) in &quantities { (head(name)) } }
                    }
                    tbody { "\n" @for subject in subjects(c) { (row(c, subject, &quantities)) } }
                }
            } "\n"
        }
    })
}

/// Each model and mode that has a row.
fn subjects<'c>(c: &'c Contents<'_>) -> Vec<(&'c ModelId, ModeChoice)> {
    let mut all: Vec<_> = c.mode_gaps.iter().map(|gap| (&gap.model, gap.mode_choice)).collect();
    all.dedup();
    all
}

fn row(c: &Contents<'_>, (model, choice): (&ModelId, ModeChoice), quantities: &[(&str, String)]) -> Markup {
    let of = |name: &str| {
        let is = |gap: &&ModeGap| gap.model == *model && gap.mode_choice == choice && gap.quantity == name;
        c.mode_gaps.iter().find(is).map(|gap| gap.difference)
    };
    html! {
        tr {
            (stub(&c.view.title(model))) (stub(choice.title()))
            @for (_, name) in quantities { (gap_cell(of(name))) }
        } "\n"
    }
}
