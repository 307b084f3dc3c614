//! Scores what another program predicted, as one more model of the run.

use super::corrupted_set::CorruptedSet;
use super::given_predictions::GivenPredictions;
use super::inferences::inferences;
use super::manifest::manifest;
use super::pass::{Scope, run_pass};
use super::run::Run;
use anyhow::{Context, bail};
use scribe_eval::{Entrant, Mapped, PredictionFolder, Predictor};
use scribe_records::{Condition, ModelId, ModelInfo};

/// Scores predictions, as [`super::evaluate()`] does with networks.
///
/// # Errors
/// When a prediction is missing or cannot be read, the id or the label is taken, or as [`super::evaluate()`].
pub fn evaluate_predictions(run: &Run, given: &GivenPredictions) -> anyhow::Result<()> {
    let scope = Scope::of(run)?;
    run.dir.claim_if_there()?;
    if let Some(label) = &given.label {
        scribe_records::check_label(label).context("--label")?;
    }
    let id = ModelId::new(&given.id).context("--as")?;
    if run.recipe.models.iter().any(|model| model.id == given.id) {
        bail!("--as {id}: the recipe has a model of that id (expected another id)");
    }
    let tested = run.pictures()?.test_ids();
    let open = |set: &CorruptedSet| set.images(run.protocol()?, tested);
    let predicted = given.corrupted.as_ref().map(open).transpose()?;
    let modes = inferences(&run.recipe, std::slice::from_ref(&given.mode))?;
    let scored = run.recipe.classes().len();
    let known =
        run.recipe.known_of(given.classes.as_deref(), given.map.as_deref()).context("--map, --classes")?;
    let class_count = known.as_ref().map_or(scored, |known| known.table.len());
    let info = given.model_info(&scope.store, tested, &modes[0].1, (class_count, known.as_ref()))?;
    check_label_is_free(run, &info)?;
    let names = modes.iter().map(|(mode, _)| mode.clone()).collect();
    let manifest = manifest(run, vec![info], names)?;
    let mut model =
        PredictionFolder::open(&given.folder, class_count, &scope.image_ids, &manifest.conditions())?;
    if let Some(predicted) = predicted {
        let real: Vec<Condition> =
            run.pictures()?.given().iter().map(|given| given.condition.clone()).collect();
        model = model.checked(Box::new(move |picture| {
            let Condition { corruption, severity, .. } = picture.condition;
            // Pictures that are given are in no corrupted set.
            if real.contains(picture.condition) {
                return Ok(());
            }
            Ok(predicted.check(picture.image_id, corruption, *severity, picture.image)?)
        }));
    }
    let mapped = known.map(|known| Mapped::new(&model, &known.table, scored));
    let predictor: &dyn Predictor = match &mapped {
        Some(mapped) => mapped,
        None => &model,
    };
    run_pass(run, &scope, &manifest, vec![Entrant { id, seed: 0, predictor, modes }], 1)
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

/// Refuses the label of one of the recipe's models.
fn check_label_is_free(run: &Run, info: &ModelInfo) -> anyhow::Result<()> {
    match run.recipe.models.iter().find(|model| model.label == info.label) {
        Some(model) => bail!(
            "--label {}: the recipe's model `{}` is called so (expected another label: two rows of one name could not be \
             told apart)",
            info.label,
            model.id
        ),
        None => Ok(()),
    }
}
