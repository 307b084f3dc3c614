//! Running independent pieces of an operator, in a way that never changes a result.

use rayon::prelude::*;

/// Work (in rough nanoseconds of one thread) below which waking another thread costs more than it saves.
const WORTH_A_THREAD: usize = 30_000;

/// Calls `task(0) ... task(count - 1)`, on several threads when `nanoseconds` of total work make that worth it.
///
/// The tasks must not depend on one another; how they are cut must not depend on the number of threads.
pub(in crate::ops) fn for_each(count: usize, nanoseconds: usize, task: impl Fn(usize) + Sync) {
    if count < 2 || nanoseconds < WORTH_A_THREAD || rayon::current_num_threads() == 1 {
        (0..count).for_each(task);
    } else {
        (0..count).into_par_iter().for_each(&task);
    }
}

/// As [`for_each`], collecting the results in the order of the tasks.
pub(in crate::ops) fn map<R: Send>(
    count: usize,
    nanoseconds: usize,
    task: impl Fn(usize) -> R + Sync,
) -> Vec<R> {
    if count < 2 || nanoseconds < WORTH_A_THREAD || rayon::current_num_threads() == 1 {
        (0..count).map(task).collect()
    } else {
        (0..count).into_par_iter().map(&task).collect()
    }
}

/// A pointer into a buffer of which every task writes its own part.
pub(in crate::ops) struct Shared<T>(*mut T);

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Shared<T> {}
// SAFETY: tasks write disjoint parts, which is what the callers of `slice` promise.
unsafe impl<T: Send> Send for Shared<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Sync for Shared<T> {}

impl<T> Shared<T> {
    /// The elements `offset..offset + len`.
    ///
    /// # Safety
    /// The range lies in the buffer, and no other task touches it while the slice lives.
    pub(in crate::ops) unsafe fn slice<'a>(self, offset: usize, len: usize) -> &'a mut [T] {
        // SAFETY: promised by the caller.
        unsafe { std::slice::from_raw_parts_mut(self.0.add(offset), len) }
    }
}

/// A vector of `len` numbers that `fill` writes completely; saves clearing large buffers first.
///
/// # Safety
/// `fill` writes every element and reads none before.
pub(in crate::ops) unsafe fn written_by<T: Copy>(len: usize, fill: impl FnOnce(Shared<T>)) -> Vec<T> {
    let mut data = Vec::with_capacity(len);
    fill(Shared(data.as_mut_ptr()));
    // SAFETY: the capacity is `len` and the caller promises that all elements are written.
    unsafe { data.set_len(len) };
    data
}

/// Calls `task(i, chunk)` for every chunk of `chunk` elements (the last may be shorter), as [`for_each`] does.
pub(in crate::ops) fn for_each_chunk<T: Send>(
    data: &mut [T],
    chunk: usize,
    nanoseconds: usize,
    task: impl Fn(usize, &mut [T]) + Sync,
) {
    if data.len() <= chunk || nanoseconds < WORTH_A_THREAD || rayon::current_num_threads() == 1 {
        data.chunks_mut(chunk).enumerate().for_each(|(i, chunk)| task(i, chunk));
    } else {
        data.par_chunks_mut(chunk).enumerate().for_each(|(i, chunk)| task(i, chunk));
    }
}

/// As [`for_each_chunk`], collecting what the tasks return in the order of the chunks.
pub(in crate::ops) fn map_chunks<T: Send, R: Send>(
    data: &mut [T],
    chunk: usize,
    nanoseconds: usize,
    task: impl Fn(usize, &mut [T]) -> R + Sync,
) -> Vec<R> {
    if data.len() <= chunk || nanoseconds < WORTH_A_THREAD || rayon::current_num_threads() == 1 {
        data.chunks_mut(chunk).enumerate().map(|(i, chunk)| task(i, chunk)).collect()
    } else {
        data.par_chunks_mut(chunk).enumerate().map(|(i, chunk)| task(i, chunk)).collect()
    }
}
