//! Evaluates the networks of a recipe on every picture, clean and corrupted.

use super::inferences::inferences;
use super::manifest::manifest;
use super::networks;
use super::pass::{AtOnce, Scope, Source, run_pass};
use super::run::Run;
use scribe_eval::{Entrant, Mapped, Predictor};

/// Evaluates what is wanted and not in the store yet: the whole run, or the shard that the run's folder was opened for.
///
/// # Errors
/// When a network is neither trained nor given, or does not fit; when the store belongs to another recipe, or the
/// evaluation stops. What was counted is kept.
pub fn evaluate(run: &Run) -> anyhow::Result<()> {
    let scope = Scope::of(run)?;
    run.dir.claim_if_there()?;
    run.protocol()?;
    let networks = networks::load(run)?;
    let modes = inferences(&run.recipe, &run.recipe.eval.modes)?;
    let prepared: Vec<_> = networks.iter().map(|network| network.model.prepare()).collect();
    let scored = run.recipe.classes().len();
    let mapped: Vec<Option<Mapped<'_>>> = networks
        .iter()
        .zip(&prepared)
        .map(|(network, model)| Some(Mapped::new(model, &network.known.as_ref()?.table, scored)))
        .collect();
    let predictors = prepared.iter().zip(&mapped).map(|(model, mapped)| -> &dyn Predictor {
        match mapped {
            Some(mapped) => mapped,
            None => model,
        }
    });
    let entrants = networks.iter().zip(predictors).map(|(network, predictor)| Entrant {
        id: network.info.id.clone(),
        seed: network.info.seed,
        predictor,
        modes: modes.clone(),
    });
    let entrants = entrants.collect();
    let infos = networks.iter().map(|network| network.info.clone()).collect();
    let names = modes.iter().map(|(mode, _)| mode.clone()).collect();
    run_pass(
        run,
        &scope,
        &manifest(run, infos, names)?,
        entrants,
        (Source::Networks, AtOnce::networks_of(run)),
    )
}
