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
