//! What a network's outputs mean, as the kernels are told.

use super::view::Element;
use crate::ops::ChannelReduction;
use candle_core::cuda_backend::cudarc::driver::DeviceRepr;
use candle_core::{Result, Tensor, WithDType, bail};

/// How the background logit follows from the stored channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Background {
    /// It is channel 0.
    Explicit = 0,
    /// `-log(sum exp(v))` of the interpolated channels.
    NegLse = 1,
    /// `-max(v)` of the interpolated channels.
    NegMax = 2,
}

/// What is minimised, averaged over pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Loss {
    /// Softmax cross-entropy.
    CrossEntropy,
    /// Sigmoid cross-entropy of all classes.
    Binary(ChannelReduction),
    /// Sigmoid cross-entropy of the labelled class alone.
    PositiveOnly(ChannelReduction),
}

/// What label 255 means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Void {
    /// Not counted.
    Ignore = 0,
    /// Class 0.
    Background = 1,
    /// A class like any other, hence a mistake where there are fewer than 256.
    Class = 2,
}

/// Everything but the data.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Head {
    pub(crate) background: Background,
    pub(crate) loss: Loss,
    pub(crate) void: Void,
    pub(crate) align_corners: bool,
}

impl Head {
    /// Whether channel 0 of the outputs is the background logit.
    pub(crate) fn holds_background(&self) -> bool {
        self.background == Background::Explicit
    }
}

/// `Head` of `kernels/head.cuh`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub(super) struct RawHead {
    background: i32,
    loss: i32,
    void_rule: i32,
    pub(super) channels: i32,
    in_height: i32,
    in_width: i32,
    out_height: i32,
    out_width: i32,
    align_corners: i32,
}

// SAFETY: plain numbers, laid out as the kernels' struct.
unsafe impl DeviceRepr for RawHead {}

/// A head on outputs of a known size, resized to a known size.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sized {
    pub(super) head: Head,
    pub(super) images: usize,
    pub(super) channels: usize,
    pub(super) inner: (usize, usize),
    pub(super) outer: (usize, usize),
}

impl Sized {
    /// # Errors
    /// When `v` is not `[N, C, h, w]`, empty, too large for the kernels' 32-bit sides, or has more than 255 classes.
    pub(super) fn new(name: &str, head: Head, v: &Tensor, outer: (usize, usize)) -> Result<Sized> {
        let (images, channels, h, w) = v.dims4()?;
        let sized = Sized { head, images, channels, inner: (h, w), outer };
        let sides = [images, h, w, outer.0, outer.1];
        if sides.iter().any(|&side| side == 0 || side > i32::MAX as usize) {
            bail!("{name}: expected sides from 1 to 2^31, got {:?} to {outer:?}", v.dims());
        }
        if channels == 0 || sized.classes() > 255 {
            bail!("{name}: expected 1 to 255 classes, got {}", sized.classes());
        }
        Ok(sized)
    }

    pub(super) fn classes(&self) -> usize {
        self.channels + usize::from(self.head.background != Background::Explicit)
    }

    /// Pixels of one picture at full size.
    pub(super) fn pixels(&self) -> usize {
        self.outer.0 * self.outer.1
    }

    pub(super) fn raw(&self) -> RawHead {
        RawHead {
            background: self.head.background as i32,
            loss: match self.head.loss {
                Loss::CrossEntropy => 0,
                Loss::Binary(_) => 1,
                Loss::PositiveOnly(_) => 2,
            },
            void_rule: self.head.void as i32,
            channels: self.channels as i32,
            in_height: self.inner.0 as i32,
            in_width: self.inner.1 as i32,
            out_height: self.outer.0 as i32,
            out_width: self.outer.1 as i32,
            align_corners: i32::from(self.head.align_corners),
        }
    }

    /// Weight of a channel's loss.
    pub(super) fn channel_weight<A: WithDType>(&self) -> A {
        match self.head.loss {
            Loss::Binary(ChannelReduction::Mean) | Loss::PositiveOnly(ChannelReduction::Mean) => {
                A::from_f64(1. / self.classes() as f64)
            }
            _ => A::from_f64(1.),
        }
    }

    /// Inner over outer length of the rows and of the columns.
    pub(super) fn scales<T: Element>(&self) -> (T::Arithmetic, T::Arithmetic) {
        let scale = |inner: usize, outer: usize| {
            let scale = match (self.head.align_corners, outer) {
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
