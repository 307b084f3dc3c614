//! Figures inline, their captions, the table of ranks, and loss curves.

use scribe_records::Mode;

use super::super::fig45::curves_svg;
use super::super::svg::escape;
use super::bullets;
use crate::correlation::Centering;
use crate::dimensions::{dimension_points, dimension_test};
use crate::error::Result;
use crate::extra::ReportExtra;
use crate::figures::{Fig3, Fig4, Fig5, Fig6};
use crate::report::Contents;
use crate::spectrum::Channels;
use crate::view::View;

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

/// Effective rank and its relatives for every curve of Figure 4; empty text without one.
pub(super) fn ranks(view: &View, contents: &Contents) -> String {
    let Some(figure) = &contents.fig4 else { return String::new() };
    let number = |x: Option<f64>| x.map_or_else(|| "–".to_owned(), |x| format!("{x:.2}"));
    let count = |x: Option<usize>| x.map_or_else(|| "–".to_owned(), |x| x.to_string());
    let rows: String = figure
        .data
        .curves
        .iter()
        .map(|c| {
            let channels = if c.channels == Channels::All { "all" } else { "foreground" };
            let s = &c.spectrum;
            format!(
                "<tr><td class=\"stub\">{}</td><td class=\"stub\">{}</td><td class=\"stub\">{channels}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                escape(&c.model),
                escape(c.of.title()),
                number(s.effective_rank()),
                number(s.participation_ratio()),
                count(s.components_to(0.90)),
                count(s.components_to(0.95))
            )
        })
        .collect();
    format!(
        "<p class=\"caption\">From the spectra of Figure 4, clean pictures. Effective rank: exp of the entropy of the explained-variance shares. \
         Participation ratio: (sum of eigenvalues)² / sum of their squares. Then how many components reach 90 % and 95 %.</p>\n\
         <div class=\"scroll\"><table><thead><tr><th class=\"stub\">Model</th><th class=\"stub\">Matrix</th><th class=\"stub\">Channels</th>\
         <th>effective rank</th><th>participation ratio</th><th>to 90 %</th><th>to 95 %</th></tr></thead><tbody>\n{rows}</tbody></table></div>\n{}",
        wiggle_room(view)
    )
}

/// Whether a model's effective rank goes with its mIoU from condition to condition, where moments were stored for some.
fn wiggle_room(view: &View) -> String {
    let items: Vec<String> = view
        .models
        .iter()
        .filter_map(|m| {
            let points = dimension_points(view, m, &Mode::single());
            let test = dimension_test(&points)?;
            Some(format!(
                "{}: Spearman's rho {:+.2} over {} corrupted conditions (permutation p = {:.3}; conditions of one corruption are alike, so p is too small).",
                view.title(m),
                test.rho,
                test.pairs,
                test.p
            ))
        })
        .collect();
    if items.is_empty() {
        return String::new();
    }
    format!(
        "<p>Does \"wiggle room\" predict robustness? Rank correlation, from condition to condition, of the effective rank of the foreground logits with mIoU:</p>\n{}",
        bullets("notes", &items)
    )
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

fn plate(id: &str, svg: &str, caption: &str) -> String {
    format!(
        "<figure id=\"{id}\">\n<div class=\"plate\">{svg}</div>\n<figcaption>{}</figcaption>\n</figure>\n",
        escape(caption)
    )
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
         structure that is only above comes from the mean response. Mean absolute value off the diagonal, uncentred and centred: {}. Grey: undefined.",
        f.class_name,
        f.class,
        off.join("; ")
    )
}

fn caption4(f: &Fig4) -> String {
    let models: std::collections::BTreeSet<&str> = f.curves.iter().map(|c| c.model.as_str()).collect();
    format!(
        "Figure 4. Accumulated explained variance of the logits on clean pictures, {} models. A slower rise means more dimensions in use. \
         Left: PCA of the mean logits per predicted class, as the authors' code. Right: of the covariance over pixels, as the paper's text. \
         Dashed: without the background channel, which for IBE and SCrIBE is a function of the others.",
        models.len()
    )
}

fn caption5(f: &Fig5) -> String {
    format!(
        "Figure 5. mIoU by severity, mean over the corruptions that were run; severity 0 is the clean set. Band: {:.0} % bootstrap interval of that mean over corruptions \
         (a spread between corruptions, as in the paper's plot, not an uncertainty of the model).",
        f.bootstrap.level * 100.0
    )
}

fn caption6(f: &Fig6) -> String {
    format!(
        "Figure 6. Picture {} as it is and under severities 1 to 3, with the predictions of {} (single scale). Pale: void in the label.",
        f.image,
        crate::words::list(&f.models)
    )
}
