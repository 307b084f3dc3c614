//! The errors on the other ranks when one stops, runs something else, or dies.

use super::{launches, text, together};
use candle_core::{Device, Tensor};
use scribe_train::group::{Collective, Launch, Tcp};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

#[test]
fn a_rank_that_stops_says_why() {
    for leaver in [0, 2] {
        let said = together(3, |group| {
            if group.rank() == leaver {
                group.leave("the disk is full");
                return String::new();
            }
            let first = text(group.sum_values(&[1.]));
            assert!(text(group.barrier()).starts_with("the group ended earlier"));
            first
        });
        for (rank, said) in said.iter().enumerate().filter(|(rank, _)| *rank != leaver) {
            assert!(
                said.contains(&format!("rank {leaver} stopped: the disk is full")),
                "rank {rank}: {said}"
            );
        }
    }
}

#[test]
fn ranks_that_run_different_code_part() {
    let said = together(2, |group| match group.rank() {
        0 => text(group.sum_values(&[1., 2.])),
        _ => text(group.sum(&[Tensor::new(&[1f32], &Device::Cpu).unwrap()])),
    });
    assert!(
        said[0].contains("rank 1 is at exchange 0 (a sum of f32), expected exchange 0 (a sum of f64)"),
        "{said:?}"
    );
    assert!(said[1].contains("rank 0 stopped"), "{said:?}");
    let said = together(2, |group| text(group.sum_values(&vec![0.; 1 + group.rank()])));
    assert!(said[0].contains("sends 16 bytes where 8 are expected"), "{said:?}");
}

/// The variable that makes this test's program a rank that adds until it is killed.
const LAUNCH: &str = "SCRIBE_TEST_RANK_PORT";

#[test]
fn a_killed_rank_is_reported() {
    if let Ok(port) = std::env::var(LAUNCH) {
        return add_forever(port.parse().unwrap());
    }
    let launch = launches(2).remove(0);
    let mut child = child(launch.port);
    let group = Tcp::meet(&launch, &super::terms(super::PATIENCE)).unwrap();
    for _ in 0..3 {
        assert_eq!(group.sum_values(&[1.]).unwrap(), [2.]);
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let since = Instant::now();
    // What was sent before it died may still arrive.
    let error = (0..1000).find_map(|_| group.sum_values(&[1.]).err()).expect("rank 1 is dead").to_string();
    assert!(error.contains("rank 1 is gone"), "{error}");
    assert!(since.elapsed() < Duration::from_secs(5), "{:?}", since.elapsed());
}

fn child(port: u16) -> Child {
    let mut own = Command::new(std::env::current_exe().unwrap());
    own.args(["--exact", "parted::a_killed_rank_is_reported"]).env(LAUNCH, port.to_string());
    own.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn add_forever(port: u16) {
    let launch = Launch { rank: 1, size: 2, local_rank: 1, address: "localhost".into(), port };
    let group = Tcp::meet(&launch, &super::terms(super::PATIENCE)).unwrap();
    while group.sum_values(&[1.]).is_ok() {}
}
