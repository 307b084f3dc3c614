//! What a program answers is counted as the same network's predictions without pipes are.

use crate::common::{World, conditions, fresh, rows};
use crate::reference::Reference;
use crate::{settings, start};
use scribe_dataset::Split;
use scribe_eval::image::RgbImage;
use scribe_eval::{AskedProgram, Entrant, Picture, Prediction, Predictor, Wants, run};
use scribe_model::{Inference, ScoreSpace};
use scribe_records::{Condition, ModelId, Store};

/// The rows of a store that this predictor fills, asked by several threads at a time.
fn rows_of(world: &World, predictor: &dyn Predictor, batch: usize, side_by_side: usize) -> String {
    let mut pass = world.pass().side_by_side(side_by_side);
    pass.entrants = vec![Entrant::new(ModelId::new("net").unwrap(), predictor)];
    pass.batch = batch;
    let (folder, path, mut store) = fresh(&pass);
    run(&pass, &mut store).unwrap();
    store.close().unwrap();
    let rows = rows(&path);
    drop(folder);
    rows
}

pub(crate) fn rows_are_those_without_pipes() {
    let world = World::new();
    let expected = rows_of(&world, &Reference, 2, 1);
    for (behaviour, jobs, batch, side_by_side) in [
        ("logits", 1, 5, 1),
        ("f16", 1, 4, 1),
        ("logits", 3, 5, 1),
        ("logits", 2, 4, 4),
        ("takes any batch", 1, usize::MAX, 1),
    ] {
        let program = AskedProgram::start(&settings(behaviour).jobs(jobs)).unwrap();
        let found = rows_of(&world, &program, batch, side_by_side);
        assert!(found == expected, "{behaviour} of {jobs} processes, {batch} at once");
    }
    // Without scores there are confusions alone, and they are the same.
    let confusions = |behaviour: &str| {
        let program = start(behaviour).unwrap();
        let mut pass = world.pass();
        pass.entrants = vec![Entrant::new(ModelId::new("net").unwrap(), &program)];
        let (_folder, path, mut store) = fresh(&pass);
        run(&pass, &mut store).unwrap();
        store.close().unwrap();
        Store::open(&path).unwrap().confusions(&scribe_records::Filter::all()).unwrap()
    };
    let [logits, classes, wide, example] = ["logits", "classes", "u16", "example"].map(confusions);
    assert_eq!(logits.len(), 4 * conditions().len());
    assert!(logits == classes && logits == wide && logits == example);
}

fn predict(program: &AskedProgram, how: &Inference, image: &RgbImage) -> Prediction {
    let picture = Picture { image_id: "a", condition: &Condition::clean(), image };
    let wants = |_| Wants { scores: true, moments: false };
    program.predict(&[picture], how, &wants).unwrap().remove(0)
}

/// A network that looks at single pixels answers a mirrored image with mirrored logits, and an image of its own size is not
/// resized: the mean of both is what one pass gives.
pub(crate) fn several_scales() {
    let world = World::new();
    let image = world.split.load_picture(&world.split.ids()[0]).unwrap();
    let scales = |scales: &[f32], space| Inference::MultiScale { scales: scales.to_vec(), flip: true, space };
    for (behaviour, own) in
        [("takes any size", ScoreSpace::Softmax), ("takes any size, sigmoids", ScoreSpace::Sigmoid)]
    {
        let program = start(behaviour).unwrap();
        let once = predict(&program, &Inference::Single, &image);
        let both = predict(&program, &scales(&[1.0], None), &image);
        assert_eq!((both.space, program.own_space()), (own, own));
        assert_eq!(both.class_map, once.class_map);
        let (logits, scores) = (once.scores.unwrap(), both.scores.unwrap());
        let area = once.class_map.len();
        for pixel in 0..area {
            let exps: Vec<f64> = (0..21).map(|c| f64::from(logits[c * area + pixel]).exp()).collect();
            let expected = match own {
                ScoreSpace::Sigmoid => exps[15] / (1.0 + exps[15]),
                _ => exps[15] / exps.iter().sum::<f64>(),
            };
            assert!((f64::from(scores[15 * area + pixel]) - expected).abs() < 1e-5, "{pixel}");
        }
        // Half the size, and back: of another size, but of the same picture.
        let half = predict(&program, &scales(&[0.5, 1.0], Some(ScoreSpace::Logit)), &image);
        let same = half.class_map.iter().zip(&once.class_map).filter(|(a, b)| a == b).count();
        assert!(same * 10 > area * 7, "{same} of {area}");
    }
    let wants = |_| Wants { scores: true, moments: false };
    let picture = Picture { image_id: "a", condition: &Condition::clean(), image: &image };
    // Neither kind of program can be asked for what only scribe's own networks need.
    let rebuild = Some(ScoreSpace::RebuildBackground);
    let own = "msc-rebuild rebuilds the background's score, which only scribe's own networks leave out";
    for (behaviour, space, message) in
        [("logits", None, "sizes = any"), ("logits", rebuild, own), ("takes any size", rebuild, own)]
    {
        let program = start(behaviour).unwrap();
        let refused = program.predict(&[picture], &scales(&[1.0], space), &wants).unwrap_err();
        assert!(refused.to_string().contains(message), "{refused}");
    }
}

pub(crate) fn identity() {
    let world = World::new();
    let images: Vec<_> = world.split.ids()[..2]
        .iter()
        .map(|id| (id.as_str(), world.split.load_picture(id).unwrap()))
        .collect();
    let identity = |behaviour: &str, jobs: usize, count: usize| {
        let program = AskedProgram::start(&settings(behaviour).jobs(jobs)).unwrap();
        let images: Vec<_> = images[..count].iter().map(|(id, image)| (*id, image)).collect();
        program.identity(&images).unwrap()
    };
    assert_eq!(identity("names itself", 1, 2), "network:red 1");
    let found = identity("classes", 1, 2);
    assert!(found.starts_with("answers:") && found.len() == "answers:".len() + 64, "{found}");
    assert_eq!(found, identity("logits", 2, 2));
    assert_ne!(found, identity("logits", 1, 1));
}
