//! Relative measures.

use super::parts::{fraction, head, level, stub, stub_head};
use super::tables::corruption_error;
use crate::contents::Contents;
use crate::summary::{ModelResults, Quantity};
use maud::{Markup, html};

/// mPC, rPC, mCE, mRR and the slope over severities of every model with intervals; `None` when nothing
/// corrupted was measured.
pub(super) fn relative(c: &Contents<'_>) -> Option<Markup> {
    let reference = c.results.of(c.reference.as_ref()?, c.mode_choice);
    let rows: Vec<Markup> = c.shown().into_iter().filter_map(|of| row(c, of, reference)).collect();
    (!rows.is_empty()).then(|| {
        html! {
            p.caption {
                "In percent, cells: " (c.mode_choice.title()) "; small: " (level(&c.bootstrap)) " % interval. \
                 mPC: mean over corruptions and severities. rPC = mPC / clean. mCE: mean over corruptions of \
                 sum(1 − mIoU) / sum(1 − mIoU of " (reference.title()) "), lower is better. mRR: mean over \
                 corruptions of (mean over severities / clean); where every corruption has all its \
                 severities it equals rPC. Slope: change of mIoU in points for one step of severity, least \
                 squares over severities 1 to 5. METHODOLOGY.md defines each."
            } "\n"
            div.scroll tabindex="0" {
                table.sortable {
                    thead {
                        tr {
                            (stub_head("Model"))
                            @for name in ["mPC", "rPC", "mCE", "mRR", "slope"] { (head(name)) }
                        }
                    }
                    tbody { "\n" @for row in &rows { (row) } }
                }
            } "\n"
            (corruption_error(c))
        }
    })
}

fn row(c: &Contents<'_>, of: &ModelResults<'_>, reference: &ModelResults<'_>) -> Option<Markup> {
    let mpc = of.mpc()?;
    let interval = |quantity| c.resampled.interval(of, quantity);
    let values = [
        (Some(mpc), interval(Quantity::Cor)),
        (of.rpc(), interval(Quantity::Rpc)),
        (of.mean_corruption_error(reference), c.resampled.corruption_error(of, reference, None)),
        (of.mean_resilience(), None),
        (of.severity_slope(), interval(Quantity::Slope)),
    ];
    Some(html! {
        tr { (stub(&of.title())) @for (value, interval) in values { (fraction(value, interval)) } } "\n"
    })
}
