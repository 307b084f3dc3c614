//! IoU by class, and the pictures with the lowest scores.

use super::detail_modes;
use super::grid::address;
use super::parts::{first_draw, fraction, head, level, stub, stub_head};
use crate::bootstrap::Interval;
use crate::classes::ClassSet;
use crate::contents::Contents;
use crate::format::{list, percent};
use crate::worst;
use maud::{Markup, html};
use scribe_records::{Condition, ModelId};

/// How many of the worst pictures are listed per model.
const WORST: usize = 5;

/// IoU per class, clean and corrupted, and the hardest pictures; `None` without models.
pub(super) fn classes(c: &Contents<'_>) -> Option<Markup> {
    (!c.view.models.is_empty()).then(|| {
        html! {
            (class_table(c))
            @if c.view.images.len() >= 2 * WORST { (worst_pictures(c)) }
        }
    })
}

fn class_table(c: &Contents<'_>) -> Markup {
    let models = &c.view.models;
    html! {
        p.caption {
            "IoU in percent by class, " (detail_modes(c)) (means(c)) "; corrupted: one confusion over all conditions of the \
             paper's corruptions" @if c.view.draw_count() > 1 { " for each draw" } ". Small: " (level(&c.bootstrap)) " % \
             interval over " (c.resampled()) ". Every condition: classes.csv."
        } "\n"
        div.scroll {
            table.sortable {
                thead {
                    tr.groups { th {} @for m in models { th colspan="2" { (c.view.title(m)) } } } "\n"
                    tr { (stub_head("Class")) @for _ in models { (head("clean")) (head("corrupted")) } }
                }
                tbody { "\n" (class_rows(c)) }
            }
        } "\n"
    }
}

/// What the IoU of a class is a mean over: ", mean over draws of the corruptions and training seeds".
fn means(c: &Contents<'_>) -> String {
    let several = c.view.several();
    if several.is_empty() { String::new() } else { format!(", mean over {}", list(&several)) }
}

/// One row a class that any model has an IoU of.
fn class_rows(c: &Contents<'_>) -> Markup {
    let sets = [ClassSet::One(Condition::clean()), ClassSet::Corrupted];
    let of = |m: &ModelId| sets.each_ref().map(|set| c.classes.get(m, &c.results.detail_mode(m), set));
    let columns: Vec<Option<&[Option<Interval>]>> = c.view.models.iter().flat_map(of).collect();
    let row = |class: usize| columns.iter().map(|of| of.and_then(|of| of[class])).collect::<Vec<_>>();
    html! {
        @for (name, ious) in c.view.classes.iter().enumerate().map(|(class, name)| (name, row(class))) {
            @if ious.iter().any(Option::is_some) {
                tr { (stub(name)) @for iou in ious { (fraction(iou.map(|i| i.value), iou)) } } "\n"
            }
        }
    }
}

fn worst_pictures(c: &Contents<'_>) -> Markup {
    html! {
        p.caption style="margin-top:22px" {
            "A picture's own mIoU in percent, " (detail_modes(c)) ", mean over training seeds: clean, and \
             the mean over the paper's corruptions and severities." (first_draw(c))
        } "\n"
        div.columns { @for model in &c.view.models { (worst_of(c, model)) } } "\n"
    }
}

fn worst_of(c: &Contents<'_>, model: &ModelId) -> Markup {
    let scores = worst::pictures(c.view, model, &c.results.detail_mode(model));
    html! {
        div {
            h3 { (c.view.title(model)) ": hardest pictures" } "\n"
            div.scroll {
                table {
                    thead { tr { th.stub { "Picture" } th { "clean" } th { "corrupted" } } }
                    tbody {
                        "\n"
                        @for score in scores.iter().take(WORST) {
                            tr {
                                td.stub { (image_link(c, &score.image)) }
                                td { (percent(score.clean, 1, "–")) }
                                td { (percent(Some(score.corrupted), 1, "–")) }
                            } "\n"
                        }
                    }
                }
            }
        } "\n"
    }
}

/// A picture's id, linked to the picker where the page holds the picture.
fn image_link(c: &Contents<'_>, image: &str) -> Markup {
    let stored = c.view.panels.iter().filter(|p| p.image == image);
    // The hardest stored condition is what a reader wants to see first.
    let hardest = stored.max_by_key(|p| p.condition.severity);
    html! {
        @if let Some(panel) = hardest {
            a href=(address(&panel.condition, Some(image))) { (image) }
        } @else { (image) }
    }
}
