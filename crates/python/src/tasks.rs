//! Work on several threads that Ctrl-C ends.

use pyo3::prelude::*;
use rayon::ThreadPool;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// How often Ctrl-C is looked for.
const LOOK: Duration = Duration::from_millis(50);

/// Does every task on the threads of a pool. Called without the interpreter's lock.
///
/// One task is one piece of work: corruptions differ too much in cost to be grouped.
///
/// # Errors
/// The first one of a task or of a signal's handler, such as `KeyboardInterrupt`. Tasks that have begun then end, and no other
/// one begins.
pub(crate) fn each_on<T>(pool: &ThreadPool, tasks: impl Iterator<Item = T>) -> PyResult<()>
where
    T: FnOnce() -> PyResult<()> + Send,
{
    let is_over = AtomicBool::new(false);
    // This thread stays outside of the pool: Python hands signals to its main thread alone.
    pool.in_place_scope(|scope| {
        let (sender, results) = channel();
        for task in tasks {
            let (sender, is_over) = (sender.clone(), &is_over);
            scope.spawn(move |_| {
                if !is_over.load(Ordering::Relaxed) {
                    // The receiver lives until every sender is gone.
                    let _ = sender.send(task());
                }
            });
        }
        drop(sender);
        awaited(&results, &is_over)
    })
}

/// Waits until no task is left; after the first error none is to begin.
fn awaited(results: &Receiver<PyResult<()>>, is_over: &AtomicBool) -> PyResult<()> {
    let (mut first, mut looked) = (Ok(()), Instant::now());
    loop {
        let mut result = match results.recv_timeout(LOOK) {
            Ok(result) => result,
            Err(RecvTimeoutError::Timeout) => Ok(()),
            Err(RecvTimeoutError::Disconnected) => return first,
        };
        if first.is_ok() && looked.elapsed() >= LOOK {
            looked = Instant::now();
            result = result.and_then(|()| Python::attach(|py| py.check_signals()));
        }
        if first.is_ok() && result.is_err() {
            is_over.store(true, Ordering::Relaxed);
            first = result;
        }
    }
}
