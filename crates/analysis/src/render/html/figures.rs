//! Figures inline, their captions, and loss curves.

use super::super::fig45::curves_svg;
use crate::contents::Contents;
use crate::correlation::Centering;
use crate::error::Result;
use crate::extra::ReportExtra;
use crate::figures::{Fig3, Fig4, Fig5, Fig6};
use crate::render::svg::escape;

pub(super) fn figures(contents: &Contents) -> String {
    let mut out = String::new();
    if let Some(f) = &contents.fig5 {
        out.push_str(&plate("fig5", &f.svg, &caption5(&f.data)));
    }
    if let Some(f) = &contents.fig6 {
        out.push_str(&plate("fig6", &f.svg, &caption6(&f.data)));
    }
    if let Some(f) = &contents.fig3 {
        out.push_str(&plate("fig3", &f.svg, &caption3(&f.data)));
    }
    if let Some(f) = &contents.fig4 {
        out.push_str(&plate("fig4", &f.svg, &caption4(&f.data)));
    }
    out
}

/// Training losses by step.
pub(super) fn losses(extra: &ReportExtra) -> Result<String> {
    let curves: Vec<_> = extra.losses.iter().map(|c| (c.name.clone(), c.points.clone())).collect();
    let svg = curves_svg("Training loss by step", "optimisation step", "loss", &curves)?;
    Ok(plate(
        "losses",
        &svg,
        "Training loss. The objectives differ, so the heights of the lines cannot be compared; their shapes can.",
    ))
}

pub(super) fn plate(id: &str, svg: &str, caption: &str) -> String {
    format!(
        "<figure id=\"{id}\">\n<div class=\"plate\">{svg}</div>\n<figcaption>{}</figcaption>\n</figure>\n",
        escape(caption)
    )
}

/// A further sentence of a caption, or nothing.
fn sentence(text: Option<&String>) -> String {
    text.map_or_else(String::new, |t| format!(" {t}"))
}

fn caption3(f: &Fig3) -> String {
    let off: Vec<String> = f
        .models
        .iter()
        .filter_map(|m| {
            let (u, c) = (m.off_diagonal(Centering::Uncentred)?, m.off_diagonal(Centering::Centred)?);
            Some(format!("{} {u:.2} and {c:.2}", m.model))
        })
        .collect();
    format!(
        "Figure 3. Autocorrelation of the logits over the clean pixels that each model predicts as {} (channel {}, outlined). \
         Above: the second moment about zero over its diagonal, which is what the authors' code in effect computes. Below: centred, Pearson's correlation; \
         structure that is only above comes from the mean response. Mean absolute value off the diagonal, uncentred and centred: {}. Grey: undefined.{}",
        f.class_name,
        f.class,
        off.join("; "),
        sentence(f.seeds.as_ref())
    )
}

fn caption4(f: &Fig4) -> String {
    let models: std::collections::BTreeSet<&str> = f.curves.iter().map(|c| c.model.as_str()).collect();
    format!(
        "Figure 4. Accumulated explained variance of the logits on clean pictures, {} models. A slower rise means more dimensions in use. \
         Left: PCA of the mean logits per predicted class, as the authors' code. Right: of the covariance over pixels, as the paper's text. \
         Dashed: without the background channel, which for IBE and SCrIBE is a function of the others.{}",
        models.len(),
        sentence(f.seeds.as_ref())
    )
}

fn caption5(f: &Fig5) -> String {
    format!(
        "Figure 5. mIoU by severity, mean over the paper's corruptions that were run (and over training seeds); severity 0 is the clean set. Band: {0:.0} % bootstrap interval of that mean over corruptions \
         (a spread between corruptions, as in the paper's plot, not an uncertainty of the model). Whiskers: {0:.0} % interval over pictures and training seeds, which is one.",
        f.bootstrap.level * 100.0
    )
}

fn caption6(f: &Fig6) -> String {
    format!(
        "Figure 6. Picture {} as it is and under severities 1 to 3, with the predictions of {} (single scale where it was run). Pale: void in the label.{}",
        f.image,
        crate::format::list(&f.models),
        sentence(f.seeds.as_ref())
    )
}
