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
