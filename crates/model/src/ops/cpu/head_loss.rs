//! The mean loss of outputs at the size of the labels, and its gradient.

use super::parallel::map_chunks;
use super::pixel_loss;
use super::real::{Real, read, with_real};
use super::resized::{Reader, Resized};
use super::tiles::{self, TILE};
use crate::ops::head::{Loss, Readout, VoidRule};
use crate::ops::layout::{as_map, channels_last};
use candle_core::{Device, Result, Tensor, WithDType, bail};

/// Pixels at full size that are worth a task of their own.
const TASK_PIXELS: usize = 4096;
/// Rough cost of one channel of one pixel.
const NANOSECONDS: usize = 4;

/// The loss, and the gradient of `v` `[N, C, h, w]`.
pub(in crate::ops) fn loss_and_gradient(
    name: &str,
    v: &Tensor,
    label: &Tensor,
    readout: Readout,
    loss: Loss,
    void: VoidRule,
) -> Result<(Tensor, Tensor)> {
    let _operator = tracing::trace_span!("loss and its gradient").entered();
    let (n, c, h, w) = v.dims4()?;
    let (_, height, width) = label.dims3()?;
    let v = channels_last(v)?;
    read(name, label, |label: &[u8]| {
        let counted = counted(name, label, readout.classes(c), void)?;
        with_real!(v.dtype(), name, T => read(name, &v, |v: &[T]| {
            let resized = Resized::new(v, &[n, c, h, w], [height, width], readout);
            let weight = 1. / counted.max(1) as f64;
            let meaning = std::array::from_fn(|label| match void.class(label as u8) {
                Some(class) => (class, T::from_f64(weight)),
                // Pixels that do not count are computed as class 0, with weight 0.
                None => (0, 0 as T),
            });
            let (sum, dv) = Problem { resized, label, loss, meaning }.solve(n);
            let dv = as_map(&Tensor::from_vec(dv, (n, h, w, c), &Device::Cpu)?)?;
            Ok((Tensor::new((sum * weight) as T, &Device::Cpu)?, dv))
        }))
    })
}

/// The number of pixels that count, after checking that their classes exist.
fn counted(name: &str, label: &[u8], classes: usize, void: VoidRule) -> Result<usize> {
    let mut seen = [0usize; 256];
    for &l in label {
        seen[l as usize] += 1;
    }
    let mut counted = 0;
    for (l, &pixels) in seen.iter().enumerate().filter(|&(_, &pixels)| pixels > 0) {
        match void.class(l as u8) {
            Some(class) if class as usize >= classes => {
                bail!("{name}: expected labels below {classes}, got {l} at {pixels} pixels")
            }
            Some(_) => counted += pixels,
            None => {}
        }
    }
    Ok(counted)
}

struct Problem<'a, T> {
    resized: Resized<'a, T>,
    label: &'a [u8],
    loss: Loss,
    /// The class of each label, and the weight of its pixels' gradients: one over the number of counted pixels.
    meaning: [(u8, T); 256],
}

/// What a task leaves to be added: its losses, and the gradient of the row after its own.
struct Rest<T> {
    sum: f64,
    next_row: Option<Vec<T>>,
}

impl<T: Real> Problem<'_, T> {
    /// The sum of the losses and the gradient of the outputs, `[N, h, w, C]`.
    ///
    /// A task takes some rows of the outputs, and computes all pixels between these rows and the next. How the rows are
    /// divided follows from the sizes alone, so that the order of all sums does too.
    fn solve(&self, images: usize) -> (f64, Vec<T>) {
        let ([h, w], [height, width]) = (self.resized.inner, self.resized.outer);
        let length = w * self.resized.channels;
        let rows = (TASK_PIXELS * h).div_ceil((height * width).max(1)).max(1);
        let mut dv = vec![T::zero(); images * h * length];
        let work = images * height * width * self.resized.classes() * NANOSECONDS;
        let rests = map_chunks(&mut dv, rows * length, work, |task, dv| self.rows(task * rows, dv));
        for (task, rest) in rests.iter().enumerate() {
            if let Some(next_row) = &rest.next_row {
                let row = &mut dv[(task + 1) * rows * length..][..length];
                row.iter_mut().zip(next_row).for_each(|(dv, &more)| *dv += more);
            }
        }
        (rests.iter().map(|rest| rest.sum).sum(), dv)
    }

    /// The pixels that belong to the outputs' rows from `first` on, counted through all images; adds to their gradient.
    fn rows(&self, first: usize, dv: &mut [T]) -> Rest<T> {
        let (h, length) = (self.resized.inner[0], self.resized.inner[1] * self.resized.channels);
        let mut reader = self.resized.reader();
        let mut rest = Rest { sum: 0., next_row: None };
        for at in 0..dv.len() / length {
            let (image, low) = ((first + at) / h, (first + at) % h);
            let (own, next) = dv[at * length..].split_at_mut(length);
            for y in self.resized.rows_from(low) {
                reader.turn_to(image, y);
                rest.sum += self.row(&mut reader, image, y);
                let ([_, high], weight) = (self.resized.rows.from[y], self.resized.rows.weight[y]);
                if self.resized.same_size() {
                    reader.add_gradient(T::one(), own);
                    continue;
                }
                reader.add_gradient(T::one() - weight, own);
                if high == low {
                    reader.add_gradient(weight, own);
                } else if next.is_empty() {
                    let next_row = rest.next_row.get_or_insert_with(|| vec![T::zero(); length]);
                    reader.add_gradient(weight, next_row);
                } else {
                    reader.add_gradient(weight, &mut next[..length]);
                }
            }
        }
        rest
    }

    /// The sum of the losses of one row at full size; their gradient stays in the reader.
    fn row(&self, reader: &mut Reader<'_, T>, image: usize, y: usize) -> f64 {
        let [height, width] = self.resized.outer;
        let labels = &self.label[(image * height + y) * width..][..width];
        let mut z = tiles::zeros(self.resized.classes());
        let mut sum = 0.;
        reader.clear_gradient();
        for (tile, labels) in labels.chunks(TILE).enumerate() {
            reader.logits_to_learn(tile * TILE, &mut z);
            let (mut class, mut weights) = ([0; TILE], [T::zero(); TILE]);
            for (i, &label) in labels.iter().enumerate() {
                (class[i], weights[i]) = self.meaning[usize::from(label)];
            }
            let mut losses = [T::zero(); TILE];
            pixel_loss::losses(self.loss, &mut z, &class, &mut losses);
            sum += pixel_loss::finish(&mut z, &weights, &losses);
            reader.spread(tile * TILE, &mut z);
        }
        sum
    }
}
