//! Draws the figure of variances: for every corruption the standard error that pictures, draws and trainings give.

use super::palette::{LINES, hex};
use super::svg::{Anchor, INK, MUTED, Svg};
use super::xml::Drawing;
use crate::format::fixed;
use crate::names::COLUMNS;
use crate::summary::Results;
use crate::variance::{Split, VarianceSplits};

/// The parts, in the order of their bars.
const PARTS: [&str; 3] = ["pictures", "draws", "trainings"];
/// Height of a corruption's row.
const ROW: f64 = 26.0;
/// Width of the names, and of a model's panel.
const NAMES: f64 = 120.0;
const PANEL: f64 = 220.0;
/// Space above the rows and below them.
const TOP: f64 = 64.0;
const BOTTOM: f64 = 46.0;
/// The least width of the figure: that of its legend.
const LEAST: f64 = 460.0;

/// One panel a model, one row a corruption (mean over its severities), below the clean pictures.
pub(crate) fn variance_svg(results: &Results<'_>, splits: &VarianceSplits) -> Drawing {
    let view = results.view();
    let choice = results.shown();
    let names: Vec<(String, String)> = std::iter::once(("clean".to_owned(), "clean".to_owned()))
        .chain(COLUMNS.iter().map(|c| (format!("corruption {}", c.name), c.title.to_owned())))
        .filter(|(key, _)| view.models.iter().any(|m| splits.get(m, choice, key).is_some()))
        .collect();
    let found = view.models.iter().flat_map(|m| names.iter().filter_map(|n| splits.get(m, choice, &n.0)));
    let found: Vec<&Split> = found.collect();
    let top = found.iter().flat_map(|split| errors(split)).flatten().fold(0.0, f64::max).max(0.1);
    let width = (NAMES + PANEL * view.models.len() as f64).max(LEAST);
    let height = TOP + ROW * names.len() as f64 + BOTTOM;
    let title =
        "Standard error of the mIoU from pictures, draws of the corruptions and trainings, by corruption";
    let mut svg = Svg::new(width, height, title);
    legend(&mut svg, std::array::from_fn(|part| found.iter().any(|split| errors(split)[part].is_some())));
    let unit = format!("standard error in points of mIoU, {}", choice.title());
    svg.text((NAMES, height - 8.0), 11.0, Anchor::Start, MUTED, &unit);
    for (row, (_, name)) in names.iter().enumerate() {
        let y = TOP + ROW * row as f64;
        svg.text((NAMES - 8.0, y + 0.6 * ROW), 11.0, Anchor::End, INK, name);
    }
    for (m, model) in view.models.iter().enumerate() {
        let left = NAMES + PANEL * m as f64;
        svg.text((left, TOP - 22.0), 12.0, Anchor::Start, INK, &view.title(model));
        axis(&mut svg, left, height - BOTTOM, top);
        for (row, (key, _)) in names.iter().enumerate() {
            if let Some(split) = splits.get(model, choice, key) {
                bars(&mut svg, (left, TOP + ROW * row as f64), split, top);
            }
        }
    }
    svg.finish()
}

/// The standard errors of a number in points, in the order of [`PARTS`].
fn errors(split: &Split) -> [Option<f64>; 3] {
    [Some(split.parts.pictures), split.parts.draws, split.parts.trainings].map(|v| Some(100.0 * v?.sqrt()))
}

/// The names of the parts that some number has.
fn legend(svg: &mut Svg, there: [bool; 3]) {
    let mut x = NAMES;
    for (part, name) in PARTS.iter().enumerate().filter(|(part, _)| there[*part]) {
        svg.rect(x, 8.0, 10.0, 10.0, &hex(LINES[part]));
        svg.text((x + 15.0, 17.0), 11.0, Anchor::Start, INK, name);
        x += 90.0;
    }
}

/// Lines of the scale at 0, its half and its end.
fn axis(svg: &mut Svg, left: f64, bottom: f64, top: f64) {
    for share in [0.0, 0.5, 1.0] {
        let x = left + share * scale();
        svg.line((x, TOP - 6.0), (x, bottom), "#D9D9D9", 0.6);
        svg.text((x, bottom + 14.0), 10.0, Anchor::Middle, MUTED, &fixed(share * top, 2));
    }
}

/// The length of the whole scale.
fn scale() -> f64 {
    PANEL - 40.0
}

fn bars(svg: &mut Svg, (left, y): (f64, f64), split: &Split, top: f64) {
    let height = (ROW - 6.0) / PARTS.len() as f64;
    for (part, error) in errors(split).into_iter().enumerate() {
        let Some(error) = error else { continue };
        let at = y + 3.0 + height * part as f64;
        svg.rect(left, at, error / top * scale(), height - 1.0, &hex(LINES[part]));
    }
}
