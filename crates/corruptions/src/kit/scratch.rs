//! Working buffers that a thread keeps between calls, so that a corruption does not pay for fresh pages.

use std::cell::RefCell;
use std::ops::{Deref, DerefMut};

/// At most this many buffers of one type wait on a thread; more are freed.
const KEPT: usize = 6;

/// A buffer of exactly the length asked for, given back to its thread when dropped.
pub struct Buffer<T: Pooled> {
    /// At least `len` items: a buffer never shrinks, so that growing again costs nothing.
    items: Vec<T>,
    len: usize,
}

/// A sample type with a pool of its own on each thread.
pub trait Pooled: Copy + Default + 'static {
    /// Runs `f` on the calling thread's pool.
    fn with_pool<R>(f: impl FnOnce(&mut Vec<Vec<Self>>) -> R) -> R;
}

macro_rules! pooled {
    ($($ty:ty),*) => {$(
        impl Pooled for $ty {
            fn with_pool<R>(f: impl FnOnce(&mut Vec<Vec<Self>>) -> R) -> R {
                thread_local! { static POOL: RefCell<Vec<Vec<$ty>>> = const { RefCell::new(Vec::new()) }; }
                POOL.with(|pool| f(&mut pool.borrow_mut()))
            }
        }
    )*};
}

pooled!(u8, i16, u16, i32, u32, f32, f64);

/// A buffer of `len` items **whose contents are left over from earlier use**: the caller writes before it reads.
#[must_use]
pub fn dirty<T: Pooled>(len: usize) -> Buffer<T> {
    let mut items = T::with_pool(|pool| {
        let fits = pool.iter().position(|v| v.capacity() >= len);
        fits.map(|i| pool.swap_remove(i)).or_else(|| pool.pop())
    })
    .unwrap_or_default();
    if items.len() < len {
        items.resize(len, T::default());
    }
    Buffer { items, len }
}

/// A buffer of `len` zeros.
#[must_use]
pub fn zeroed<T: Pooled>(len: usize) -> Buffer<T> {
    let mut buffer = dirty(len);
    buffer.fill(T::default());
    buffer
}

impl<T: Pooled> Deref for Buffer<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.items[..self.len]
    }
}

impl<T: Pooled> DerefMut for Buffer<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.items[..self.len]
    }
}

impl<T: Pooled> Drop for Buffer<T> {
    fn drop(&mut self) {
        let items = std::mem::take(&mut self.items);
        T::with_pool(|pool| {
            if pool.len() < KEPT {
                pool.push(items);
            }
        });
    }
}
