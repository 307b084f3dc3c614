//! END, expected non-distinctiveness: how strongly background and one class are predicted at the same pixel.

use crate::{Error, Observation, Result, Sink};
use scribe_model::ScoreSpace;
use scribe_records::{Key, Mode, NonDistinctiveness, Unit, for_each_pixel};

/// Sums END's two products over all pixels, where a mode gives logits.
pub(crate) struct NonDistinctivenessSink<'a> {
    pub modes: &'a [Mode],
}

impl Sink for NonDistinctivenessSink<'_> {
    fn wants_scores(&self, key: &Key) -> bool {
        self.modes.contains(&key.mode)
    }

    fn observe(&self, key: &Key, seen: &Observation<'_>, unit: &mut Unit) -> Result<()> {
        let logits = matches!(seen.prediction.space, ScoreSpace::Logit | ScoreSpace::RebuildBackground);
        let (true, true, Some(scores)) = (self.wants_scores(key), logits, &seen.prediction.scores) else {
            return Ok(());
        };
        let mut end = NonDistinctiveness::default();
        for_each_pixel(scores, seen.class_count, seen.prediction.class_map.len(), |_, row| {
            let (joint, pairwise) = products(row);
            end.add(joint, pairwise);
        })
        .map_err(|source| Error::Count { key: Box::new(key.clone()), source })?;
        unit.non_distinctiveness.push((key.series(), end));
        Ok(())
    }
}

/// Both products of one pixel from z = [b, v]; see [`NonDistinctiveness`].
fn products(z: &[f64]) -> (f64, f64) {
    let (b, v) = (z[0], &z[1..]);
    if v.len() < 2 {
        return (0.0, 0.0);
    }
    let k = v.len() as f64;
    let largest = v.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = v.iter().map(|v| (v - largest).exp()).sum();
    let identity = (1.0 / sum - 1.0 / k) / (1.0 - 1.0 / k);
    // softmax([b, v])_0 = 1 / (1 + exp(LSE(v) - b)), which cannot overflow to NaN.
    let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
    (sigmoid(b - largest - sum.ln()) * identity, sigmoid(b - largest) * identity)
}

#[cfg(test)]
mod tests {
    use super::*;

    // PyTorch, torch.softmax as the package's ExpectedNonDistinctiveness writes it, float64:
    //   z = torch.tensor([[0.5, -1., 2., 0.25], [10., 80., -80., 3.], [3., 1., 1., 1.]], dtype=torch.float64)
    //   i = (torch.softmax(z[:, 1:], 1).max(1)[0] - 1/3) / (1 - 1/3)
    //   print(torch.softmax(z, 1)[:, 0] * i, torch.sigmoid(z[:, 0] - z[:, 1:].max(1)[0]) * i)
    #[test]
    fn products_are_those_of_torch() {
        let rows = [[0.5, -1.0, 2.0, 0.25], [10.0, 80.0, -80.0, 3.0], [3.0, 1.0, 1.0, 1.0]];
        for (row, (joint, pairwise)) in rows.iter().zip(EXPECTED) {
            let found = products(row);
            assert!((found.0 - joint).abs() < 1e-15 && (found.1 - pairwise).abs() < 1e-15, "{found:?}");
        }
    }

    const EXPECTED: [(f64, f64); 3] = [
        (0.11196366765683714, 0.13242813795099934),
        (3.975449735908647e-31, 3.975449735908647e-31),
        (0.0, 0.0),
    ];
}
