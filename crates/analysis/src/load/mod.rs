//! Reads a run's store into a [`View`].

mod budget;
mod panel;
mod png_header;
mod sums;
mod sweeps;

use crate::error::{Error, Result};
use crate::hashed_inputs::HashedInputs;
use crate::view::{About, Cell, Start, View};
use budget::Budget;
use panel::panels;
use scribe_records::{Condition, Error as Counts, Filter, Manifest, ModelId, Store, moment_block};
use std::collections::{BTreeMap, BTreeSet};

/// Reads everything that analysis needs out of a store.
///
/// # Errors
/// The store cannot be read, names a picture that its manifest does not list, or would take far more memory than a store of
/// its size does.
pub fn load(store: &Store) -> Result<View> {
    read(store).map_err(|error| match error {
        // Errors of counts that do not fit together know nothing of files.
        Error::Store(source @ (Counts::Class { .. } | Counts::Shape { .. } | Counts::Length { .. })) => {
            Error::Content { path: store.path().to_owned(), source }
        }
        other => other,
    })
}

fn read(store: &Store) -> Result<View> {
    let manifest = store.manifest();
    let mut view = View {
        about: about(store)?,
        classes: manifest.class_names.clone(),
        without_background: !manifest.has_background,
        palette: palette(manifest),
        images: manifest.images.clone(),
        blocks: manifest.images.iter().map(|i| moment_block(i, manifest.moment_blocks)).collect(),
        ..View::default()
    };
    for model in &manifest.models {
        if !view.models.contains(&model.id) {
            view.models.push(model.id.clone());
            view.titles.insert(model.id.clone(), model.label.clone());
        }
    }
    let trained = |id: &ModelId| manifest.models.iter().filter(|m| m.id == *id).all(|m| m.trained);
    view.trained = view.models.iter().filter(|id| trained(id)).cloned().collect();
    let mut budget = Budget::of(store);
    confusions(store, &mut view, &mut budget)?;
    // A model that was announced and has no result yet, because its evaluation was refused, would be a row of dashes.
    let with: BTreeSet<ModelId> = view.confusions.keys().map(|c| c.series.model.clone()).collect();
    view.models.retain(|m| with.is_empty() || with.contains(m));
    sums::sums(store, &mut view, &mut budget)?;
    sweeps::sweeps(store, &mut view)?;
    panels(store, &mut view)?;
    Ok(view)
}

/// The colours of the classes; a store without them means VOC's palette.
fn palette(manifest: &Manifest) -> Vec<[u8; 3]> {
    let stated = manifest.class_colours.iter().copied();
    let of_voc = (stated.len()..manifest.class_count()).map(crate::render::palette::class_colour);
    stated.chain(of_voc).collect()
}

fn confusions(store: &Store, view: &mut View, budget: &mut Budget) -> Result<()> {
    let index: BTreeMap<String, usize> = view.images.iter().cloned().zip(0..).collect();
    store.for_each_confusion(&Filter::all(), |key, confusion| -> Result<()> {
        let unlisted = || Error::Unlisted { path: store.path().to_owned(), image: key.image_id.clone() };
        let &image = index.get(&key.image_id).ok_or_else(unlisted)?;
        let cell = Cell { series: key.series(), condition: key.condition.clone() };
        if !view.confusions.contains_key(&cell) {
            budget.confusion(view.classes.len())?;
        }
        view.insert(&cell, image, confusion)
    })?;
    for pictures in view.per_image.values_mut() {
        pictures.sort_by_key(|(image, _)| *image);
    }
    let mut drawn = BTreeSet::new();
    store.for_each_further(|seed, key, confusion| -> Result<()> {
        let unlisted = || Error::Unlisted { path: store.path().to_owned(), image: key.image_id.clone() };
        let &image = index.get(&key.image_id).ok_or_else(unlisted)?;
        let cell = Cell { series: key.series(), condition: key.condition.clone() };
        if drawn.insert((seed, cell.clone())) {
            budget.confusion(view.classes.len())?;
        }
        view.insert_further(seed, &cell, image, confusion)
    })?;
    let manifest = store.manifest();
    let seeds: Vec<u64> =
        std::iter::once(manifest.master_seed).chain(manifest.further_seeds.iter().copied()).collect();
    view.finish_further(&seeds);
    not_begun(manifest, view);
    Ok(())
}

/// Notes the conditions of the manifest of which no series has a result, or none under some further master seed. A model that lacks
/// them alone may have been entered without them, and so may clean pictures, which every manifest names.
fn not_begun(manifest: &Manifest, view: &mut View) {
    let first: BTreeSet<&Condition> = view.confusions.keys().map(|cell| &cell.condition).collect();
    let drawn = |condition: &Condition, seed: u64| {
        let mut cells = view.further.iter().filter(|(cell, _)| cell.condition == *condition);
        cells.any(|(_, draws)| draws.iter().any(|draw| draw.master_seed == seed))
    };
    let mut missing: Vec<Condition> =
        manifest.conditions().into_iter().filter(|c| !c.is_clean() && !first.contains(c)).collect();
    let redrawn = manifest.drawn_conditions();
    let lacks_a_draw =
        |condition: &Condition| manifest.further_seeds.iter().any(|seed| !drawn(condition, *seed));
    missing.extend(redrawn.into_iter().filter(lacks_a_draw));
    // A store in which nothing was evaluated is empty, and not half of something.
    if !first.is_empty() {
        view.unfinished.extend(missing);
    }
}

fn about(store: &Store) -> Result<About> {
    let manifest = store.manifest();
    let facts = manifest.run_facts();
    Ok(About {
        synthetic: facts.synthetic,
        set: facts.set,
        start: start(manifest),
        recipe: facts.name,
        implementations: implementations(manifest),
        groups: groups(manifest),
        blue_first: manifest.channel_order == "bgr",
        corrupted_before_view: manifest.corruption_place == "before_view",
        hashed_inputs: HashedInputs::of(store)?,
        training_pixels: None,
        rows: rows(manifest),
    })
}

/// Where the weights started from, as the recipe says.
fn start(manifest: &Manifest) -> Start {
    match manifest.pretrained() {
        None => Start::Unknown,
        Some(true) => Start::Pretrained,
        Some(false) => Start::Scratch,
    }
}

fn groups(manifest: &Manifest) -> BTreeMap<String, String> {
    manifest.corruptions.iter().map(|c| (c.name.clone(), c.group.clone())).collect()
}

fn implementations(manifest: &Manifest) -> BTreeMap<String, String> {
    manifest.corruptions.iter().map(|c| (c.name.clone(), c.implementation.clone())).collect()
}

fn rows(manifest: &Manifest) -> Vec<(String, String)> {
    let mut rows: Vec<(String, String)> = [
        ("recipe digest", manifest.recipe_digest.clone()),
        ("code revision", manifest.code_revision.clone()),
        ("later revisions", manifest.later_revisions.join(", ")),
        ("created by", manifest.created_by.clone()),
        ("suite", manifest.suite.clone()),
        ("frost source", manifest.frost_source.to_string()),
        ("master seed of corruptions", manifest.master_seed.to_string()),
        (
            "further master seeds",
            manifest.further_seeds.iter().map(u64::to_string).collect::<Vec<_>>().join(", "),
        ),
        ("test view", manifest.view.clone()),
        ("channel order of corruptions", manifest.channel_order.clone()),
        ("corruptions come", manifest.corruption_place.replace('_', " ")),
        ("pictures", manifest.images.len().to_string()),
        ("classes", manifest.class_names.join(", ")),
    ]
    .map(|(k, v)| (k.to_owned(), v))
    .to_vec();
    rows.extend(manifest.models.iter().flat_map(|m| {
        let of = format!("{} ({}, seed {})", m.label, m.id, m.seed);
        [
            (format!("{of} objective"), m.objective.clone()),
            (format!("{of} file"), m.file.clone()),
            (format!("{of} checkpoint SHA-256"), m.checkpoint_sha256.clone()),
        ]
    }));
    rows.extend(manifest.versions.iter().map(|(k, v)| (format!("version of {k}"), v.clone())));
    rows.extend(
        manifest.corruptions.iter().map(|c| (format!("corruption {}", c.name), c.implementation.clone())),
    );
    rows.extend(manifest.recipe.iter().map(|(k, v)| (format!("recipe {k}"), v.clone())));
    rows.retain(|(_, v)| !v.is_empty());
    rows
}
