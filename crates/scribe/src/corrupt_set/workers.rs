//! Work on threads whose results are taken in order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;

/// Runs `work(0)` to `work(count - 1)` on `threads` threads and hands the results to `take` in that order.
///
/// Results wait for those before them, so they must be small. It ends early when `take` fails, or when `stop` is raised:
/// then what is in work is finished and taken as far as nothing before it is missing.
pub(super) fn in_order<T: Send>(
    count: usize,
    threads: usize,
    stop: &AtomicBool,
    work: impl Fn(usize) -> T + Sync,
    mut take: impl FnMut(usize, T) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (sender, results) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..threads.min(count) {
            let (sender, next, failed, work) = (sender.clone(), &next, &failed, &work);
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) && !failed.load(Ordering::Relaxed) {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= count || sender.send((index, work(index))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let (mut waiting, mut taken) = (BTreeMap::new(), 0);
        for (index, result) in results {
            waiting.insert(index, result);
            while let Some(result) = waiting.remove(&taken) {
                take(taken, result).inspect_err(|_| failed.store(true, Ordering::Relaxed))?;
                taken += 1;
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_and_a_failure_ends_the_work() {
        let go = AtomicBool::new(false);
        let mut seen = Vec::new();
        let work = |i: usize| {
            std::thread::sleep(std::time::Duration::from_millis((7 * i % 5) as u64));
            i * i
        };
        in_order(20, 3, &go, work, |i, square| {
            assert_eq!(square, i * i);
            seen.push(i);
            Ok(())
        })
        .unwrap();
        assert_eq!(seen, (0..20).collect::<Vec<_>>());
        let error = in_order(20, 3, &go, work, |i, _| if i == 4 { anyhow::bail!("four") } else { Ok(()) });
        assert_eq!(error.unwrap_err().to_string(), "four");
    }

    #[test]
    fn a_raised_flag_stops_before_any_work() {
        let stop = AtomicBool::new(true);
        in_order(5, 2, &stop, |i| i, |_, _| anyhow::bail!("nothing should come")).unwrap();
    }
}
