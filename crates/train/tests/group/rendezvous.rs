//! Processes that do not find each other, and processes that do not belong together.

use super::{free_port, launches, run, terms, text};
use scribe_train::group::{Collective, GroupError, Launch, Tcp, Terms, Word};
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

const SHORT: Duration = Duration::from_millis(300);

#[test]
fn a_port_in_use_is_named() {
    let taken = TcpListener::bind(("localhost", 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let launch = Launch { rank: 0, size: 2, local_rank: 0, address: "localhost".into(), port };
    let error = Tcp::meet(&launch, &terms(SHORT)).unwrap_err();
    assert!(matches!(error, GroupError::Listen { .. }), "{error}");
    assert!(error.to_string().contains(&port.to_string()), "{error}");
}

#[test]
fn nobody_there() {
    let launches = launches(3);
    let said = text(Tcp::meet(&launches[1], &terms(SHORT)));
    assert!(said.contains("rank 1 found no rank 0 at localhost:"), "{said}");
    let said = run(&launches[..2], |launch| {
        text(Tcp::meet(launch, &terms(SHORT)).and_then(|group| group.barrier()))
    });
    assert!(said[0].contains("ranks [2] did not come"), "{said:?}");
    assert!(said[1].contains("ranks [2] did not come"), "{said:?}");
}

#[test]
fn other_sizes_ranks_and_words_are_refused_and_named_on_both_sides() {
    let second = |change: fn(&mut Launch, &mut Terms), expected: &str| {
        let launches = launches(2);
        let said = run(&launches, |launch| {
            let (mut launch, mut terms) = (launch.clone(), terms(SHORT));
            if launch.rank == 1 {
                change(&mut launch, &mut terms);
            }
            text(Tcp::meet(&launch, &terms))
        });
        assert!(said[0].contains("ranks [1] did not come"), "{said:?}");
        assert!(said.iter().all(|said| said.contains(expected)), "{expected}: {said:?}");
    };
    second(|launch, _| launch.size = 3, "rank 1 was started as one of 3, rank 0 as one of 2");
    second(|launch, _| launch.rank = 2, "a process was started as rank 2 of 2: expected 0 to 1");
    let same = "rank 1 knows another word than rank 0: all processes need the same recipe, run name and SCRIBE_TOKEN";
    second(|_, terms| terms.word = Word::new("another test"), same);
}

#[test]
fn two_processes_of_one_rank_are_named() {
    let mut launches = launches(3);
    launches[2].rank = 1;
    let said =
        run(&launches, |launch| text(Tcp::meet(launch, &terms(SHORT)).and_then(|group| group.barrier())));
    assert!(said[0].contains("two processes were started as rank 1"), "{said:?}");
    assert!(said.iter().any(|said| said.contains("ranks [2] did not come")), "{said:?}");
}

#[test]
fn other_programs_are_dropped() {
    let port = free_port();
    let launch = |rank| Launch { rank, size: 2, local_rank: 0, address: "localhost".into(), port };
    let ranks = std::thread::scope(|scope| {
        let zero = scope
            .spawn(|| Tcp::meet(&launch(0), &terms(super::PATIENCE)).unwrap().sum_values(&[1.]).unwrap());
        // Knocks until rank 0 is there.
        let mut stranger = loop {
            match TcpStream::connect(("localhost", port)) {
                Ok(stream) => break stream,
                Err(_) => std::thread::sleep(Duration::from_millis(5)),
            }
        };
        stranger.write_all(b"GET / HTTP/1.1\r\nHost: somewhere\r\n\r\n").unwrap();
        let one = scope
            .spawn(|| Tcp::meet(&launch(1), &terms(super::PATIENCE)).unwrap().sum_values(&[2.]).unwrap());
        [zero.join().unwrap(), one.join().unwrap()]
    });
    assert_eq!(ranks, [[3.], [3.]]);
}
