//! The report: one HTML file that needs nothing else.
//!
//! The parts are written with `maud`, which escapes every text that is put into them. What is put in as it is
//! (`PreEscaped`) is the page's own style and script, figures that this crate has drawn, and the pictures'
//! JSON.

mod by_severity;
mod calibration;
mod classes;
mod confusions;
mod conventions;
mod errors;
mod figures;
mod gaps;
mod gate;
mod given;
mod grid;
mod label_shift;
mod modes;
mod parts;
mod picker;
mod power;
mod relative;
mod sections;
mod structure;
mod tables;
mod variance;

use crate::contents::Contents;
use crate::error::Result;
use crate::format::list;
use crate::summary::ModeChoice;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use scribe_records::Mode;
use std::collections::BTreeSet;

const CSS: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");
/// The losses, the pixels of each training class and the commands come from other files of the run, if they are there.
const FOOTER: &str = "Made by scribe from the run's store alone.";
/// What the report of PASCAL VOC adds.
const PAPER: &str = " Paper: SCrIBE, robustness of semantic segmentation under the ImageNet-C corruptions on \
                     PASCAL VOC 2012.";

/// One part of the page: its id, its title, and what it holds.
type Section = (&'static str, &'static str, Markup);

/// The whole page.
///
/// # Errors
/// A loss curve could not be drawn, or a stored label map is not a PNG.
pub(crate) fn page(c: &Contents<'_>) -> Result<String> {
    let parts = [
        ("summary", "In plain words", Some(sections::summary(c))),
        ("gate", "Gate: the thresholds", gate::gate(c)),
        ("table2", "Table 2: clean and corrupted", Some(tables::table2(c))),
        ("gaps", gaps::title(c), gaps::gaps(c)),
        ("modes", "What other modes of inference change", modes::modes(c)),
        ("variance", "Pictures, draws and trainings", variance::variance(c)),
        ("table1", "Table 1: every corruption and severity", Some(tables::table1(c))),
        ("extras", "Corruptions beyond the paper's", tables::extras(c)),
        (
            "label-shift",
            "Label shift: how much of a drop is the label that stayed",
            label_shift::label_shift(c),
        ),
        ("given", "Given pictures beside corruptions", given::given(c)),
        ("unmapped", "Pixels that are not scored", given::ignored(c)),
        ("relative", "Relative measures", relative::relative(c)),
        ("conventions", "The same maps by other conventions", conventions::conventions(c)),
        ("figures", "Figures", figures::figures(c)),
        ("pictures", "Look at the pictures", picker::picker(c.view)?),
        ("structure", "Dimensionality in numbers", structure::structure(c)),
        ("calibration", "Calibration, by severity", calibration::calibration(c)),
        ("classes", "By class, and the hardest pictures", classes::classes(c)),
        ("errors", "Where wrong pixels go", errors::errors(c)),
        ("training", "Training", figures::losses(&c.extra)?),
        ("paper", "What the paper's own tables say", c.view.is_of_voc().then(sections::paper)),
        ("reproduce", "Reproducing this report", Some(sections::reproduce(c))),
    ];
    let parts = parts.into_iter().filter_map(|(id, title, body)| Some((id, title, body?)));
    Ok(document(c, &parts.collect::<Vec<Section>>()).into_string())
}

fn document(c: &Contents<'_>, parts: &[Section]) -> Markup {
    let given = c.extra.title.as_str();
    let title = if given.is_empty() { "Does the segmentation model survive bad input?" } else { given };
    html! {
        (DOCTYPE) "\n"
        html lang="en" {
            "\n"
            head {
                "\n" meta charset="utf-8";
                "\n" meta name="viewport" content="width=device-width, initial-scale=1";
                "\n" title { (title) } "\n" style { "\n" (PreEscaped(CSS)) } "\n"
            } "\n"
            body {
                "\n"
                header.top {
                    "\n" h1 { (title) } "\n" p.lead { (lead(c)) } "\n"
                    nav aria-label="Sections" { "\n" @for part in parts { (link(part)) } } "\n"
                } "\n"
                main { "\n" @for part in parts { (section(part)) } } "\n"
                footer { (FOOTER) @if c.view.is_of_voc() { (PAPER) } } "\n"
                script { "\n" (PreEscaped(SCRIPT)) } "\n"
            } "\n"
        } "\n"
    }
}

fn link((id, title, _): &Section) -> Markup {
    html! { a href={ "#" (id) } { (title.split(':').next().unwrap_or(title)) } "\n" }
}

fn section((id, title, body): &Section) -> Markup {
    html! { section id=(id) { "\n" h2 { (title) } "\n" (body) } "\n" }
}

fn lead(c: &Contents<'_>) -> String {
    let about = &c.view.about;
    let models: Vec<String> = c.view.models.iter().map(|m| c.view.title(m)).collect();
    let kind = if about.synthetic { "generated pictures" } else { "pictures" };
    let recipe = if about.recipe.is_empty() { String::new() } else { format!(", recipe {}", about.recipe) };
    let corruptions: BTreeSet<String> = c.view.corrupted().into_iter().map(|c| c.corruption).collect();
    let extras = c.view.extras().len();
    let beyond = if extras > 0 { format!(" and {extras} beyond the paper's") } else { String::new() };
    format!(
        "{} on {} {kind}, clean and under {} corruptions{beyond}{recipe}.",
        list(&models),
        c.view.images.len(),
        corruptions.len() - extras
    )
}

/// The modes in which classes, errors and single pictures are shown, in words: "single scale", and whose
/// differs.
fn detail_modes(c: &Contents<'_>) -> String {
    let words = |m: &Mode| ModeChoice::of(m).map_or_else(|| m.to_string(), |c| c.title().to_owned());
    let models = &c.view.models;
    let modes: Vec<Mode> = models.iter().map(|m| c.results.detail_mode(m)).collect();
    let Some(first) = modes.iter().find(|m| **m == Mode::single()).or(modes.first()) else {
        return String::new();
    };
    let others = models.iter().zip(&modes).filter(|(_, m)| *m != first);
    let others: Vec<String> = others.map(|(id, m)| format!("{}: {}", c.view.title(id), words(m))).collect();
    if others.is_empty() { words(first) } else { format!("{} ({})", words(first), others.join("; ")) }
}
