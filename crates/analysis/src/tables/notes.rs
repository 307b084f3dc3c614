//! The sentences under a table: what a reader must know before comparing its numbers.

use std::collections::BTreeSet;

use crate::names::COLUMNS;
use crate::summary::{self, Cells};
use crate::view::View;

/// Which set, how many pictures, which classes are absent, which corruptions are missing, which frost.
pub fn notes(view: &View, cells: Cells) -> Vec<String> {
    let mut out = vec![set(view)];
    out.extend(classes(view));
    out.extend(coverage(view));
    out.extend(frost(view));
    out.extend(seeds(view));
    out.extend(holes(view));
    if cells != Cells::AsPrinted {
        out.push(format!(
            "Cells of Table 1 hold {} results only; the paper's cells average single scale and multi-scale.",
            cells.title()
        ));
    }
    out
}

fn set(view: &View) -> String {
    let name = if view.about.set.is_empty() { "unnamed set" } else { &view.about.set };
    let kind = if view.about.synthetic {
        " These are generated pictures: the numbers say nothing about PASCAL VOC and are not to be compared with the paper's by size."
    } else {
        ""
    };
    format!("Set: {name}, {} pictures.{kind}", view.images.len())
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

fn coverage(view: &View) -> Option<String> {
    let most = view
        .models
        .iter()
        .flat_map(|m| [Cells::Single, Cells::Msc].map(|c| summary::measured_conditions(view, m, c)))
        .max()?;
    let missing: Vec<&str> = COLUMNS
        .iter()
        .map(|c| c.name)
        .filter(|name| !view.corrupted().iter().any(|c| c.corruption == **name))
        .collect();
    (most < 75).then(|| {
        let names =
            if missing.is_empty() { String::new() } else { format!(" Not run: {}.", missing.join(", ")) };
        format!("Only {most} of the paper's 75 conditions were run; means are over those.{names}")
    })
}

fn frost(view: &View) -> Option<String> {
    let implementation = view.about.implementations.get("frost")?;
    let used = view.corrupted().iter().any(|c| c.corruption == "frost");
    (used && implementation.contains("procedural")).then(|| {
        format!(
            "Frost is \"{implementation}\": generated textures in place of the reference's photographs; its column is not comparable with others' frost."
        )
    })
}

fn seeds(view: &View) -> Option<String> {
    let most = view.models.iter().map(|m| view.seeds(m).len()).max()?;
    (most > 1).then(|| format!("Each cell is the mean over up to {most} training seeds."))
}

fn holes(view: &View) -> Option<String> {
    let holes = view.holes();
    let conditions: BTreeSet<String> = holes.iter().map(|(c, _)| c.condition.to_string()).collect();
    (!holes.is_empty()).then(|| {
        format!(
            "INCOMPLETE: {} cells hold fewer pictures than the set ({} conditions); the run did not finish.",
            holes.len(),
            conditions.len()
        )
    })
}
