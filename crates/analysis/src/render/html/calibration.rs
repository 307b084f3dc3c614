//! Calibration and END by severity.

use super::by_severity::{Shown, by_severity, every_condition};
use super::figures::plate;
use super::parts::level;
use crate::contents::Contents;
use crate::measures::Measure;
use crate::summary::ModeChoice;
use maud::{Markup, html};

const SHOWN: [Shown; 6] = [
    (Measure::Ece, "ECE (softmax)", 3),
    (Measure::Brier, "Brier (softmax)", 3),
    (Measure::NonDistinctivenessJoint, "END, joint", 3),
    (Measure::NonDistinctivenessPairwise, "END, pairwise", 3),
    (Measure::SigmoidEce, "ECE (sigmoid)", 3),
    (Measure::SigmoidBrier, "Brier (sigmoid)", 3),
];

/// The whole section; `None` where the store has no such counts.
pub(super) fn calibration(c: &Contents<'_>) -> Option<Markup> {
    let mode = &c.structure_mode;
    let table = by_severity(c, mode, &SHOWN)?;
    Some(html! {
        p.caption {
            "Mode " (mode) "; mean over corruptions, small: " (level(c.measured.bootstrap()))
            " % interval over " (c.measured.blocks()) " blocks of pictures. Lower is better in every row. \
             ECE: mean over pixels of |accuracy − confidence| of their bin. Brier: mean squared error of the \
             probabilities, summed over classes. Both of the softmax over all channels, which objectives can \
             be compared on; the sigmoids, which only SCrIBE trains, follow below and are on another scale. \
             END (expected non-distinctiveness, of the IBE package): how much a pixel is claimed by \
             background and by one class at once."
        } "\n"
        (table)
        @if let Some(figure) = &c.reliability {
            (plate("reliability", &figure.svg, "Reliability diagrams, softmax of all channels: of the \
                labelled pixels of one confidence, how many are right. Pixels of all corruptions of a \
                severity are counted together; a line under the diagonal promises more than it keeps."))
        }
        @for shown in SHOWN {
            @if let Some(table) = every_condition(c, mode, shown) { (table) }
        }
        @for choice in ModeChoice::held_by(c.view).into_iter().filter(|choice| choice.key() != mode.as_str()) {
            (other_mode(c, choice))
        }
    })
}

/// The same for another mode, of which most average probabilities.
fn other_mode(c: &Contents<'_>, choice: ModeChoice) -> Markup {
    let mode = choice.mode();
    html! {
        @if let Some(table) = by_severity(c, &mode, &SHOWN) {
            details {
                summary { "Calibration of predictions, " (choice.title()) } "\n"
                p.caption {
                    "Mode " (mode) ". Where it averages probabilities, they are taken as they are: softmax \
                     for objectives that average softmax, sigmoid for those that average sigmoids."
                } "\n"
                (table)
            } "\n"
        }
    }
}
