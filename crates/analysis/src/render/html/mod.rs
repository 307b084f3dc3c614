//! The report: one HTML file that needs nothing else.

mod by_severity;
mod calibration;
mod details;
mod figures;
mod gaps;
mod grid;
mod picker;
mod sections;
mod structure;
mod tables;

use super::svg::escape;
use crate::contents::Contents;
use crate::error::Result;
use crate::extra::ReportExtra;
use crate::view::View;
use scribe_records::Mode;

const CSS: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

/// One part of the page.
struct Section {
    id: &'static str,
    title: &'static str,
    body: String,
}

/// The whole page; its tables, figures and sentences come from `contents` and `view` alone.
///
/// # Errors
/// A loss curve could not be drawn, or a stored label map is not a PNG.
pub fn page(view: &View, contents: &Contents, extra: &ReportExtra) -> Result<String> {
    let mut parts = vec![
        section("summary", "In plain words", sections::summary(view, contents, extra)),
        section("table2", "Table 2: clean and corrupted", tables::table2(view, contents)),
        section("gaps", "Which differences are established", gaps::gaps(view, contents)),
        section("table1", "Table 1: every corruption and severity", tables::table1(view, contents)),
        section("extras", "Corruptions beyond the paper's", tables::extras(view, contents)),
        section("relative", "Relative measures", details::relative(view, contents)),
        section("figures", "Figures", figures::figures(contents)),
        section("pictures", "Look at the pictures", picker::picker(view)?),
        section("structure", "Dimensionality in numbers", structure::structure(view, contents)),
        section("calibration", "Calibration, by severity", calibration::calibration(view, contents)),
        section("classes", "By class, and the hardest pictures", details::classes(view, contents)),
        section("errors", "Where wrong pixels go", sections::errors(view, contents)),
    ];
    if !extra.losses.is_empty() {
        parts.push(section("training", "Training", figures::losses(extra)?));
    }
    parts.push(section("paper", "What the paper's own tables say", sections::paper()));
    parts.push(section("reproduce", "Reproducing this report", sections::reproduce(view, contents, extra)));
    parts.retain(|p| !p.body.is_empty());
    Ok(document(view, extra, &parts))
}

fn document(view: &View, extra: &ReportExtra, parts: &[Section]) -> String {
    let title =
        if extra.title.is_empty() { "Does the segmentation model survive bad input?" } else { &extra.title };
    let links: String = parts
        .iter()
        .map(|p| {
            format!("<a href=\"#{}\">{}</a>\n", p.id, escape(p.title.split(':').next().unwrap_or(p.title)))
        })
        .collect();
    let body: String = parts
        .iter()
        .map(|p| format!("<section id=\"{}\">\n<h2>{}</h2>\n{}</section>\n", p.id, escape(p.title), p.body))
        .collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{CSS}</style>\n</head>\n<body>\n\
         <header class=\"top\">\n<h1>{title}</h1>\n<p class=\"lead\">{lead}</p>\n<nav aria-label=\"Sections\">\n{links}</nav>\n</header>\n\
         <main>\n{body}</main>\n<footer>{footer}</footer>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n",
        title = escape(title),
        lead = escape(&lead(view)),
        footer = "Made by scribe from the run's store alone. Paper: SCrIBE, robustness of semantic segmentation under the ImageNet-C corruptions on PASCAL VOC 2012.",
    )
}

fn lead(view: &View) -> String {
    let models: Vec<String> = view.models.iter().map(|m| view.title(m)).collect();
    let kind = if view.about.synthetic { "generated pictures" } else { "pictures" };
    let recipe =
        if view.about.recipe.is_empty() { String::new() } else { format!(", recipe {}", view.about.recipe) };
    let corruptions: std::collections::BTreeSet<String> =
        view.corrupted().into_iter().map(|c| c.corruption).collect();
    let extras = view.extras().len();
    let beyond = if extras > 0 { format!(" and {extras} beyond the paper's") } else { String::new() };
    format!(
        "{} on {} {kind}, clean and under {} corruptions{beyond}{recipe}.",
        crate::format::list(&models),
        view.images.len(),
        corruptions.len() - extras
    )
}

fn section(id: &'static str, title: &'static str, body: String) -> Section {
    Section { id, title, body }
}

/// In which mode classes, errors and single pictures are looked at, in words: "single scale", and whose differs.
fn looks(view: &View) -> String {
    let mode = |m: &scribe_records::ModelId| crate::summary::look(view, m);
    let words = |m: &Mode| crate::Cells::of(m).map_or_else(|| m.to_string(), |c| c.title().to_owned());
    let modes: Vec<Mode> = view.models.iter().map(mode).collect();
    let Some(first) = modes.iter().find(|m| **m == Mode::single()).or(modes.first()) else {
        return String::new();
    };
    let others = view.models.iter().zip(&modes).filter(|(_, m)| *m != first);
    let others: Vec<String> = others.map(|(id, m)| format!("{}: {}", view.title(id), words(m))).collect();
    if others.is_empty() { words(first) } else { format!("{} ({})", words(first), others.join("; ")) }
}

/// A list of sentences; empty text for none.
fn bullets(class: &str, items: &[String]) -> String {
    if items.is_empty() {
        return String::new();
    }
    let items: String = items.iter().map(|i| format!("<li>{}</li>\n", escape(i))).collect();
    format!("<ul class=\"{class}\">\n{items}</ul>\n")
}

/// A two-column table of names and values.
fn pairs(rows: &[(String, String)]) -> String {
    let rows: String = rows
        .iter()
        .map(|(k, v)| format!("<tr><td>{}</td><td>{}</td></tr>\n", escape(k), escape(v)))
        .collect();
    format!("<div class=\"scroll\"><table class=\"plain\"><tbody>\n{rows}</tbody></table></div>\n")
}
