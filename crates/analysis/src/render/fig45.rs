//! Draws Figures 4 and 5, and loss curves, as line charts.

use super::chart::{Axes, Chart, Line, chart};
use super::xml::Drawing;
use crate::error::Result;
use crate::figures::{Fig4, Fig5, SeverityLine};
use crate::spectrum::{Channels, SpectrumOf};
use crate::summary::ModeChoice;

/// Figure 4 as SVG: class means at the left, pixel covariance at the right; foreground-only lines are dashed.
///
/// # Errors
/// The chart could not be drawn.
pub(crate) fn fig4_svg(figure: &Fig4) -> Result<Drawing> {
    let panels = [SpectrumOf::ClassMeans, SpectrumOf::PixelCovariance].map(|of| spectrum_panel(figure, of));
    chart(&Chart {
        title: "Accumulated explained variance of the logits, by model".to_owned(),
        panels: panels.to_vec(),
        note: note(figure),
        size: (940, 380),
        rows: 1,
    })
}

fn note(figure: &Fig4) -> String {
    let dashed = figure.curves.iter().any(|c| c.channels == Channels::Foreground);
    let dashed = dashed.then_some("dashed: foreground channels only");
    let seeds = figure.seeds.is_some().then_some("one training seed a model");
    dashed.into_iter().chain(seeds).collect::<Vec<_>>().join("; ")
}

/// Figure 5 as SVG: one panel per mode.
///
/// # Errors
/// The chart could not be drawn.
pub(crate) fn fig5_svg(figure: &Fig5) -> Result<Drawing> {
    let panels: Vec<Axes> = ModeChoice::OF_ONE_MODE
        .into_iter()
        .map(|choice| (choice, figure.lines.iter().filter(|l| l.mode_choice == choice).collect::<Vec<_>>()))
        .filter(|(_, lines)| !lines.is_empty())
        .map(|(choice, lines)| severity_panel(choice, &lines, top_of(figure)))
        .collect();
    let rows = panels.len().div_ceil(2).max(1);
    let size = (if panels.len() > 1 { 940 } else { 560 }, 380 * rows as u32);
    chart(&Chart {
        title: "mIoU by severity, mean over corruptions, by model".to_owned(),
        panels,
        note: String::new(),
        size,
        rows,
    })
}

/// Loss (or any other quantity) against steps, one line a name.
///
/// # Errors
/// The chart could not be drawn.
pub(crate) fn curves_svg(
    title: &str,
    x_label: &str,
    y_label: &str,
    curves: &[(String, Vec<(f64, f64)>)],
) -> Result<Drawing> {
    let points = || curves.iter().flat_map(|c| c.1.iter()).filter(|p| p.0.is_finite() && p.1.is_finite());
    let right = points().map(|p| p.0).fold(1.0, f64::max);
    let top = points().map(|p| p.1).fold(0.0, f64::max);
    let lines = curves
        .iter()
        .enumerate()
        .map(|(position, (name, points))| Line {
            name: name.clone(),
            position,
            points: points.iter().copied().filter(|p| p.0.is_finite() && p.1.is_finite()).collect(),
            ..Line::default()
        })
        .collect();
    let panel = Axes {
        title: String::new(),
        x_label: x_label.to_owned(),
        y_label: y_label.to_owned(),
        x: (0.0, right),
        y: (0.0, if top > 0.0 { top * 1.05 } else { 1.0 }),
        x_labels: 6,
        lines,
        markers: false,
    };
    chart(&Chart {
        title: title.to_owned(),
        panels: vec![panel],
        note: String::new(),
        size: (720, 320),
        rows: 1,
    })
}

fn spectrum_panel(figure: &Fig4, of: SpectrumOf) -> Axes {
    let curves: Vec<_> = figure.curves.iter().filter(|c| c.of == of).collect();
    let most = curves.iter().map(|c| c.spectrum.eigenvalues().len()).max().unwrap_or(1);
    let lines = curves
        .iter()
        .filter_map(|c| {
            let accumulated = c.spectrum.accumulated()?;
            let foreground = c.channels == Channels::Foreground;
            let points = accumulated.iter().enumerate().map(|(i, v)| ((i + 1) as f64, v * 100.0)).collect();
            Some(Line {
                name: c.model.clone(),
                position: c.position,
                dashed: foreground,
                points,
                ..Line::default()
            })
        })
        .collect();
    Axes {
        title: of.title().to_owned(),
        x_label: "components".to_owned(),
        y_label: "accumulated explained variance (%)".to_owned(),
        x: (1.0, (most as f64).max(2.0)),
        y: (0.0, 102.0),
        x_labels: most.min(11),
        lines,
        markers: false,
    }
}

fn severity_panel(choice: ModeChoice, lines: &[&SeverityLine], top: f64) -> Axes {
    let lines = lines
        .iter()
        .map(|l| Line {
            name: l.model.clone(),
            position: l.position,
            points: l.points.iter().map(|p| (f64::from(p.severity), p.mean * 100.0)).collect(),
            bars: l
                .points
                .iter()
                .filter_map(|p| {
                    p.interval.map(|(low, high)| (f64::from(p.severity), low * 100.0, high * 100.0))
                })
                .collect(),
            band: l
                .points
                .iter()
                .map(|p| {
                    let (low, high) = p.band.unwrap_or((p.mean, p.mean));
                    (f64::from(p.severity), low * 100.0, high * 100.0)
                })
                .collect(),
            ..Line::default()
        })
        .collect();
    Axes {
        title: choice.title().to_owned(),
        x_label: "severity (0 = clean)".to_owned(),
        y_label: "mIoU (%), mean over corruptions".to_owned(),
        x: (-0.12, 5.12),
        y: (0.0, top),
        x_labels: 6,
        lines,
        markers: true,
    }
}

/// The next ten above everything that is drawn, so that both panels share one scale.
fn top_of(figure: &Fig5) -> f64 {
    let highest = figure
        .lines
        .iter()
        .flat_map(|l| &l.points)
        .flat_map(|p| [p.mean, p.band.map_or(0.0, |b| b.1), p.interval.map_or(0.0, |i| i.1)])
        .map(|x| x * 100.0)
        .fold(0.0, f64::max);
    ((highest / 10.0).floor() + 1.0).min(10.0) * 10.0
}
