//! The notes under a table, which a reader needs before comparing its numbers.

use crate::format::list;
use crate::measures::Kind;
use crate::names::COLUMNS;
use crate::summary::{ModeChoice, ModelResults, Results};
use crate::unfinished::unfinished;
use crate::view::View;
use scribe_base::human;
use scribe_records::{FrostSource, Mode, ModelId};
use std::collections::BTreeSet;

/// Which set, how many pictures, which classes are absent, which corruptions are missing, which frost.
pub(crate) fn notes(results: &Results<'_>, choice: ModeChoice) -> Vec<String> {
    let view = results.view();
    let mut out = vec![set(view)];
    out.extend(classes(view));
    out.extend(coverage(results));
    out.extend(uneven(results));
    out.extend(frost(view));
    out.extend(pipeline(view));
    out.extend(seeds(view));
    out.extend(draws(view));
    out.extend(unfinished(view));
    out.extend(extras(view));
    out.extend(parts(view));
    out.extend(modes(results, choice));
    out
}

fn set(view: &View) -> String {
    let name = if view.about.set.is_empty() { "unnamed set" } else { &view.about.set };
    let kind = if view.about.synthetic {
        " These are generated pictures: the numbers say nothing about PASCAL VOC and are not to be compared with the paper's by size."
    } else {
        ""
    };
    format!("Set: {name}, {}.{kind}", human::count(view.images.len(), "picture"))
}

fn classes(view: &View) -> Option<String> {
    let absent = view.absent_classes();
    (!absent.is_empty()).then(|| {
        format!(
            "{} of {} classes have no pixel in the labels ({}); a class that is neither labelled nor predicted is left out of the mean, one that is only predicted counts as 0.",
            absent.len(),
            view.classes.len(),
            absent.join(", ")
        )
    })
}

fn coverage(results: &Results<'_>) -> Option<String> {
    let most = results.all(ModeChoice::AsPrinted).map(ModelResults::measured_conditions).max()?;
    let corrupted = results.view().corrupted();
    let missing: Vec<&str> = COLUMNS
        .iter()
        .map(|c| c.name)
        .filter(|name| !corrupted.iter().any(|c| c.corruption == **name))
        .collect();
    (most < 75).then(|| {
        let names =
            if missing.is_empty() { String::new() } else { format!(" Not run: {}.", missing.join(", ")) };
        format!("Only {most} of the paper's 75 conditions were run; means are over those.{names}")
    })
}

fn draws(view: &View) -> Option<String> {
    let seeds: Vec<String> = view.master_seeds.iter().map(u64::to_string).collect();
    let drawn: BTreeSet<&ModelId> = view.further.keys().map(|cell| &cell.series.model).collect();
    let once = view.models.iter().filter(|model| !drawn.contains(model)).map(|model| view.title(model));
    let once: Vec<String> = once.collect();
    let without = match once.as_slice() {
        [] => String::new(),
        once => format!(" Under the first alone: {}.", list(once)),
    };
    (seeds.len() > 1).then(|| {
        format!(
            "Under corruptions that draw random numbers, each number is the mean over {} draws (master seeds {}).{without}",
            seeds.len(),
            list(&seeds)
        )
    })
}

/// Notes on models whose cells are made of other modes than the others', and on results that no table shows.
fn modes(results: &Results<'_>, choice: ModeChoice) -> Vec<String> {
    let view = results.view();
    let mut out = Vec::new();
    if choice != ModeChoice::AsPrinted {
        out.push(format!(
            "Cells of Table 1 hold {} results only; the paper's cells average single scale and multi-scale.",
            choice.title()
        ));
    } else {
        out.extend(results.all(ModeChoice::AsPrinted).filter_map(other_modes));
    }
    let unknown: Vec<String> =
        view.modes().iter().filter(|m| ModeChoice::of(m).is_none()).map(|m| format!("`{m}`")).collect();
    if !unknown.is_empty() {
        let known = ModeChoice::OF_ONE_MODE.map(|c| c.key().to_owned());
        out.push(format!(
            "Results in mode {} are stored, but no table shows them: the modes that tables know are {}.",
            list(&unknown),
            list(&known)
        ));
    }
    out
}

/// The note on a model whose cells are not the average of single scale and multi-scale.
fn other_modes(of: &ModelResults<'_>) -> Option<String> {
    let (view, [mode]) = (of.view(), of.modes()) else { return None };
    let words = ModeChoice::of(mode).map_or(mode.as_str(), |c| c.title());
    let conditions = |choice: ModeChoice| {
        let mine = view.confusions.keys().filter(|c| c.series.model == *of.model());
        let of_mode = mine.filter(|c| c.series.mode.as_str() == choice.key());
        of_mode.map(|c| &c.condition).collect::<BTreeSet<_>>().len()
    };
    let run: Vec<String> = ModeChoice::held_by(view)
        .into_iter()
        .map(|c| (c, conditions(c)))
        .filter(|(_, n)| *n > 0)
        .map(|(c, n)| format!("{} under {n} conditions", c.title()))
        .collect();
    Some(format!(
        "{} is shown {} only (mode {mode}), not as the average of single scale and multi-scale: it was run {}. Compare it with the other models by their {} results (Table 2, cells.csv).",
        of.title(),
        words,
        list(&run),
        words,
    ))
}

fn extras(view: &View) -> Option<String> {
    let names = view.extras();
    (!names.is_empty()).then(|| {
        format!(
            "{} {} not among the paper's fifteen corruptions: {} in no mean, rank, error split, correlation or list of pictures, and {} a table of {} own.",
            list(&names),
            if names.len() == 1 { "is" } else { "are" },
            if names.len() == 1 { "it counts" } else { "they count" },
            if names.len() == 1 { "has" } else { "have" },
            if names.len() == 1 { "its" } else { "their" },
        )
    })
}

/// Numbers made of logits that only some of the pictures have, as when another program's files are part `.npy` and
/// part `.png`.
fn parts(view: &View) -> Vec<String> {
    let part = |model: &ModelId| {
        let (with, scored) = sparsest(view, model)?;
        Some(format!(
            "{} has logits or probabilities for a part of its pictures only ({with} of {scored} in the sparsest condition): its dimensionality, CKA, calibration and END are of those pictures, and are not to be set beside other models'.",
            view.title(model),
        ))
    };
    view.models.iter().filter_map(part).collect()
}

/// The pictures with logits, and all that were scored, of the condition in which a model has least of them; `None`
/// where all have them, or none.
fn sparsest(view: &View, model: &ModelId) -> Option<(usize, usize)> {
    let kinds: BTreeSet<(&Mode, Kind)> = view
        .counted
        .keys()
        .filter(|(cell, _)| cell.series.model == *model)
        .map(|(cell, kind)| (&cell.series.mode, *kind))
        .collect();
    let cells = view.per_image.iter().filter(|(cell, _)| cell.series.model == *model);
    let counts = cells.flat_map(|(cell, pictures)| {
        // Not every condition is compared with clean logits: they themselves are not, nor is every severity of many classes.
        let compared = view.counted.contains_key(&(cell.clone(), Kind::CleanCorrupted));
        let of_mode = kinds.iter().filter(move |(mode, kind)| {
            **mode == cell.series.mode && (compared || *kind != Kind::CleanCorrupted)
        });
        of_mode
            .map(|(_, kind)| (view.counted.get(&(cell.clone(), *kind)).copied().unwrap_or(0), pictures.len()))
    });
    counts.filter(|(with, scored)| with < scored).min()
}

/// Models with fewer conditions than another: their means are over other conditions than the others' means.
fn uneven(results: &Results<'_>) -> Option<String> {
    let count = |of: &ModelResults<'_>| (of.title(), of.measured_conditions());
    let counts: Vec<(String, usize)> = results.all(ModeChoice::AsPrinted).map(count).collect();
    let most = counts.iter().map(|(_, n)| *n).max()?;
    let fewer: Vec<String> =
        counts.iter().filter(|(_, n)| *n < most).map(|(title, n)| format!("{title} ({n})")).collect();
    (!fewer.is_empty()).then(|| {
        format!(
            "Fewer corrupted conditions than the others' {most} were run of {}: means of these models are over other conditions.",
            list(&fewer)
        )
    })
}

fn frost(view: &View) -> Option<String> {
    let implementation = view.about.implementations.get("frost")?;
    let used = view.corrupted().iter().any(|c| c.corruption == "frost");
    (used && FrostSource::from(implementation.as_str()) == FrostSource::Procedural).then(|| {
        format!(
            "Frost is \"{implementation}\": generated textures in place of the reference's photographs; its column is not comparable with others' frost."
        )
    })
}

/// How the corruptions were applied, where not as the references' own code and the paper apply them.
fn pipeline(view: &View) -> Vec<String> {
    let about = &view.about;
    let bgr = about.blue_first.then(|| {
        "Corruptions saw the channels as blue, green, red: snow, frost and JPEG compression are then not those of tables made with red first (METHODOLOGY.md)."
            .to_owned()
    });
    let before = about.corrupted_before_view.then(|| {
        "Pictures were corrupted at the size of their files and then brought to the size of the test: the resizing smooths what the corruption did, and the numbers are not comparable with those of corruptions at the size of the test (METHODOLOGY.md)."
            .to_owned()
    });
    bgr.into_iter().chain(before).collect()
}

fn seeds(view: &View) -> Option<String> {
    let of: Vec<(String, usize)> = view.models.iter().map(|m| (view.title(m), view.seeds(m).len())).collect();
    let most = of.iter().map(|(_, n)| *n).max().filter(|n| *n > 1)?;
    if of.iter().all(|(_, n)| *n == most) {
        return Some(format!("Each cell is the mean over {most} training seeds."));
    }
    let each: Vec<String> = of.iter().map(|(title, n)| format!("{title} {n}")).collect();
    Some(format!("Each cell is the mean over the model's training seeds: {}.", list(&each)))
}
