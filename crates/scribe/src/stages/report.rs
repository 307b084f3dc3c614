//! Writes tables, figures and the report page from a run's store, with the losses and commands of its other files.

use super::label_pixels;
use super::overlap::overlap_of_results;
use crate::run_dir::RunDir;
use anyhow::{Context, bail};
use scribe_analysis::{Curve, ReportExtra, View};
use scribe_base::nearest::did_you_mean;
use scribe_records::{Manifest, Store};
use scribe_train::Metrics;
use std::collections::BTreeSet;
use std::path::Path;

/// Points of a loss curve in the report; more cannot be told apart on a page.
const POINTS: usize = 240;

/// Writes the files of the report into the folder `out`, which may be the run's, and returns both tables as text for a
/// terminal. The losses and commands in `choices` are replaced by those of the run.
///
/// # Errors
/// When the run has no store, or no result in it, or a file cannot be written.
pub fn report(dir: &RunDir, out: &Path, mut choices: ReportExtra) -> anyhow::Result<String> {
    let path = dir.store();
    if !path.try_exists().with_context(|| path.display().to_string())? {
        bail!("{}: no store; `scribe eval` or `scribe reproduce` makes one", path.display());
    }
    let store = Store::open(&path)?;
    if store.completed()?.is_empty() {
        bail!("{}: no results yet; `scribe eval` or `scribe reproduce` adds them", path.display());
    }
    let mut view = scribe_analysis::load(&store)?;
    view.about.training_pixels = label_pixels::read(dir);
    check_names(&view, &choices)?;
    choices.notes.extend(trained_on(dir, &store)?);
    let extra =
        ReportExtra { losses: losses(dir, store.manifest())?, commands: commands(dir, out), ..choices };
    let contents = scribe_analysis::contents(&view, &extra)?;
    let files = scribe_analysis::write_contents(out, &contents)?;
    let page = files.iter().find(|file| file.extension().is_some_and(|extension| extension == "html"));
    let page = page.context("a report has a page")?;
    Ok(format!(
        "{}\n{} files in {}; read {}\n",
        scribe_analysis::terminal(&contents),
        files.len(),
        out.display(),
        page.display()
    ))
}

/// The sentence on test pictures that the run's own networks were trained on.
fn trained_on(dir: &RunDir, store: &Store) -> anyhow::Result<Option<String>> {
    if !store.manifest().models.iter().any(|model| model.trained) {
        return Ok(None);
    }
    let tested = store.data()?;
    Ok(tested.and_then(|tested| overlap_of_results(&label_pixels::pictures(dir), &tested)))
}

/// Refuses a model or a class that the run does not have; the nearest names come first.
fn check_names(view: &View, choices: &ReportExtra) -> anyhow::Result<()> {
    let titles: Vec<String> = view.models.iter().map(|model| view.title(model)).collect();
    let models: Vec<&str> = view.models.iter().map(|model| model.as_str()).collect();
    let mut models = [models, titles.iter().map(String::as_str).collect()].concat();
    let mut seen = BTreeSet::new();
    models.retain(|name| seen.insert(*name));
    let classes: Vec<&str> = view.classes.iter().map(String::as_str).collect();
    for (flag, name, known) in
        [("--reference", &choices.reference, models), ("--class", &choices.fig3_class, classes)]
    {
        if let Some(name) = name.as_deref().filter(|name| !known.contains(name)) {
            let hint = did_you_mean(name, known.iter().copied());
            bail!("{flag} {name}: not in this run: {hint}expected one of {}", known.join(", "));
        }
    }
    Ok(())
}

/// The commands that make the run and the page again.
///
/// The page says "from the store alone". Its numbers are; its loss curves, the pixels of each training class and these
/// commands also need `train/*/metrics.jsonl`, `label_pixels.json` and `recipe.toml`, and are left out without them.
fn commands(dir: &RunDir, out: &Path) -> Vec<String> {
    if !dir.recipe().exists() {
        return Vec::new();
    }
    if out != dir.root() {
        // Which folder that is would make the page's bytes depend on the machine.
        return vec![
            "scribe reproduce --recipe RUN/recipe.toml    # RUN is the run's folder; --data and others as they were given".to_owned(),
            "scribe report RUN --out .                # this page from RUN/store.sqlite alone".to_owned(),
        ];
    }
    let again = "scribe reproduce --recipe recipe.toml    # the file beside this page; --data and others as they were given";
    vec![
        again.to_owned(),
        "scribe report .                          # this page from store.sqlite alone".to_owned(),
    ]
}

fn losses(dir: &RunDir, manifest: &Manifest) -> anyhow::Result<Vec<Curve>> {
    let mut curves = Vec::new();
    for model in &manifest.models {
        let path = dir.training(model.id.as_str(), model.seed).join("metrics.jsonl");
        let points = thin(&scribe_train::read_metrics(&path)?);
        if !points.is_empty() {
            let several = manifest.models.iter().filter(|other| other.id == model.id).count() > 1;
            let name =
                if several { format!("{}, seed {}", model.label, model.seed) } else { model.label.clone() };
            curves.push(Curve { name, points });
        }
    }
    Ok(curves)
}

/// At most [`POINTS`] points, each the mean over its stretch of steps.
fn thin(metrics: &[Metrics]) -> Vec<(f64, f64)> {
    let stretch = metrics.len().div_ceil(POINTS).max(1);
    let point = |part: &[Metrics]| {
        let last = part.last().map_or(0, |m| m.step);
        (last as f64, part.iter().map(|m| m.loss).sum::<f64>() / part.len() as f64)
    };
    metrics.chunks(stretch).map(point).collect()
}
