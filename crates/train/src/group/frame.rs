//! Messages between two processes: a header, then the bytes.
//!
//! A header is 24 bytes, little endian: data or leave (u32), kind of exchange (u32), number of the exchange (u64), bytes
//! (u64). Kind and number are checked at both ends, so ranks that run different code stop with a message.

use super::error::{GroupError, Result};
use std::io::{self, Read, Write};
use std::net::TcpStream;

const DATA: u32 = 1;
const LEAVE: u32 = 2;
const HEADER: usize = 24;
/// Bytes of the longest reason that is read from a rank that leaves.
const LONGEST_REASON: u64 = 1 << 16;

/// A kind of exchange, by its number on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(super) enum Kind {
    SumF32 = 1,
    SumF64 = 2,
    Broadcast = 3,
}

impl Kind {
    /// What the number on the wire stands for, for a message.
    fn name(number: u32) -> &'static str {
        match number {
            1 => "a sum of f32",
            2 => "a sum of f64",
            3 => "a broadcast",
            _ => "an exchange of an unknown kind",
        }
    }
}

/// An exchange: its kind, and the number of exchanges before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Exchange {
    pub(super) kind: Kind,
    pub(super) number: u64,
}

/// The connection to one other rank.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) rank: usize,
    pub(super) stream: TcpStream,
}

impl Link {
    fn lost(&self) -> impl Fn(io::Error) -> GroupError {
        let rank = self.rank;
        move |source| GroupError::Lost { rank, source }
    }

    /// Sends bytes as part of an exchange.
    pub(super) fn send(&mut self, exchange: Exchange, bytes: &[u8]) -> Result<()> {
        let header = header(DATA, exchange.kind as u32, exchange.number, bytes.len() as u64);
        let sent = self.stream.write_all(&header).and_then(|()| self.stream.write_all(bytes));
        // If sending fails, the other end may have sent its reason before it left.
        sent.map_err(|error| self.reason_for_leaving().unwrap_or_else(|| self.lost()(error)))
    }

    /// Receives the other end's bytes of the same exchange, which are `length` where that is known.
    pub(super) fn receive(
        &mut self,
        exchange: Exchange,
        length: Option<u64>,
        into: &mut Vec<u8>,
    ) -> Result<()> {
        let found = self.receive_header(exchange)?;
        if length.is_some_and(|length| length != found) {
            return Err(GroupError::Mismatch(format!(
                "rank {} sends {found} bytes where {} are expected, in exchange {} ({})",
                self.rank,
                length.unwrap_or_default(),
                exchange.number,
                Kind::name(exchange.kind as u32)
            )));
        }
        into.clear();
        let read = (&mut self.stream).take(found).read_to_end(into).map_err(self.lost())?;
        if (read as u64) < found {
            return Err(self.lost()(io::ErrorKind::UnexpectedEof.into()));
        }
        Ok(())
    }

    /// Reads a header, and returns the number of bytes that follow.
    fn receive_header(&mut self, exchange: Exchange) -> Result<u64> {
        let mut header = [0; HEADER];
        self.stream.read_exact(&mut header).map_err(self.lost())?;
        let u32_at = |at: usize| u32::from_le_bytes(header[at..at + 4].try_into().expect("four bytes"));
        let u64_at = |at: usize| u64::from_le_bytes(header[at..at + 8].try_into().expect("eight bytes"));
        let (what, kind, number, length) = (u32_at(0), u32_at(4), u64_at(8), u64_at(16));
        match what {
            DATA if kind == exchange.kind as u32 && number == exchange.number => Ok(length),
            LEAVE => Err(self.left(kind as usize, length)),
            _ => Err(GroupError::Mismatch(format!(
                "rank {} is at exchange {number} ({}), expected exchange {} ({})",
                self.rank,
                Kind::name(kind),
                exchange.number,
                Kind::name(exchange.kind as u32)
            ))),
        }
    }

    /// Reads the reason of a rank that leaves.
    fn left(&mut self, rank: usize, length: u64) -> GroupError {
        let mut reason = Vec::new();
        match (&mut self.stream).take(length.min(LONGEST_REASON)).read_to_end(&mut reason) {
            Ok(_) => GroupError::Left { rank, reason: String::from_utf8_lossy(&reason).into_owned() },
            Err(error) => self.lost()(error),
        }
    }

    /// The other end's reason, if it has left.
    fn reason_for_leaving(&mut self) -> Option<GroupError> {
        let nothing = Exchange { kind: Kind::Broadcast, number: u64::MAX };
        match self.receive_header(nothing) {
            Err(left @ GroupError::Left { .. }) => Some(left),
            _ => None,
        }
    }

    /// Tells the other end that rank `who` has stopped. A failure is not an error, because the connection ends anyway.
    pub(super) fn leave(&mut self, who: usize, reason: &str) {
        let header = header(LEAVE, who as u32, 0, reason.len() as u64);
        let sent = self.stream.write_all(&header).and_then(|()| self.stream.write_all(reason.as_bytes()));
        if let Err(error) = sent.and_then(|()| self.stream.shutdown(std::net::Shutdown::Write)) {
            tracing::debug!("rank {}: {error}", self.rank);
        }
    }
}

fn header(what: u32, kind: u32, number: u64, length: u64) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    header[..4].copy_from_slice(&what.to_le_bytes());
    header[4..8].copy_from_slice(&kind.to_le_bytes());
    header[8..16].copy_from_slice(&number.to_le_bytes());
    header[16..].copy_from_slice(&length.to_le_bytes());
    header
}
