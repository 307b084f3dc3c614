//! Stochastic gradient descent on the CPU.

use super::level::vectorised;
use super::real::{Real, elements, elements_mut};
use crate::ops::SgdTurn;
use candle_core::{CpuStorage, InplaceOp1, InplaceOp2, Layout, Result, Storage, Tensor, bail};
use rayon::prelude::*;
use std::cell::RefCell;

const NAME: &str = "sgd";

/// Elements a task works on: large enough to hide the hand-over, small enough to share out.
const CHUNK: usize = 1 << 16;

/// One step of all parameters, each in one pass over its memory.
pub(in crate::ops) fn update(turns: &[SgdTurn<'_>], momentum: f64, weight_decay: f64) -> Result<()> {
    // candle does not write into tensors without values.
    for turn in turns.iter().filter(|turn| turn.value.elem_count() > 0) {
        let others = [turn.buffer, turn.gradient].map(address);
        if others.contains(&address(turn.value)) {
            bail!("{NAME}: expected a parameter that does not share its memory with its buffer or gradient");
        }
        turn.value.inplace_op1(&OfValue { turn, momentum, weight_decay })?;
    }
    Ok(())
}

/// What two tensors have in common exactly if they share their memory.
fn address(tensor: &Tensor) -> *const Storage {
    &*tensor.storage_and_layout().0
}

/// candle lends one storage at a time for writing: this borrows the value's, and within it the buffer's is borrowed.
struct OfValue<'a> {
    turn: &'a SgdTurn<'a>,
    momentum: f64,
    weight_decay: f64,
}

impl OfValue<'_> {
    fn run<T: Real>(&self, value: &mut [T]) -> Result<()> {
        let factors =
            Factors { momentum: self.momentum, weight_decay: self.weight_decay, lr: self.turn.lr }.of();
        let inner = OfBuffer { value: RefCell::new(value), factors };
        self.turn.buffer.inplace_op2(self.turn.gradient, &inner)
    }
}

impl InplaceOp1 for OfValue<'_> {
    fn name(&self) -> &'static str {
        NAME
    }

    fn cpu_fwd(&self, value: &mut CpuStorage, layout: &Layout) -> Result<()> {
        match value {
            CpuStorage::F32(_) => self.run::<f32>(elements_mut(NAME, value, layout)?),
            CpuStorage::F64(_) => self.run::<f64>(elements_mut(NAME, value, layout)?),
            _ => bail!("{NAME}: expected f32 or f64"),
        }
    }
}

struct OfBuffer<'a, T> {
    value: RefCell<&'a mut [T]>,
    factors: Factors<T>,
}

impl<T: Real> InplaceOp2 for OfBuffer<'_, T> {
    fn name(&self) -> &'static str {
        NAME
    }

    fn cpu_fwd(
        &self,
        buffer: &mut CpuStorage,
        buffer_layout: &Layout,
        gradient: &CpuStorage,
        gradient_layout: &Layout,
    ) -> Result<()> {
        let buffer = elements_mut::<T>(NAME, buffer, buffer_layout)?;
        let gradient = elements::<T>(NAME, gradient, gradient_layout)?;
        let value = &mut **self.value.borrow_mut();
        let factors = self.factors;
        if value.len() <= CHUNK {
            step(value, buffer, gradient, factors);
            return Ok(());
        }
        let chunks = value.par_chunks_mut(CHUNK).zip(buffer.par_chunks_mut(CHUNK));
        chunks.zip(gradient.par_chunks(CHUNK)).for_each(|((value, buffer), gradient)| {
            step(value, buffer, gradient, factors);
        });
        Ok(())
    }
}

#[derive(Clone, Copy)]
struct Factors<T> {
    momentum: T,
    weight_decay: T,
    lr: T,
}

impl Factors<f64> {
    /// In the element type.
    fn of<T: Real>(self) -> Factors<T> {
        let [momentum, weight_decay, lr] = [self.momentum, self.weight_decay, self.lr].map(T::from_f64);
        Factors { momentum, weight_decay, lr }
    }
}

vectorised! {
    /// `u <- momentum * u + (g + weight_decay * p)`, then `p <- p - lr * u`.
    fn step<T>(value: &mut [T], buffer: &mut [T], gradient: &[T], factors: Factors<T>) {
        let Factors { momentum, weight_decay, lr } = factors;
        for ((p, u), &g) in value.iter_mut().zip(buffer).zip(gradient) {
            *u = momentum * *u + (g + weight_decay * *p);
            *p -= lr * *u;
        }
    }
}
