//! A buffer that each thread keeps from one operator to the next.

use crate::ops::cpu::real::Real;
use std::cell::RefCell;

/// Bytes to which a buffer is aligned: a cache line, which is also the widest vector.
const ALIGN: usize = 64;

thread_local! {
    static BUFFER: RefCell<Vec<f64>> = const { RefCell::new(Vec::new()) };
}

/// Lends `len` numbers of any value, aligned to cache lines. Must not be nested.
pub(in crate::ops::cpu) fn with<T: Real, R>(len: usize, run: impl FnOnce(&mut [T]) -> R) -> R {
    BUFFER.with(|buffer| {
        let mut buffer = buffer.borrow_mut();
        let words = (len * size_of::<T>() + ALIGN).div_ceil(size_of::<f64>());
        if buffer.len() < words {
            buffer.resize(words, 0.);
        }
        let skip = buffer.as_ptr().align_offset(ALIGN);
        // SAFETY: `words` leaves room for the alignment, f64 is at least as strictly aligned as T, and any bits are
        // a valid f32 or f64.
        let lent = unsafe { std::slice::from_raw_parts_mut(buffer.as_mut_ptr().add(skip).cast::<T>(), len) };
        run(lent)
    })
}
