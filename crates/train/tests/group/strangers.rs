//! What comes to the port from outside the group: it is refused alone, and the group meets all the same.

use super::{PATIENCE, free_port, terms, text};
use scribe_train::group::{Collective, GroupError, Launch, Tcp};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

/// Bytes of a greeting: the magic word, four numbers, a proof of 32 bytes.
const HELLO: usize = 56;
/// Bytes of rank 0's answer to a process of its group: another magic word, a 0, a proof.
const WELCOME: usize = 44;

fn launch(rank: usize, port: u16) -> Launch {
    Launch { rank, size: 2, local_rank: rank, address: "localhost".into(), port }
}

/// A connection to rank 0, which may not listen yet.
fn knock(port: u16) -> TcpStream {
    loop {
        match TcpStream::connect(("localhost", port)) {
            Ok(stream) => return stream,
            Err(_) => std::thread::sleep(Duration::from_millis(5)),
        }
    }
}

/// What rank 1 of two says first.
fn greeting() -> Vec<u8> {
    let listener = TcpListener::bind(("localhost", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::scope(|scope| {
        scope.spawn(move || Tcp::meet(&launch(1, port), &terms(Duration::from_millis(200))).unwrap_err());
        let mut hello = vec![0; HELLO];
        listener.accept().unwrap().0.read_exact(&mut hello).unwrap();
        hello
    })
}

/// The same with other numbers for protocol, size and rank.
fn with_numbers(numbers: [u32; 3]) -> Vec<u8> {
    let mut hello = greeting();
    hello[8..20].copy_from_slice(&numbers.map(u32::to_le_bytes).concat());
    hello
}

/// Lets strangers come before rank 1, and says how long rank 1 took to get in and to add with rank 0.
fn beside(strangers: impl FnOnce(u16) -> Vec<TcpStream>) -> Duration {
    let port = free_port();
    let add = |rank| {
        let group = Tcp::meet(&launch(rank, port), &terms(PATIENCE)).unwrap();
        assert_eq!(group.sum_values(&[1. + rank as f64]).unwrap(), [3.]);
    };
    std::thread::scope(|scope| {
        let zero = scope.spawn(|| add(0));
        let still_there = strangers(port);
        let since = Instant::now();
        add(1);
        zero.join().unwrap();
        drop(still_there);
        since.elapsed()
    })
}

/// Far less than the five seconds that a single stranger may take.
const AT_ONCE: Duration = Duration::from_secs(3);

#[test]
fn noise_and_idle_connections_keep_nobody_waiting() {
    let took = beside(|port| {
        let say = |bytes: &[u8]| {
            let mut stranger = knock(port);
            // Rank 0 may have closed the connection already.
            let _ = stranger.write_all(bytes);
            stranger
        };
        let noise: Vec<u8> = (0..4096u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let mut all = vec![
            say(b"GET / HTTP/1.1\r\nHost: somewhere\r\n\r\n"),
            say(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
            say(&noise),
            say(&greeting()[..10]),
            say(&[&greeting()[..], b"more"].concat()),
        ];
        drop(say(b""));
        // More than are heard at once.
        all.extend((0..200).map(|_| say(b"")));
        all
    });
    assert!(took < AT_ONCE, "{took:?}");
}

#[test]
fn a_greeting_byte_by_byte_keeps_nobody_waiting() {
    let hello = greeting();
    let took = beside(|port| {
        let mut slow = knock(port);
        let kept = slow.try_clone().unwrap();
        std::thread::spawn(move || {
            for byte in hello {
                if slow.write_all(&[byte]).is_err() {
                    return;
                }
                std::thread::sleep(Duration::from_millis(200));
            }
        });
        vec![kept]
    });
    assert!(took < AT_ONCE, "{took:?}");
}

/// What a refused stranger is told.
fn answer(mut stranger: &TcpStream) -> String {
    stranger.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut head = [0; 16];
    stranger.read_exact(&mut head).unwrap();
    assert_eq!((&head[..8], &head[8..12]), (&b"scribe-w"[..], &1u32.to_le_bytes()[..]));
    let mut reason = vec![0; u32::from_le_bytes(head[12..].try_into().unwrap()) as usize];
    stranger.read_exact(&mut reason).unwrap();
    String::from_utf8(reason).unwrap()
}

#[test]
fn a_wrong_greeting_is_refused_alone() {
    let took = beside(|port| {
        let mut old = b"scribe-g".to_vec();
        old.extend([1u32, 2, 1, 0].map(u32::to_le_bytes).concat());
        let mut wrong_word = greeting();
        wrong_word[HELLO - 1] ^= 1;
        let cases = [
            (old, "a process speaks version 1, rank 0 version 2"),
            (with_numbers([2, 3, 1]), "rank 1 was started as one of 3, rank 0 as one of 2"),
            (with_numbers([2, 2, 0]), "two processes were started as rank 0"),
            (with_numbers([2, 2, 7]), "a process was started as rank 7 of 2: expected 0 to 1"),
            (wrong_word, "rank 1 knows another word than rank 0"),
        ];
        let refused = cases.map(|(hello, expected)| {
            let mut stranger = knock(port);
            stranger.write_all(&hello).unwrap();
            let said = answer(&stranger);
            assert!(said.contains(expected), "{said}");
            stranger
        });
        refused.into()
    });
    assert!(took < AT_ONCE, "{took:?}");
}

#[test]
fn who_takes_a_place_and_goes_away_before_all_are_there_gives_it_back() {
    let port = free_port();
    let hello = with_numbers([2, 3, 1]);
    let add = |rank| {
        let group = Tcp::meet(&Launch { size: 3, ..launch(rank, port) }, &terms(PATIENCE)).unwrap();
        assert_eq!(group.sum_values(&[1. + rank as f64]).unwrap(), [6.]);
    };
    std::thread::scope(|scope| {
        scope.spawn(|| add(0));
        let mut impostor = knock(port);
        impostor.write_all(&hello).unwrap();
        // Once it is accepted.
        impostor.read_exact(&mut [0; WELCOME]).unwrap();
        drop(impostor);
        for rank in [1, 2] {
            scope.spawn(move || add(rank));
        }
    });
}

/// Answers knocks as rank 0 does, those of earlier meetings that are still in the queue among them, and announces far
/// more bytes than follow, until one that knocked reads it.
fn promise_too_much(listener: &TcpListener, welcome: &[u8]) {
    loop {
        let (mut stream, _) = listener.accept().unwrap();
        if stream.read_exact(&mut [0; HELLO]).is_ok() && stream.write_all(welcome).is_ok() {
            // Data, a broadcast, exchange 0, 2^40 bytes.
            let head = [
                &[1u32, 3].map(u32::to_le_bytes).concat()[..],
                &[0u64, 1 << 40].map(u64::to_le_bytes).concat(),
            ];
            if stream.write_all(&head.concat()).is_ok() && stream.read(&mut [0]).is_ok_and(|n| n > 0) {
                return;
            }
        }
    }
}

#[test]
fn a_false_rank_0_is_not_believed() {
    let (listener, hello) = (TcpListener::bind(("localhost", 0)).unwrap(), greeting());
    let port = listener.local_addr().unwrap().port();
    let welcome = welcome(&hello);
    let mut without_proof = welcome.clone();
    without_proof[WELCOME - 1] ^= 1;
    let said = std::thread::scope(|scope| {
        let one = scope.spawn(|| text(Tcp::meet(&launch(1, port), &terms(Duration::from_millis(500)))));
        let (mut stream, _) = listener.accept().unwrap();
        stream.read_exact(&mut [0; HELLO]).unwrap();
        stream.write_all(&without_proof).unwrap();
        one.join().unwrap()
    });
    assert!(said.contains("rank 1 found no rank 0"), "{said}");

    // One that knows the answer, and then sends far more than a text that is compared can have.
    let error = std::thread::scope(|scope| {
        let one = scope.spawn(|| {
            let group = Tcp::meet(&launch(1, port), &terms(PATIENCE)).unwrap();
            group.broadcast_bytes(&[], 1 << 16).unwrap_err()
        });
        promise_too_much(&listener, &welcome);
        one.join().unwrap()
    });
    assert!(matches!(error, GroupError::Mismatch(_)), "{error}");
    assert!(
        error.to_string().contains("sends 1099511627776 bytes where at most 65536 are expected"),
        "{error}"
    );
}

/// Rank 0's answer to a greeting.
fn welcome(hello: &[u8]) -> Vec<u8> {
    let port = free_port();
    std::thread::scope(|scope| {
        scope.spawn(|| drop(Tcp::meet(&launch(0, port), &terms(PATIENCE)).unwrap()));
        let mut stream = knock(port);
        stream.write_all(hello).unwrap();
        let mut answer = vec![0; WELCOME];
        stream.read_exact(&mut answer).unwrap();
        answer
    })
}
