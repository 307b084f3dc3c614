//! Several processes train the network that one would have trained. Threads take the place of processes, and talk over TCP.

use candle_core::{DType, Device};
use scribe_dataset::{ImageId, Sample, Scale, Split, SynthConfig, SyntheticSplit, TrainView};
use scribe_model::{Decoder, DeepLabConfig, Model, ObjectiveConfig, Stride, VoidRule};
use scribe_records::DataIdentity;
use scribe_train::group::{Collective, Launch, SingleProcess, Tcp, Terms, Word};
use scribe_train::{Checkpoint, Error, GroupLr, Identity, Per, Poly, TrainConfig, Training, train};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

const STEPS: u64 = 3;
const BATCH: usize = 7;

fn drawn() -> Arc<dyn Split> {
    let config = SynthConfig { train: 14, val: 1, width: 60, height: 44, classes: vec![2, 9, 15], seed: 5 };
    Arc::new(SyntheticSplit::train(&config).unwrap())
}

/// The same picture under every name.
struct Same(Arc<dyn Split>);

impl Split for Same {
    fn ids(&self) -> &[ImageId] {
        self.0.ids()
    }

    fn load(&self, id: &ImageId) -> scribe_dataset::Result<Sample> {
        Ok(Sample { id: id.clone(), ..self.0.load(&self.0.ids()[0])? })
    }
}

fn identity() -> Identity {
    Identity { settings: BTreeMap::new(), data: DataIdentity::default(), validation: None, earlier: None }
}

fn settings(sync_batch_norm: bool, view: TrainView, batch: usize) -> TrainConfig {
    TrainConfig {
        view,
        batch,
        steps: STEPS,
        lr: GroupLr { backbone: 0.02, head: 0.05 },
        momentum: 0.9,
        weight_decay: 1e-3,
        poly: Poly { power: 0.9, per: Per::Step },
        seed: 11,
        checkpoint_every: 100,
        loader_threads: 1,
        sync_batch_norm,
    }
}

/// Pictures of very different sizes in one crop: the padding is void, so that no two have as many counted pixels.
fn varied() -> TrainView {
    TrainView { scale: Scale::ShortSide { min: 24, max: 64 }, crop: 48, jitter: None, flip: true }
}

/// The whole picture as it is.
fn plain() -> TrainView {
    TrainView { scale: Scale::ShortSide { min: 44, max: 44 }, crop: 60, jitter: None, flip: false }
}

/// In f64, because three steps of so small a network multiply a rounding of f32 by 10^4 and more.
fn network(dropout: f64) -> Model {
    let net = DeepLabConfig {
        decoder: Decoder::One,
        output_stride: Stride::Sixteen,
        rates: [1, 2, 3],
        bn_momentum: 0.1,
        dropout,
        align_corners: false,
        width: 0.06,
    };
    let objective = ObjectiveConfig::Softmax { void: VoidRule::Ignore };
    Model::with_dtype(&net, &objective, 21, 7, DType::F64, &Device::Cpu).unwrap()
}

type State = BTreeMap<String, Vec<f64>>;

/// Trains one rank in a folder and gives the trained values.
fn rank(
    group: Arc<dyn Collective>,
    dir: &Path,
    data: &Arc<dyn Split>,
    config: &TrainConfig,
    dropout: f64,
    stop: bool,
) -> Result<State, Box<Error>> {
    let mut model = network(dropout);
    let stop = AtomicBool::new(stop);
    let training = Training {
        label: "test",
        identity: &identity(),
        dir,
        config,
        data: data.clone(),
        validation: None,
        progress: None,
        stop: &stop,
        group,
    };
    train(&training, &mut model).map_err(Box::new)?;
    let values = |t: &candle_core::Var| t.flatten_all().unwrap().to_vec1::<f64>().unwrap();
    Ok(model.parameters().trainable().map(|(name, var)| (name.to_string(), values(var))).collect())
}

/// Trains in `size` processes; `stopped` is a rank that is asked to stop before the first step.
fn ranks(
    dir: &Path,
    size: usize,
    data: &Arc<dyn Split>,
    config: &TrainConfig,
    dropout: f64,
    stopped: Option<usize>,
) -> Vec<Result<State, Box<Error>>> {
    if size == 1 {
        return vec![rank(Arc::new(SingleProcess), dir, data, config, dropout, false)];
    }
    let listener = std::net::TcpListener::bind(("localhost", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    std::thread::scope(|scope| {
        let start = |r: usize| {
            let launch = Launch { rank: r, size, local_rank: r, address: "localhost".into(), port };
            scope.spawn(move || {
                let group = Arc::new(Tcp::meet(&launch, &Terms::new(Word::new("a test"))).unwrap());
                // Only rank 0 may touch the folder.
                let own = if r == 0 { dir.to_path_buf() } else { dir.join("nowhere") };
                let outcome = rank(group, &own, data, config, dropout, stopped == Some(r));
                assert!(r == 0 || !own.exists(), "rank {r} wrote");
                outcome
            })
        };
        let started: Vec<_> = (0..size).map(start).collect();
        started.into_iter().map(|rank| rank.join().unwrap()).collect()
    })
}

fn trained(size: usize, data: &Arc<dyn Split>, config: &TrainConfig, dropout: f64) -> Vec<State> {
    let dir = tempfile::tempdir().unwrap();
    ranks(dir.path(), size, data, config, dropout, None).into_iter().map(Result::unwrap).collect()
}

/// Largest difference of a tensor over its largest value, over all tensors.
fn difference(a: &State, b: &State) -> (f64, String) {
    let of = |(name, a): (&String, &Vec<f64>)| {
        let largest = a.iter().fold(0f64, |m, v| m.max(v.abs()));
        let off = a.iter().zip(&b[name]).fold(0f64, |m, (a, b)| m.max((a - b).abs()));
        (off / largest.max(1e-3), name.clone())
    };
    a.iter().map(of).max_by(|a, b| a.0.total_cmp(&b.0)).unwrap()
}

#[test]
fn with_joint_statistics_the_network_is_that_of_one_process() {
    let (data, config) = (drawn(), settings(true, varied(), BATCH));
    let one = trained(1, &data, &config, 0.3).remove(0);
    for size in [2, 3, BATCH] {
        let several = trained(size, &data, &config, 0.3);
        assert!(
            several.iter().all(|state| *state == several[0]),
            "{size} processes ended in different bytes"
        );
        let (off, name) = difference(&one, &several[0]);
        eprintln!("{size} processes: {name} differs by {off:e}");
        assert!(off < 1e-5, "{size} processes: {name} differs by {off:e}");
    }
}

#[test]
fn without_them_it_is_where_the_statistics_are_alike_and_only_there() {
    let config = settings(false, plain(), 6);
    let same: Arc<dyn Split> = Arc::new(Same(drawn()));
    let (one, two) = (trained(1, &same, &config, 0.), trained(2, &same, &config, 0.));
    assert_eq!(two[0], two[1]);
    let (off, name) = difference(&one[0], &two[0]);
    eprintln!("{name} differs by {off:e}");
    assert!(off < 1e-5, "{name} differs by {off:e}");
    let (one, two) = (trained(1, &drawn(), &config, 0.), trained(2, &drawn(), &config, 0.));
    assert_eq!(two[0], two[1], "the processes agree on the network in any case");
    assert!(difference(&one[0], &two[0]).0 > 1e-3);
}

#[test]
fn a_stop_on_one_rank_stops_all_and_they_go_on_in_the_same_bytes() {
    let (data, config) = (drawn(), settings(true, varied(), BATCH));
    let undisturbed = trained(2, &data, &config, 0.3);
    let dir = tempfile::tempdir().unwrap();
    for outcome in ranks(dir.path(), 2, &data, &config, 0.3, Some(1)) {
        let error = outcome.unwrap_err();
        assert!(matches!(*error, Error::Stopped { step: 1 }), "{error}");
    }
    let saved = Checkpoint::newest(dir.path(), &identity()).unwrap().expect("the first step was saved");
    assert_eq!(saved.step, 1);
    let resumed = ranks(dir.path(), 2, &data, &config, 0.3, None);
    assert!(resumed.into_iter().all(|state| state.unwrap() == undisturbed[0]), "the networks differ");
    // A finished training is read by rank 0 and given to the others.
    let again = ranks(dir.path(), 2, &data, &config, 0.3, None);
    assert!(again.into_iter().all(|state| state.unwrap() == undisturbed[0]));
}

#[test]
fn a_loss_that_is_no_number_stops_all() {
    let data = drawn();
    let config =
        TrainConfig { lr: GroupLr { backbone: 1e30, head: 1e30 }, ..settings(false, varied(), BATCH) };
    let dir = tempfile::tempdir().unwrap();
    for outcome in ranks(dir.path(), 2, &data, &config, 0., None) {
        let error = outcome.unwrap_err();
        assert!(matches!(*error, Error::Diverged { .. }), "{error}");
    }
}

#[test]
fn batches_that_cannot_be_shared_are_refused() {
    let data = drawn();
    for (size, batch, sync, expected) in
        [(3, 2, true, "one picture for each process"), (3, 4, false, "two pictures for each process")]
    {
        let (dir, config) = (tempfile::tempdir().unwrap(), settings(sync, varied(), batch));
        for outcome in ranks(dir.path(), size, &data, &config, 0., None) {
            let said = outcome.unwrap_err().to_string();
            assert!(said.contains(expected), "{said}");
        }
    }
}
