//! Dimensionality: spectra of the clean logits, by severity, by condition, and its correlation with the drop in mIoU.

use super::by_severity::{Shown, by_severity, every_condition};
use super::figures::plate;
use crate::bootstrap::Interval;
use crate::contents::Contents;
use crate::format::{fixed, range, signed};
use crate::measures::Measure;
use crate::render::svg::escape;
use crate::spectrum::{Channels, SpectrumOf};
use crate::view::View;
use scribe_records::{Condition, Mode};

const FOREGROUND: (SpectrumOf, Channels) = (SpectrumOf::PixelCovariance, Channels::Foreground);

/// The measures of the foreground logits over pixels.
const SHOWN: [Shown; 5] = [
    (Measure::DIMENSIONS, "effective rank", 2),
    (Measure::ParticipationRatio(FOREGROUND.0, FOREGROUND.1), "participation ratio", 2),
    (Measure::To90(FOREGROUND.0, FOREGROUND.1), "components to 90 %", 1),
    (Measure::To95(FOREGROUND.0, FOREGROUND.1), "components to 95 %", 1),
    (Measure::Cka, "linear CKA, clean and corrupted", 3),
];

/// The whole section; empty text without moments.
pub(super) fn structure(view: &View, contents: &Contents) -> String {
    let (measured, mode) = (&contents.measured, &contents.structure_mode);
    let clean = clean_table(view, contents);
    if clean.is_empty() {
        return clean;
    }
    let conditions: String = SHOWN.map(|s| every_condition(view, measured, mode, s)).concat();
    let figure = contents.dimensions.as_ref().map_or_else(String::new, |f| {
        plate("dimensions", &f.svg, "Foreground logits over pixels, single scale where it was run: effective rank by severity (mean over corruptions), the same against the drop in mIoU (one dot a condition), and linear CKA between the clean and the corrupted logits of the same pixels, as far as they were counted. Whiskers: intervals over blocks of pictures.")
    });
    format!(
        "{clean}{}<h3>By severity</h3>\n<p class=\"caption\">Foreground logits, covariance over pixels, {mode}; mean over corruptions, small: {:.0} % interval over {} blocks of pictures. \
         CKA is 1 where the corrupted logits are the clean ones up to rotation and scale; elastic_transform moves content, so that pixels no longer pair.</p>\n{}{figure}{conditions}",
        wiggle(view, contents),
        measured.bootstrap().level * 100.0,
        measured.blocks(),
        by_severity(view, measured, mode, &SHOWN)
    )
}

/// Every spectrum of Figure 4 in numbers.
fn clean_table(view: &View, contents: &Contents) -> String {
    let mut rows = String::new();
    // A mean over seeds is not a whole number of components.
    let whole = usize::from(view.models.iter().any(|m| view.seeds(m).len() > 1));
    for of in [SpectrumOf::ClassMeans, SpectrumOf::PixelCovariance] {
        for channels in [Channels::All, Channels::Foreground] {
            for model in &view.models {
                let get =
                    |m| contents.measured.interval(model, &contents.structure_mode, &Condition::clean(), m);
                let found = [
                    (get(Measure::EffectiveRank(of, channels)), 2),
                    (get(Measure::ParticipationRatio(of, channels)), 2),
                    (get(Measure::To90(of, channels)), whole),
                    (get(Measure::To95(of, channels)), whole),
                ];
                if found.iter().all(|f| f.0.is_none()) {
                    continue;
                }
                let cells: String = found.iter().map(|(i, d)| cell(*i, *d)).collect();
                let channels = if channels == Channels::All { "all" } else { "foreground" };
                rows.push_str(&format!(
                    "<tr><td class=\"stub\" data-value=\"{0}\">{0}</td><td class=\"stub\" data-value=\"{1}\">{1}</td><td class=\"stub\" data-value=\"{channels}\">{channels}</td>{cells}</tr>\n",
                    escape(&view.title(model)),
                    escape(of.title())
                ));
            }
        }
    }
    if rows.is_empty() {
        return rows;
    }
    let stub = |h: &str| format!("<th class=\"stub\"><button type=\"button\">{h}</button></th>");
    let head = |h: &str| format!("<th><button type=\"button\">{h}</button></th>");
    format!(
        "<p class=\"caption\">Of the spectra of Figure 4 in numbers, clean pictures, {mode}, mean over training seeds; small: {:.0} % interval over {} blocks of pictures. Effective rank: exp of the entropy of the explained-variance shares. \
         Participation ratio: (sum of eigenvalues)² / sum of their squares. Then how many components reach 90 % and 95 %.</p>\n\
         <div class=\"scroll\" tabindex=\"0\"><table class=\"sortable\"><thead><tr>{}{}</tr></thead><tbody>\n{rows}</tbody></table></div>\n",
        contents.measured.bootstrap().level * 100.0,
        contents.measured.blocks(),
        ["Model", "Matrix", "Channels"].map(stub).concat(),
        ["effective rank", "participation ratio", "to 90 %", "to 95 %"].map(head).concat(),
        mode = contents.structure_mode
    )
}

fn cell(interval: Option<Interval>, decimals: usize) -> String {
    let Some(i) = interval else { return "<td data-value=\"\">–</td>".to_owned() };
    format!(
        "<td data-value=\"{}\">{}<small>{} to {}</small></td>",
        i.value,
        fixed(i.value, decimals),
        fixed(i.low, decimals),
        fixed(i.high, decimals)
    )
}

/// Does "wiggle room" predict robustness? Empty text where too few conditions have moments.
fn wiggle(view: &View, contents: &Contents) -> String {
    let first = contents.wiggle.iter().filter(|t| t.measure == Measure::DIMENSIONS);
    let rows: String = first
        .map(|t| {
            let (model, other) = &t.subject;
            let name = match other {
                None => view.title(model),
                Some(o) => format!("{} − {}", view.title(model), view.title(o)),
            };
            let second = contents.wiggle.iter().find(|o| o.subject == t.subject && o.measure != t.measure);
            let cells = [
                correlation(Some(t.rho)),
                correlation(t.within_severity),
                correlation(second.map(|s| s.rho)),
                correlation(second.and_then(|s| s.within_severity)),
            ];
            format!(
                "<tr><td class=\"stub\" data-value=\"{0}\">{0}</td><td>{1}</td>{2}</tr>\n",
                escape(&name),
                t.conditions,
                cells.concat()
            )
        })
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    let mode: &Mode = &contents.structure_mode;
    format!(
        "<h3>Does \"wiggle room\" predict robustness?</h3>\n<p class=\"caption\">Spearman's rho, from condition to condition, of the dimensionality of the foreground logits with the drop in mIoU ({mode}), with its interval over blocks of pictures and over corruptions. \
         The paper's account asks for a negative one: more dimensions, smaller drop. Severity moves both, so the second column of each measure holds severity fixed (mean of rho over severities). \
         A row \"A − B\": does A lose less than B where it has more dimensions than B? A correlation is no proof of a cause.</p>\n\
         <div class=\"scroll\" tabindex=\"0\"><table class=\"sortable\"><thead><tr class=\"groups\"><th></th><th></th><th colspan=\"2\">effective rank</th><th colspan=\"2\">participation ratio</th></tr>\
         <tr><th class=\"stub\"><button type=\"button\">Model</button></th><th>conditions</th>{0}{0}</tr></thead><tbody>\n{rows}</tbody></table></div>\n",
        ["rho with the drop", "rho within a severity"]
            .map(|h| format!("<th><button type=\"button\">{h}</button></th>"))
            .concat()
    )
}

fn correlation(interval: Option<Interval>) -> String {
    let Some(i) = interval else { return "<td data-value=\"\">–</td>".to_owned() };
    let tag = match (i.excludes_zero(), i.value < 0.0) {
        (true, true) => "<span class=\"tag yes\">negative</span>",
        (true, false) => "<span class=\"tag yes\">positive</span>",
        _ => "<span class=\"tag\">not established</span>",
    };
    format!(
        "<td data-value=\"{}\">{}<small>{}</small>{tag}</td>",
        i.value,
        signed(i.value, 2),
        range(&i, 1.0, 2)
    )
}
