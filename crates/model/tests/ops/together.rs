//! Batch norm over the pictures of several processes: each has what a single process would have.

use crate::support::{flat, on_every_device, tensor};
use candle_core::{DType, Device, Result, Tensor, Var};
use scribe_model::SumOverRanks;
use scribe_model::ops::{Across, Activation, batch_norm_together, batch_norm_train};
use std::sync::{Arc, Barrier, Mutex};

/// Threads that stand for processes.
#[derive(Debug)]
struct Group {
    laid: Mutex<Vec<Vec<f64>>>,
    all_there: Barrier,
}

#[derive(Debug)]
struct Rank {
    rank: usize,
    group: Arc<Group>,
}

impl SumOverRanks for Rank {
    fn sum(&self, values: &Tensor) -> Result<Tensor> {
        assert_eq!(values.dtype(), DType::F64);
        self.group.laid.lock().unwrap()[self.rank] = flat(values);
        self.group.all_there.wait();
        let laid = self.group.laid.lock().unwrap().clone();
        self.group.all_there.wait();
        let sum = |i: usize| laid.iter().map(|own| own[i]).sum::<f64>();
        let sums: Vec<f64> = (0..values.elem_count()).map(sum).collect();
        Tensor::from_vec(sums, values.shape(), values.device())
    }
}

/// `y`, the statistics, and the gradients of x, residual, gamma and beta.
struct Outcome {
    of_pictures: Vec<Vec<f64>>,
    statistics: Vec<Vec<f64>>,
    of_layer: Vec<Vec<f64>>,
}

/// Runs the layer on the pictures `first..first + n` of five.
fn run(device: &Device, [first, n]: [usize; 2], added: bool, relu: bool, across: Option<&Across>) -> Outcome {
    let part =
        |seed| tensor(device, &[5, 3, 4, 7], seed, 2.).narrow(0, first, n).unwrap().contiguous().unwrap();
    let (x, residual) = (Var::from_tensor(&part(1)).unwrap(), Var::from_tensor(&part(2)).unwrap());
    let gamma = Var::from_tensor(&tensor(device, &[3], 3, 2.)).unwrap();
    let beta = Var::from_tensor(&tensor(device, &[3], 4, 2.)).unwrap();
    let activation = if relu { Activation::Relu } else { Activation::None };
    let residual_given = added.then_some(residual.as_tensor());
    let (y, stats) = match across {
        Some(across) => batch_norm_together(&x, &gamma, &beta, 1e-5, residual_given, activation, across),
        None => batch_norm_train(&x, &gamma, &beta, 1e-5, residual_given, activation),
    }
    .unwrap();
    assert_eq!(stats.count, 5 * 4 * 7);
    let gradients = (&y * part(5)).unwrap().sum_all().unwrap().backward().unwrap();
    let of = |var: &Var| gradients.get(var).map(flat).unwrap_or_default();
    Outcome {
        of_pictures: vec![flat(&y), of(&x), of(&residual)],
        statistics: vec![flat(&stats.mean), flat(&stats.var)],
        of_layer: vec![of(&gamma), of(&beta)],
    }
}

fn near(what: &str, got: &[Vec<f64>], wanted: &[Vec<f64>]) {
    assert_eq!(got.len(), wanted.len());
    for (got, wanted) in got.iter().zip(wanted) {
        assert_eq!(got.len(), wanted.len(), "{what}");
        for (g, w) in got.iter().zip(wanted) {
            assert!((g - w).abs() < 1e-11 * w.abs().max(1.), "{what}: {g}, expected {w}");
        }
    }
}

#[test]
fn parts_of_a_batch_are_normalised_as_the_batch() {
    on_every_device(|device| {
        for (added, relu) in [(false, false), (false, true), (true, false), (true, true)] {
            let whole = run(device, [0, 5], added, relu, None);
            let parts = [[0, 2], [2, 1], [3, 2]];
            let group = Arc::new(Group { laid: Mutex::new(vec![vec![]; 3]), all_there: Barrier::new(3) });
            let ranks: Vec<Outcome> = std::thread::scope(|scope| {
                let start = |rank: usize| {
                    let own = Arc::new(Rank { rank, group: group.clone() });
                    let across = Across { group: own, pictures: 5 };
                    scope.spawn(move || run(device, parts[rank], added, relu, Some(&across)))
                };
                let ranks = [0, 1, 2].map(start);
                ranks.into_iter().map(|rank| rank.join().unwrap()).collect()
            });
            let about = format!("residual {added}, relu {relu}");
            let joined = |i: usize| ranks.iter().flat_map(|r| r.of_pictures[i].clone()).collect::<Vec<_>>();
            near(&about, &[joined(0), joined(1), joined(2)], &whole.of_pictures);
            ranks.iter().for_each(|rank| near(&about, &rank.statistics, &whole.statistics));
            let added_up = |i: usize| {
                let of = |c: usize| ranks.iter().map(|r| r.of_layer[i][c]).sum::<f64>();
                (0..3).map(of).collect::<Vec<_>>()
            };
            near(&about, &[added_up(0), added_up(1)], &whole.of_layer);
        }
    });
}
