//! Tables and figures as Markdown, CSV, TeX, plain text, SVG, PNG and HTML.

pub(crate) mod beyond;
pub(crate) mod chart;
pub(crate) mod csv;
pub(crate) mod field;
pub(crate) mod fig3;
pub(crate) mod fig45;
pub(crate) mod fig6;
pub(crate) mod findings;
pub(crate) mod html;
pub(crate) mod label_shift;
pub(crate) mod latex;
pub(crate) mod lists;
pub(crate) mod markdown;
pub(crate) mod md;
pub(crate) mod palette;
pub(crate) mod plain;
pub(crate) mod png;
pub(crate) mod strokes;
pub(crate) mod svg;
pub(crate) mod temperature_list;
pub(crate) mod tex;
pub(crate) mod text;
pub(crate) mod variance;
pub(crate) mod variance_list;
pub(crate) mod xml;
