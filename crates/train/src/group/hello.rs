//! What two processes say to each other when they meet.
//!
//! A process that connects sends 56 bytes: a magic word, then protocol, size, rank and 0 as u32, little endian, then the
//! proof that it knows the group's word. The answer is another magic word and 0 with rank 0's proof if it is accepted, or
//! 1, a length and the reason if it is not.

use super::launch::Launch;
use super::word::{Proof, Word};
use socket2::{SockRef, TcpKeepalive};
use std::io;
use std::net::TcpStream;
use std::time::Duration;

/// The beginning of a greeting.
pub(super) const MAGIC: &[u8; 8] = b"scribe-g";
/// The beginning of an answer.
pub(super) const WELCOME: &[u8; 8] = b"scribe-w";
/// To be raised whenever the format of the exchanges changes.
pub(super) const PROTOCOL: u32 = 2;
/// Bytes of a greeting.
pub(super) const HELLO: usize = 56;
/// Bytes up to the protocol, which alone says what the others mean.
const UP_TO_PROTOCOL: usize = 12;
/// What says that a process is accepted, and that it is not.
pub(super) const ACCEPTED: u32 = 0;
const REFUSED: u32 = 1;

/// What the beginning of a connection says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// Not enough yet.
    Part,
    /// It is not a greeting.
    Noise,
    /// A greeting of another version of this program.
    OtherProtocol(u32),
    /// A whole greeting.
    Hello { size: u32, rank: u32, proof: Proof },
}

/// The greeting of a process.
pub(super) fn hello(launch: &Launch, word: &Word) -> Vec<u8> {
    let words = [PROTOCOL, launch.size as u32, launch.rank as u32, 0].map(u32::to_le_bytes);
    [&MAGIC[..], &words.concat(), &word.proof(MAGIC)].concat()
}

/// Understands what was read so far.
pub(super) fn heard(bytes: &[u8]) -> Heard {
    let known = bytes.len().min(MAGIC.len());
    if bytes[..known] != MAGIC[..known] || bytes.len() > HELLO && protocol(bytes) == PROTOCOL {
        return Heard::Noise;
    }
    if bytes.len() >= UP_TO_PROTOCOL && protocol(bytes) != PROTOCOL {
        return Heard::OtherProtocol(protocol(bytes));
    }
    let Ok(whole) = <&[u8; HELLO]>::try_from(bytes) else { return Heard::Part };
    let proof = whole[24..].try_into().expect("32 bytes");
    Heard::Hello { size: u32_at(whole, 12), rank: u32_at(whole, 16), proof }
}

fn protocol(bytes: &[u8]) -> u32 {
    u32_at(bytes, 8)
}

/// The number at a place of a message that is long enough.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

/// Rank 0's answer to a process of its group.
pub(super) fn welcome(word: &Word) -> Vec<u8> {
    [&WELCOME[..], &ACCEPTED.to_le_bytes(), &word.proof(WELCOME)].concat()
}

/// Rank 0's answer to any other process.
pub(super) fn refusal(reason: &str) -> Vec<u8> {
    let length = reason.len() as u32;
    [&WELCOME[..], &REFUSED.to_le_bytes(), &length.to_le_bytes(), reason.as_bytes()].concat()
}

/// Sends small messages immediately and detects a dead machine within half a minute.
pub(super) fn keep_alive(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let second = Duration::from_secs;
    let keepalive = TcpKeepalive::new().with_time(second(10)).with_interval(second(5)).with_retries(4);
    SockRef::from(stream).set_tcp_keepalive(&keepalive)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_beginning_of_a_greeting_is_a_part_of_it_and_nothing_else_is() {
        let (launch, word) = (Launch { rank: 2, size: 3, ..Launch::alone() }, Word::new("w"));
        let whole = hello(&launch, &word);
        assert_eq!(whole.len(), HELLO);
        assert!((0..HELLO).all(|length| heard(&whole[..length]) == Heard::Part));
        assert_eq!(heard(&whole), Heard::Hello { size: 3, rank: 2, proof: word.proof(MAGIC) });
        assert_eq!(heard(&[&whole[..], b"!"].concat()), Heard::Noise);
        assert_eq!(heard(b"G"), Heard::Noise);
        // A greeting of the first version: 24 bytes.
        let old = [&MAGIC[..], &[1u32, 2, 1, 0].map(u32::to_le_bytes).concat()].concat();
        assert_eq!(heard(&old), Heard::OtherProtocol(1));
    }
}
