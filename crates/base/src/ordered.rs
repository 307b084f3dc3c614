//! Work on threads, taken in order, never further ahead than a bound.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Runs `work(0)`, `work(1)`, ... `work(count - 1)` on `threads` threads, or on one where that is 0, and hands their results to `consume` in that
/// order; no more than `ahead` results are finished or in work before they are taken.
///
/// When `consume` returns early, what is in work is finished and dropped. A panic in `work` ends the iterator and is
/// passed on when `consume` has returned.
pub fn ordered<T: Send, R>(
    count: usize,
    threads: usize,
    ahead: usize,
    work: impl Fn(usize) -> T + Sync,
    consume: impl FnOnce(&mut dyn Iterator<Item = T>) -> R,
) -> R {
    ordered_within(count, threads, &|| ahead, work, consume)
}

/// [`ordered`] with a bound that may change while it works, for results of which the first ones show how large they are. It
/// is asked for again whenever a result is there or is taken, and counts as 1 where it is 0.
pub fn ordered_within<T: Send, R>(
    count: usize,
    threads: usize,
    ahead: &(dyn Fn() -> usize + Sync),
    work: impl Fn(usize) -> T + Sync,
    consume: impl FnOnce(&mut dyn Iterator<Item = T>) -> R,
) -> R {
    let shared = Shared { count, ahead, state: Mutex::default(), changed: Condvar::new() };
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1).min(count) {
            scope.spawn(|| {
                let _guard = PanicGuard(&shared);
                while let Some(index) = shared.claim() {
                    let value = work(index);
                    shared.deliver(index, value);
                }
            });
        }
        let _close = CloseGuard(&shared);
        consume(&mut std::iter::from_fn(|| shared.take()))
    })
}

struct Shared<'a, T> {
    count: usize,
    ahead: &'a (dyn Fn() -> usize + Sync),
    state: Mutex<State<T>>,
    changed: Condvar,
}

struct State<T> {
    /// The next index to work on.
    next: usize,
    /// The next index to hand out.
    taken: usize,
    finished: BTreeMap<usize, T>,
    /// No more work is wanted, or none will come.
    closed: bool,
}

impl<T> Default for State<T> {
    fn default() -> Self {
        State { next: 0, taken: 0, finished: BTreeMap::new(), closed: false }
    }
}

impl<T> Shared<'_, T> {
    fn claim(&self) -> Option<usize> {
        let mut state = self.lock();
        while !state.closed && state.next < self.count && state.next - state.taken >= (self.ahead)().max(1) {
            state = self.wait(state);
        }
        if state.closed || state.next >= self.count {
            return None;
        }
        state.next += 1;
        Some(state.next - 1)
    }

    fn deliver(&self, index: usize, value: T) {
        self.lock().finished.insert(index, value);
        self.changed.notify_all();
    }

    fn take(&self) -> Option<T> {
        let mut state = self.lock();
        while state.taken < self.count && !state.closed {
            let wanted = state.taken;
            if let Some(value) = state.finished.remove(&wanted) {
                state.taken += 1;
                drop(state);
                self.changed.notify_all();
                return Some(value);
            }
            state = self.wait(state);
        }
        None
    }

    fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    // Nothing panics while the lock is held, so a poisoned lock still guards a sound state.
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State<T>>) -> MutexGuard<'a, State<T>> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }
}

/// Wakes the consumer when a worker panics, which would otherwise wait for ever.
struct PanicGuard<'a, T>(&'a Shared<'a, T>);

impl<T> Drop for PanicGuard<'_, T> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.close();
        }
    }
}

/// Sends the workers home when the consumer is done, also when it panics.
struct CloseGuard<'a, T>(&'a Shared<'a, T>);

impl<T> Drop for CloseGuard<'_, T> {
    fn drop(&mut self) {
        self.0.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    #[test]
    fn results_come_in_order_whatever_the_threads() {
        for threads in [0, 1, 2, 7] {
            let slow_first = |i: usize| {
                std::thread::sleep(Duration::from_micros(if i.is_multiple_of(5) { 500 } else { 0 }));
                i * i
            };
            let all: Vec<usize> = ordered(40, threads, 6, slow_first, |items| items.collect());
            assert_eq!(all, (0..40).map(|i| i * i).collect::<Vec<_>>());
        }
    }

    #[test]
    fn nobody_runs_further_ahead_than_the_bound() {
        let (started, taken) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let work = |_| {
            let ahead = started.fetch_add(1, Ordering::SeqCst) + 1 - taken.load(Ordering::SeqCst);
            // One more than the bound: an item is counted as taken a moment after its room is free.
            assert!(ahead <= 4, "{ahead} in work");
        };
        ordered(200, 3, 3, work, |items| {
            for () in items {
                taken.fetch_add(1, Ordering::SeqCst);
            }
        });
        assert_eq!(taken.into_inner(), 200);
    }

    #[test]
    fn a_bound_may_change_when_the_first_result_is_there() {
        let done = AtomicUsize::new(0);
        // One piece of work until the first is done, and three ahead from then on.
        let ahead = || if done.load(Ordering::SeqCst) == 0 { 0 } else { 3 };
        let work = |i: usize| {
            assert!(i == 0 || done.load(Ordering::SeqCst) > 0, "{i} began before the first was done");
            std::thread::sleep(Duration::from_micros(200));
            done.fetch_add(1, Ordering::SeqCst);
            i
        };
        let all: Vec<usize> = ordered_within(50, 4, &ahead, work, |items| items.collect());
        assert_eq!(all, (0..50).collect::<Vec<_>>());
    }

    #[test]
    fn leaving_early_ends_the_workers() {
        let begun = AtomicUsize::new(0);
        let count = |i| {
            begun.fetch_add(1, Ordering::SeqCst);
            i
        };
        let first: Vec<usize> = ordered(1000, 2, 4, count, |items| items.take(3).collect());
        assert_eq!(first, [0, 1, 2]);
        assert!(begun.into_inner() <= 3 + 4);
        assert_eq!(ordered(0, 2, 4, |i| i, |items| items.count()), 0);
    }

    #[test]
    fn a_panic_in_the_work_is_passed_on() {
        let outcome = std::panic::catch_unwind(|| {
            ordered(10, 2, 4, |i| assert!(i != 5, "at five"), |items| items.count())
        });
        assert!(outcome.is_err());
    }
}
