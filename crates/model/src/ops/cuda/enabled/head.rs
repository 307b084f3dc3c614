//! What a network's outputs mean, as the kernels are told.

use super::kernel::tile_stride;
use super::view::Element;
use crate::ops::head::{Bce, Form, Loss, Readout, Reduce, VoidRule};
use candle_core::cuda_backend::cudarc::driver::DeviceRepr;
use candle_core::{Result, Tensor, WithDType, bail};

/// `Head` of `kernels/head.cuh`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub(super) struct RawHead {
    background: i32,
    loss: i32,
    void_rule: i32,
    channels: i32,
    in_height: i32,
    in_width: i32,
    out_height: i32,
    out_width: i32,
    align_corners: i32,
}

// SAFETY: plain numbers, laid out as the kernels' struct.
unsafe impl DeviceRepr for RawHead {}

/// Outputs of a known size, read at a known size.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sized {
    readout: Readout,
    pub(super) images: usize,
    pub(super) channels: usize,
    /// Height and width of the outputs.
    pub(super) inner: (usize, usize),
    /// Height and width at which they are read.
    pub(super) outer: (usize, usize),
}

impl Sized {
    /// # Errors
    /// When `v` is not `[N, C, h, w]`, empty, too large for the kernels' 32-bit sides, or has more than 256 classes.
    pub(super) fn new(name: &str, readout: Readout, v: &Tensor, outer: (usize, usize)) -> Result<Sized> {
        let (images, channels, h, w) = v.dims4()?;
        let sized = Sized { readout, images, channels, inner: (h, w), outer };
        let sides = [images, h, w, outer.0, outer.1];
        if sides.iter().any(|&side| side == 0 || side > i32::MAX as usize) {
            bail!("{name}: expected sides from 1 to 2^31, got {:?} to {outer:?}", v.dims());
        }
        if channels == 0 || sized.classes() > 256 {
            bail!("{name}: expected 1 to 256 classes, got {}", sized.classes());
        }
        Ok(sized)
    }

    pub(super) fn classes(&self) -> usize {
        self.readout.classes(self.channels)
    }

    /// Whether the outputs are the logits of all classes at the size at which they are read.
    pub(super) fn are_logits(&self) -> bool {
        self.readout.background.is_none() && self.inner == self.outer
    }

    /// Pixels of all images at full size.
    pub(super) fn pixels(&self) -> usize {
        self.images * self.outer.0 * self.outer.1
    }

    /// Shared memory of a pixel in the kernels' `LogitTile`: its place between the outputs and the logits of all classes.
    pub(super) fn tile_bytes<T: Element>(&self) -> usize {
        let value = size_of::<T::Arithmetic>();
        4 * size_of::<u64>() + 2 * value + tile_stride(self.classes()) * value
    }

    /// For kernels that read the outputs.
    pub(super) fn raw(&self) -> RawHead {
        RawHead {
            background: match self.readout.background {
                None => 0,
                Some(Form::NegLse) => 1,
                Some(Form::NegMax) => 2,
            },
            loss: 0,
            void_rule: 0,
            channels: self.channels as i32,
            in_height: self.inner.0 as i32,
            in_width: self.inner.1 as i32,
            out_height: self.outer.0 as i32,
            out_width: self.outer.1 as i32,
            align_corners: i32::from(self.readout.align_corners),
        }
    }

    /// For kernels that compute a loss.
    pub(super) fn raw_for(&self, loss: Loss, void: VoidRule) -> RawHead {
        let loss = match loss {
            Loss::CrossEntropy => 0,
            Loss::Sigmoid(Bce::Full, _) => 1,
            Loss::Sigmoid(Bce::PositiveOnly, _) => 2,
        };
        let void_rule = match void {
            VoidRule::Ignore => 0,
            VoidRule::Background => 1,
        };
        RawHead { loss, void_rule, ..self.raw() }
    }

    /// Weight of a channel's loss.
    pub(super) fn channel_weight<A: WithDType>(&self, loss: Loss) -> A {
        A::from_f64(match loss {
            Loss::CrossEntropy | Loss::Sigmoid(_, Reduce::Sum) => 1.,
            Loss::Sigmoid(_, Reduce::Mean) => Reduce::Mean.weight(self.classes()),
        })
    }

    /// Inner over outer length of the rows and of the columns.
    pub(super) fn scales<T: Element>(&self) -> (T::Arithmetic, T::Arithmetic) {
        let scale = |inner: usize, outer: usize| {
            let scale = match (self.readout.align_corners, outer) {
                (true, 0 | 1) => 0.,
                (true, _) => (inner as f64 - 1.) / (outer as f64 - 1.),
                (false, _) => inner as f64 / outer as f64,
            };
            // The quotient of two small whole numbers, rounded twice, is the quotient rounded once.
            T::Arithmetic::from_f64(scale)
        };
        (scale(self.inner.0, self.outer.0), scale(self.inner.1, self.outer.1))
    }
}

/// Reports labels that a kernel found to be no class: `status` is `[counted, wrong, largest wrong]`.
pub(super) fn check_status(name: &str, classes: usize, status: &[u64]) -> Result<()> {
    match status {
        [_, 0, _] => Ok(()),
        [_, wrong, label] => {
            bail!("{name}: expected labels below {classes}, got labels up to {label} at {wrong} pixels")
        }
        _ => bail!("{name}: expected three numbers of status, got {}", status.len()),
    }
}
