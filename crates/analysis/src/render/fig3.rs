//! Draws Figure 3: heat maps in a grid, models across, uncentred above centred.

use super::palette::{diverging, hex};
use super::svg::{Anchor, INK, MUTED, Svg, UNDEFINED};
use super::xml::Drawing;
use crate::correlation::{Centering, defined};
use crate::figures::Fig3;
use nalgebra::DMatrix;

/// Side of one matrix in CSS pixels.
const SIDE: f64 = 250.0;
/// Room for channel names at the left.
const LEFT: f64 = 112.0;
/// Room for headings above.
const TOP: f64 = 46.0;
/// Gap between matrices.
const GAP: f64 = 26.0;
/// Room for the channel numbers under a row.
const UNDER: f64 = 34.0;
/// Room for the colour bar at the right.
const BAR: f64 = 64.0;

/// Figure 3 as SVG.
pub(crate) fn fig3_svg(figure: &Fig3) -> Drawing {
    let columns = figure.models.len() as f64;
    let width = LEFT + columns * SIDE + (columns - 1.0).max(0.0) * GAP + BAR;
    let height = TOP + 2.0 * SIDE + GAP + 2.0 * UNDER;
    let title = format!("Autocorrelation of the logits where {} is predicted, by model", figure.class_name);
    let mut svg = Svg::new(width, height, &title);
    for (column, model) in figure.models.iter().enumerate() {
        let x = LEFT + column as f64 * (SIDE + GAP);
        let seed = model.seed.map_or_else(String::new, |seed| format!(", seed {seed}"));
        let pixels = format!("{} pixels predicted {}{seed}", thousands(model.pixels), figure.class_name);
        svg.text((x + SIDE / 2.0, 18.0), 15.0, Anchor::Middle, INK, &model.model);
        svg.text((x + SIDE / 2.0, 35.0), 11.0, Anchor::Middle, MUTED, &pixels);
        for (row, centering) in [Centering::Uncentred, Centering::Centred].into_iter().enumerate() {
            let y = TOP + row as f64 * (SIDE + GAP + UNDER);
            matrix(&mut svg, model.of(centering), figure, (x, y), column == 0);
            if column == 0 {
                let at = (14.0, y + SIDE / 2.0);
                svg.turned(at, 12.5, Anchor::Middle, INK, -90.0, centering.title());
            }
        }
    }
    bar(&mut svg, width - BAR + 18.0, TOP, 2.0 * SIDE + GAP + UNDER);
    svg.finish()
}

fn matrix(svg: &mut Svg, m: Option<&DMatrix<f64>>, figure: &Fig3, at: (f64, f64), names: bool) {
    let k = figure.channels.len();
    let side = SIDE / k as f64;
    let (x, y) = at;
    svg.rect(x, y, SIDE, SIDE, UNDEFINED);
    match m {
        None => {
            let middle = (x + SIDE / 2.0, y + SIDE / 2.0);
            svg.text(middle, 12.0, Anchor::Middle, "#333333", "class never predicted");
        }
        Some(m) => {
            svg.crisp(true);
            for (i, j) in (0..k).flat_map(|i| (0..k).map(move |j| (i, j))) {
                if let Some(value) = defined(m, i, j) {
                    svg.rect(x + j as f64 * side, y + i as f64 * side, side, side, &hex(diverging(value)));
                }
            }
            svg.crisp(false);
        }
    }
    svg.frame(x, y, SIDE, SIDE, MUTED, 0.8);
    let c = figure.class as f64 * side;
    svg.frame(x + c, y, side, SIDE, INK, 1.0);
    svg.frame(x, y + c, SIDE, side, INK, 1.0);
    labels(svg, figure, at, names);
}

fn labels(svg: &mut Svg, figure: &Fig3, at: (f64, f64), names: bool) {
    let side = SIDE / figure.channels.len() as f64;
    let size = (side * 0.86).clamp(6.5, 11.5);
    let step = if side < 14.0 { 5 } else { 1 };
    for (i, name) in figure.channels.iter().enumerate() {
        let middle = (i as f64 + 0.5) * side;
        let chosen = i == figure.class;
        let ink = if chosen { INK } else { MUTED };
        if names {
            svg.text((at.0 - 5.0, at.1 + middle + size * 0.36), size, Anchor::End, ink, name);
        }
        if i % step == 0 {
            svg.text((at.0 + middle, at.1 + SIDE + 12.0), 9.5, Anchor::Middle, MUTED, &i.to_string());
        }
    }
    svg.text(
        (at.0 + SIDE / 2.0, at.1 + SIDE + 26.0),
        10.5,
        Anchor::Middle,
        MUTED,
        if figure.has_background { "channel (0 = background)" } else { "channel" },
    );
}

fn bar(svg: &mut Svg, x: f64, y: f64, height: f64) {
    const STEPS: usize = 100;
    let step = height / STEPS as f64;
    for i in 0..STEPS {
        let value = 1.0 - 2.0 * (i as f64 + 0.5) / STEPS as f64;
        svg.rect(x, y + i as f64 * step, 12.0, step + 0.2, &hex(diverging(value)));
    }
    svg.frame(x, y, 12.0, height, MUTED, 0.8);
    for value in [1.0, 0.5, 0.0, -0.5, -1.0] {
        let at = y + (1.0 - value) / 2.0 * height;
        svg.line((x + 12.0, at), (x + 16.0, at), MUTED, 0.8);
        svg.text((x + 19.0, at + 3.5), 10.5, Anchor::Start, INK, &format!("{value}"));
    }
}

/// Digits in groups of three, with thin spaces.
pub(crate) fn thousands(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(c);
    }
    out
}
