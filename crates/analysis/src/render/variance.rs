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
        .filter(|(key, _)| view.models.iter().any(|m| splits.get((m, None), choice, key).is_some()))
        .collect();
    let found =
        view.models.iter().flat_map(|m| names.iter().filter_map(|n| splits.get((m, None), choice, &n.0)));
    let found: Vec<&Split> = found.collect();
    let top = found.iter().flat_map(|split| errors(split)).flatten().fold(0.0, f64::max).max(0.1);
    let ticks = ticks(top);
    let top = ticks.last().map_or(top, |(end, _)| *end);
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
        axis(&mut svg, left, height - BOTTOM, &ticks);
        for (row, (key, _)) in names.iter().enumerate() {
            if let Some(split) = splits.get((model, None), choice, key) {
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

/// Lines of the scale at its ticks.
fn axis(svg: &mut Svg, left: f64, bottom: f64, ticks: &[(f64, String)]) {
    let top = ticks.last().map_or(1.0, |(end, _)| *end);
    for (value, text) in ticks {
        let x = left + value / top * scale();
        svg.line((x, TOP - 6.0), (x, bottom), "#D9D9D9", 0.6);
        svg.text((x, bottom + 14.0), 10.0, Anchor::Middle, MUTED, text);
    }
}

/// Round values from 0 to the first that is not below `top`, which is above 0, with their texts: two to five steps of 1, 2
/// or 5 times a power of ten.
fn ticks(top: f64) -> Vec<(f64, String)> {
    let power = (top / 5.0).log10().floor() as i32;
    let unit = 10f64.powi(power);
    let step = [1.0, 2.0, 5.0, 10.0].map(|times| times * unit).into_iter().find(|step| top <= 5.0 * step);
    let step = step.unwrap_or(10.0 * unit);
    let decimals = if step < 1.0 { power.unsigned_abs() as usize } else { 0 };
    let steps = (top / step - 1e-9).ceil() as usize;
    (0..=steps).map(|n| n as f64 * step).map(|value| (value, fixed(value, decimals))).collect()
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

#[cfg(test)]
mod tests {
    use super::ticks;

    /// A fifth of 4.08 is 0.816, so a step of 1 is the smallest round one of which five are enough; of 0.1 it is 0.02, and of
    /// 12.3 it is 5.
    #[test]
    fn the_scale_has_round_ticks() {
        let texts = |top: f64| ticks(top).into_iter().map(|(_, text)| text).collect::<Vec<_>>();
        assert_eq!(texts(4.08), ["0", "1", "2", "3", "4", "5"]);
        assert_eq!(texts(0.1), ["0.00", "0.02", "0.04", "0.06", "0.08", "0.10"]);
        assert_eq!(texts(12.3), ["0", "5", "10", "15"]);
        assert_eq!(texts(5.0).last().unwrap(), "5");
    }
}
