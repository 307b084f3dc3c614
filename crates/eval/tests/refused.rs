//! Passes that contradict themselves and data that cannot be counted: one clear error, and no half unit.

mod common;

use common::*;
use scribe_dataset::ImageId;
use scribe_eval::{Error, Pass, Picture, Prediction, Predictor, PredictorError, Wants, run};
use scribe_model::{Inference, ScoreSpace};
use scribe_records::*;
use std::sync::atomic::AtomicUsize;

/// The error with its causes on one line, as the program prints it.
fn chain(error: &Error) -> String {
    let causes = std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn refused(world: &World, spoil: impl Fn(&mut Pass<'_>)) -> Error {
    let mut pass = world.pass();
    let (_dir, _, mut store) = fresh(&pass);
    spoil(&mut pass);
    let error = run(&pass, &mut store).unwrap_err();
    assert!(store.inputs().unwrap().is_empty(), "{error}");
    error
}

#[test]
fn a_pass_that_contradicts_itself_does_not_start() {
    let world = World::new();
    let says = |spoil: &dyn Fn(&mut Pass<'_>)| chain(&refused(&world, spoil));
    assert_eq!(says(&|p| p.batch = 0), "batch = 0: expected at least 1");
    assert_eq!(says(&|p| p.threads = 0), "threads = 0: expected at least 1");
    let twice = says(&|p| p.conditions.push(Condition::clean()));
    assert_eq!(twice, "conditions = clean: expected each of them once");
    let twice = says(&|p| p.entrants[1].id = p.entrants[0].id.clone());
    assert_eq!(twice, "models = softmax (seed 0, single): expected each of them once");
    assert!(says(&|p| p.image_ids.push(p.image_ids[0].clone())).starts_with("pictures = "));
    let unknown = says(&|p| p.conditions.push(Condition { corruption: "rain".to_owned(), severity: 1 }));
    assert!(unknown.contains("rain:1"), "{unknown}");
    let severity = says(&|p| p.conditions[1].severity = 6);
    assert!(severity.contains("gaussian_noise:6"), "{severity}");
}

#[test]
fn a_picture_that_the_split_lacks_is_named() {
    let world = World::new();
    let error = refused(&world, |p| p.image_ids = vec![ImageId::new("nobody").unwrap()]);
    assert!(matches!(error, Error::Data { .. }) && chain(&error).contains("nobody"), "{error}");
}

#[test]
fn a_label_that_is_no_class_is_named_and_nothing_is_written() {
    let world = World::new();
    let watched = Watched {
        inner: &world.split,
        loads: AtomicUsize::new(0),
        before: &|_| (),
        change: &labels_are_no_class,
    };
    let mut pass = world.pass();
    let (_dir, _, mut store) = fresh(&pass);
    pass.split = &watched;
    let error = chain(&run(&pass, &mut store).unwrap_err());
    assert!(error.contains("truth 77 at pixel 0") && error.contains(pass.image_ids[0].as_str()), "{error}");
    assert!(store.inputs().unwrap().is_empty());
}

#[test]
fn moments_of_probabilities_are_refused() {
    let world = World::new();
    let error = refused(&world, |p| p.moments.modes.push(Mode::msc()));
    assert!(matches!(error, Error::NotLogits { .. }), "{error}");
    assert!(error.to_string().contains("softmax (seed 0, msc), clean, picture "), "{error}");
}

#[test]
fn a_picture_too_small_for_a_corruption_is_named() {
    let world = World::new();
    let mut pass = world.pass();
    let (_dir, _, mut store) = fresh(&pass);
    pass.view = scribe_dataset::TestView::Squash(24);
    let error = chain(&run(&pass, &mut store).unwrap_err());
    assert!(error.contains(pass.image_ids[0].as_str()) && error.contains("gaussian_noise:1"), "{error}");
    assert!(error.contains("24x24"), "{error}");
    let only_clean: Vec<Condition> = store.inputs().unwrap().into_iter().map(|i| i.condition).collect();
    assert_eq!(only_clean, [Condition::clean()], "what came before is kept");
}

/// A predictor that fails at one condition, or at more than one picture at once.
enum Picky {
    At(&'static str),
    Together,
}

impl Predictor for Picky {
    fn class_count(&self) -> usize {
        CLASSES
    }

    fn own_space(&self) -> ScoreSpace {
        ScoreSpace::Softmax
    }

    fn predict(
        &self,
        pictures: &[Picture<'_>],
        _how: &Inference,
        _wants: &dyn Fn(usize) -> Wants,
    ) -> std::result::Result<Vec<Prediction>, PredictorError> {
        let bad = pictures.iter().any(|picture| match self {
            Picky::At(condition) => picture.condition.to_string() == *condition,
            Picky::Together => pictures.len() > 1,
        });
        if bad {
            return Err("no answer".into());
        }
        let one = |p: &Picture<'_>| Prediction::of_classes(vec![0; p.image.pixels().len()]);
        Ok(pictures.iter().map(one).collect())
    }
}

#[test]
fn the_picture_that_fails_is_named_and_not_the_first_of_its_batch() {
    let world = World::new();
    let says = |picky: &Picky| {
        let mut pass = world.pass();
        pass.batch = 5;
        pass.entrants.truncate(1);
        pass.entrants[0].predictor = picky;
        let (_dir, _, mut store) = fresh(&pass);
        chain(&run(&pass, &mut store).unwrap_err())
    };
    let image = world.pass().image_ids[0].to_string();
    assert_eq!(
        says(&Picky::At("contrast:3")),
        format!("softmax (seed 0, single), contrast:3, picture {image}: no answer")
    );
    let together = format!(
        "softmax (seed 0, single), clean, picture {image} and 4 more inputs of its batch together: no answer"
    );
    assert_eq!(says(&Picky::Together), together);
}
