//! Rank correlation and its permutation test.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

/// A rank correlation with its permutation test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct RankTest {
    /// Spearman's rho, in [-1, 1].
    pub(crate) rho: f64,
    /// How many pairs took part.
    pub(crate) pairs: usize,
    /// Share of 9999 seeded permutations (and the data itself) whose |rho| is at least as large.
    pub(crate) p: f64,
}

/// The mean of Spearman's correlations of `x` with each of several lists, such as one a training seed, with the
/// permutation test of that mean: one order for all lists. Lists without a correlation are left out; `None` where
/// none has one.
pub(super) fn rank_test_of_mean(x: &[f64], ys: &[Vec<f64>]) -> Option<RankTest> {
    let with: Vec<&Vec<f64>> = ys.iter().filter(|y| spearman(x, y).is_some()).collect();
    let rho = crate::summary::mean(with.iter().filter_map(|y| spearman(x, y)))?;
    Some(RankTest { rho, pairs: x.len(), p: permutation(x, &with, rho) })
}

/// Spearman's rho with mean ranks for ties; `None` for fewer than three pairs or a side that does not vary.
pub(crate) fn spearman(x: &[f64], y: &[f64]) -> Option<f64> {
    if x.len() != y.len() || x.len() < 3 {
        return None;
    }
    pearson(&ranks(x), &ranks(y))
}

fn pearson(x: &[f64], y: &[f64]) -> Option<f64> {
    let n = x.len() as f64;
    let (mx, my) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
    let sxy: f64 = x.iter().zip(y).map(|(a, b)| (a - mx) * (b - my)).sum();
    let sxx: f64 = x.iter().map(|a| (a - mx).powi(2)).sum();
    let syy: f64 = y.iter().map(|b| (b - my).powi(2)).sum();
    (sxx > 0.0 && syy > 0.0).then(|| sxy / (sxx * syy).sqrt())
}

/// Ranks from 1; equal values share the mean of their ranks.
fn ranks(values: &[f64]) -> Vec<f64> {
    values
        .iter()
        .map(|v| {
            let below = values.iter().filter(|o| *o < v).count() as f64;
            let equal = values.iter().filter(|o| *o == v).count() as f64;
            below + f64::midpoint(equal, 1.0)
        })
        .collect()
}

fn permutation(x: &[f64], ys: &[&Vec<f64>], rho: f64) -> f64 {
    const DRAWS: usize = 9999;
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let rx = ranks(x);
    let rys: Vec<Vec<f64>> = ys.iter().map(|y| ranks(y)).collect();
    let mut order: Vec<usize> = (0..x.len()).collect();
    let mut as_large = 1;
    for _ in 0..DRAWS {
        order.shuffle(&mut rng);
        let turned = |ry: &Vec<f64>| order.iter().map(|i| ry[*i]).collect::<Vec<f64>>();
        let drawn =
            rys.iter().map(|ry| pearson(&rx, &turned(ry)).unwrap_or(0.0)).sum::<f64>() / rys.len() as f64;
        as_large += usize::from(drawn.abs() >= rho.abs() - 1e-12);
    }
    as_large as f64 / (DRAWS + 1) as f64
}
