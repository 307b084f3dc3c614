//! The two halves of an SGD step on the CPU.

use super::NAME;
use crate::ops::cpu::real::{Real, elements};
use candle_core::{CpuStorage, InplaceOp2, InplaceOp3, Layout, Result, bail};
use rayon::prelude::*;

/// `u <- momentum * u + (g + weight_decay * p)`.
pub(super) struct Accumulate {
    pub(super) momentum: f64,
    pub(super) weight_decay: f64,
}

/// `p <- p - lr * u`.
pub(super) struct Descend {
    pub(super) lr: f64,
}

/// Elements a task works on: large enough to hide the hand-over, small enough to share out.
const CHUNK: usize = 1 << 16;

impl Accumulate {
    fn run<T: Real>(&self, buffer: &mut [T], gradient: &[T], value: &[T]) {
        let (momentum, decay) = (T::from_f64(self.momentum), T::from_f64(self.weight_decay));
        let chunks =
            buffer.par_chunks_mut(CHUNK).zip(gradient.par_chunks(CHUNK)).zip(value.par_chunks(CHUNK));
        chunks.for_each(|((buffer, gradient), value)| {
            for ((u, &g), &p) in buffer.iter_mut().zip(gradient).zip(value) {
                *u = momentum * *u + (g + decay * p);
            }
        });
    }
}

impl Descend {
    fn run<T: Real>(&self, value: &mut [T], buffer: &[T]) {
        let lr = T::from_f64(self.lr);
        value.par_chunks_mut(CHUNK).zip(buffer.par_chunks(CHUNK)).for_each(|(value, buffer)| {
            for (p, &u) in value.iter_mut().zip(buffer) {
                *p -= lr * u;
            }
        });
    }
}

impl InplaceOp3 for Accumulate {
    fn name(&self) -> &'static str {
        NAME
    }

    fn cpu_fwd(
        &self,
        buffer: &mut CpuStorage,
        buffer_layout: &Layout,
        gradient: &CpuStorage,
        gradient_layout: &Layout,
        value: &CpuStorage,
        value_layout: &Layout,
    ) -> Result<()> {
        let (start, end) = range(buffer_layout)?;
        match buffer {
            CpuStorage::F32(buffer) => {
                let gradient = elements(NAME, gradient, gradient_layout)?;
                self.run(&mut buffer[start..end], gradient, elements(NAME, value, value_layout)?);
            }
            CpuStorage::F64(buffer) => {
                let gradient = elements(NAME, gradient, gradient_layout)?;
                self.run(&mut buffer[start..end], gradient, elements(NAME, value, value_layout)?);
            }
            _ => bail!("{NAME}: expected f32 or f64"),
        }
        Ok(())
    }
}

impl InplaceOp2 for Descend {
    fn name(&self) -> &'static str {
        NAME
    }

    fn cpu_fwd(
        &self,
        value: &mut CpuStorage,
        value_layout: &Layout,
        buffer: &CpuStorage,
        buffer_layout: &Layout,
    ) -> Result<()> {
        let (start, end) = range(value_layout)?;
        match value {
            CpuStorage::F32(value) => {
                self.run(&mut value[start..end], elements(NAME, buffer, buffer_layout)?);
            }
            CpuStorage::F64(value) => {
                self.run(&mut value[start..end], elements(NAME, buffer, buffer_layout)?);
            }
            _ => bail!("{NAME}: expected f32 or f64"),
        }
        Ok(())
    }
}

fn range(layout: &Layout) -> Result<(usize, usize)> {
    match layout.contiguous_offsets() {
        Some(range) => Ok(range),
        None => bail!("{NAME}: expected a contiguous tensor, got strides {:?}", layout.stride()),
    }
}
