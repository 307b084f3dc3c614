//! The loader's batches depend on seed and step alone, and its failures reach the caller.

mod common;

use common::{config, view};
use scribe_dataset::{
    Batch, Error, ImageId, Jitter, Loader, LoaderConfig, Result, Sample, Scale, Split, SynthConfig,
    SyntheticSplit, TrainView,
};
use std::sync::Arc;
use std::time::{Duration, Instant};

fn split() -> Arc<dyn Split> {
    Arc::new(SyntheticSplit::train(&SynthConfig { train: 7, ..config() }).unwrap())
}

fn settings(threads: usize) -> LoaderConfig {
    let jitter = Some(Jitter { brightness: 0.3, contrast: 0.3, saturation: 0.3, hue: 0.1 });
    LoaderConfig {
        view: TrainView { jitter, ..view() },
        batch: 3,
        seed: 11,
        first_step: 0,
        end_step: 7,
        threads,
    }
}

fn batches(config: LoaderConfig) -> Vec<Batch> {
    Loader::new(split(), config).unwrap().map(Result::unwrap).collect()
}

#[test]
fn same_bytes_for_any_number_of_threads() {
    let one = batches(settings(1));
    assert_eq!(one.len(), 7);
    assert_eq!(one[0].shape, [3, 3, 40, 40]);
    for threads in [2, 3, 8] {
        assert!(batches(settings(threads)) == one, "{threads} threads");
    }
    assert!(batches(LoaderConfig { seed: 12, ..settings(2) }) != one);
}

#[test]
fn a_resumed_run_gets_the_same_batches() {
    let whole = batches(settings(2));
    for first_step in 0..8 {
        let resumed = batches(LoaderConfig { first_step, ..settings(2) });
        assert!(resumed == whole[first_step as usize..], "from step {first_step}");
    }
}

#[test]
fn the_parts_of_a_batch_are_the_batch() {
    let whole = batches(settings(2));
    let part = |slots| -> Vec<Batch> {
        Loader::part(split(), settings(2), slots).unwrap().map(Result::unwrap).collect()
    };
    for ((whole, first), rest) in whole.iter().zip(part(0..1)).zip(part(1..3)) {
        assert_eq!(rest.shape, [2, 3, 40, 40]);
        assert_eq!([first.ids, rest.ids].concat(), whole.ids);
        assert!([first.pixels, rest.pixels].concat() == whole.pixels);
        assert!([first.labels, rest.labels].concat() == whole.labels);
    }
    for slots in [1..1, 2..4] {
        assert!(matches!(Loader::part(split(), settings(1), slots), Err(Error::Setting { .. })));
    }
}

#[test]
fn an_epoch_holds_each_image_at_most_once() {
    let whole = batches(settings(2));
    for epoch in whole.chunks(2) {
        let mut ids: Vec<_> = epoch.iter().flat_map(|b| b.ids.clone()).collect();
        let count = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }
    assert!(whole.iter().any(|b| b.ids != whole[0].ids));
}

/// Fails on one image, or panics on it.
struct Broken {
    inner: Arc<dyn Split>,
    bad: ImageId,
    panics: bool,
}

impl Split for Broken {
    fn ids(&self) -> &[ImageId] {
        self.inner.ids()
    }

    fn load(&self, id: &ImageId) -> Result<Sample> {
        assert!(!(self.panics && *id == self.bad), "made to fail");
        if *id == self.bad { Err(Error::UnknownId { id: "inner".to_owned() }) } else { self.inner.load(id) }
    }
}

#[test]
fn errors_and_panics_name_the_image() {
    for panics in [false, true] {
        let bad = split().ids()[4].clone();
        let broken = Arc::new(Broken { inner: split(), bad, panics });
        let results: Vec<_> = Loader::new(broken, settings(3)).unwrap().collect();
        assert_eq!(results.len(), 7);
        let errors: Vec<_> = results.iter().filter_map(|r| r.as_ref().err()).collect();
        assert!(!errors.is_empty() && errors.len() < 7);
        for error in errors {
            let text = error.chain();
            assert!(text.starts_with("image synth_000004: "), "{text}");
            assert!(text.contains(if panics { "made to fail" } else { "image inner" }), "{text}");
        }
    }
}

#[test]
fn dropping_early_does_not_hang() {
    let start = Instant::now();
    for taken in [0, 1, 2] {
        let config = LoaderConfig { end_step: u64::MAX, ..settings(4) };
        let mut loader = Loader::new(split(), config).unwrap();
        for _ in 0..taken {
            loader.next().unwrap().unwrap();
        }
    }
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[test]
fn no_steps_left_is_the_end() {
    let mut loader = Loader::new(split(), LoaderConfig { first_step: 7, ..settings(2) }).unwrap();
    assert!(loader.next().is_none());
    assert!(loader.next().is_none());
}

#[test]
fn refuses_bad_settings() {
    let bad_batch = LoaderConfig { batch: 8, ..settings(1) };
    let error = Loader::new(split(), bad_batch).err().unwrap().to_string();
    assert!(error.contains("8 with 7 images"), "{error}");
    let scale = Scale::ShortSide { min: 80, max: 20 };
    let bad_view = LoaderConfig { view: TrainView { scale, ..view() }, ..settings(1) };
    let error = Loader::new(split(), bad_view).err().unwrap().to_string();
    assert!(error.contains("80 to 20"), "{error}");
}
