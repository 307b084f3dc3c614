//! Dimensionality: spectra of the clean logits, by severity, by condition, and its correlation with the drop
//! in mIoU.

use super::by_severity::{Shown, by_severity, every_condition};
use super::figures::plate;
use super::parts::{empty, first_draw, head, level, measure, stub, stub_head};
use crate::bootstrap::Interval;
use crate::contents::Contents;
use crate::format::{range, signed};
use crate::measures::Measure;
use crate::spectrum::{Channels, SpectrumOf};
use crate::wiggle::WiggleTest;
use maud::{Markup, PreEscaped, html};
use scribe_records::{Condition, ModelId};

const FOREGROUND: (SpectrumOf, Channels) = (SpectrumOf::PixelCovariance, Channels::Foreground);

/// The measures of the foreground logits over pixels.
const SHOWN: [Shown; 5] = [
    (Measure::DIMENSIONS, "effective rank", 2),
    (Measure::ParticipationRatio(FOREGROUND.0, FOREGROUND.1), "participation ratio", 2),
    (Measure::To90(FOREGROUND.0, FOREGROUND.1), "components to 90 %", 1),
    (Measure::To95(FOREGROUND.0, FOREGROUND.1), "components to 95 %", 1),
    (Measure::Cka, "linear CKA, clean and corrupted", 3),
];

/// The whole section; `None` without moments.
pub(super) fn structure(c: &Contents<'_>) -> Option<Markup> {
    let mode = &c.structure_mode;
    let clean = clean_table(c)?;
    Some(html! {
        (clean) (wiggle(c))
        h3 { "By severity" } "\n"
        p.caption {
            (over(c)) ", covariance over pixels, " (mode) "; mean over corruptions, small: "
            (level(c.measured.bootstrap())) " % interval over " (c.measured.blocks()) " blocks of pictures. \
             CKA is 1 where the corrupted logits are the clean ones up to rotation and scale; \
             elastic_transform moves content, so that pixels no longer pair." (first_draw(c))
        } "\n"
        @if let Some(table) = by_severity(c, mode, &SHOWN) { (table) }
        @if let Some(figure) = &c.dimensions {
            (plate("dimensions", &figure.svg, &format!("{} over pixels, single scale where it was run: \
                effective rank by severity (mean over corruptions), the same against the drop in mIoU (one \
                dot a condition), and linear CKA between the clean and the corrupted logits of the same \
                pixels, as far as they were counted. Whiskers: intervals over blocks of pictures.{}",
                over(c), logits_alone(c))))
        }
        @for shown in SHOWN {
            @if let Some(table) = every_condition(c, mode, shown) { (table) }
        }
    })
}

/// Of numbers that set logits beside mIoU: that the former are of the first draw alone.
fn logits_alone(c: &Contents<'_>) -> &'static str {
    if c.view.draw_count() > 1 {
        " Logits are those of the first draw of the corruptions alone, mIoU is over all draws."
    } else {
        ""
    }
}

/// Which logits the numbers are of, at the start of a sentence.
fn over(c: &Contents<'_>) -> &'static str {
    if c.view.without_background { "Logits" } else { "Foreground logits" }
}

/// Every spectrum of Figure 4 in numbers.
fn clean_table(c: &Contents<'_>) -> Option<Markup> {
    let mut rows = Vec::new();
    for of in [SpectrumOf::ClassMeans, SpectrumOf::PixelCovariance] {
        for &channels in Channels::of(c.view.without_background) {
            rows.extend(c.view.models.iter().filter_map(|model| clean_row(c, model, of, channels)));
        }
    }
    (!rows.is_empty()).then(|| {
        html! {
            p.caption {
                "Of the spectra of Figure 4 in numbers, clean pictures, " (c.structure_mode) ", mean over \
                 training seeds; small: " (level(c.measured.bootstrap())) " % interval over \
                 " (c.measured.blocks())
                " blocks of pictures. Effective rank: exp of the entropy of the explained-variance shares. \
                 Participation ratio: (sum of eigenvalues)² / sum of their squares. Then how many components \
                 reach 90 % and 95 %."
            } "\n"
            div.scroll tabindex="0" {
                table.sortable {
                    thead {
                        tr {
                            @for name in ["Model", "Matrix", "Channels"] { (stub_head(name)) }
                            @for name in ["effective rank", "participation ratio", "to 90 %", "to 95 %"] {
                                (head(name))
                            }
                        }
                    }
                    tbody { "\n" @for row in &rows { (row) } }
                }
            } "\n"
        }
    })
}

fn clean_row(c: &Contents<'_>, model: &ModelId, of: SpectrumOf, channels: Channels) -> Option<Markup> {
    let get = |m| c.measured.interval(model, &c.structure_mode, &Condition::clean(), m);
    // A mean over seeds is not a whole number of components.
    let whole = usize::from(c.view.models.iter().any(|m| c.view.seeds(m).len() > 1));
    let found = [
        (get(Measure::EffectiveRank(of, channels)), 2),
        (get(Measure::ParticipationRatio(of, channels)), 2),
        (get(Measure::To90(of, channels)), whole),
        (get(Measure::To95(of, channels)), whole),
    ];
    let channels = if channels == Channels::All { "all" } else { "foreground" };
    found.iter().any(|f| f.0.is_some()).then(|| {
        html! {
            tr {
                (stub(&c.view.title(model))) (stub(of.title())) (stub(channels))
                @for (interval, decimals) in found { (measure(interval, decimals)) }
            } "\n"
        }
    })
}

/// Does "wiggle room" predict robustness? Nothing where too few conditions have moments.
fn wiggle(c: &Contents<'_>) -> Markup {
    let tests: Vec<_> = c.wiggle.iter().filter(|t| t.measure == Measure::DIMENSIONS).collect();
    html! {
        @if !tests.is_empty() {
            h3 { (PreEscaped("Does \"wiggle room\" predict robustness?")) } "\n"
            p.caption {
                "Spearman's rho, from condition to condition, of the dimensionality of the "
                (c.view.foreground_logits()) " with the drop in mIoU (" (c.structure_mode) "), with its interval over blocks of pictures \
                 and over corruptions. The paper's account asks for a negative one: more dimensions, smaller \
                 drop. Severity moves both, so the second column of each measure holds severity fixed (mean \
                 of rho over severities). " (PreEscaped("A row \"A − B\": does A")) " lose less than B where \
                 it has more dimensions than B? A correlation is no proof of a cause." (logits_alone(c))
            } "\n"
            div.scroll tabindex="0" {
                table.sortable {
                    thead {
                        tr.groups {
                            th {} th {} th colspan="2" { "effective rank" }
                            th colspan="2" { "participation ratio" }
                        }
                        tr {
                            (stub_head("Model")) th { "conditions" }
                            @for _ in 0..2 { (head("rho with the drop")) (head("rho within a severity")) }
                        }
                    }
                    tbody { "\n" @for test in &tests { (wiggle_row(c, test)) } }
                }
            } "\n"
        }
    }
}

fn wiggle_row(c: &Contents<'_>, test: &WiggleTest) -> Markup {
    let (model, other) = &test.subject;
    let other = other.as_ref().map_or_else(String::new, |o| format!(" − {}", c.view.title(o)));
    let second = c.wiggle.iter().find(|o| o.subject == test.subject && o.measure != test.measure);
    html! {
        tr {
            (stub(&format!("{}{other}", c.view.title(model)))) td { (test.conditions) }
            (correlation(Some(test.rho))) (correlation(test.within_severity))
            (correlation(second.map(|s| s.rho))) (correlation(second.and_then(|s| s.within_severity)))
        } "\n"
    }
}

fn correlation(interval: Option<Interval>) -> Markup {
    let Some(i) = interval else { return empty() };
    html! {
        td data-value=(i.value) {
            (signed(i.value, 2)) small { (range(&i, 1.0, 2)) }
            @match (i.excludes_zero(), i.value < 0.0) {
                (true, true) => span.tag.yes { "negative" },
                (true, false) => span.tag.yes { "positive" },
                _ => span.tag { "not established" },
            }
        }
    }
}
