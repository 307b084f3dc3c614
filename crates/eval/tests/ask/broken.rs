//! What is wrong with a program, or with its answers.

use crate::common::World;
use crate::{settings, start};
use scribe_dataset::Split;
use scribe_eval::image::RgbImage;
use scribe_eval::{
    AskError, AskSettings, AskedProgram, Picture, Prediction, Predictor, PredictorError, Wants,
};
use scribe_model::Inference;
use scribe_records::Condition;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Longer than any of these programs takes to answer, even on a busy machine, where it answers at all.
const SHORT: Duration = Duration::from_secs(3);

fn said(error: &(dyn Error + 'static)) -> String {
    let (mut text, mut next) = (String::new(), Some(error));
    while let Some(error) = next {
        text += &format!("{error}. ");
        next = error.source();
    }
    text
}

pub(crate) fn greetings() {
    let refused = |settings: AskSettings| match AskedProgram::start(&settings) {
        Ok(_) => panic!("{} was taken", settings.command),
        Err(error) => error,
    };
    let nowhere = AskSettings::new("no-such-program --now", "net", 21);
    let error = refused(nowhere);
    assert!(matches!(error, AskError::NotThere { .. }), "{error:?}");
    assert!(error.to_string().contains("no-such-program --now: there is no such program"), "{error}");
    for (behaviour, parts) in [
        ("dies at once", ["ended with exit code 3", "loading dies at once | ModuleNotFoundError: No module"]),
        ("prints", ["has the text \"Loading \"", "print to standard error"]),
        ("greets at length", ["a frame of 1152921504606846976 bytes", "expected at most 65544"]),
        ("speaks version 9", ["speaks version 9", "expected 1"]),
        ("knows 19 classes", ["predicts 19 classes", "expected 21"]),
        ("has no weights", ["the program says", "net.pth: no such file"]),
    ] {
        let message = said(&refused(settings(behaviour)));
        assert!(parts.iter().all(|part| message.contains(part)), "{behaviour}: {message}");
    }
    let message = said(&refused(settings("never greets").timeout(Some(Duration::from_secs(1)))));
    assert!(message.contains("no answer within 1 s to its greeting"), "{message}");
}

/// What the program says about an image of 6 x 4 pixels in three conditions.
fn predict(program: &AskedProgram) -> Result<Vec<Prediction>, PredictorError> {
    let image = RgbImage::from_fn(6, 4, |x, y| [(40 * x + y) as u8, 0, 0].into());
    let conditions = [1, 2, 3].map(|severity| Condition::new("fog", severity).unwrap());
    let pictures: Vec<_> =
        conditions.iter().map(|condition| Picture { image_id: "a", condition, image: &image }).collect();
    program.predict(&pictures, &Inference::Single, &|_| Wants { scores: false, moments: false })
}

pub(crate) fn answers() {
    // The greeting says that two images may be asked for at once, so the first answer is about two of the three.
    for (behaviour, parts) in [
        ("f64", ["`logits` is of the type F64", "F16 or F32"]),
        ("i64", ["`classes` is of the type I64", "U8 or U16"]),
        ("one row less", ["`classes` has the shape [2, 3, 6]", "expected [2, 4, 6]"]),
        (
            "20 planes",
            ["`logits` has the shape [2, 20, 4, 6]", "[2, 21, h, w] with h at most 4 and w at most 6"],
        ),
        ("larger planes", ["`logits` has the shape [2, 21, 4, 7]", "w at most 6"]),
        ("class 21", ["picture a, fog:2: class 21 at x=5, y=3", "0 to 20"]),
        ("class 999", ["picture a, fog:2: class 999 at x=5, y=3", "0 to 20"]),
        ("not a number", ["picture a, fog:1: a logit of class 1 is NaN", "finite"]),
        ("probabilities", ["picture a, fog:1: these are probabilities", "expected logits"]),
        ("another name", ["holds `masks`", "`classes` or `logits`"]),
        ("no tensor", ["holds no tensor", "`classes` or `logits`"]),
        ("no number", ["number (none) came to question 1", "its number"]),
        ("twice", ["number 1 came to question 2", "one answer for each question"]),
        ("gives up", ["the program says", "out of memory"]),
        ("no safetensors", ["no safetensors buffer", "a header of"]),
        ("too much", ["a frame of 1099511627776 bytes", "picture a, fog:1, and 1 more"]),
    ] {
        let message = said(&*predict(&start(behaviour).unwrap()).unwrap_err());
        assert!(parts.iter().all(|part| message.contains(part)), "{behaviour}: {message}");
    }
}

pub(crate) fn a_wrong_answer_fails_alone() {
    let program = start("one odd answer").unwrap();
    let message = said(&*predict(&program).unwrap_err());
    assert!(message.contains("picture a, fog:3: class 200"), "{message}");
    assert_eq!(predict(&program).unwrap().len(), 3);
}

pub(crate) fn lost() {
    let program = start("dies").unwrap();
    for _ in 0..2 {
        let message = said(&*predict(&program).unwrap_err());
        let expected = "ended with exit code 1 while it was asked for picture a, fog:1, and 1 more; its last lines: \
                        loading dies | Traceback | CUDA out of memory";
        assert!(message.contains(expected), "{message}");
    }
    let late = AskedProgram::start(&settings("never answers").timeout(Some(SHORT))).unwrap();
    let begun = Instant::now();
    for _ in 0..2 {
        let message = said(&*predict(&late).unwrap_err());
        assert!(message.contains("no answer within 3 s to picture a, fog:1, and 1 more"), "{message}");
    }
    // The second call finds it lost, and the process that sleeps was killed.
    assert!(begun.elapsed() < 2 * SHORT, "{:?}", begun.elapsed());
    drop(late);
    assert!(begun.elapsed() < 2 * SHORT, "{:?}", begun.elapsed());
}

pub(crate) fn ended_before_its_child() {
    let program = AskedProgram::start(&settings("leaves a child").timeout(None)).unwrap();
    let begun = Instant::now();
    let message = said(&*predict(&program).unwrap_err());
    assert!(message.contains("ended with exit code 7 while it was asked for picture a"), "{message}");
    // The child holds the pipes for 40 s.
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

pub(crate) fn stopped() {
    let stop = Arc::new(AtomicBool::new(false));
    let program = AskedProgram::start(&settings("never answers").stop(stop.clone())).unwrap();
    stop.store(true, Ordering::Relaxed);
    let message = said(&*predict(&program).unwrap_err());
    assert!(message.contains("stopped while it was asked for picture a"), "{message}");

    // While processes start, those that are there are ended at once, and no more are started.
    let stop = Arc::new(AtomicBool::new(false));
    let begun = Instant::now();
    let refused = std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(100));
            stop.store(true, Ordering::Relaxed);
        });
        AskedProgram::start(&settings("never greets").jobs(16).stop(stop.clone()))
    });
    let message = refused.map(drop).unwrap_err().to_string();
    assert!(message.contains("stopped while it was asked for its greeting"), "{message}");
    assert!(begun.elapsed() < SHORT, "{:?}", begun.elapsed());
}

pub(crate) fn ends() {
    let world = World::new();
    let image = world.split.load_picture(&world.split.ids()[0]).unwrap();
    let program = AskedProgram::start(&settings("classes").jobs(3)).unwrap();
    program.identity(&[("a", &image)]).unwrap();
    // All see the end of their standard input and end by themselves, long before they would be killed.
    let begun = Instant::now();
    drop(program);
    assert!(begun.elapsed() < SHORT, "{:?}", begun.elapsed());
}
