//! A connection at the rendezvous that has not introduced itself yet.

use super::hello::{Heard, heard};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// The longest that a connection may take to introduce itself, from its first byte to its last.
const INTRODUCTION: Duration = Duration::from_secs(5);

/// A connection and what it has said so far. It is never waited for, so that many can be heard side by side.
#[derive(Debug)]
pub(super) struct Newcomer {
    pub(super) stream: TcpStream,
    pub(super) from: SocketAddr,
    said: Vec<u8>,
    end: Instant,
}

impl Newcomer {
    /// A connection that was just made.
    pub(super) fn new(stream: TcpStream, from: SocketAddr) -> io::Result<Newcomer> {
        stream.set_nonblocking(true)?;
        Ok(Newcomer { stream, from, said: Vec::new(), end: Instant::now() + INTRODUCTION })
    }

    /// Takes what has arrived, and says what it means together with what came before.
    ///
    /// # Errors
    /// The connection is closed or broken, or its time is over.
    pub(super) fn listen(&mut self) -> io::Result<Heard> {
        // Longer than any greeting, so that nothing of one stays unread, which would turn the answer into a reset.
        let mut bytes = [0; 256];
        match self.stream.read(&mut bytes) {
            Ok(0) => Err(ErrorKind::UnexpectedEof.into()),
            Ok(count) => {
                self.said.extend(&bytes[..count]);
                Ok(heard(&self.said))
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {
                let late = Instant::now() >= self.end;
                if late { Err(ErrorKind::TimedOut.into()) } else { Ok(Heard::Part) }
            }
            Err(error) => Err(error),
        }
    }

    /// Answers. A short answer always fits into what the system keeps for a new connection.
    ///
    /// # Errors
    /// The connection is broken.
    pub(super) fn answer(&mut self, answer: &[u8]) -> io::Result<()> {
        self.stream.write_all(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn who_has_not_introduced_himself_in_time_is_given_up() {
        let listener = TcpListener::bind(("localhost", 0)).unwrap();
        let mut there = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (stream, from) = listener.accept().unwrap();
        let mut newcomer = Newcomer::new(stream, from).unwrap();
        there.write_all(b"scribe").unwrap();
        assert_eq!(newcomer.listen().unwrap(), Heard::Part);
        assert_eq!(newcomer.listen().unwrap(), Heard::Part, "nothing more has come");
        newcomer.end = Instant::now();
        assert_eq!(newcomer.listen().unwrap_err().kind(), ErrorKind::TimedOut);
        drop(there);
        assert_eq!(newcomer.listen().unwrap_err().kind(), ErrorKind::UnexpectedEof);
    }
}
