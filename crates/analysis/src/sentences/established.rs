//! Sentences on which comparisons are established and which are not.

use super::calibration::{self, calibration};
use super::modes::modes;
use super::verdict::verdict;
use crate::bootstrap::Interval;
use crate::contents::Contents;
use crate::errors::{self, background_interval};
use crate::format::{end, list, p_value, range, signed, signed_end};
use crate::measures::Measure;
use crate::names::Group;
use crate::summary::{ModelResults, Quantity};
use crate::tables::duels;
use crate::verdict::HoldsFor;
use scribe_records::Condition;

/// A sentence or two for every pair of models, then sentences on dimensionality, label frequency and calibration.
pub(crate) fn established(contents: &Contents<'_>) -> Vec<String> {
    let mut out = Vec::new();
    let shown = contents.shown();
    for (i, b) in shown.iter().enumerate() {
        out.extend(shown[i + 1..].iter().filter_map(|a| pair(contents, a, b)));
    }
    out.extend(modes(contents));
    out.extend(background(contents));
    out.extend(dimensions(contents));
    out.extend(wiggle(contents));
    out.extend(frequency(contents));
    out.extend(calibration(contents));
    out
}

fn pair(contents: &Contents<'_>, a: &ModelResults<'_>, b: &ModelResults<'_>) -> Option<String> {
    let gap = |quantity| contents.resampled.paired_gap(a, b, quantity);
    let holds = HoldsFor::of(contents.view, [a.model(), b.model()]);
    let under = verdict(&gap(Quantity::Cor)?, holds);
    let mut text = format!("{} against {}: under corruption {under}", a.title(), b.title());
    if let Some(kept) = gap(Quantity::Rpc) {
        text.push_str(&format!("; share of the clean mIoU that is kept {}", verdict(&kept, holds)));
    }
    let groups = |wanted: fn(&Interval) -> bool| -> Vec<String> {
        let found = Group::ALL.into_iter().filter(|g| gap(Quantity::Group(*g)).is_some_and(|i| wanted(&i)));
        found.map(|g| g.title().to_lowercase()).collect()
    };
    let (ahead, behind) = (groups(|i| i.low > 0.0), groups(|i| i.high < 0.0));
    let named = |names: &[String]| if names.is_empty() { "none".to_owned() } else { list(names) };
    text.push_str(&format!(
        ". Groups where it is {} to be ahead: {}; behind: {}.",
        holds.established(),
        named(&ahead),
        named(&behind)
    ));
    let all = duels(&contents.differences, contents.mode_choice);
    if let Some(d) = all.iter().find(|d| d.a == *a.model() && d.b == *b.model()) {
        let [won, open, lost] = d.by_interval;
        text.push_str(&format!(
            " Of {} single conditions its number is the higher one in {} and the lower one in {}: established to be ahead in {won} \
             and behind in {lost}; in {open} the interval holds zero.",
            won + open + lost,
            d.by_digits[0],
            d.by_digits[2]
        ));
    }
    text.extend(calibration::difference(contents, (a.model(), b.model())));
    Some(text)
}

fn background(contents: &Contents<'_>) -> Option<String> {
    let view = contents.view;
    let parts: Vec<String> = view
        .models
        .iter()
        .filter_map(|m| {
            let i = background_interval(view, m, &contents.results.detail_mode(m), &contents.bootstrap)?;
            let word = HoldsFor::of(view, [m]).established();
            let word = match (i.low > 0.5, i.high < 0.5) {
                (true, _) => format!("{word} to be more than half"),
                (_, true) => format!("{word} to be less than half"),
                _ => "not established on which side of one half".to_owned(),
            };
            Some(format!(
                "{} {}\u{a0}% ({}, {word})",
                view.title(m),
                end(i.value * 100.0, 1),
                range(&i, 100.0, 1)
            ))
        })
        .collect();
    (!parts.is_empty()).then(|| {
        format!(
            "Of the wrong foreground pixels under corruption, so many go to background and not to another class (mostly, says the paper): {}.",
            list(&parts)
        )
    })
}

fn dimensions(contents: &Contents<'_>) -> Option<String> {
    let view = contents.view;
    let (b, s) = (view.model_named("Baseline")?, view.model_named("SCrIBE")?);
    let clean = Condition::clean();
    let gap = contents.measured.gap((s, b), &contents.structure_mode, &[clean], Measure::DIMENSIONS)?;
    let word = HoldsFor::of(view, [s, b]).established();
    let text = match (gap.excludes_zero(), gap.value > 0.0) {
        (true, true) => format!(
            "{word} to be higher, as the paper's account needs; that alone does not show that it is the cause of anything"
        ),
        (true, false) => format!("{word} to be lower, against the paper's account"),
        _ => "not established to differ".to_owned(),
    };
    let edge = if gap.near_edge() { "; near the edge: other resamples could turn it" } else { "" };
    Some(format!(
        "SCrIBE's effective rank (clean, {} over pixels) minus {}'s is {} ({}): {text}{edge}.",
        view.foreground_logits(),
        view.title(b),
        signed_end(gap.value, 2),
        range(&gap, 1.0, 2)
    ))
}

fn wiggle(contents: &Contents<'_>) -> Option<String> {
    let view = contents.view;
    let sentence = |pairs: bool| {
        let parts: Vec<String> = contents
            .wiggle
            .iter()
            .filter(|t| t.measure == Measure::DIMENSIONS && t.subject.1.is_some() == pairs)
            .map(|t| {
                let (rho, held) = t.judged();
                let word = match (rho.excludes_zero(), rho.value < 0.0) {
                    (true, true) => "supports it",
                    (true, false) => "speaks against it",
                    _ => "does not tell",
                };
                let over = if held { "" } else { "over all severities, " };
                let other =
                    t.subject.1.as_ref().map_or_else(String::new, |o| format!(" − {}", view.title(o)));
                format!("{}{other} {} ({over}{word})", view.title(&t.subject.0), signed(rho.value, 2))
            })
            .collect();
        list(&parts)
    };
    let (own, pairs) = (sentence(false), sentence(true));
    (!own.is_empty()).then(|| {
        let between = if pairs.is_empty() {
            String::new()
        } else {
            format!(" Between models, where one has more dimensions than the other: {pairs}.")
        };
        format!("Does \"wiggle room\" predict robustness? Rank correlation of effective rank with the drop in mIoU within a severity, mean over severities (negative supports it): {own}.{between}")
    })
}

fn frequency(contents: &Contents<'_>) -> Option<String> {
    let view = contents.view;
    let pixels = view.about.training_pixels.as_ref()?;
    let parts: Vec<String> = view
        .models
        .iter()
        .filter_map(|m| {
            let test =
                errors::frequency(view, m, &contents.results.detail_mode(m), pixels, &contents.bootstrap)?;
            Some(format!(
                "{} {} (permutation {}, {})",
                view.title(m),
                signed(test.rho.value, 2),
                p_value(test.p),
                test.verdict(HoldsFor::of(view, [m]))
            ))
        })
        .collect();
    (!parts.is_empty()).then(|| {
        let classes = if view.without_background { "classes" } else { "foreground classes" };
        format!(
            "Do confusions between {classes} follow the label frequency of the training set, as the paper says? Rank correlation over classes: {}.",
            list(&parts)
        )
    })
}
