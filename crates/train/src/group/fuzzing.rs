//! What another process of a group sends, read without one: for the fuzzer, and for tests of what it found.

use super::frame::{Exchange, Kind};
use super::hello::heard;
use super::link::{Expected, Link};
use std::io::Write;
use std::net::{Shutdown, TcpStream};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::time::Duration;

/// Bytes that a socket takes before they are read.
const MOST: usize = 1 << 16;

/// The longest that a frame may take; all of them are there when the first is read.
const PATIENCE: Duration = Duration::from_secs(20);

/// Understands the bytes as a greeting, and then as frames of the exchanges 0, 1 and so on, each of another kind, until
/// something cannot be read. Returns how many frames were taken.
///
/// # Panics
/// If the system gives no pair of sockets, or a sum that is taken has another length than it should have.
pub fn read_frames(bytes: &[u8]) -> usize {
    let _ = heard(bytes);
    let (own, mut other) = UnixStream::pair().expect("a pair of sockets");
    other.write_all(&bytes[..bytes.len().min(MOST)]).expect("the socket takes as much");
    other.shutdown(Shutdown::Write).expect("an open socket");
    // The calls that a link makes are those of any stream socket.
    let mut link = Link::new(1, TcpStream::from(OwnedFd::from(own)), PATIENCE).expect("an open socket");
    let (sum, any) = (Expected::Exactly(16), Expected::AtMost(MOST));
    let kinds = [(Kind::SumF32, sum), (Kind::SumF64, sum), (Kind::Broadcast, any)];
    let mut received = Vec::new();
    let mut taken = 0;
    for (number, (kind, expected)) in (0..).zip(kinds.into_iter().cycle()) {
        if link.receive(Exchange { kind, number }, expected, &mut received).is_err() {
            break;
        }
        assert!(received.len() == 16 || expected == any && received.len() <= MOST);
        taken += 1;
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(what: u32, kind: u32, number: u64, length: u64, content: &[u8]) -> Vec<u8> {
        let head = [what.to_le_bytes(), kind.to_le_bytes()].concat();
        [&head[..], &number.to_le_bytes(), &length.to_le_bytes(), content].concat()
    }

    #[test]
    fn frames_are_taken_or_refused() {
        let first = frame(1, 1, 0, 16, &[0; 16]);
        let all = [&first[..], &frame(1, 2, 1, 16, &[0; 16]), &frame(1, 3, 2, 2, b"{}")].concat();
        assert_eq!(read_frames(&all), 3);
        for second in [
            frame(1, 1, 1, 16, &[0; 16]),
            frame(1, 2, 2, 16, &[0; 16]),
            frame(1, 2, 1, 17, &[0; 17]),
            frame(1, 2, 1, 16, &[0; 15]),
            frame(2, 1, 0, u64::MAX, b"out of memory"),
            frame(9, 9, 9, 9, &[]),
            vec![1; 23],
        ] {
            assert_eq!(read_frames(&[&first[..], &second].concat()), 1, "{second:?}");
        }
        assert_eq!(read_frames(&[&all[..], &frame(1, 1, 3, u64::MAX, &[])].concat()), 3);
    }
}
