//! The connection to one other process: every message on it has a limit of time and of size.

use super::error::{GroupError, Result};
use super::frame::{Exchange, HEAD, Head, Kind, LONGEST_REASON, elsewhere};
use super::wait::Wait;
use scribe_base::human::{self, printable};
use std::io::{self, ErrorKind};
use std::net::TcpStream;
use std::time::Duration;

/// The longest that the end of a connection may take.
const FAREWELL: Duration = Duration::from_secs(5);
/// Bytes that are made room for before any of them has come.
const STRIDE: usize = 1 << 20;

/// How many bytes the receiver of a message expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    Exactly(usize),
    AtMost(usize),
}

/// The connection to one other rank.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) rank: usize,
    stream: TcpStream,
    timeout: Duration,
}

impl Link {
    /// A link whose every message comes within `timeout`.
    pub(super) fn new(rank: usize, stream: TcpStream, timeout: Duration) -> io::Result<Link> {
        stream.set_nonblocking(false)?;
        Ok(Link { rank, stream, timeout })
    }

    /// Whether the other end has closed the connection before anything was exchanged.
    pub(super) fn is_gone(&self) -> bool {
        let peeked = self.stream.set_nonblocking(true).and_then(|()| self.stream.peek(&mut [0]));
        let there = match peeked {
            Ok(count) => count > 0,
            Err(error) => error.kind() == ErrorKind::WouldBlock,
        };
        self.stream.set_nonblocking(false).is_err() || !there
    }

    /// Sends bytes as part of an exchange.
    pub(super) fn send(&mut self, exchange: Exchange, bytes: &[u8]) -> Result<()> {
        let mut wait = Wait::new(self.timeout);
        let whom = || self.whom(exchange);
        let sent = wait.write(&self.stream, &Head::data(exchange, bytes.len()), &whom);
        let sent = sent.and_then(|()| wait.write(&self.stream, bytes, &whom));
        sent.map_err(|error| self.broken(error, &wait, exchange)).map_err(|error| match error {
            // If sending fails, the other end may have sent its reason before it left.
            GroupError::Lost { .. } => self.reason_for_leaving().unwrap_or(error),
            other => other,
        })
    }

    /// Receives the other end's bytes of the same exchange. Only as many as were expected are ever kept.
    pub(super) fn receive(
        &mut self,
        exchange: Exchange,
        expected: Expected,
        into: &mut Vec<u8>,
    ) -> Result<()> {
        let mut wait = Wait::new(self.timeout);
        let found = self.receive_head(exchange, &mut wait)?;
        let (fits, limit) = match expected {
            Expected::Exactly(length) => (found == length as u64, length.to_string()),
            Expected::AtMost(most) => (found <= most as u64, format!("at most {most}")),
        };
        if !fits {
            let rank = self.rank;
            let what = format!("rank {rank} sends {found} bytes where {limit} are expected, in {exchange}");
            return Err(GroupError::Mismatch(what));
        }
        into.clear();
        while into.len() < found as usize {
            let start = into.len();
            into.resize(found.min((start + STRIDE) as u64) as usize, 0);
            let read = wait.read(&self.stream, &mut into[start..], &|| self.whom(exchange));
            read.map_err(|error| self.broken(error, &wait, exchange))?;
        }
        Ok(())
    }

    /// Reads the head of an exchange's data, and returns the number of bytes that follow.
    fn receive_head(&self, exchange: Exchange, wait: &mut Wait) -> Result<u64> {
        loop {
            let mut head = [0; HEAD];
            let read = wait.read(&self.stream, &mut head, &|| self.whom(exchange));
            read.map_err(|error| self.broken(error, wait, exchange))?;
            match Head::read(&head, exchange) {
                Head::Data(length) => return Ok(length),
                Head::Busy => wait.begin_again(),
                Head::Leave { rank, length } => return Err(self.left(rank as usize, length, exchange)),
                Head::Other { kind, number } => {
                    return Err(GroupError::Mismatch(elsewhere(self.rank, kind, number, exchange)));
                }
            }
        }
    }

    /// Reads the reason of a rank that leaves.
    fn left(&self, rank: usize, length: u64, exchange: Exchange) -> GroupError {
        let mut reason = vec![0; length.min(LONGEST_REASON as u64) as usize];
        let mut wait = Wait::new(FAREWELL);
        match wait.read(&self.stream, &mut reason, &|| self.whom(exchange)) {
            // What comes from another process may hold anything, and it is shown on a terminal.
            Ok(()) => {
                GroupError::Left { rank, reason: printable(&String::from_utf8_lossy(&reason)).into_owned() }
            }
            Err(error) => self.broken(error, &wait, exchange),
        }
    }

    /// The other end's reason, if it has left.
    fn reason_for_leaving(&self) -> Option<GroupError> {
        let nothing = Exchange { kind: Kind::Broadcast, number: u64::MAX };
        match self.receive_head(nothing, &mut Wait::new(FAREWELL)) {
            Err(left @ GroupError::Left { .. }) => Some(left),
            _ => None,
        }
    }

    /// Tells the other end that this process works on something long. A failure shows in the next exchange.
    pub(super) fn busy(&self) {
        let sent = Wait::new(FAREWELL).write(&self.stream, &Head::busy(), &|| format!("rank {}", self.rank));
        if let Err(error) = sent {
            tracing::debug!("rank {}: {error}", self.rank);
        }
    }

    /// Tells the other end that rank `who` has stopped. A failure is not an error, because the connection ends anyway.
    pub(super) fn leave(&self, who: usize, reason: &str) {
        let reason = &reason.as_bytes()[..reason.len().min(LONGEST_REASON)];
        let (mut wait, whom) = (Wait::new(FAREWELL), || format!("rank {}", self.rank));
        let sent = wait.write(&self.stream, &Head::leave(who, reason.len()), &whom);
        let sent = sent.and_then(|()| wait.write(&self.stream, reason, &whom));
        if let Err(error) = sent.and_then(|()| self.stream.shutdown(std::net::Shutdown::Write)) {
            tracing::debug!("rank {}: {error}", self.rank);
        }
    }

    fn whom(&self, exchange: Exchange) -> String {
        format!("rank {} in {exchange}", self.rank)
    }

    /// What a failed read or write means.
    fn broken(&self, source: io::Error, wait: &Wait, exchange: Exchange) -> GroupError {
        let rank = self.rank;
        if wait.is_over() {
            let waited = human::duration(wait.limit().as_secs_f64());
            return GroupError::Silent { rank, waited, exchange: exchange.to_string() };
        }
        GroupError::Lost { rank, source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;
    use std::time::Instant;

    const EXCHANGE: Exchange = Exchange { kind: Kind::SumF64, number: 7 };

    fn pair(timeout: Duration) -> [Link; 2] {
        let listener = TcpListener::bind(("localhost", 0)).unwrap();
        let there = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        [(1, listener.accept().unwrap().0), (0, there)]
            .map(|(rank, stream)| Link::new(rank, stream, timeout).unwrap())
    }

    #[test]
    fn who_says_that_it_works_is_waited_for_and_who_says_nothing_is_not() {
        let [mut zero, mut one] = pair(Duration::from_millis(500));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for _ in 0..6 {
                    std::thread::sleep(Duration::from_millis(150));
                    one.busy();
                }
                one.send(EXCHANGE, &[5; 8]).unwrap();
            });
            let mut found = Vec::new();
            zero.receive(EXCHANGE, Expected::Exactly(8), &mut found).unwrap();
            assert_eq!(found, [5; 8]);
        });
        let since = Instant::now();
        let error = zero.receive(EXCHANGE, Expected::Exactly(8), &mut Vec::new()).unwrap_err().to_string();
        assert!(since.elapsed() < Duration::from_secs(10), "{:?}", since.elapsed());
        assert!(error.contains("rank 1 sent nothing for 1 s, in exchange 7 (a sum of f64)"), "{error}");
    }

    #[test]
    fn a_reason_for_leaving_cannot_control_the_terminal() {
        let [mut zero, one] = pair(Duration::from_secs(20));
        one.leave(1, "all is\u{1b}[2J well\u{7}");
        let error = zero.receive(EXCHANGE, Expected::Exactly(8), &mut Vec::new()).unwrap_err();
        assert_eq!(error.to_string(), "rank 1 stopped: all is\\u{1b}[2J well\\u{7}");
    }

    #[test]
    fn a_closed_connection_is_seen_without_an_exchange() {
        let [zero, one] = pair(Duration::from_secs(20));
        assert!(!zero.is_gone());
        one.busy();
        assert!(!zero.is_gone(), "bytes wait");
        let [zero, one] = pair(Duration::from_secs(20));
        drop(one);
        let since = Instant::now();
        while !zero.is_gone() {
            assert!(since.elapsed() < Duration::from_secs(20));
        }
    }
}
