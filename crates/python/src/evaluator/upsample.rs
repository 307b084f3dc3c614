//! Logits at the size of the truth.

use pyo3::PyResult;
use pyo3::exceptions::PyMemoryError;

/// Planes of one height and width at another, as `torch.nn.functional.interpolate(mode="bilinear", align_corners=False)`.
///
/// The sums are those of `scribe_model::ops::upsample_bilinear`, with which `scribe eval` enlarges the logits of files and of
/// programs, in the same order; that crate needs candle, which this package does without.
///
/// # Errors
/// `MemoryError` where the planes do not fit.
pub(super) fn upsampled(
    planes: &[f32],
    [height, width]: [usize; 2],
    [out_height, out_width]: [usize; 2],
) -> PyResult<Vec<f32>> {
    let channels = planes.len() / (height * width);
    let mut out = Vec::new();
    let length = channels.saturating_mul(out_height * out_width);
    out.try_reserve_exact(length).map_err(|_| {
        PyMemoryError::new_err(format!(
            "logits of {channels} classes at {out_width}x{out_height} pixels do not fit into memory"
        ))
    })?;
    let (rows, columns) = (Neighbour::all(height, out_height), Neighbour::all(width, out_width));
    let mut blend = vec![0.0; width];
    for plane in planes.chunks_exact(height * width) {
        for row in &rows {
            let [above, below] = row.from.map(|at| &plane[at * width..][..width]);
            for ((blend, &above), &below) in blend.iter_mut().zip(above).zip(below) {
                *blend = row.mixed(above, below);
            }
            out.extend(
                columns.iter().map(|column| column.mixed(blend[column.from[0]], blend[column.from[1]])),
            );
        }
    }
    Ok(out)
}

/// Where one output along a side lies between two inputs.
struct Neighbour {
    /// The two inputs, equal at the end.
    from: [usize; 2],
    /// The weight of the second.
    weight: f32,
}

impl Neighbour {
    /// Those of all outputs. Positions are computed in f32, as PyTorch does: the last digits depend on it.
    fn all(inputs: usize, outputs: usize) -> Vec<Neighbour> {
        let scale = inputs as f32 / outputs as f32;
        let one = |output: usize| {
            let at = (scale * (output as f32 + 0.5) - 0.5).max(0.0);
            let low = (at as usize).min(inputs - 1);
            let weight = (at - low as f32).clamp(0.0, 1.0);
            Neighbour { from: [low, (low + 1).min(inputs - 1)], weight }
        };
        (0..outputs).map(one).collect()
    }

    fn mixed(&self, first: f32, second: f32) -> f32 {
        (1.0 - self.weight) * first + self.weight * second
    }
}
