//! Batches on a GPU, one after another.

use candle_core::Tensor;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The turn to queue the work of a whole batch; `None` on a CPU, where batches need not wait for each other.
///
/// Threads that predict on one GPU share its stream. If their work were mixed on it, the results of all batches would be there
/// at the end of the last one, and then no thread would have anything queued.
pub(crate) fn turn(x: &Tensor) -> Option<MutexGuard<'static, ()>> {
    static TURN: Mutex<()> = Mutex::new(());
    x.device().is_cuda().then(|| TURN.lock().unwrap_or_else(PoisonError::into_inner))
}
