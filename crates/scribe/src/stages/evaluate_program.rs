//! Asks a running program for its predictions, as one more model of the run.

use super::entered_as::check_label_is_free;
use super::given_program::GivenProgram;
use super::manifest::manifest;
use super::pass::{AtOnce, Scope, Source, run_pass};
use super::run::Run;
use anyhow::Context;
use scribe_dataset::KnownClasses;
use scribe_eval::{AskedProgram, Entrant, Mapped, Predictor};

/// Asks for what is wanted and not in the store yet, as [`super::evaluate()`] does with networks.
///
/// # Errors
/// When the program cannot be asked, its network is not the one of the store, the id or the label is taken, or as
/// [`super::evaluate()`].
pub fn evaluate_program(run: &Run, given: &GivenProgram) -> anyhow::Result<()> {
    let scope = Scope::of(run)?;
    run.dir.claim_if_there()?;
    let id = given.entered.model_id(run)?;
    let modes = given.entered.modes(run)?;
    let mode = || format!("--mode {}", given.entered.mode);
    AskedProgram::check_mode(&modes[0].1).with_context(mode)?;
    let (known, class_count) = given.entered.known(run)?;
    let program = given.start(run, class_count)?;
    program.check(&modes[0].1).with_context(mode)?;
    let identity = given.identity(run, &program, &KnownClasses::mark(known.as_ref()))?;
    let info = given.model_info(&scope.store, identity)?;
    check_label_is_free(run, &info)?;
    let names = modes.iter().map(|(mode, _)| mode.clone()).collect();
    let manifest = manifest(run, vec![info], names)?;
    let mapped = known.map(|known| Mapped::new(&program, &known.table, run.recipe.classes().len()));
    let predictor: &dyn Predictor = match &mapped {
        Some(mapped) => mapped,
        None => &program,
    };
    // Each process is asked two questions at a time.
    let pictures = program.hello().batch.saturating_mul(2 * given.jobs);
    let at_once = AtOnce { pictures, ..AtOnce::ONE };
    run_pass(
        run,
        &scope,
        &manifest,
        vec![Entrant { id, seed: 0, predictor, modes }],
        (Source::Networks, at_once),
    )
}
