//! Waiting for another process: no longer than a limit, and not in silence.

use scribe_base::human;
use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// The time until the log says who is waited for; then twice as long, and so on.
const FIRST_REMARK: Duration = Duration::from_secs(60);
/// The system takes no time limit of 0.
const SHORTEST: Duration = Duration::from_millis(1);

/// The wait for one message, or for the processes to meet.
#[derive(Debug)]
pub(super) struct Wait {
    since: Instant,
    limit: Duration,
    /// When the log says it next, from the beginning.
    remark: Duration,
}

/// Who is waited for, as the end of a sentence.
pub(super) type Whom<'a> = &'a dyn Fn() -> String;

impl Wait {
    /// A wait that begins now.
    pub(super) fn new(limit: Duration) -> Wait {
        Wait { since: Instant::now(), limit, remark: FIRST_REMARK }
    }

    /// Begins again, because the other process has shown that it works.
    pub(super) fn begin_again(&mut self) {
        *self = Wait::new(self.limit);
    }

    /// The longest that it lasts.
    pub(super) fn limit(&self) -> Duration {
        self.limit
    }

    /// Whether the time is over.
    pub(super) fn is_over(&self) -> bool {
        self.since.elapsed() >= self.limit
    }

    /// The longest wait until this must be called again. It says in the log who is waited for, when it is time to.
    ///
    /// # Errors
    /// The time is over.
    pub(super) fn next(&mut self, whom: Whom<'_>) -> io::Result<Duration> {
        let waited = self.since.elapsed();
        if waited >= self.limit {
            return Err(ErrorKind::TimedOut.into());
        }
        if waited >= self.remark {
            let [waited, limit] = [waited, self.limit].map(|time| human::duration(time.as_secs_f64()));
            tracing::warn!("waiting for {} for {waited}, at most {limit}", whom());
            self.remark *= 2;
        }
        Ok((self.remark.min(self.limit).saturating_sub(waited)).max(SHORTEST))
    }

    /// Reads as many bytes as `into` holds.
    ///
    /// # Errors
    /// The time is over, or the connection is closed or broken.
    pub(super) fn read(&mut self, mut stream: &TcpStream, into: &mut [u8], whom: Whom<'_>) -> io::Result<()> {
        let mut done = 0;
        while done < into.len() {
            stream.set_read_timeout(Some(self.next(whom)?))?;
            match stream.read(&mut into[done..]) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(count) => done += count,
                Err(error) => may_go_on(error)?,
            }
        }
        Ok(())
    }

    /// Writes all of `bytes`.
    ///
    /// # Errors
    /// The time is over, or the connection is closed or broken.
    pub(super) fn write(&mut self, mut stream: &TcpStream, bytes: &[u8], whom: Whom<'_>) -> io::Result<()> {
        let mut done = 0;
        while done < bytes.len() {
            stream.set_write_timeout(Some(self.next(whom)?))?;
            match stream.write(&bytes[done..]) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(count) => done += count,
                Err(error) => may_go_on(error)?,
            }
        }
        Ok(())
    }
}

/// Passes over the errors that only say that nothing has happened yet.
fn may_go_on(error: io::Error) -> io::Result<()> {
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::Interrupted => Ok(()),
        // On Unix it says that the other machine no longer answers.
        ErrorKind::TimedOut if cfg!(windows) => Ok(()),
        _ => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn a_wait_ends_however_slowly_bytes_come_and_whether_or_not_they_are_read() {
        let listener = TcpListener::bind(("localhost", 0)).unwrap();
        let here = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (mut there, _) = listener.accept().unwrap();
        let whom = || "nobody".to_string();
        let limit = Duration::from_millis(200);
        std::thread::scope(|scope| {
            scope.spawn(move || {
                while there.write_all(b"x").is_ok() {
                    std::thread::sleep(Duration::from_millis(20));
                }
            });
            let mut wait = Wait::new(limit);
            let error = wait.read(&here, &mut [0; 1000], &whom).unwrap_err();
            assert!(error.kind() == ErrorKind::TimedOut && wait.is_over());
            // Far more than the system keeps for a connection whose other end does not read.
            let mut wait = Wait::new(limit);
            assert!(wait.write(&here, &vec![0; 1 << 26], &whom).is_err() && wait.is_over());
            assert!(wait.since.elapsed() < Duration::from_secs(20));
            drop(here);
        });
    }

    #[test]
    fn who_is_waited_for_is_said_after_a_minute_and_then_more_and_more_rarely() {
        let long = Duration::from_secs(1800);
        let after = |seconds| Wait {
            since: Instant::now().checked_sub(Duration::from_secs(seconds)).unwrap(),
            ..Wait::new(long)
        };
        let said = std::cell::Cell::new(0);
        let whom = || {
            said.set(said.get() + 1);
            "rank 1".to_string()
        };
        let mut wait = after(59);
        assert!(wait.next(&whom).unwrap() <= Duration::from_secs(1));
        assert_eq!(said.get(), 0);
        wait.since = after(61).since;
        assert!(wait.next(&whom).unwrap() > Duration::from_secs(50));
        wait.next(&whom).unwrap();
        // The text is made only where the log takes it, which no test turns on; the time of the next remark shows it.
        assert_eq!(wait.remark, Duration::from_secs(120));
        assert!(after(1800).next(&whom).is_err());
    }
}
