//! The numbers of images for a terminal.

use super::rows::{PowerResult, PowerRow};
use crate::format::{brief, end, fixed, signed};
use crate::render::plain::one_line;
use crate::verdict::few_sequences;

/// A table in aligned columns, with what was asked for above it.
#[must_use]
pub fn text(result: &PowerResult) -> String {
    let images = result.images;
    let head = ["number", "models", "difference", "interval", "one image", "shown", "images", "equivalent"];
    let rows: Vec<[String; 8]> =
        std::iter::once(head.map(str::to_owned)).chain(result.rows.iter().map(fields)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; 8] = std::array::from_fn(width);
    let line = |row: &[String; 8]| {
        let cells = row.iter().zip(widths).enumerate().map(|(column, (cell, width))| {
            if column < 2 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        cells.collect::<Vec<String>>().join("  ").trim_end().to_owned()
    };
    let table: Vec<String> = rows.iter().map(line).collect();
    let seeds = if result.several_seeds {
        "Training seeds are kept as they are: their part of an interval does not shrink with more images.\n"
    } else {
        ""
    };
    let few = few_sequences(images, result.settings.bootstrap.sequence).map_or_else(String::new, |whole| {
        format!(
            "The {images} images are {whole} whole sequences: of so few, intervals are too narrow and these numbers uncertain.\n"
        )
    });
    format!(
        "{}\n\n{}\n\none image: standard deviation of one image in the difference, points. shown: the difference that \
         {images} images show.\nimages: as many show the difference, or that an equal model is not worse by it. \
         equivalent: as many show\nthat equal models are equivalent within it.\n{seeds}{few}",
        one_line(&asked(result)),
        table.join("\n")
    )
}

/// What was asked for, and of what.
fn asked(result: &PowerResult) -> String {
    let (settings, images) = (&result.settings, result.images);
    let against = result.baseline.as_ref().map_or_else(String::new, |name| format!(" against {name}"));
    let sequence = settings.bootstrap.sequence;
    let drawn = if sequence > 1 { format!(" drawn in sequences of {sequence}") } else { String::new() };
    let points = match settings.difference {
        1.0 => "1 point".to_owned(),
        points => format!("{points} points"),
    };
    format!(
        "{}{against}, {images} images{drawn}; a difference of {points}, power {} %, one-sided tests at {} %",
        result.run,
        brief(settings.power * 100.0),
        brief(settings.bootstrap.alpha() * 100.0)
    )
}

fn fields(row: &PowerRow) -> [String; 8] {
    let d = &row.difference;
    [
        one_line(&row.target),
        one_line(&format!("{} − {}", row.a, row.b)),
        if d.value.is_finite() { signed(d.value, 2) } else { "–".to_owned() },
        if d.low.is_finite() && d.high.is_finite() {
            format!("{} to {}", end(d.low, 2), end(d.high, 2))
        } else {
            "–".to_owned()
        },
        number(row.spread, 1),
        number(row.shown, 2),
        images(row.images),
        images(row.for_equivalence),
    ]
}

fn number(value: f64, decimals: usize) -> String {
    if value.is_finite() { fixed(value, decimals) } else { "–".to_owned() }
}

/// A number of images, rounded up; at least two have a spread.
pub(crate) fn images(number: f64) -> String {
    if number.is_finite() { format!("{:.0}", number.ceil().max(2.0)) } else { "–".to_owned() }
}
