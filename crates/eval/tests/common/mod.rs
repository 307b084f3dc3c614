//! Small networks, four small pictures and a few conditions: an evaluation of seconds, shared by the tests.
#![allow(dead_code)] // each test file is a program of its own and uses a part

use candle_core::Device;
use scribe_corruptions::Suite;
use scribe_dataset::{ImageId, Sample, Split, SynthConfig, SyntheticSplit, TestView};
use scribe_eval::{CalibrationWanted, Entrant, MomentsWanted, PanelWanted, Pass};
use scribe_model::{
    At, Background, Bce, Decoder, DeepLabConfig, Form, Inference, Model, ObjectiveConfig, Reduce, ScoreSpace,
    Stride, VoidRule,
};
use scribe_records::*;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

pub(crate) const CLASSES: usize = 21;
pub(crate) const SIDE: u32 = 48;
pub(crate) const MASTER: u64 = 2020;

/// What a pass borrows.
pub(crate) struct World {
    pub split: SyntheticSplit,
    pub suite: Suite,
    pub softmax: Model,
    pub ibe: Model,
}

impl World {
    pub(crate) fn new() -> World {
        let config =
            SynthConfig { train: 1, val: 4, width: 80, height: 64, classes: vec![1, 8, 15], seed: 3 };
        let softmax = ObjectiveConfig::Softmax { void: VoidRule::Ignore };
        let background = Background { form: Form::NegLse, at: At::Features };
        let ibe = ObjectiveConfig::Ibe { background, void: VoidRule::Ignore, prior_bias: None };
        World {
            split: SyntheticSplit::val(&config).unwrap(),
            suite: Suite::imagecorruptions(),
            softmax: Model::new(&net(), &softmax, CLASSES, 1, &Device::Cpu).unwrap(),
            ibe: Model::new(&net(), &ibe, CLASSES, 2, &Device::Cpu).unwrap(),
        }
    }

    /// The network of that name.
    pub(crate) fn model(&self, id: &str) -> &Model {
        if id == "softmax" { &self.softmax } else { &self.ibe }
    }

    /// A network that trains sigmoids.
    pub(crate) fn scribe(&self) -> Model {
        let background = Background { form: Form::NegLse, at: At::Features };
        let (bce, reduce, void) = (Bce::Full, Reduce::Sum, VoidRule::Ignore);
        let scribe = ObjectiveConfig::Scribe { background, bce, reduce, void, prior_bias: None };
        Model::new(&net(), &scribe, CLASSES, 3, &Device::Cpu).unwrap()
    }

    /// Both models, single and multi-scale, over clean and four corrupted conditions, with moments and one panel.
    pub(crate) fn pass(&self) -> Pass<'_> {
        let modes = vec![Mode::single(), Mode::msc()];
        Pass::new(&self.split, &self.suite, vec![self.entrant("softmax"), self.entrant("ibe")])
            .view(TestView::Squash(SIDE))
            .conditions(conditions())
            .master_seed(MASTER)
            .batch(2)
            .moments(MomentsWanted {
                conditions: vec![Condition::clean(), conditions()[2].clone()],
                modes: vec![Mode::single()],
            })
            .cross_moments(MomentsWanted { conditions: conditions(), modes: vec![Mode::single()] })
            .calibration(CalibrationWanted { bins: 10, modes: modes.clone() })
            .non_distinctiveness(modes)
            .panels(vec![PanelWanted {
                image_id: self.split.ids()[1].clone(),
                conditions: conditions()[..2].to_vec(),
            }])
            .threads(2)
    }

    pub(crate) fn entrant(&self, id: &str) -> Entrant<'_> {
        let modes = vec![(Mode::single(), Inference::Single), (Mode::msc(), msc(None))];
        Entrant { modes, ..Entrant::new(ModelId::new(id).unwrap(), self.model(id)) }
    }
}

pub(crate) fn net() -> DeepLabConfig {
    DeepLabConfig {
        decoder: Decoder::One,
        output_stride: Stride::Sixteen,
        rates: [1, 2, 3],
        bn_momentum: 0.1,
        dropout: 0.0,
        align_corners: false,
        width: 0.0625,
    }
}

pub(crate) fn msc(space: Option<ScoreSpace>) -> Inference {
    Inference::MultiScale { scales: vec![0.75, 1.0], flip: true, space }
}

pub(crate) fn conditions() -> Vec<Condition> {
    let spoiled = [("gaussian_noise", 1), ("gaussian_noise", 5), ("contrast", 3), ("brightness", 2)];
    let spoiled = spoiled.map(|(name, severity)| Condition::new(name, severity).unwrap());
    std::iter::once(Condition::clean()).chain(spoiled).collect()
}

pub(crate) fn manifest(pass: &Pass<'_>) -> Manifest {
    pass.manifest((0..CLASSES).map(|c| c.to_string())).moment_blocks(2)
}

/// A store in a fresh folder, which lives as long as the first value.
pub(crate) fn fresh(pass: &Pass<'_>) -> (tempfile::TempDir, PathBuf, Store) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(Store::FILE_NAME);
    let store = Store::create(&path, &manifest(pass)).unwrap();
    (dir, path, store)
}

/// Everything in a store that a reader can ask for, in the order of the file.
pub(crate) fn rows(path: &Path) -> String {
    let store = Store::open(path).unwrap();
    let mut text =
        format!("{:?}\n{:?}\n{:?}\n", store.manifest(), store.inputs().unwrap(), store.panels().unwrap());
    let mut add = |line: String| -> Result<()> {
        text += &(line + "\n");
        Ok(())
    };
    let all = Filter::all();
    store.for_each_confusion(&all, |key, cells| add(format!("{key} {cells:?}"))).unwrap();
    store.for_each_calibration(&all, |key, p, c| add(format!("{key} {p} {c:?}"))).unwrap();
    store.for_each_non_distinctiveness(&all, |key, end| add(format!("{key} {end:?}"))).unwrap();
    for (series, condition) in store.moment_keys().unwrap() {
        text += &format!("{series} {condition} {:?}\n", store.moment_blocks(&series, &condition).unwrap());
    }
    for (series, condition) in store.cross_keys().unwrap() {
        text += &format!("{series} {condition} {:?}\n", store.cross_blocks(&series, &condition).unwrap());
    }
    text
}

/// A split that counts its loads and does something before a chosen one.
pub(crate) struct Watched<'a> {
    pub inner: &'a dyn Split,
    pub loads: AtomicUsize,
    pub before: &'a (dyn Fn(usize) + Sync),
    pub change: &'a (dyn Fn(usize, Sample) -> scribe_dataset::Result<Sample> + Sync),
}

/// A change that leaves every picture as it is.
pub(crate) fn same(_: usize, sample: Sample) -> scribe_dataset::Result<Sample> {
    Ok(sample)
}

/// A change after which the third picture cannot be loaded.
pub(crate) fn third_is_broken(place: usize, sample: Sample) -> scribe_dataset::Result<Sample> {
    match place {
        2 => Err(scribe_dataset::Error::UnknownId { id: sample.id.to_string() }),
        _ => Ok(sample),
    }
}

/// A change that gives every pixel a label that is no class.
pub(crate) fn labels_are_no_class(_: usize, mut sample: Sample) -> scribe_dataset::Result<Sample> {
    sample.label.fill(77);
    Ok(sample)
}

impl Split for Watched<'_> {
    fn ids(&self) -> &[ImageId] {
        self.inner.ids()
    }

    fn load(&self, id: &ImageId) -> scribe_dataset::Result<Sample> {
        self.loads.fetch_add(1, Ordering::SeqCst);
        let place = self.ids().iter().position(|i| i == id).unwrap();
        (self.before)(place);
        (self.change)(place, self.inner.load(id)?)
    }
}
