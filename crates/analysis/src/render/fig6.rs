//! Draws Figure 6: the original row, then the severities of three corruptions with two models' predictions.

use super::palette::hex;
use super::png::{classes_in, colour_labels};
use super::svg::{Anchor, INK, MUTED, Svg};
use super::xml::Drawing;
use crate::error::Result;
use crate::figures::{Fig6, Shown};
use std::collections::BTreeSet;

/// Side of one picture in CSS pixels.
const SIDE: f64 = 112.0;
/// Gap between pictures.
const GAP: f64 = 4.0;
/// Gap between corruptions.
const BLOCK: f64 = 18.0;
/// Room for the severities at the left.
const LEFT: f64 = 34.0;
/// Room for a heading above a row of pictures.
const HEAD: f64 = 22.0;

/// Figure 6 as SVG with the pictures inside.
///
/// # Errors
/// A stored picture is not a PNG.
pub(crate) fn fig6_svg(figure: &Fig6) -> Result<Drawing> {
    let palette: Vec<[u8; 3]> = figure.classes.iter().map(|c| c.1).collect();
    let per_block = 1 + figure.models.len();
    let block = per_block as f64 * (SIDE + GAP) - GAP;
    let blocks = figure.strips.len().max(2) as f64;
    let width = LEFT + blocks * block + (blocks - 1.0) * BLOCK + 6.0;
    let original = HEAD + SIDE + 14.0;
    let severities = figure.severities();
    let rows = severities.len() as f64;
    let height =
        original + if figure.strips.is_empty() { 0.0 } else { 2.0 * HEAD + rows * (SIDE + GAP) + 6.0 };
    let top = |place: usize| original + 2.0 * HEAD + place as f64 * (SIDE + GAP);
    let mut svg =
        Svg::new(width, height, &format!("Picture {} under corruption, with predictions", figure.image));
    original_row(&mut svg, figure, &palette)?;
    legend(&mut svg, figure, LEFT + (per_block + 1) as f64 * (SIDE + GAP) + BLOCK)?;
    for (i, strip) in figure.strips.iter().enumerate() {
        let x = LEFT + i as f64 * (block + BLOCK);
        svg.text((x + block / 2.0, original + 14.0), 13.5, Anchor::Middle, INK, &strip.corruption);
        heads(&mut svg, figure, x, original + HEAD + 12.0, "input");
        for (place, severity) in severities.iter().enumerate() {
            if let Some(shown) = strip.shown.iter().find(|shown| shown.severity == *severity) {
                row(&mut svg, shown, &palette, x, top(place))?;
            }
            if i == 0 {
                let middle = (LEFT - 12.0, top(place) + SIDE / 2.0);
                svg.turned(middle, 11.5, Anchor::Middle, INK, -90.0, &format!("severity {severity}"));
            }
        }
    }
    Ok(svg.finish())
}

fn original_row(svg: &mut Svg, figure: &Fig6, palette: &[[u8; 3]]) -> Result<()> {
    svg.turned((LEFT - 12.0, HEAD + SIDE / 2.0), 11.5, Anchor::Middle, INK, -90.0, "original");
    heads(svg, figure, LEFT, 14.0, "input");
    if let Some(clean) = &figure.clean {
        row(svg, clean, palette, LEFT, HEAD)?;
    }
    let x = LEFT + (1 + figure.models.len()) as f64 * (SIDE + GAP);
    svg.text((x + SIDE / 2.0, 14.0), 11.0, Anchor::Middle, MUTED, "label");
    svg.image(x, HEAD, SIDE, SIDE, &colour_labels(&figure.label, palette)?, true);
    Ok(())
}

fn heads(svg: &mut Svg, figure: &Fig6, x: f64, y: f64, first: &str) {
    let names = std::iter::once(first).chain(figure.models.iter().map(String::as_str));
    for (i, name) in names.enumerate() {
        let middle = x + i as f64 * (SIDE + GAP) + SIDE / 2.0;
        svg.text((middle, y), 11.0, Anchor::Middle, MUTED, name);
    }
}

fn row(svg: &mut Svg, shown: &Shown, palette: &[[u8; 3]], x: f64, y: f64) -> Result<()> {
    svg.image(x, y, SIDE, SIDE, &shown.input, false);
    for (i, prediction) in shown.predictions.iter().enumerate() {
        let at = x + (i + 1) as f64 * (SIDE + GAP);
        match prediction {
            Some(png) => svg.image(at, y, SIDE, SIDE, &colour_labels(png, palette)?, true),
            None => svg.text((at + SIDE / 2.0, y + SIDE / 2.0), 11.0, Anchor::Middle, MUTED, "not stored"),
        }
    }
    Ok(())
}

/// The most letters of a class's name that a column of the legend holds.
const LETTERS: usize = 14;

/// The classes that occur anywhere in the figure, in columns of seven, as many as there is room for.
fn legend(svg: &mut Svg, figure: &Fig6, x: f64) -> Result<()> {
    let shown = figure.strips.iter().flat_map(|s| &s.shown).chain(&figure.clean);
    let maps = shown.flat_map(|s| s.predictions.iter().flatten()).chain(std::iter::once(&figure.label));
    let mut present = BTreeSet::new();
    for map in maps {
        present.extend(classes_in(map)?);
    }
    let room = 7 * ((svg.width() - x) / 96.0).floor().max(1.0) as usize;
    for (i, class) in present.into_iter().take(room).enumerate() {
        let Some((name, colour)) = figure.classes.get(usize::from(class)) else { continue };
        let (left, top) = (x + (i / 7) as f64 * 96.0, HEAD + (i % 7) as f64 * 16.0);
        svg.rect(left, top, 11.0, 11.0, &hex(*colour));
        svg.frame(left, top, 11.0, 11.0, MUTED, 0.6);
        svg.text((left + 16.0, top + 9.5), 11.0, Anchor::Start, INK, &shortened(name));
    }
    Ok(())
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= LETTERS {
        return name.to_owned();
    }
    name.chars().take(LETTERS - 1).chain(['…']).collect()
}
