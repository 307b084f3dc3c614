//! Figures inline, their captions, and loss curves.

use super::parts::first_draw;
use crate::contents::Contents;
use crate::correlation::Centering;
use crate::error::Result;
use crate::extra::ReportExtra;
use crate::figures::{Fig3, Fig4, Fig5, Fig6};
use crate::format::list;
use crate::render::fig45::curves_svg;
use crate::render::xml::Drawing;
use crate::spectrum::Channels;
use maud::{Markup, PreEscaped, html};
use scribe_base::human;
use std::collections::BTreeSet;

/// Figures 5, 6, 3 and 4, as far as there are any; `None` without one.
pub(super) fn figures(c: &Contents<'_>) -> Option<Markup> {
    let plates = [
        c.fig5.as_ref().map(|f| plate("fig5", &f.svg, &caption5(c, &f.data))),
        c.fig6.as_ref().map(|f| plate("fig6", &f.svg, &(caption6(&f.data) + &first_draw(c)))),
        c.fig3.as_ref().map(|f| plate("fig3", &f.svg, &caption3(&f.data))),
        c.fig4.as_ref().map(|f| plate("fig4", &f.svg, &caption4(&f.data))),
    ];
    let plates: Vec<Markup> = plates.into_iter().flatten().collect();
    (!plates.is_empty()).then(|| html! { @for plate in &plates { (plate) } })
}

/// Training losses by step; `None` where none were given.
pub(super) fn losses(extra: &ReportExtra) -> Result<Option<Markup>> {
    if extra.losses.is_empty() {
        return Ok(None);
    }
    let curves: Vec<_> = extra.losses.iter().map(|c| (c.name.clone(), c.points.clone())).collect();
    let svg = curves_svg("Training loss by step", "optimisation step", "loss", &curves)?;
    let caption = "Training loss. The objectives differ, so the heights of the lines cannot be compared; \
        their shapes can.";
    Ok(Some(plate("losses", &svg, caption)))
}

/// A figure above its caption.
pub(super) fn plate(id: &str, svg: &Drawing, caption: &str) -> Markup {
    html! {
        figure id=(id) {
            "\n" div.plate { (PreEscaped(&**svg)) } "\n" figcaption { (caption) } "\n"
        } "\n"
    }
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
        "Figure 3. Autocorrelation of the logits over the clean pixels that each model predicts as {} \
         (channel {}, outlined). Above: the second moment about zero over its diagonal, which is what the \
         authors' code in effect computes. Below: centred, Pearson's correlation; structure that is only \
         above comes from the mean response.{} Grey: undefined.{}",
        f.class_name,
        f.class,
        // Of two classes there is at most one channel without the background's.
        if off.is_empty() {
            String::new()
        } else {
            format!(" Mean absolute value off the diagonal, uncentred and centred: {}.", off.join("; "))
        },
        sentence(f.seeds.as_ref())
    )
}

fn caption4(f: &Fig4) -> String {
    let models: BTreeSet<&str> = f.curves.iter().map(|c| c.model.as_str()).collect();
    format!(
        "Figure 4. Accumulated explained variance of the logits on clean pictures, {}. A slower rise \
         means more dimensions in use. Left: PCA of the mean logits per predicted class, as the authors' \
         code. Right: of the covariance over pixels, as the paper's text.{}{}",
        human::count(models.len(), "model"),
        if f.curves.iter().any(|c| c.channels == Channels::Foreground) {
            " Dashed: without the background channel, which for IBE and SCrIBE is a function of the others."
        } else {
            ""
        },
        sentence(f.seeds.as_ref())
    )
}

fn caption5(c: &Contents<'_>, f: &Fig5) -> String {
    let several = c.view.several();
    format!(
        "Figure 5. mIoU by severity, mean over the paper's corruptions that were run{1}; severity 0 is the clean set. Band: \
         {0:.0} % bootstrap interval of that mean over corruptions (a spread between corruptions, as in the paper's plot, not \
         an uncertainty of the model). Whiskers: the uncertainty of the model, its {0:.0} % interval over {2}.",
        f.bootstrap.level * 100.0,
        if several.is_empty() { String::new() } else { format!(" (and over {})", list(&several)) },
        c.resampled()
    )
}

fn caption6(f: &Fig6) -> String {
    format!(
        "Figure 6. Picture {} as it is{}, with the predictions of {} (single scale where it was run). Pale: void \
         in the label.{}",
        f.image,
        match f.severities().as_slice() {
            [] => String::new(),
            [one] => format!(" and under severity {one}"),
            [1, 2, 3] => " and under severities 1 to 3".to_owned(),
            several => format!(
                " and under severities {}",
                list(&several.iter().map(u8::to_string).collect::<Vec<_>>())
            ),
        },
        list(&f.models),
        sentence(f.seeds.as_ref())
    )
}
