//! Shows every picture, clean and corrupted, to every network.

use super::{Pictures, Places, manifest::manifest, side_by_side, suite};
use crate::recipe::Checked;
use crate::run_dir::RunDir;
use crate::{modes, records};
use anyhow::Context;
use scribe_dataset::CLASSES;
use scribe_eval::{Entrant, PanelWanted, Pass, Summary};
use scribe_model::{Inference, Model};
use scribe_records::{Condition, Mode, ModelInfo, Store};
use std::sync::atomic::AtomicBool;

/// Conditions of one picture that a network sees in one batch.
const BATCH: usize = 8;
/// What Figure 6 can show: the corruptions of the authors' grid and its severities.
const PANEL_CORRUPTIONS: [&str; 5] =
    ["gaussian_noise", "defocus_blur", "snow", "brightness", "elastic_transform"];
const PANEL_SEVERITIES: std::ops::RangeInclusive<u8> = 1..=3;

/// Evaluates what is wanted and not in the run's store yet.
///
/// # Errors
/// When a network is not trained, the store belongs to another recipe, or the evaluation stops; what was counted is kept.
pub fn evaluate(
    recipe: &Checked,
    places: &Places,
    run: &RunDir,
    pictures: &Pictures,
    stop: &AtomicBool,
) -> anyhow::Result<()> {
    let suite = suite(&recipe.eval.suite, &places.frost)?;
    let manifest = manifest(recipe, run, pictures, &suite)?;
    let models = load(recipe, places, run, &manifest.models)?;
    let modes = inferences(recipe)?;
    let entrants = manifest.models.iter().zip(&models).map(|(info, model)| Entrant {
        id: info.id.clone(),
        seed: info.seed,
        model,
        modes: modes.clone(),
    });
    let conditions = manifest.conditions();
    let eval = &recipe.eval;
    let records = records::wanted(&eval.records, eval.calibration_bins, &manifest.modes, &conditions);
    let pass = Pass {
        split: pictures.val.as_ref(),
        ids: pictures.val_ids.clone(),
        view: recipe.eval.view.parse().context("eval.view was checked")?,
        suite: &suite,
        entrants: entrants.collect(),
        master_seed: recipe.eval.master_seed,
        batch: BATCH,
        moments: records.moments,
        cross_moments: records.cross_moments,
        calibration: records.calibration,
        end: records.end,
        panels: panels(recipe, pictures, &conditions),
        conditions,
        threads: rayon::current_num_threads(),
        side_by_side: side_by_side(recipe),
        stop,
        progress: true,
    };
    let mut store = Store::open_or_resume(&run.store(), &manifest)?;
    let outcome = scribe_eval::run(&pass, &mut store);
    store.close()?;
    tell(&outcome?);
    Ok(())
}

/// Where the time went, as measured.
fn tell(summary: &Summary) {
    let (Some(preparing), Some(inference)) = (summary.preparing_ms(), summary.inference_ms()) else {
        return tracing::info!("nothing was left to do");
    };
    let share = |time: std::time::Duration| 100.0 * time.as_secs_f64() / summary.wall.as_secs_f64();
    tracing::info!(
        "{} inputs: {:.1} % of the time in the networks, {:.1} % waiting for pictures, {:.1} % for the recorder",
        summary.inputs,
        100.0 * summary.inference_share(),
        share(summary.waiting),
        share(summary.recorder_waits),
    );
    tracing::info!(
        "an input took {preparing:.1} ms of CPU to decode and corrupt and {inference:.1} ms in the networks: \
         {:.2} threads keep them fed",
        summary.feeding_threads().unwrap_or(f64::INFINITY)
    );
}

fn load(recipe: &Checked, places: &Places, run: &RunDir, infos: &[ModelInfo]) -> anyhow::Result<Vec<Model>> {
    let device = scribe_model::device::pick(&places.device)?;
    let objective = |id: &str| recipe.models.iter().find(|contestant| contestant.id == id);
    let load = |info: &ModelInfo| {
        let contestant = objective(info.id.as_str()).context("the manifest follows from the recipe")?;
        let path = run.checkpoint(&contestant.id, info.seed);
        Ok(Model::load(&recipe.model, &contestant.objective, CLASSES, &path, &device)?)
    };
    infos.iter().map(load).collect()
}

fn inferences(recipe: &Checked) -> anyhow::Result<Vec<(Mode, Inference)>> {
    let eval = &recipe.eval;
    let one = |name: &String| {
        let inference = modes::inference(name, &eval.scales, eval.flip).context("eval.modes was checked")?;
        Ok((Mode::new(name)?, inference))
    };
    eval.modes.iter().map(one).collect()
}

/// The first pictures, clean and under what Figure 6 shows.
fn panels(recipe: &Checked, pictures: &Pictures, conditions: &[Condition]) -> Vec<PanelWanted> {
    let shown = |condition: &&Condition| {
        let severity = PANEL_SEVERITIES.contains(&condition.severity);
        condition.is_clean() || severity && PANEL_CORRUPTIONS.contains(&condition.corruption.as_str())
    };
    let conditions: Vec<_> = conditions.iter().filter(shown).cloned().collect();
    let first = pictures.val_ids.iter().take(recipe.eval.panels);
    first.map(|image| PanelWanted { image: image.clone(), conditions: conditions.clone() }).collect()
}
