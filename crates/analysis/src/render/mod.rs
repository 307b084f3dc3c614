//! Text out of data: Markdown, CSV, TeX, plain text, SVG, PNG and HTML.

pub mod beyond;
pub mod chart;
pub mod csv;
pub mod fig3;
pub mod fig45;
pub mod fig6;
pub mod html;
pub mod lists;
pub mod markdown;
pub mod palette;
pub mod plain;
pub mod png;
pub mod strokes;
pub mod svg;
pub mod tex;
pub mod text;

/// A fraction as percent with fixed decimals, or `missing` where there is none.
pub(crate) fn percent(value: Option<f64>, decimals: usize, missing: &str) -> String {
    value.map_or_else(|| missing.to_owned(), |x| format!("{:.decimals$}", x * 100.0))
}
