//! The heads of the messages between two processes.
//!
//! A head is 24 bytes, little endian: what it is (u32), kind of exchange (u32), number of the exchange (u64), bytes that
//! follow (u64). Kind and number are checked at both ends, so ranks that run different code stop with a message.

use super::hello::u32_at;
use std::fmt;

const DATA: u32 = 1;
const LEAVE: u32 = 2;
const BUSY: u32 = 3;
/// Bytes of a head.
pub(super) const HEAD: usize = 24;
/// Bytes of the longest reason that a rank gives when it leaves; the rest is cut off.
pub(super) const LONGEST_REASON: usize = 1 << 16;

/// A kind of exchange, by its number on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(super) enum Kind {
    SumF32 = 1,
    SumF64 = 2,
    Broadcast = 3,
}

/// What the number of a kind stands for, for a message.
fn kind_name(number: u32) -> &'static str {
    match number {
        1 => "a sum of f32",
        2 => "a sum of f64",
        3 => "a broadcast",
        _ => "an exchange of an unknown kind",
    }
}

/// An exchange: its kind, and the number of exchanges before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Exchange {
    pub(super) kind: Kind,
    pub(super) number: u64,
}

impl fmt::Display for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exchange {} ({})", self.number, kind_name(self.kind as u32))
    }
}

/// What a head says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// So many bytes of the expected exchange follow.
    Data(u64),
    /// A rank stops, and so many bytes of a reason follow.
    Leave { rank: u32, length: u64 },
    /// The sender works on something long that it does alone.
    Busy,
    /// The sender is somewhere else.
    Other { kind: u32, number: u64 },
}

impl Head {
    /// Understands a head where the data of `exchange` is expected.
    pub(super) fn read(bytes: &[u8; HEAD], exchange: Exchange) -> Head {
        let u64_at = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"));
        let (what, kind, number, length) = (u32_at(bytes, 0), u32_at(bytes, 4), u64_at(8), u64_at(16));
        match what {
            DATA if kind == exchange.kind as u32 && number == exchange.number => Head::Data(length),
            LEAVE => Head::Leave { rank: kind, length },
            BUSY => Head::Busy,
            _ => Head::Other { kind, number },
        }
    }

    /// The head of so many bytes of an exchange.
    pub(super) fn data(exchange: Exchange, length: usize) -> [u8; HEAD] {
        head(DATA, exchange.kind as u32, exchange.number, length)
    }

    /// The head of a reason for which rank `rank` has stopped.
    pub(super) fn leave(rank: usize, length: usize) -> [u8; HEAD] {
        head(LEAVE, rank as u32, 0, length)
    }

    /// What says that this process is alive.
    pub(super) fn busy() -> [u8; HEAD] {
        head(BUSY, 0, 0, 0)
    }
}

/// Where a rank is that is not where it is expected.
pub(super) fn elsewhere(rank: usize, kind: u32, number: u64, expected: Exchange) -> String {
    format!("rank {rank} is at exchange {number} ({}), expected {expected}", kind_name(kind))
}

fn head(what: u32, kind: u32, number: u64, length: usize) -> [u8; HEAD] {
    let mut head = [0; HEAD];
    head[..4].copy_from_slice(&what.to_le_bytes());
    head[4..8].copy_from_slice(&kind.to_le_bytes());
    head[8..16].copy_from_slice(&number.to_le_bytes());
    head[16..].copy_from_slice(&(length as u64).to_le_bytes());
    head
}
