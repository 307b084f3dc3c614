//! Evaluates the networks of a recipe on every picture, clean and corrupted.

use super::inferences::inferences;
use super::manifest::manifest;
use super::networks;
use super::pass::{Scope, run_pass};
use super::run::Run;
use scribe_eval::Entrant;
use scribe_model::Model;

/// Evaluates what is wanted and not in the store yet: the whole run, or the shard that the run's folder was opened for.
///
/// # Errors
/// When a network is neither trained nor given, or does not fit; when the store belongs to another recipe, or the
/// evaluation stops. What was counted is kept.
pub fn evaluate(run: &Run) -> anyhow::Result<()> {
    let scope = Scope::of(run)?;
    run.dir.claim_if_there()?;
    run.protocol()?;
    let (infos, models): (Vec<_>, Vec<_>) = networks::load(run)?.into_iter().unzip();
    let modes = inferences(&run.recipe, &run.recipe.eval.modes)?;
    let prepared: Vec<_> = models.iter().map(Model::prepare).collect();
    let entrants = infos.iter().zip(&prepared).map(|(info, model)| Entrant {
        id: info.id.clone(),
        seed: info.seed,
        predictor: model,
        modes: modes.clone(),
    });
    let entrants = entrants.collect();
    let names = modes.iter().map(|(mode, _)| mode.clone()).collect();
    run_pass(run, &scope, &manifest(run, infos, names)?, entrants, run.networks_at_once())
}
