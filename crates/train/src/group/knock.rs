//! How the other ranks find rank 0: they knock until it is there, and introduce themselves.

use super::error::{GroupError, Result};
use super::hello::{ACCEPTED, WELCOME, hello, keep_alive, u32_at};
use super::launch::Launch;
use super::link::Link;
use super::terms::Terms;
use super::wait::{Wait, Whom};
use super::word::Proof;
use scribe_base::human::printable;
use std::io::{self, ErrorKind};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

const PAUSE: Duration = Duration::from_millis(50);
/// The longest wait for one address of rank 0's host.
const REACH: Duration = Duration::from_secs(5);
/// Bytes of the longest reason of a refusal that are read.
const LONGEST_REASON: u32 = 1 << 12;

/// On any other rank, tries to connect to rank 0 until it is there.
pub(super) fn connect(launch: &Launch, terms: &Terms) -> Result<Link> {
    let mut wait = Wait::new(terms.patience);
    let whom: Whom<'_> = &|| format!("rank 0 at {}:{}", launch.address, launch.port);
    loop {
        let introduced = reach(launch).and_then(|stream| introduce(launch, terms, stream, &mut wait, whom));
        let source = match introduced {
            Ok(answer) => return answer,
            Err(source) => source,
        };
        match wait.next(whom) {
            Ok(longest) => std::thread::sleep(PAUSE.min(longest)),
            Err(_) => {
                return Err(GroupError::Unreachable {
                    rank: launch.rank,
                    address: launch.address.clone(),
                    port: launch.port,
                    waited: terms.patience,
                    source,
                });
            }
        }
    }
}

/// A connection to any address of rank 0's host.
fn reach(launch: &Launch) -> io::Result<TcpStream> {
    let mut failure = io::Error::new(ErrorKind::NotFound, "the name has no address");
    for address in (launch.address.as_str(), launch.port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, REACH) {
            // The system may give the connection itself a port on which nobody listens.
            Ok(stream) if stream.local_addr()? == stream.peer_addr()? => {}
            Ok(stream) => return Ok(stream),
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

/// Introduces this process. `Ok(Err(...))` where rank 0 refuses it.
fn introduce(
    launch: &Launch,
    terms: &Terms,
    stream: TcpStream,
    wait: &mut Wait,
    whom: Whom<'_>,
) -> io::Result<Result<Link>> {
    keep_alive(&stream)?;
    wait.write(&stream, &hello(launch, &terms.word), whom)?;
    let mut answer = [0; 12];
    wait.read(&stream, &mut answer, whom)?;
    let another = || io::Error::new(ErrorKind::InvalidData, "another program or another group answers there");
    if &answer[..8] != WELCOME {
        return Err(another());
    }
    if u32_at(&answer, 8) == ACCEPTED {
        let mut proof: Proof = [0; 32];
        wait.read(&stream, &mut proof, whom)?;
        if !terms.word.is_proved_by(WELCOME, &proof) {
            return Err(another());
        }
        return Link::new(0, stream, terms.timeout).map(Ok);
    }
    let mut length = [0; 4];
    wait.read(&stream, &mut length, whom)?;
    let mut reason = vec![0; u32_at(&length, 0).min(LONGEST_REASON) as usize];
    wait.read(&stream, &mut reason, whom)?;
    Ok(Err(GroupError::Mismatch(printable(&String::from_utf8_lossy(&reason)).into_owned())))
}
