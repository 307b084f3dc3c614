//! Scores what another program predicted, as one more model of the run.

use super::corrupted_set::CorruptedSet;
use super::entered_as::check_label_is_free;
use super::given_predictions::GivenPredictions;
use super::manifest::manifest;
use super::pass::{AtOnce, Scope, Source, run_pass};
use super::run::Run;
use scribe_corrupt_set::MadeImages;
use scribe_eval::{Entrant, Mapped, PredictionFolder, Predictor};
use scribe_records::{Condition, ModelId};

/// Scores predictions, as [`super::evaluate()`] does with networks.
///
/// # Errors
/// When a prediction is missing or cannot be read, the id or the label is taken, or as [`super::evaluate()`].
pub fn evaluate_predictions(run: &Run, given: &GivenPredictions) -> anyhow::Result<()> {
    let scope = Scope::of(run)?;
    run.dir.claim_if_there()?;
    let id = given.entered.model_id(run)?;
    let tested = run.pictures()?.test_ids();
    let open = |set: &CorruptedSet| set.images(run.protocol()?, tested);
    let predicted = given.corrupted.as_ref().map(open).transpose()?;
    let modes = given.entered.modes(run)?;
    let (known, class_count) = given.entered.known(run)?;
    let info = given.model_info(&scope.store, tested, &modes[0].1, (class_count, known.as_ref()))?;
    check_label_is_free(run, &info)?;
    let names = modes.iter().map(|(mode, _)| mode.clone()).collect();
    // Files hold the predictions of one draw of the corruptions.
    let manifest = manifest(run, vec![info], names)?.further_seeds(Vec::new(), Vec::new());
    warn_of_one_draw(run, &id);
    let mut model =
        PredictionFolder::open(&given.folder, class_count, &scope.image_ids, &manifest.conditions())?;
    if let Some(predicted) = predicted {
        model = against(run, predicted, model)?;
    }
    let mapped = known.map(|known| Mapped::new(&model, &known.table, run.recipe.classes().len()));
    let predictor: &dyn Predictor = match &mapped {
        Some(mapped) => mapped,
        None => &model,
    };
    run_pass(
        run,
        &scope,
        &manifest,
        vec![Entrant { id, seed: 0, predictor, modes }],
        (Source::Files, AtOnce::ONE),
    )
}

fn warn_of_one_draw(run: &Run, id: &ModelId) {
    if run.recipe.eval.further_seeds().is_empty() {
        return;
    }
    let first = run.recipe.eval.first_seed();
    tracing::warn!(
        "files hold predictions of one draw of the corruptions: `{id}` is scored under master seed {first} alone (--ask asks \
         a program for every draw)"
    );
}

/// The predictions, refused where their pictures were others than those of the evaluation.
fn against<'a>(
    run: &Run,
    predicted: MadeImages,
    predictions: PredictionFolder<'a>,
) -> anyhow::Result<PredictionFolder<'a>> {
    let real: Vec<Condition> = run.pictures()?.given().iter().map(|given| given.condition.clone()).collect();
    Ok(predictions.checked(Box::new(move |picture| {
        let Condition { corruption, severity, .. } = picture.condition;
        // A set that was made by flags holds no pictures that are given.
        if real.contains(picture.condition) && !predicted.holds(corruption, *severity) {
            return Ok(());
        }
        Ok(predicted.check(picture.image_id, corruption, *severity, picture.image)?)
    })))
}

/// Refuses a corrupted set that was made with other settings than the recipe tests with. It needs no pictures, which may
/// take minutes to open.
///
/// # Errors
/// Names every setting that differs and the command that makes the right set, or says that the folder is not a
/// corrupted set.
pub fn check_corrupted(run: &Run, given: &GivenPredictions) -> anyhow::Result<()> {
    match &given.corrupted {
        Some(set) => set.open(run.protocol()?).map(|_| ()),
        None => Ok(()),
    }
}
