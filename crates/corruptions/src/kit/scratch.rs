//! Working buffers that a thread keeps between calls, so that a corruption does not wait for new pages of memory.

use std::cell::RefCell;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

/// At most this many buffers wait on a thread; more are freed.
const KEPT: usize = 16;

/// Buffers up to this many words, two pages, are given to any request that they fit.
const SMALL: usize = 1024;

thread_local! {
    /// One pool for all types: what one corruption leaves behind serves the next, whatever it stores.
    static POOL: RefCell<Vec<Vec<u64>>> = const { RefCell::new(Vec::new()) };
}

/// A buffer of exactly the requested length, given back to its thread when dropped.
pub(crate) struct Buffer<T: Pooled> {
    /// Enough words for `len` items.
    words: Vec<u64>,
    len: usize,
    items: PhantomData<T>,
}

/// A sample type that pooled buffers can hold.
///
/// # Safety
/// Every pattern of bits must be a value, nothing may need dropping, and the alignment must not exceed a `u64`'s.
pub(crate) unsafe trait Pooled: Copy + Default + 'static {}

macro_rules! pooled {
    ($($ty:ty),*) => {$(
        // SAFETY: a primitive number of at most eight bytes: all patterns are values.
        unsafe impl Pooled for $ty {}
    )*};
}

pooled!(u8, i16, u16, i32, u32, f32, f64);

/// A buffer of `len` items **whose contents are left over from earlier use**: the caller writes before it reads.
#[must_use]
pub(crate) fn dirty<T: Pooled>(len: usize) -> Buffer<T> {
    let needed = (len * size_of::<T>()).div_ceil(size_of::<u64>());
    let words = POOL.with_borrow_mut(|pool| take(pool, needed)).unwrap_or_else(|| vec![0; needed]);
    Buffer { words, len, items: PhantomData }
}

/// A buffer of `len` zeros.
#[must_use]
pub(crate) fn zeroed<T: Pooled>(len: usize) -> Buffer<T> {
    let mut buffer = dirty(len);
    buffer.fill(T::default());
    buffer
}

/// The smallest waiting buffer that fits and is not far too large. Where none is, the largest of those that are too
/// small is freed, because it has been outgrown: so a thread never holds many more buffers than are in use at once.
fn take(pool: &mut Vec<Vec<u64>>, needed: usize) -> Option<Vec<u64>> {
    let fits =
        |words: &&(usize, &Vec<u64>)| (needed..=(needed + needed / 2).max(SMALL)).contains(&words.1.len());
    let found = pool.iter().enumerate().filter(|w| fits(&w)).min_by_key(|(_, words)| words.len());
    if let Some((place, _)) = found {
        return Some(pool.swap_remove(place));
    }
    let outgrown = pool.iter().enumerate().filter(|(_, words)| words.len() < needed);
    if let Some((place, _)) = outgrown.max_by_key(|(_, words)| words.len()) {
        pool.swap_remove(place);
    }
    None
}

impl<T: Pooled> Deref for Buffer<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        // SAFETY: the words hold at least `len` items, are aligned for them and initialised, and all bits are values.
        unsafe { std::slice::from_raw_parts(self.words.as_ptr().cast(), self.len) }
    }
}

impl<T: Pooled> DerefMut for Buffer<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        // SAFETY: the words hold at least `len` items, are aligned for them and initialised, and all bits are values;
        // whatever is written is a number, so the words stay initialised.
        unsafe { std::slice::from_raw_parts_mut(self.words.as_mut_ptr().cast(), self.len) }
    }
}

impl<T: Pooled> Drop for Buffer<T> {
    fn drop(&mut self) {
        let words = std::mem::take(&mut self.words);
        POOL.with_borrow_mut(|pool| {
            if pool.len() < KEPT {
                pool.push(words);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_back_serves_another_type() {
        // A thread of its own has an empty pool.
        let work = || {
            let first = dirty::<f64>(4000);
            let place = first.as_ptr() as usize;
            drop(first);
            let second = zeroed::<u8>(29_000);
            assert_eq!((second.as_ptr() as usize, second.len()), (place, 29_000));
            assert!(second.iter().all(|&b| b == 0));
            let third = dirty::<f32>(3);
            assert_ne!(third.as_ptr() as usize, place, "it is in use");
        };
        std::thread::spawn(work).join().expect("the thread ends well");
    }

    #[test]
    fn an_outgrown_buffer_is_freed() {
        let work = || {
            drop(dirty::<f64>(2000));
            drop(dirty::<f64>(3000));
            POOL.with_borrow(|pool| assert_eq!(pool.iter().map(Vec::len).collect::<Vec<_>>(), [3000]));
        };
        std::thread::spawn(work).join().expect("the thread ends well");
    }
}
