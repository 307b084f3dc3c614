//! Line charts by plotters: panels side by side, one legend above, bands, markers and dashes.

use super::palette::line_colour;
use super::xml::{Drawing, Xml};
use crate::error::{Error, Result};
use plotters::coord::Shift;
use plotters::prelude::*;

/// plotters works on whole pixels; drawing this much larger than the final size leaves a tenth of a pixel.
const FINE: f64 = 10.0;

/// One line of a chart.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Line {
    /// The name in the legend; lines of the same name share one entry.
    pub(crate) name: String,
    /// Position of the model: sets colour and marker.
    pub(crate) position: usize,
    /// Broken instead of solid.
    pub(crate) dashed: bool,
    /// Points in data units, ascending in x.
    pub(crate) points: Vec<(f64, f64)>,
    /// A band (x, low, high) behind the line; empty for none.
    pub(crate) band: Vec<(f64, f64, f64)>,
    /// Whiskers (x, low, high); empty for none.
    pub(crate) bars: Vec<(f64, f64, f64)>,
    /// No line between the points.
    pub(crate) dots_only: bool,
    /// A thin grey line without markers, for a diagonal or another aid.
    pub(crate) faint: bool,
}

/// One pair of axes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Axes {
    /// The heading of the panel.
    pub(crate) title: String,
    /// The horizontal quantity with its unit.
    pub(crate) x_label: String,
    /// The vertical quantity with its unit.
    pub(crate) y_label: String,
    /// Ends of the horizontal axis.
    pub(crate) x: (f64, f64),
    /// Ends of the vertical axis.
    pub(crate) y: (f64, f64),
    /// About how many labels the horizontal axis gets.
    pub(crate) x_labels: usize,
    /// The lines.
    pub(crate) lines: Vec<Line>,
    /// Whether points carry markers.
    pub(crate) markers: bool,
}

/// A chart of one or more panels with a common legend.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Chart {
    /// What the chart shows, for those who cannot see it.
    pub(crate) title: String,
    /// The panels from left to right.
    pub(crate) panels: Vec<Axes>,
    /// Text after the last entry of the legend, for example the meaning of dashes; empty for none.
    pub(crate) note: String,
    /// Width and height in CSS pixels.
    pub(crate) size: (u32, u32),
    /// The number of rows of panels.
    pub(crate) rows: usize,
}

/// Draws a chart.
///
/// # Errors
/// plotters refuses (an axis of no length, a value that is not finite).
pub(crate) fn chart(chart: &Chart) -> Result<Drawing> {
    let mut svg = String::new();
    draw(chart, &mut svg).map_err(|reason| Error::Draw { figure: chart.title.clone(), reason })?;
    let svg = super::strokes::without_empty(&svg);
    let (w, h) = chart.size;
    let (fine_w, fine_h) = (fine(f64::from(w)), fine(f64::from(h)));
    let head = format!("<svg width=\"{fine_w}\" height=\"{fine_h}\" viewBox=\"0 0 {fine_w} {fine_h}\"");
    let title = Xml(&chart.title);
    let small = format!("<svg role=\"img\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {fine_w} {fine_h}\"");
    let svg = svg.replacen(&head, &small, 1);
    // plotters escapes the texts that it draws.
    Ok(Drawing::of_escaped(&svg.replacen(">\n", &format!(">\n<title>{title}</title>\n"), 1)))
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Outcome = std::result::Result<(), String>;

fn draw(chart: &Chart, svg: &mut String) -> Outcome {
    let (w, h) = chart.size;
    let size = (fine(f64::from(w)) as u32, fine(f64::from(h)) as u32);
    let root = SVGBackend::with_string(svg, size).into_drawing_area();
    root.fill(&WHITE).map_err(text)?;
    let (top, below) = root.split_vertically(fine(26.0));
    legend(chart, &top)?;
    for (axes, area) in
        chart.panels.iter().zip(below.split_evenly((chart.rows, chart.panels.len().div_ceil(chart.rows))))
    {
        panel(axes, &area)?;
    }
    root.present().map_err(text)
}

fn panel(axes: &Axes, area: &Area<'_>) -> Outcome {
    let ink = RGBColor(0x1A, 0x1A, 0x1A);
    let font = |size: f64| ("sans-serif", fine(size * 1.24)).into_font().color(&ink);
    let mut builder = ChartBuilder::on(area);
    builder
        .margin_left(fine(4.0))
        .margin_right(fine(14.0))
        .margin_top(fine(2.0))
        .margin_bottom(fine(4.0))
        .x_label_area_size(fine(38.0))
        .y_label_area_size(fine(48.0))
        .caption(&axes.title, font(13.0));
    let mut context = builder.build_cartesian_2d(axes.x.0..axes.x.1, axes.y.0..axes.y.1).map_err(text)?;
    context
        .configure_mesh()
        .disable_x_mesh()
        .bold_line_style(RGBColor(0xDD, 0xDD, 0xDD).stroke_width(fine(0.8) as u32))
        .light_line_style(TRANSPARENT)
        .axis_style(RGBColor(0x5C, 0x5C, 0x5C).stroke_width(fine(1.0) as u32))
        .x_labels(axes.x_labels)
        .y_labels(6)
        .x_label_formatter(&|x| short(*x))
        .y_label_formatter(&|y| short(*y))
        .label_style(font(11.5))
        .axis_desc_style(font(12.5))
        .set_all_tick_mark_size(fine(4.0))
        .x_desc(&axes.x_label)
        .y_desc(&axes.y_label)
        .draw()
        .map_err(text)?;
    for line in &axes.lines {
        band(line, &mut context)?;
    }
    for line in &axes.lines {
        curve(line, axes.markers, &mut context)?;
    }
    Ok(())
}

type Plane<'a, 'b> = ChartContext<
    'a,
    SVGBackend<'b>,
    Cartesian2d<plotters::coord::types::RangedCoordf64, plotters::coord::types::RangedCoordf64>,
>;

fn band(line: &Line, plane: &mut Plane<'_, '_>) -> Outcome {
    if line.band.len() < 2 {
        return Ok(());
    }
    let upper = line.band.iter().map(|(x, _, high)| (*x, *high));
    let lower = line.band.iter().rev().map(|(x, low, _)| (*x, *low));
    let outline: Vec<(f64, f64)> = upper.chain(lower).collect();
    let fill = colour(line.position).mix(0.14).filled();
    plane.draw_series(std::iter::once(Polygon::new(outline, fill))).map_err(text)?;
    Ok(())
}

fn curve(line: &Line, markers: bool, plane: &mut Plane<'_, '_>) -> Outcome {
    if line.faint {
        let grey = RGBColor(0x5C, 0x5C, 0x5C).stroke_width(fine(0.8) as u32);
        plane.draw_series(LineSeries::new(line.points.iter().copied(), grey)).map_err(text)?;
        return Ok(());
    }
    let style = colour(line.position).stroke_width(fine(2.0) as u32);
    for (x, low, high) in line.bars.iter().copied().filter(|b| b.1.is_finite() && b.2.is_finite()) {
        let stem =
            LineSeries::new([(x, low), (x, high)], colour(line.position).stroke_width(fine(1.1) as u32));
        plane.draw_series(stem).map_err(text)?;
    }
    if line.dots_only {
        return dots(line, plane);
    }
    if line.dashed {
        let dashes =
            DashedLineSeries::new(line.points.iter().copied(), fine(5.0) as u32, fine(4.0) as u32, style);
        plane.draw_series(dashes).map_err(text)?;
    } else {
        plane.draw_series(LineSeries::new(line.points.iter().copied(), style)).map_err(text)?;
    }
    if markers { dots(line, plane) } else { Ok(()) }
}

/// Each position has its own shape, so that lines can be told apart without colour.
fn dots(line: &Line, plane: &mut Plane<'_, '_>) -> Outcome {
    let fill = colour(line.position).filled();
    let points = line.points.iter().copied();
    let radius = fine(if line.dots_only { 2.8 } else { 4.0 }) as i32;
    match line.position % 4 {
        0 => plane.draw_series(points.map(|p| Circle::new(p, radius, fill))).map(drop),
        1 => plane.draw_series(points.map(|p| TriangleMarker::new(p, radius + 10, fill))).map(drop),
        2 => {
            let half = radius - 6;
            let square = |p| EmptyElement::at(p) + Rectangle::new([(-half, -half), (half, half)], fill);
            plane.draw_series(points.map(square)).map(drop)
        }
        _ => {
            let stroke = colour(line.position).stroke_width(fine(2.0) as u32);
            plane.draw_series(points.map(|p| Cross::new(p, radius, stroke))).map(drop)
        }
    }
    .map_err(text)
}

fn legend(chart: &Chart, area: &Area<'_>) -> Outcome {
    let mut seen: Vec<(&str, usize, bool)> = Vec::new();
    for line in chart.panels.iter().flat_map(|p| &p.lines) {
        if !line.name.is_empty() && !seen.iter().any(|s| s.0 == line.name) {
            seen.push((&line.name, line.position, line.dashed));
        }
    }
    let ink = RGBColor(0x1A, 0x1A, 0x1A);
    let style = ("sans-serif", fine(12.0 * 1.24)).into_font().color(&ink);
    let mut x = 52.0;
    for (name, position, dashed) in seen {
        let (left, y) = (fine(x) as i32, fine(14.0) as i32);
        let stroke = colour(position).stroke_width(fine(2.2) as u32);
        let pieces: &[(i32, i32)] = if dashed { &[(0, 90), (150, 240)] } else { &[(0, 240)] };
        for (from, to) in pieces {
            let points = vec![(left + from, y), (left + to, y)];
            area.draw(&PathElement::new(points, stroke)).map_err(text)?;
        }
        let at = (fine(x + 30.0) as i32, fine(8.5) as i32);
        area.draw(&Text::new(name.to_owned(), at, style.clone())).map_err(text)?;
        x += 30.0 + 6.6 * name.chars().count() as f64 + 22.0;
    }
    let at = (fine(x) as i32, fine(8.5) as i32);
    area.draw(&Text::new(chart.note.clone(), at, style)).map_err(text)
}

fn colour(position: usize) -> RGBColor {
    let [r, g, b] = line_colour(position);
    RGBColor(r, g, b)
}

fn fine(pixels: f64) -> f64 {
    pixels * FINE
}

/// A tick label without needless decimals.
fn short(value: f64) -> String {
    let text = format!("{value:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

fn text(e: impl std::fmt::Display) -> String {
    e.to_string()
}
