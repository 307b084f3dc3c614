//! Relative measures, IoU by class, and the pictures with the lowest scores.

use scribe_records::Mode;

use super::super::percent;
use super::super::svg::escape;
use super::grid::{address, range};
use crate::bootstrap::Over;
use crate::errors::Under;
use crate::report::Contents;
use crate::summary;
use crate::view::View;
use crate::worst;

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
    let mode = contents.error_mode();
    format!("{}{}", class_table(view, &mode), worst_pictures(view, &mode))
}

fn class_table(view: &View, mode: &Mode) -> String {
    let columns: Vec<Vec<Option<f64>>> = view
        .models
        .iter()
        .flat_map(|m| [Under::Clean, Under::Corrupted].map(|u| worst::class_ious(view, m, mode, u)))
        .collect();
    let rows: String = view
        .classes
        .iter()
        .enumerate()
        .filter(|(c, _)| columns.iter().any(|column| column[*c].is_some()))
        .map(|(c, name)| {
            let cells: String = columns
                .iter()
                .map(|column| {
                    let value = column[c].map_or_else(String::new, |v| format!("{:.4}", v * 100.0));
                    format!("<td data-value=\"{value}\">{}</td>", percent(column[c], 1, "–"))
                })
                .collect();
            format!("<tr><td class=\"stub\" data-value=\"{0}\">{0}</td>{cells}</tr>\n", escape(name))
        })
        .collect();
    let heads: String =
        view.models.iter().map(|m| format!("<th colspan=\"2\">{}</th>", escape(&view.title(m)))).collect();
    let unders =
        "<th><button type=\"button\">clean</button></th><th><button type=\"button\">corrupted</button></th>"
            .repeat(view.models.len());
    format!(
        "<p class=\"caption\">IoU in percent by class, {mode}; corrupted: one confusion over all corrupted conditions.</p>\n\
         <div class=\"scroll\"><table class=\"sortable\"><thead><tr class=\"groups\"><th></th>{heads}</tr>\n\
         <tr><th class=\"stub\"><button type=\"button\">Class</button></th>{unders}</tr></thead><tbody>\n{rows}</tbody></table></div>\n"
    )
}

fn worst_pictures(view: &View, mode: &Mode) -> String {
    if view.images.len() < 2 * WORST {
        return String::new();
    }
    let lists: String = view
        .models
        .iter()
        .map(|m| {
            let rows: String = worst::pictures(view, m, mode)
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
        "<p class=\"caption\" style=\"margin-top:22px\">A picture's own mIoU in percent, {mode}: clean, and the mean over all corrupted conditions.</p>\n<div class=\"columns\">{lists}</div>\n"
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
