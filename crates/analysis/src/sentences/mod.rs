//! The report's summary in sentences that are composed from the numbers: what they say and what they do not say.

mod calibration;
mod established;
mod modes;
mod training;
mod verdict;

pub(crate) use established::established;

use crate::bootstrap::Bootstrap;
use crate::contents::Contents;
use crate::format::{fixed, list, percent_sign};
use crate::measures::Measure;
use crate::names::COLUMNS;
use crate::summary::{ModelResults, mean};
use crate::unfinished::unfinished;
use crate::verdict::{ENOUGH_SEEDS, HoldsFor, ONE_PICTURE, few_sequences};
use crate::view::View;
use scribe_records::{Condition, FrostSource, Mode, ModelId};

/// What the numbers say, one paragraph an entry.
pub(crate) fn findings(contents: &Contents<'_>) -> Vec<String> {
    [ranking, kept, extremes, dimensions].into_iter().filter_map(|finding| finding(contents)).collect()
}

/// What the numbers do not say, one sentence an entry.
pub(crate) fn limits(view: &View, how: &Bootstrap) -> Vec<String> {
    let mut out = Vec::new();
    if view.about.synthetic {
        out.push("The pictures are generated. The run shows that every part works and meets; it is not evidence about PASCAL VOC, and its numbers should not be set against the paper's by size.".to_owned());
    }
    out.extend(unfinished(view));
    let n = view.images.len();
    if n < 500 {
        out.push(format!(
            "{} few{}: a small difference between models may be chance.",
            if n == 1 { "1 picture is".to_owned() } else { format!("{n} pictures are") },
            if view.is_of_voc() { " (the paper uses 1449)" } else { "" }
        ));
    }
    out.extend(training::known(view));
    if view.models.len() > 1 {
        out.push(established_means(view));
    }
    out.extend(draws(view));
    out.extend(sequences(how, n));
    if view
        .about
        .implementations
        .get("frost")
        .is_some_and(|i| FrostSource::from(i.as_str()) == FrostSource::Procedural)
    {
        out.push("Frost was made with generated textures, so its column stands for \"a frost-like overlay\" and not for the reference's frost.".to_owned());
    }
    out.extend(modes_alone(view));
    out.extend(without_logits(view));
    out
}

/// What a verdict is, and what it is about.
fn established_means(view: &View) -> String {
    let holds_for = HoldsFor::of(view, &view.models);
    let pictures = if holds_for == HoldsFor::ThisPicture { "this picture" } else { "pictures like these" };
    let about = match holds_for {
        HoldsFor::ThisPicture => ONE_PICTURE.to_owned(),
        HoldsFor::TheseTrainings => format!(
            "\"For these trainings\": with fewer than {ENOUGH_SEEDS} training seeds it is about the networks of this run, and \
             not about networks that the same recipe would train with other seeds."
        ),
        HoldsFor::TrainingsLikeThese => {
            "Each model has so many training seeds that it is about trainings like these.".to_owned()
        }
    };
    format!(
        "\"Established\" means that a 95\u{a0}% bootstrap interval leaves out zero, on {pictures} (METHODOLOGY.md has a \
         table of what each sentence is about and what its test draws). {about} It is not corrected for the number of \
         comparisons, and it says nothing about another recipe, network or data set."
    )
}

/// What is not known of other draws of the corruptions; nothing without corruptions.
fn draws(view: &View) -> Option<String> {
    if let Some(first) = view.of_first_draw() {
        let rest = first.strip_prefix("Of ").unwrap_or(&first);
        return Some(format!(
            "Wrong pixels, hardest pictures, logits, calibration and the pictures that are shown are of {rest} All other numbers \
             are over all draws."
        ));
    }
    (!view.corrupted().is_empty()).then(|| {
        "The corruptions were drawn once. How far another draw of their random numbers would move a number is in no interval; \
         eval.master_seeds in the recipe draws them several times."
            .to_owned()
    })
}

/// What intervals over sequences of pictures leave out; nothing where pictures are drawn one by one.
fn sequences(how: &Bootstrap, pictures: usize) -> Option<String> {
    let few = few_sequences(pictures, how.sequence).map_or_else(String::new, |whole| {
        format!(
            " The {pictures} pictures are {whole} whole sequences: of so few, intervals are too narrow, and \"established\" is said \
             too often (METHODOLOGY.md says by how much)."
        )
    });
    (how.sequence > 1).then(|| {
        format!(
            "Pictures that follow each other by their ids are taken to be alike, as frames of a video are: resamples draw \
             them in sequences of {}.{few} Intervals over blocks of pictures (dimensionality, CKA, calibration, END) and the \
             division into pictures, draws and trainings take every picture by itself, and are too narrow.",
            how.sequence
        )
    })
}

/// What is not an average over modes of inference, where there are several.
fn modes_alone(view: &View) -> Option<String> {
    let modes = view.modes();
    (modes.len() > 1 && modes.contains(&Mode::single())).then(|| {
        "Wrong pixels, dimensionality, CKA, calibration and END are of single scale alone, and not averages over the modes."
            .to_owned()
    })
}

/// The sentence on models of which only label maps are known.
fn without_logits(view: &View) -> Option<String> {
    let has_counts = |m: &&ModelId| view.confusions.keys().any(|cell| cell.series.model == **m);
    let has_sums = |m: &ModelId| view.sums.keys().any(|(cell, _)| cell.series.model == *m);
    let without = view.models.iter().filter(|m| has_counts(m) && !has_sums(m));
    let names: Vec<String> = without.map(|m| view.title(m)).collect();
    (!names.is_empty()).then(|| {
        format!(
            "No logits were counted of {}, so dimensionality, CKA, calibration and END are missing there: a network whose classes are mapped to those that are scored, and predictions that are label maps, have none, and a recipe can leave them out.",
            list(&names)
        )
    })
}

fn ranking(contents: &Contents<'_>) -> Option<String> {
    let parts: Vec<String> = ranked(contents)
        .into_iter()
        .filter_map(|(of, cor)| Some(format!("{} {}", of.title(), change(of.clean()?, cor))))
        .collect();
    let n = contents.shown().iter().map(|of| of.measured_conditions()).max().unwrap_or(0);
    (!parts.is_empty()).then(|| {
        format!(
            "mIoU from clean to the mean over {n} corrupted conditions ({}): {}.",
            contents.mode_choice.title(),
            list(&parts)
        )
    })
}

fn kept(contents: &Contents<'_>) -> Option<String> {
    let part = |of: &ModelResults<'_>| Some(format!("{} {}", of.title(), percent_sign(of.rpc()?)));
    let parts: Vec<String> = contents.shown().into_iter().filter_map(part).collect();
    (!parts.is_empty()).then(|| {
        format!(
            "Of its own clean mIoU each model keeps, on average under corruption (rPC): {}.",
            list(&parts)
        )
    })
}

fn extremes(contents: &Contents<'_>) -> Option<String> {
    let shown = contents.shown();
    let over_models = |name: &str| mean(shown.iter().filter_map(|of| of.corruption_mean(name)));
    let mut means: Vec<(&str, f64)> =
        COLUMNS.iter().filter_map(|c| Some((c.title, over_models(c.name)?))).collect();
    means.sort_by(|a, b| a.1.total_cmp(&b.1));
    let (worst, best) = (means.first()?, means.last()?);
    // Only what fell was hurt.
    let clean = mean(shown.iter().filter_map(|of| of.clean()));
    let hurts = |to: f64| clean.is_none_or(|from| change(from, to).starts_with("falls"));
    let (most, least) = match (hurts(worst.1), hurts(best.1)) {
        (true, true) => ("hurts most", "least"),
        (true, false) => ("hurts most", "does not hurt"),
        _ => ("has the lowest mean", "the highest"),
    };
    (means.len() > 1).then(|| {
        format!(
            "Averaged over models and severities, {} {most} ({} mIoU) and {} {least} ({}).",
            worst.0,
            percent_sign(worst.1),
            best.0,
            percent_sign(best.1)
        )
    })
}

/// The same numbers, with the same decimals, as the table of dimensionality has.
fn dimensions(contents: &Contents<'_>) -> Option<String> {
    let (mode, clean) = (&contents.structure_mode, Condition::clean());
    let rank = |m: &ModelId| contents.measured.interval(m, mode, &clean, Measure::DIMENSIONS);
    let part = |m: &ModelId| Some(format!("{} {}", contents.view.title(m), fixed(rank(m)?.value, 2)));
    let parts: Vec<String> = contents.view.models.iter().filter_map(part).collect();
    (!parts.is_empty()).then(|| {
        format!(
            "Effective rank of the {} over clean pixels: {}.",
            contents.view.foreground_logits(),
            list(&parts)
        )
    })
}

/// How a share in [0, 1] changes, as the reader sees it: two numbers that are printed alike are one.
fn change(from: f64, to: f64) -> String {
    let (was, is) = (percent_sign(from), percent_sign(to));
    match () {
        () if was == is => format!("stays at {is}"),
        () if to > from => format!("rises from {was} to {is}"),
        () => format!("falls from {was} to {is}"),
    }
}

/// Models by corrupted mIoU, highest first.
fn ranked<'a>(contents: &'a Contents<'_>) -> Vec<(&'a ModelResults<'a>, f64)> {
    let mut order: Vec<_> = contents.shown().into_iter().filter_map(|of| Some((of, of.mpc()?))).collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    order
}
