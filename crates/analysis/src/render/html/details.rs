//! Relative measures, IoU by class, and the pictures with the lowest scores.

use super::grid::{address, range};
use super::looks;
use crate::bootstrap::{Interval, Over};
use crate::classes::ClassSet;
use crate::contents::Contents;
use crate::format::percent;
use crate::render::svg::escape;
use crate::summary::{self, look};
use crate::view::View;
use crate::worst;
use scribe_records::Condition;

/// How many of the worst pictures are listed per model.
const WORST: usize = 5;

/// mPC, rPC, mCE, mRR and the slope over severities of every model with intervals; empty text when nothing corrupted was measured.
pub(super) fn relative(view: &View, contents: &Contents) -> String {
    let Some(reference) = &contents.reference else { return String::new() };
    let (cells, resampled) = (contents.cells, &contents.resampled);
    let mut rows = String::new();
    for model in &view.models {
        let Some(mpc) = summary::mpc(view, model, cells) else { continue };
        let of = |over| resampled.interval(view, model, cells, over);
        let values = [
            (Some(mpc), of(Over::Corrupted)),
            (summary::rpc(view, model, cells), of(Over::Retained)),
            (
                summary::mean_corruption_error(view, model, reference, cells),
                resampled.corruption_error(view, model, reference, cells, None),
            ),
            (summary::mean_resilience(view, model, cells), None),
            (summary::severity_slope(view, model, cells), of(Over::Slope)),
        ];
        let values: String = values
            .iter()
            .map(|(v, i)| {
                let small = i.map_or_else(String::new, |i| format!("<small>{}</small>", range(&i)));
                let sort = v.map_or_else(String::new, |v| format!("{:.4}", v * 100.0));
                format!("<td data-value=\"{sort}\">{}{small}</td>", percent(*v, 1, "–"))
            })
            .collect();
        rows.push_str(&format!(
            "<tr><td class=\"stub\" data-value=\"{0}\">{0}</td>{values}</tr>\n",
            escape(&view.title(model))
        ));
    }
    if rows.is_empty() {
        return String::new();
    }
    let heads: String = ["Model", "mPC", "rPC", "mCE", "mRR", "slope"]
        .iter()
        .map(|h| {
            let class = if *h == "Model" { " class=\"stub\"" } else { "" };
            format!("<th{class}><button type=\"button\">{h}</button></th>")
        })
        .collect();
    format!(
        "<p class=\"caption\">In percent, cells: {}; small: {:.0} % interval. mPC: mean over corruptions and severities. rPC = mPC / clean. mCE: mean over corruptions of \
         sum(1 − mIoU) / sum(1 − mIoU of {}), lower is better. mRR: mean over corruptions of (mean over severities / clean); where every corruption has all its severities it equals rPC. \
         Slope: change of mIoU in points for one step of severity, least squares over severities 1 to 5. METHODOLOGY.md defines each.</p>\n\
         <div class=\"scroll\" tabindex=\"0\"><table class=\"sortable\"><thead><tr>{heads}</tr></thead><tbody>\n{rows}</tbody></table></div>\n{}",
        escape(cells.title()),
        contents.bootstrap.level * 100.0,
        escape(&view.title(reference)),
        super::tables::corruption_error(view, contents)
    )
}

/// IoU per class, clean and corrupted, and the hardest pictures.
pub(super) fn classes(view: &View, contents: &Contents) -> String {
    if view.models.is_empty() {
        return String::new();
    }
    format!("{}{}", class_table(view, contents), worst_pictures(view))
}

fn class_table(view: &View, contents: &Contents) -> String {
    let sets = [ClassSet::One(Condition::clean()), ClassSet::Corrupted];
    let columns: Vec<Option<&[Option<Interval>]>> = view
        .models
        .iter()
        .flat_map(|m| sets.each_ref().map(|set| contents.classes.get(m, &look(view, m), set)))
        .collect();
    let value = |column: &Option<&[Option<Interval>]>, class: usize| column.and_then(|c| c[class]);
    let rows: String = view
        .classes
        .iter()
        .enumerate()
        .filter(|(c, _)| columns.iter().any(|column| value(column, *c).is_some()))
        .map(|(c, name)| {
            let cells: String = columns.iter().map(|column| class_cell(value(column, c))).collect();
            format!("<tr><td class=\"stub\" data-value=\"{0}\">{0}</td>{cells}</tr>\n", escape(name))
        })
        .collect();
    let heads: String =
        view.models.iter().map(|m| format!("<th colspan=\"2\">{}</th>", escape(&view.title(m)))).collect();
    let unders =
        "<th><button type=\"button\">clean</button></th><th><button type=\"button\">corrupted</button></th>"
            .repeat(view.models.len());
    format!(
        "<p class=\"caption\">IoU in percent by class, {}, mean over training seeds; corrupted: one confusion over all conditions of the paper's corruptions. \
         Small: {:.0} % interval over pictures and training seeds. Every condition: classes.csv.</p>\n\
         <div class=\"scroll\"><table class=\"sortable\"><thead><tr class=\"groups\"><th></th>{heads}</tr>\n\
         <tr><th class=\"stub\"><button type=\"button\">Class</button></th>{unders}</tr></thead><tbody>\n{rows}</tbody></table></div>\n",
        looks(view),
        contents.bootstrap.level * 100.0
    )
}

fn class_cell(iou: Option<Interval>) -> String {
    let sort = iou.map_or_else(String::new, |i| format!("{:.4}", i.value * 100.0));
    let small = iou.map_or_else(String::new, |i| format!("<small>{}</small>", range(&i)));
    format!("<td data-value=\"{sort}\">{}{small}</td>", percent(iou.map(|i| i.value), 1, "–"))
}

fn worst_pictures(view: &View) -> String {
    if view.images.len() < 2 * WORST {
        return String::new();
    }
    let lists: String = view
        .models
        .iter()
        .map(|m| {
            let rows: String = worst::pictures(view, m, &look(view, m))
                .iter()
                .take(WORST)
                .map(|p| {
                    format!(
                        "<tr><td class=\"stub\">{}</td><td>{}</td><td>{}</td></tr>\n",
                        image_link(view, &p.image),
                        percent(p.clean, 1, "–"),
                        percent(Some(p.corrupted), 1, "–")
                    )
                })
                .collect();
            format!(
                "<div><h3>{}: hardest pictures</h3>\n<div class=\"scroll\"><table><thead><tr><th class=\"stub\">Picture</th><th>clean</th><th>corrupted</th></tr></thead><tbody>\n{rows}</tbody></table></div></div>\n",
                escape(&view.title(m))
            )
        })
        .collect();
    format!(
        "<p class=\"caption\" style=\"margin-top:22px\">A picture's own mIoU in percent, {}, mean over training seeds: clean, and the mean over the paper's corruptions and severities.</p>\n<div class=\"columns\">{lists}</div>\n",
        looks(view)
    )
}

/// A picture's id, linked to the picker where the page holds the picture.
fn image_link(view: &View, image: &str) -> String {
    let stored = view.panels.iter().filter(|p| p.image == image);
    // The hardest stored condition is what a reader wants to see first.
    match stored.max_by_key(|p| p.condition.severity) {
        Some(p) => {
            format!("<a href=\"{}\">{}</a>", escape(&address(&p.condition, Some(image))), escape(image))
        }
        None => escape(image),
    }
}
