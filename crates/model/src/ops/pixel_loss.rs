//! Losses that are a mean over pixels, with their gradient computed in the same pass.

use super::channels::{TILE, Tile, for_blocks, for_tiles};
use super::cpu::parallel::{Shared, written_by};
use super::cpu::real::{Real, check_label, read, with_real};
#[cfg(feature = "cuda")]
use super::void::VOID_LABEL;
use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, Tensor, bail, scalar::Scalar};
use std::sync::Mutex;

/// The loss of one pixel.
pub(super) trait PixelLoss: Sync {
    /// The operator's name in error messages.
    const NAME: &'static str;
    /// What the GPU's kernels call it.
    #[cfg(feature = "cuda")]
    fn kind(&self) -> super::cuda::Loss;
    /// The losses of some pixels, given their logits and classes; replaces the logits by the losses' gradients.
    fn losses<T: Real>(&self, z: &mut Tile<T>, class: &[u8; TILE], loss: &mut [T; TILE]);
}

/// Mean of the loss over the pixels for which `class_of` the label is a class, a scalar.
///
/// Without any such pixel it is 0 with zero gradients.
pub(super) fn mean_over_pixels<L: PixelLoss>(
    loss: &L,
    z: &Tensor,
    label: &Tensor,
    class_of: impl Fn(u8) -> Option<u8> + Sync,
) -> Result<Tensor> {
    check_label(L::NAME, z, label)?;
    #[cfg(feature = "cuda")]
    if z.device().is_cuda() {
        return on_gpu(loss, z, label, &class_of);
    }
    let (_, classes, _, _) = z.dims4()?;
    read(L::NAME, label, |label: &[u8]| {
        let count = count_pixels(L::NAME, label, classes, &class_of)?;
        with_real!(z.dtype(), L::NAME, T => {
            let (value, gradient) = read(L::NAME, z, |values: &[T]| {
                evaluate(loss, values, label, z.dims4()?, count, &class_of)
            })?;
            let gradient = Tensor::from_vec(gradient, z.shape(), z.device())?;
            z.contiguous()?.apply_op1(Evaluated { name: L::NAME, value: value.into(), gradient })
        })
    })
}

/// As [`mean_over_pixels`]; of all labels only 255 may mean something else than its class there.
#[cfg(feature = "cuda")]
fn on_gpu<L: PixelLoss>(
    loss: &L,
    z: &Tensor,
    label: &Tensor,
    class_of: &impl Fn(u8) -> Option<u8>,
) -> Result<Tensor> {
    use super::cuda::{Background, Head, Void, pixel_loss};
    if (0..VOID_LABEL).any(|label| class_of(label) != Some(label)) {
        bail!("{}: on a GPU only label {VOID_LABEL} can be ignored", L::NAME);
    }
    let void = match class_of(VOID_LABEL) {
        None => Void::Ignore,
        Some(0) => Void::Background,
        Some(_) => Void::Class,
    };
    let head = Head { background: Background::Explicit, loss: loss.kind(), void, align_corners: false };
    pixel_loss::mean_over_pixels(L::NAME, z, label, head)
}

/// The number of pixels that count, after checking that their classes exist.
fn count_pixels(
    name: &str,
    label: &[u8],
    classes: usize,
    class_of: &impl Fn(u8) -> Option<u8>,
) -> Result<usize> {
    let mut seen = [0usize; 256];
    for &l in label {
        seen[l as usize] += 1;
    }
    let mut count = 0;
    for (l, &pixels) in seen.iter().enumerate().filter(|&(_, &pixels)| pixels > 0) {
        match class_of(l as u8) {
            Some(class) if class as usize >= classes => {
                bail!("{name}: expected labels below {classes}, got {l} at {pixels} pixels")
            }
            Some(_) => count += pixels,
            None => {}
        }
    }
    Ok(count)
}

/// The mean loss and its gradient.
fn evaluate<T: Real, L: PixelLoss>(
    loss: &L,
    z: &[T],
    label: &[u8],
    (n, k, h, w): (usize, usize, usize, usize),
    count: usize,
    class_of: &(impl Fn(u8) -> Option<u8> + Sync),
) -> Result<(T, Vec<T>)> {
    let _operator = tracing::trace_span!("loss and its gradient").entered();
    let hw = h * w;
    let weight = T::from_f64(1. / count.max(1) as f64);
    // Sums of blocks, added in order at the end so that threads do not matter.
    let sums = Mutex::new(Vec::new());
    // SAFETY: all channels of a pixel are written by the task of its block.
    let gradient = unsafe {
        written_by(z.len(), |dz: Shared<T>| {
            for_blocks(n, hw, n * k * hw * 4, |image, pixels| {
                let mut sum = 0f64;
                let start = pixels.start;
                for_tiles(&z[image * k * hw..][..k * hw], hw, pixels, |first, count, z| {
                    let label = &label[image * hw + first..][..count];
                    // Pixels that do not count are computed as class 0, with weight 0.
                    let (mut class, mut weights) = ([0; TILE], [T::zero(); TILE]);
                    for (i, class_of) in label.iter().map(|&l| class_of(l)).enumerate() {
                        class[i] = class_of.unwrap_or(0);
                        weights[i] = if class_of.is_some() { weight } else { T::zero() };
                    }
                    let mut losses = [T::zero(); TILE];
                    loss.losses(z, &class, &mut losses);
                    let counted = losses.iter().zip(&weights).filter(|(_, w)| **w > T::zero());
                    sum += counted.map(|(l, _)| l.to_f64()).sum::<f64>();
                    for (c, row) in z.iter().enumerate() {
                        let dz = dz.slice((image * k + c) * hw + first, count);
                        for ((dz, &g), &w) in dz.iter_mut().zip(row).zip(&weights) {
                            *dz = if w > T::zero() { g * w } else { T::zero() };
                        }
                    }
                });
                sums.lock().unwrap_or_else(|e| e.into_inner()).push((image, start, sum));
            });
        })
    };
    let mut sums = sums.into_inner().unwrap_or_else(|e| e.into_inner());
    sums.sort_unstable_by_key(|&(image, first, _)| (image, first));
    let total: f64 = sums.iter().map(|s| s.2).sum();
    Ok((T::from_f64(total / count.max(1) as f64), gradient))
}

/// A scalar that is known already, together with its gradient.
struct Evaluated {
    name: &'static str,
    value: Scalar,
    gradient: Tensor,
}

impl CustomOp1 for Evaluated {
    fn name(&self) -> &'static str {
        self.name
    }

    fn cpu_fwd(&self, _: &CpuStorage, _: &Layout) -> Result<(CpuStorage, Shape)> {
        let value = match self.value {
            Scalar::F64(v) => CpuStorage::F64(vec![v]),
            v => CpuStorage::F32(vec![v.to_f64() as f32]),
        };
        Ok((value, ().into()))
    }

    fn bwd(&self, _z: &Tensor, _value: &Tensor, upstream: &Tensor) -> Result<Option<Tensor>> {
        let scale = upstream.to_dtype(candle_core::DType::F64)?.to_scalar::<f64>()?;
        // Backward from the loss itself, the usual case, needs no pass over the map.
        if scale == 1. {
            return Ok(Some(self.gradient.clone()));
        }
        Ok(Some(self.gradient.affine(scale, 0.)?))
    }
}
