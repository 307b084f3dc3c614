//! How much of a drop is the label map that stayed behind.

use super::parts::{block, fraction, head, head_with_title, level, stub, stub_head};
use crate::contents::Contents;
use crate::label_shift::LabelShift;
use maud::{Markup, html};

/// Every model with each severity and their mean; `None` where no label map moved.
pub(super) fn label_shift(c: &Contents<'_>) -> Option<Markup> {
    let shown: Vec<&LabelShift> =
        c.label_shifts.iter().filter(|one| one.mode_choice == c.mode_choice).collect();
    (!shown.is_empty()).then(|| {
        html! {
            p.caption {
                "elastic_transform moves the pixels of a picture and leaves its label map where it was, so that a part of the \
                 drop may be no error of the model: the label is beside what the picture shows. Here the same predictions are \
                 scored a second time, against the label map moved by the same field. Label shift is what that gains, and the \
                 rest of the drop is the model's. Where label shift is negative, the drop has no such part: the predictions fit \
                 the label map that stayed better than the moved one, because the field ripples more finely than they do. mIoU \
                 in percent (" (c.mode_choice.title()) "); small: " (level(&c.bootstrap)) " % interval, paired over " (c.resampled()) ". All \
                 modes: label-shift.csv."
            } "\n"
            div.scroll tabindex="0" {
                table.sortable {
                    thead {
                        tr {
                            (stub_head("Model")) (stub_head("Corruption")) (stub_head("Sv.")) (head("clean"))
                            (head_with_title("label stays", "mIoU against the label map that stayed, as in Table 1"))
                            (head_with_title("label moves", "mIoU of the same predictions against the moved label map"))
                            (head_with_title("drop", "clean - label stays"))
                            (head_with_title("label shift", "label moves - label stays"))
                            (head_with_title("share of the drop", "label shift / drop"))
                        }
                    }
                    tbody { "\n" @for one in &shown { (row(c, one)) } }
                }
            } "\n"
        }
    })
}

fn row(c: &Contents<'_>, one: &LabelShift) -> Markup {
    let severity = one.severity.map_or_else(|| "Mean".to_owned(), |severity| severity.to_string());
    html! {
        tr class=[block(one.severity.is_none())] {
            (stub(&c.view.title(&one.model))) (stub(&one.corruption.replace('_', " "))) (stub(&severity))
            @for value in [one.clean, one.stayed, one.moved, one.clean - one.stayed] { (fraction(Some(value), None)) }
            (fraction(Some(one.shift.value), Some(one.shift)))
            (fraction(one.share, None))
        } "\n"
    }
}
