//! Draws the figures beyond the paper: dimensionality, CKA, reliability.

use super::chart::{Axes, Chart, Line, chart};
use super::xml::Drawing;
use crate::error::Result;
use crate::figures::{Dimensions, MeasureLine};
use crate::measures::Reliability;
use crate::view::View;

/// The fewest pixels of a bin that a reliability diagram shows: of fewer, a share of right ones has a standard error of 5 %
/// even if neighbouring pixels had nothing in common.
pub(crate) const FEWEST_PIXELS: u32 = 100;

/// Effective rank by severity, its scatter against the drop in mIoU, and CKA by severity, as far as there is data.
///
/// # Errors
/// The chart could not be drawn.
pub(crate) fn dimensions_svg(view: &View, figure: &Dimensions) -> Result<Drawing> {
    let mut panels = Vec::new();
    if !figure.ranks.is_empty() {
        let top = top_of(&figure.ranks).max(2.0);
        panels.push(by_severity("effective rank", "effective rank of the logits", &figure.ranks, top));
    }
    if !figure.clouds.is_empty() {
        panels.push(scatter(figure));
    }
    if !figure.cka.is_empty() {
        panels.push(by_severity("likeness to the clean logits", "linear CKA", &figure.cka, 1.04));
    }
    let width = 320 * panels.len() as u32;
    chart(&Chart {
        title: format!("Dimensionality of the {} under corruption, by model", view.foreground_logits()),
        panels,
        note: String::new(),
        size: (width.max(560), 360),
        rows: 1,
    })
}

/// One panel a severity, accuracy against confidence with the diagonal.
///
/// # Errors
/// The chart could not be drawn.
pub(crate) fn reliability_svg(view: &View, diagrams: &[Reliability]) -> Result<Drawing> {
    let mut severities: Vec<u8> = diagrams.iter().map(|d| d.severity).collect();
    severities.sort_unstable();
    severities.dedup();
    let panels: Vec<Axes> = severities.iter().map(|s| reliability_panel(view, diagrams, *s)).collect();
    let (rows, columns) = (panels.len().div_ceil(3), panels.len().min(3));
    chart(&Chart {
        title: "Reliability: accuracy against confidence, by severity and model".to_owned(),
        panels,
        note: "below the diagonal: overconfident".to_owned(),
        size: (320 * columns.max(2) as u32, 30 + 320 * rows as u32),
        rows,
    })
}

fn reliability_panel(view: &View, diagrams: &[Reliability], severity: u8) -> Axes {
    let diagonal = Line { points: vec![(0.0, 0.0), (1.0, 1.0)], faint: true, ..Line::default() };
    let line = |d: &Reliability| Line {
        name: view.title(&d.model),
        position: view.models.iter().position(|m| *m == d.model).unwrap_or(0),
        points: shown(d),
        ..Line::default()
    };
    let lines = diagrams.iter().filter(|d| d.severity == severity).map(line);
    Axes {
        title: if severity == 0 { "clean".to_owned() } else { format!("severity {severity}") },
        x_label: "confidence".to_owned(),
        y_label: "accuracy".to_owned(),
        x: (0.0, 1.0),
        y: (0.0, 1.0),
        x_labels: 6,
        lines: std::iter::once(diagonal).chain(lines).collect(),
        markers: true,
    }
}

/// The bins of a diagram that hold enough pixels: confidence and accuracy.
pub(crate) fn shown(diagram: &Reliability) -> Vec<(f64, f64)> {
    let enough = diagram.points.iter().filter(|point| point.pixels >= f64::from(FEWEST_PIXELS));
    enough.map(|point| (point.confidence, point.accuracy)).collect()
}

fn by_severity(title: &str, y_label: &str, lines: &[MeasureLine], top: f64) -> Axes {
    let line = |l: &MeasureLine| {
        // Lines are moved apart a little, so that their whiskers do not cover each other.
        let x = |s: u8| f64::from(s) + 0.06 * (l.position as f64 - 1.0);
        Line {
            name: l.model.clone(),
            position: l.position,
            points: l.points.iter().map(|(s, i)| (x(*s), i.value)).collect(),
            bars: l.points.iter().map(|(s, i)| (x(*s), i.low, i.high)).collect(),
            ..Line::default()
        }
    };
    Axes {
        title: title.to_owned(),
        x_label: "severity (0 = clean)".to_owned(),
        y_label: y_label.to_owned(),
        x: (-0.2, 5.2),
        y: (0.0, top),
        x_labels: 6,
        lines: lines.iter().map(line).collect(),
        markers: true,
    }
}

fn scatter(figure: &Dimensions) -> Axes {
    let points = || figure.clouds.iter().flat_map(|c| &c.points);
    let (left, right) = ends(points().map(|p| p.0));
    let (low, high) = ends(points().map(|p| p.1 * 100.0));
    let line = |c: &crate::figures::Cloud| Line {
        name: c.model.clone(),
        position: c.position,
        points: c.points.iter().map(|p| (p.0, p.1 * 100.0)).collect(),
        dots_only: true,
        ..Line::default()
    };
    Axes {
        title: "one dot a condition".to_owned(),
        x_label: "effective rank of the logits".to_owned(),
        y_label: "drop in mIoU (points)".to_owned(),
        x: (left, right),
        y: (low, high),
        x_labels: 5,
        lines: figure.clouds.iter().map(line).collect(),
        markers: true,
    }
}

/// The ends of an axis a little beyond the values.
fn ends(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let low = values.clone().fold(f64::INFINITY, f64::min);
    let high = values.fold(f64::NEG_INFINITY, f64::max);
    let margin = ((high - low) * 0.06).max(0.01);
    (low - margin, high + margin)
}

fn top_of(lines: &[MeasureLine]) -> f64 {
    lines.iter().flat_map(|l| &l.points).map(|(_, i)| i.high.max(i.value)).fold(0.0, f64::max).ceil()
}
