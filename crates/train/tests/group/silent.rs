//! Ranks that have met and then say nothing more: no exchange waits for ever, and the error names who was waited for.

use super::{PATIENCE, launches, run, terms, text};
use scribe_train::group::{Collective, Launch, Tcp, Terms};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Short enough for a test, and long enough for a machine that does much else.
const TIMEOUT: Duration = Duration::from_secs(2);

fn impatient() -> Terms {
    Terms { timeout: TIMEOUT, ..terms(PATIENCE) }
}

#[test]
fn a_rank_that_says_nothing_ends_the_exchange_for_all() {
    let since = Instant::now();
    let said = run(&launches(3), |launch| {
        // Rank 2 waits for longer, so that it is rank 0 that ends the wait.
        let terms = if launch.rank == 0 { impatient() } else { terms(PATIENCE) };
        let group = Tcp::meet(launch, &terms).unwrap();
        if launch.rank == 1 {
            std::thread::sleep(3 * TIMEOUT);
            return text(group.barrier());
        }
        text(group.sum_values(&[1.]))
    });
    assert!(since.elapsed() < 2 * PATIENCE, "{:?}", since.elapsed());
    let expected = "rank 1 sent nothing for 2 s, in exchange 0 (a sum of f64)";
    assert!(said[0].starts_with(expected) && said[0].contains("SCRIBE_TIMEOUT"), "{said:?}");
    assert!(
        said[1..].iter().all(|said| said.starts_with(&format!("rank 0 stopped: {expected}"))),
        "{said:?}"
    );
}

/// The variable that makes this test's program a rank that adds until it is stopped.
const PORT: &str = "SCRIBE_TEST_STOPPED_PORT";

#[cfg(unix)]
#[test]
fn a_rank_under_sigstop_is_noticed() {
    let launch = |rank, port| Launch { rank, size: 2, local_rank: rank, address: "localhost".into(), port };
    if let Ok(port) = std::env::var(PORT) {
        let group = Tcp::meet(&launch(1, port.parse().unwrap()), &terms(PATIENCE)).unwrap();
        while group.sum_values(&[1.]).is_ok() {}
        return;
    }
    let port = super::free_port();
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "silent::a_rank_under_sigstop_is_noticed"]).env(PORT, port.to_string());
    let mut child = child.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let group = Tcp::meet(&launch(0, port), &impatient()).unwrap();
    assert_eq!(group.sum_values(&[1.]).unwrap(), [2.]);
    let stop = Command::new("kill").args(["-STOP", &child.id().to_string()]).status().unwrap();
    assert!(stop.success());
    // What was sent before it was stopped may still arrive.
    let error = (0..1000).find_map(|_| group.sum_values(&[1.]).err()).expect("rank 1 is stopped").to_string();
    assert!(error.contains("rank 1 sent nothing for 2 s"), "{error}");
    child.kill().unwrap();
    child.wait().unwrap();
}
