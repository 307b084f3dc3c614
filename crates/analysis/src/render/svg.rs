//! A small writer of SVG: rectangles, lines, text and pictures, with escaped text and fixed decimals.

use super::xml::{Drawing, Xml};
use base64::Engine;
use std::fmt::Write;

/// The colour of text and axes; the report's dark theme replaces it.
pub(crate) const INK: &str = "#1A1A1A";
/// The colour of secondary text; the report's dark theme replaces it.
pub(crate) const MUTED: &str = "#5C5C5C";
/// The page under a figure; the report replaces it by its own.
pub(crate) const PAGE: &str = "#FFFFFF";
/// The colour of cells without a value.
pub(crate) const UNDEFINED: &str = "#D9D9D9";

/// Where a text is placed relative to its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    /// The point is its left end.
    Start,
    /// The point is its middle.
    Middle,
    /// The point is its right end.
    End,
}

/// An SVG document under construction, in user units of one CSS pixel.
#[derive(Debug)]
pub(crate) struct Svg {
    body: String,
    width: f64,
    height: f64,
}

impl Svg {
    /// An empty document of this size on a white page; `title` names the figure for those who cannot see it.
    pub(crate) fn new(width: f64, height: f64, title: &str) -> Svg {
        let mut svg = Svg { body: String::new(), width, height };
        let _ = writeln!(svg.body, "<title>{}</title>", Xml(title));
        svg.rect(0.0, 0.0, width, height, PAGE);
        svg
    }

    /// A filled rectangle. One whose width or height is written as 0 is left out: it shows nothing, and readers complain.
    pub(crate) fn rect(&mut self, x: f64, y: f64, w: f64, h: f64, fill: &str) {
        let (w, h) = (n(w), n(h));
        if [&w, &h].into_iter().any(|side| side == "0") {
            return;
        }
        let _ = writeln!(
            self.body,
            "<rect x=\"{}\" y=\"{}\" width=\"{w}\" height=\"{h}\" fill=\"{}\"/>",
            n(x),
            n(y),
            Xml(fill)
        );
    }

    /// Begins or ends a group whose edges fall on whole pixels, so that no page shows between neighbours.
    pub(crate) fn crisp(&mut self, on: bool) {
        self.body.push_str(if on { "<g shape-rendering=\"crispEdges\">\n" } else { "</g>\n" });
    }

    /// The width of the page.
    pub(crate) fn width(&self) -> f64 {
        self.width
    }

    /// The outline of a rectangle.
    pub(crate) fn frame(&mut self, x: f64, y: f64, w: f64, h: f64, stroke: &str, width: f64) {
        let _ = writeln!(
            self.body,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"none\" stroke=\"{stroke}\" stroke-width=\"{}\"/>",
            n(x),
            n(y),
            n(w),
            n(h),
            n(width)
        );
    }

    /// A straight line.
    pub(crate) fn line(&mut self, from: (f64, f64), to: (f64, f64), stroke: &str, width: f64) {
        let _ = writeln!(
            self.body,
            "<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" stroke=\"{stroke}\" stroke-width=\"{}\"/>",
            n(from.0),
            n(from.1),
            n(to.0),
            n(to.1),
            n(width)
        );
    }

    /// A text whose baseline runs through the point.
    pub(crate) fn text(&mut self, at: (f64, f64), size: f64, anchor: Anchor, fill: &str, text: &str) {
        self.turned(at, size, anchor, fill, 0.0, text);
    }

    /// A text turned by `degrees` clockwise about its point.
    pub(crate) fn turned(
        &mut self,
        at: (f64, f64),
        size: f64,
        anchor: Anchor,
        fill: &str,
        degrees: f64,
        text: &str,
    ) {
        let (x, y) = (n(at.0), n(at.1));
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let turn = if degrees == 0.0 {
            String::new()
        } else {
            format!(" transform=\"rotate({} {x} {y})\"", n(degrees))
        };
        let _ = writeln!(
            self.body,
            "<text x=\"{x}\" y=\"{y}\" font-family=\"sans-serif\" font-size=\"{}\" text-anchor=\"{anchor}\" fill=\"{fill}\"{turn}>{}</text>",
            n(size),
            Xml(text)
        );
    }

    /// An embedded PNG, scaled without smoothing if `crisp` (label maps).
    pub(crate) fn image(&mut self, x: f64, y: f64, w: f64, h: f64, png: &[u8], crisp: bool) {
        let rendering = if crisp { " image-rendering=\"optimizeSpeed\"" } else { "" };
        let data = base64::engine::general_purpose::STANDARD.encode(png);
        let _ = writeln!(
            self.body,
            "<image x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" preserveAspectRatio=\"xMidYMid meet\"{rendering} href=\"data:image/png;base64,{data}\"/>",
            n(x),
            n(y),
            n(w),
            n(h)
        );
    }

    /// The whole document.
    pub(crate) fn finish(self) -> Drawing {
        let (w, h) = (n(self.width), n(self.height));
        Drawing::of_escaped(&format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\" role=\"img\">\n{}</svg>\n",
            self.body
        ))
    }
}

/// A coordinate with at most two decimals, so that the same figure gives the same bytes.
fn n(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_of_no_width_is_left_out() {
        let mut svg = Svg::new(20.0, 10.0, "bars");
        // 0.004 is written with two decimals, as 0.
        for (w, h) in [(0.0, 4.0), (0.004, 4.0), (4.0, -0.001), (4.0, 3.0)] {
            svg.rect(1.0, 2.0, w, h, INK);
        }
        let drawn = svg.finish();
        assert_eq!(drawn.matches("<rect ").count(), 2, "the page and one bar: {}", &*drawn);
        assert!(
            drawn.contains("<rect x=\"1\" y=\"2\" width=\"4\" height=\"3\" fill=\"#1A1A1A\"/>"),
            "{}",
            &*drawn
        );
    }
}
