//! The predicted class of each pixel, and the logits' moments by class, from the network's outputs.

use super::arriving::Arriving;
use super::head::Readout;
use super::types::check_computed;
use super::{cpu, cuda};
use candle_core::{Result, Tensor, bail};

/// The classes of a batch's pixels, and the moments of their logits. On a CPU they are there, on a GPU they are queued.
#[derive(Debug)]
pub(crate) struct QueuedClasses {
    classes: Arriving,
    moments: Option<Arriving>,
}

impl QueuedClasses {
    /// The classes in `[N, H, W]` order, and the moments if they were asked for and the device has a kernel for them.
    ///
    /// # Errors
    /// Those of the kernels.
    pub(crate) fn wait(self) -> Result<(Vec<u8>, Option<Vec<f64>>)> {
        let classes = self.classes.wait()?;
        let moments = self.moments.map(Arriving::wait).transpose()?;
        let number = |bytes: &[u8]| f64::from_ne_bytes(bytes.try_into().expect("chunks of eight"));
        Ok((classes, moments.map(|bytes| bytes.chunks_exact(8).map(number).collect())))
    }
}

/// The class with the largest logit for every pixel of outputs `v` `[N, C, h, w]` at `size` (height, width). The logits at
/// full size are never written to memory.
///
/// The first one wins a tie, and the first NaN wins over numbers, as in PyTorch.
///
/// With `moments` also, for each predicted class of each image, the number of its pixels, the sums of the `K` logits, and of
/// the upper triangle of their products, row by row: `[N, K, 1 + K + K (K + 1) / 2]`. A CPU has no kernel for it.
///
/// # Errors
/// When `v` is not four-dimensional, there are not 1 to 256 classes, a side is 0, or `v` has a type that the device lacks.
pub(crate) fn classes(
    v: &Tensor,
    size: (usize, usize),
    readout: Readout,
    moments: bool,
) -> Result<QueuedClasses> {
    check("classes", v, size, readout)?;
    if !v.device().is_cuda() {
        let classes = Arriving::Here(cpu::classes::classes(v, size, readout)?);
        return Ok(QueuedClasses { classes, moments: None });
    }
    if v.elem_count() == 0 {
        let none = || Arriving::Here(Vec::new());
        return Ok(QueuedClasses { classes: none(), moments: moments.then(none) });
    }
    let (classes, moments) = cuda::classes::classes(v, size, readout, moments)?;
    Ok(QueuedClasses { classes: Arriving::Underway(classes), moments: moments.map(Arriving::Underway) })
}

/// What every reading of outputs at full size needs.
pub(super) fn check(name: &str, v: &Tensor, size: (usize, usize), readout: Readout) -> Result<()> {
    let (n, channels, h, w) = v.dims4()?;
    check_computed(name, v)?;
    let classes = readout.classes(channels);
    if channels == 0 || classes > 256 {
        bail!("{name}: expected 1 to 256 channels, got {classes}");
    }
    if n > 0 && h * w * size.0 * size.1 == 0 {
        bail!("{name}: expected sides of at least 1, got {h}x{w} to {}x{}", size.0, size.1);
    }
    Ok(())
}
