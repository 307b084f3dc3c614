//! Looks at a whole run: its stores, its networks, its drawn pictures, and whether they belong together.

use super::drawn_files;
use super::pictures::Need;
use super::run::Run;
use crate::run_dir::RunDir;
use anyhow::{Context, bail};
use scribe_analysis::View;
use scribe_base::human;
use scribe_records::{DataIdentity, Store};
use scribe_train::ExaminedTraining;
use std::path::{Path, PathBuf};

/// One part of a run, looked at.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Which part: a file or a folder of the run, or what was compared.
    pub part: String,
    /// What it holds.
    pub holds: String,
    /// One sentence for each thing that is wrong.
    pub problems: Vec<String>,
}

/// Looks at everything in the run's folder that has a hash, and changes nothing. `pictures` gives the run as it would be opened
/// to compare its pictures, which then have to lie where they were; `None` leaves them out.
///
/// # Errors
/// There is no run, or one of its folders cannot be read. What is damaged is not an error but a problem.
pub fn verify(dir: &RunDir, pictures: Option<&Run>) -> anyhow::Result<Vec<Checked>> {
    let mut found = Vec::new();
    let stores = stores(dir)?;
    let trainings = trainings(dir)?;
    if stores.is_empty() && trainings.is_empty() {
        bail!(
            "{}: no run (expected a folder with store.sqlite, shards or train in it)",
            dir.root().display()
        );
    }
    found.extend(stores.iter().map(|path| of_store(dir, path)));
    for path in &trainings {
        let about = scribe_train::examine(path);
        found.push(of_training(dir, path, &about));
    }
    found.extend(networks(dir));
    let drawn = drawn(dir);
    let intact = drawn.as_ref().is_none_or(|drawn| drawn.problems.is_empty());
    found.extend(drawn);
    if let Some(run) = pictures.filter(|_| intact) {
        found.push(compared(dir, run, &trainings)?);
    }
    Ok(found)
}

/// The assignments to a recipe with which it tests the pictures that the store's results are of; none where there is no sound
/// store. An earlier version left the number of the training in the recipe that it kept, and the store has the right one.
pub fn tested_pictures(dir: &RunDir) -> Vec<String> {
    const KEY: &str = "eval.limit";
    let store = Store::open(&dir.store()).ok();
    let limit = store.as_ref().and_then(|store| store.manifest().recipe.get(KEY));
    limit.map(|value| format!("{KEY}={value}")).into_iter().collect()
}

/// The run's store and those of its shards.
fn stores(dir: &RunDir) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = entries(&dir.shards())?;
    found.retain(|path| path.extension().is_some_and(|extension| extension == "sqlite"));
    if dir.store().exists() {
        found.insert(0, dir.store());
    }
    Ok(found)
}

fn trainings(dir: &RunDir) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = entries(&dir.root().join("train"))?;
    found.retain(|path| path.is_dir());
    Ok(found)
}

/// The paths in a folder, sorted; none where there is no folder.
fn entries(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let at = || folder.display().to_string();
    let entries = std::fs::read_dir(folder).with_context(at)?;
    let mut found =
        entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>().with_context(at)?;
    found.sort();
    Ok(found)
}

/// A path as it is seen from the run's folder.
fn name(dir: &RunDir, path: &Path) -> String {
    path.strip_prefix(dir.root()).unwrap_or(path).display().to_string()
}

fn of_store(dir: &RunDir, path: &Path) -> Checked {
    let part = name(dir, path);
    let found = match Store::examine(path) {
        Ok(found) => found,
        Err(error) => {
            let problems = vec![format!("{:#}", anyhow::Error::new(error))];
            return Checked { part, holds: String::new(), problems };
        }
    };
    let rows: u64 = found.tables.iter().map(|table| table.rows).sum();
    let without: u64 = found.tables.iter().map(|table| table.without_checksum).sum();
    let mut holds = format!("{}, content {}", human::count(rows, "row"), short(&found.content_sha256));
    if without > 0 {
        holds += &format!("; {without} carry no checksum, an earlier scribe wrote them");
    }
    let mut problems = found.problems;
    if problems.is_empty() {
        // Rows that are all as they were written may hold numbers that no pictures give.
        match loaded(path) {
            // A shard lacks the pictures of the others.
            Ok(view) if *path == dir.store() => holds += &unfinished(&view),
            Ok(_) => {}
            Err(error) => problems.push(format!("{error:#}")),
        }
    }
    Checked { part, holds, problems }
}

fn loaded(path: &Path) -> anyhow::Result<View> {
    Ok(scribe_analysis::load(&Store::open(path)?)?)
}

/// That an evaluation has not come to its end, which damages nothing.
fn unfinished(view: &View) -> String {
    match view.unfinished_conditions().len() {
        0 => String::new(),
        some => format!(
            "; not finished: results of pictures or of draws are missing under {}",
            human::count(some as u64, "condition")
        ),
    }
}

fn of_training(dir: &RunDir, path: &Path, about: &ExaminedTraining) -> Checked {
    let states = human::count(about.states as u64, "state");
    let holds = match &about.finished {
        Some(mark) => format!("finished, {} steps, network {}, {states}", mark.steps, short(&mark.sha256)),
        None => format!("not finished, {states}"),
    };
    Checked { part: name(dir, path), holds, problems: about.problems.clone() }
}

/// Whether the store's results are of the networks that lie in the run.
fn networks(dir: &RunDir) -> Option<Checked> {
    let store = Store::open(&dir.store()).ok()?;
    let (mut same, mut problems) = (0u64, Vec::new());
    for model in store.manifest().models.iter().filter(|model| model.trained) {
        let path = dir.checkpoint(model.id.as_str(), model.seed);
        let Ok(file) = std::fs::File::open(&path) else { continue };
        let wanted = model.checkpoint_sha256.split(' ').next().unwrap_or_default();
        match scribe_base::digest::sha256_hex_of_reader(file) {
            Ok(found) if found == wanted => same += 1,
            Ok(found) => problems.push(format!(
                "{} hashes to {}, the results are of {}",
                name(dir, &path),
                short(&found),
                short(wanted)
            )),
            Err(error) => problems.push(format!("{}: {error}", name(dir, &path))),
        }
    }
    let holds = format!("{} that the results are of", human::count(same, "network"));
    (same > 0 || !problems.is_empty()).then(|| Checked { part: "networks".into(), holds, problems })
}

/// The files of the drawn set; `None` where the run drew none.
fn drawn(dir: &RunDir) -> Option<Checked> {
    let root = dir.synthetic();
    if !root.is_dir() {
        return None;
    }
    let holds = match drawn_files::count(&root) {
        Some(files) => format!("{}, pictures, label maps and lists", human::count(files as u64, "file")),
        None => format!("no {}: an earlier scribe drew it", drawn_files::SUMS),
    };
    let problems = drawn_files::problem(&root).into_iter().collect();
    Some(Checked { part: name(dir, &root), holds, problems })
}

/// Whether the pictures and label maps are those that the results and the networks were made from.
fn compared(dir: &RunDir, run: &Run, trainings: &[PathBuf]) -> anyhow::Result<Checked> {
    let tested = Store::open(&dir.store()).ok().map(|store| store.data()).transpose()?.flatten();
    let trained: Vec<DataIdentity> =
        trainings.iter().filter_map(|path| scribe_train::examine(path).data).collect();
    run.open(if trained.is_empty() { Need::Test } else { Need::Both })?;
    let pictures = run.pictures()?;
    let (mut holds, mut problems) = (Vec::new(), Vec::new());
    let mut compare = |what: &str, old: &DataIdentity, new: &DataIdentity| {
        holds.push(format!("{} {what}", old.pictures.len()));
        // A store knows the pictures and not the name of their list.
        problems.extend(old.change(new).map(|change| change.to_string().replace("\n  ", "; ")));
    };
    if let Some(tested) = &tested {
        compare("to test on", tested, pictures.test_identity()?);
    }
    if let Some(first) = trained.first() {
        compare("to train on", first, pictures.train_identity()?);
    }
    if let Some(path) = trainings.iter().zip(&trained).find(|(_, data)| data.pictures != trained[0].pictures)
    {
        problems.push(format!("{} was trained on other pictures than the first training", name(dir, path.0)));
    }
    let problems = problems.into_iter().map(|text| text.trim_start_matches("; ").to_owned()).collect();
    Ok(Checked { part: "pictures and label maps".into(), holds: holds.join(", "), problems })
}

/// The first digits of a hash.
fn short(sha256: &str) -> &str {
    sha256.get(..12).unwrap_or(sha256)
}
