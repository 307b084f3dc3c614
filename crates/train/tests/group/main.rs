//! Groups of processes: the launchers' variables, the rendezvous, the exchanges, and the errors when a process is gone.

mod exchange;
mod launch;
#[cfg(feature = "nccl")]
mod nccl;
mod parted;
mod rendezvous;
mod silent;
mod strangers;

use scribe_train::group::{GroupError, Launch, Tcp, Terms, Word};
use std::net::TcpListener;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(20);

/// What all groups of these tests agree on.
fn terms(patience: Duration) -> Terms {
    Terms { patience, ..Terms::new(Word::new("a test")) }
}

/// A port that is free: the system chose it, and it was closed again.
fn free_port() -> u16 {
    let listener = TcpListener::bind(("localhost", 0)).expect("a port is free");
    listener.local_addr().expect("it is bound").port()
}

fn launches(size: usize) -> Vec<Launch> {
    let port = free_port();
    let of = |rank| Launch { rank, size, local_rank: rank, address: "localhost".into(), port };
    (0..size).map(of).collect()
}

/// Runs the same work as each rank of a group, every rank on its own thread.
fn together<R: Send>(size: usize, work: impl Fn(Tcp) -> R + Sync) -> Vec<R> {
    let work = &work;
    run(&launches(size), |launch| work(Tcp::meet(launch, &terms(PATIENCE)).expect("they meet")))
}

/// Runs something for every launch, each on its own thread, and gives the results in order.
fn run<R: Send>(launches: &[Launch], work: impl Fn(&Launch) -> R + Sync) -> Vec<R> {
    let work = &work;
    std::thread::scope(|scope| {
        let ranks: Vec<_> = launches.iter().map(|launch| scope.spawn(move || work(launch))).collect();
        ranks.into_iter().map(|rank| rank.join().expect("no rank panics")).collect()
    })
}

fn text(result: Result<impl std::fmt::Debug, GroupError>) -> String {
    result.expect_err("it cannot work").to_string()
}
