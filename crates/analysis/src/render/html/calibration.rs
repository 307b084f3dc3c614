//! Calibration and END by severity.

use super::by_severity::{Shown, by_severity, every_condition};
use super::figures::plate;
use crate::contents::Contents;
use crate::measures::Measure;
use crate::render::svg::escape;
use crate::summary::Cells;
use crate::view::View;
use scribe_records::Mode;

const SHOWN: [Shown; 6] = [
    (Measure::Ece, "ECE (softmax)", 3),
    (Measure::Brier, "Brier (softmax)", 3),
    (Measure::EndJoint, "END, joint", 3),
    (Measure::EndPairwise, "END, pairwise", 3),
    (Measure::SigmoidEce, "ECE (sigmoid)", 3),
    (Measure::SigmoidBrier, "Brier (sigmoid)", 3),
];

/// The whole section; empty text where the store has no such counts.
pub(super) fn calibration(view: &View, contents: &Contents) -> String {
    let mode = &contents.structure_mode;
    let table = by_severity(view, &contents.measured, mode, &SHOWN);
    if table.is_empty() {
        return table;
    }
    let conditions: String = SHOWN.map(|s| every_condition(view, &contents.measured, mode, s)).concat();
    let figure = contents.reliability.as_ref().map_or_else(String::new, |f| {
        plate("reliability", &f.svg, "Reliability diagrams, softmax of all channels: of the labelled pixels of one confidence, how many are right. Pixels of all corruptions of a severity are counted together; a line under the diagonal promises more than it keeps.")
    });
    format!(
        "<p class=\"caption\">Mode {mode}; mean over corruptions, small: {:.0} % interval over {} blocks of pictures. Lower is better in every row. \
         ECE: mean over pixels of |accuracy − confidence| of their bin. Brier: mean squared error of the probabilities, summed over classes. Both of the softmax over all channels, which objectives can be compared on; \
         the sigmoids, which only SCrIBE trains, follow below and are on another scale. \
         END (expected non-distinctiveness, of the IBE package): how much a pixel is claimed by background and by one class at once.</p>\n{table}{figure}{conditions}{}",
        contents.measured.bootstrap().level * 100.0,
        contents.measured.blocks(),
        averaged(view, contents)
    )
}

/// The same for the other modes, of which most average probabilities.
fn averaged(view: &View, contents: &Contents) -> String {
    let others = Cells::held_by(view).into_iter().filter(|c| c.key() != contents.structure_mode.as_str());
    let of = |cells: Cells| {
        let mode = Mode::new(cells.key()).expect("a plain name");
        let table = by_severity(view, &contents.measured, &mode, &SHOWN);
        if table.is_empty() {
            return table;
        }
        let title = escape(cells.title());
        format!(
            "<details><summary>Calibration of predictions, {title}</summary>\n<p class=\"caption\">Mode {mode}. Where it averages probabilities, they are taken as they are: softmax for objectives that average softmax, sigmoid for those that average sigmoids.</p>\n{table}</details>\n"
        )
    };
    others.map(of).collect()
}
