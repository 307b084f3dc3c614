//! How the processes find each other: rank 0 listens, and the others connect and introduce themselves.
//!
//! A process that connects sends 24 bytes: a magic word, then protocol, size, rank and 0 as u32, little endian. The answer
//! is another magic word and 0 if it is accepted, or 1, a length and the reason if it is not. A connection that does not
//! begin with the magic word is of another program, and is dropped.

use super::error::{GroupError, Result};
use super::frame::Link;
use super::launch::Launch;
use crate::error::chain;
use socket2::{SockRef, TcpKeepalive};
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

const MAGIC: &[u8; 8] = b"scribe-g";
const WELCOME: &[u8; 8] = b"scribe-w";
/// To be raised whenever the format of the exchanges changes.
const PROTOCOL: u32 = 1;
/// How long rank 0 waits for the introduction of one process before it turns to the next.
const INTRODUCTION: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(50);

/// On rank 0, waits for all others. The links are in the order of the ranks.
pub(super) fn accept_all(launch: &Launch, patience: Duration) -> Result<Vec<Link>> {
    let refuse = |source| GroupError::Listen { address: launch.address.clone(), port: launch.port, source };
    let listener = listen(launch).map_err(refuse)?;
    listener.set_nonblocking(true).map_err(refuse)?;
    let end = Instant::now() + patience;
    let mut links: Vec<Option<Link>> = (1..launch.size).map(|_| None).collect();
    while links.iter().any(Option::is_none) {
        match listener.accept() {
            Ok((stream, _)) => match accept(launch, stream, &links) {
                Ok(link) => {
                    let place = link.rank - 1;
                    links[place] = Some(link);
                }
                Err(GroupError::Mismatch(reason)) => return Err(dismiss(links, reason)),
                // Another program, or a process that went away again. The next one may be of this group.
                Err(error) => tracing::debug!("at the rendezvous: {}", chain(&error)),
            },
            Err(error) if error.kind() == io::ErrorKind::WouldBlock && Instant::now() < end => {
                std::thread::sleep(PAUSE);
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                return Err(absent(launch, links, patience));
            }
            Err(error) => return Err(refuse(error)),
        }
    }
    Ok(links.into_iter().flatten().collect())
}

/// Listens to this machine alone where the rendezvous is its loopback address, otherwise to all.
fn listen(launch: &Launch) -> io::Result<TcpListener> {
    match launch.address.as_str() {
        local @ ("localhost" | "127.0.0.1" | "::1") => TcpListener::bind((local, launch.port)),
        // The name may resolve to another of this machine's addresses than the one that the others reach.
        _ => TcpListener::bind(("::", launch.port)).or_else(|_| TcpListener::bind(("0.0.0.0", launch.port))),
    }
}

/// Reads the introduction of one process, and answers.
fn accept(launch: &Launch, mut stream: TcpStream, links: &[Option<Link>]) -> Result<Link> {
    let lost = |source| GroupError::Lost { rank: 0, source };
    stream.set_nonblocking(false).and_then(|()| prepare(&stream)).map_err(lost)?;
    stream.set_read_timeout(Some(INTRODUCTION)).map_err(lost)?;
    let mut hello = [0; 24];
    stream.read_exact(&mut hello).map_err(lost)?;
    if &hello[..8] != MAGIC {
        return Err(lost(io::ErrorKind::InvalidData.into()));
    }
    let u32_at = |at: usize| u32::from_le_bytes(hello[at..at + 4].try_into().expect("four bytes"));
    let (protocol, size, rank) = (u32_at(8), u32_at(12) as usize, u32_at(16) as usize);
    let reason = if protocol != PROTOCOL {
        format!("rank {rank} speaks version {protocol}, rank 0 version {PROTOCOL}: all need the same program")
    } else if size != launch.size {
        format!("rank {rank} was started as one of {size}, rank 0 as one of {}", launch.size)
    } else if rank == 0 || rank >= size || links[rank - 1].is_some() {
        format!("two processes were started as rank {rank}")
    } else {
        let answer = [&WELCOME[..], &0u32.to_le_bytes()].concat();
        stream.write_all(&answer).and_then(|()| stream.set_read_timeout(None)).map_err(lost)?;
        return Ok(Link { rank, stream });
    };
    let answer = [&WELCOME[..], &1u32.to_le_bytes(), &(reason.len() as u32).to_le_bytes(), reason.as_bytes()];
    stream.write_all(&answer.concat()).map_err(lost)?;
    Err(GroupError::Mismatch(reason))
}

/// Tells the processes that are connected why there will be no training.
fn dismiss(links: Vec<Option<Link>>, reason: String) -> GroupError {
    links.into_iter().flatten().for_each(|mut link| link.leave(0, &reason));
    GroupError::Mismatch(reason)
}

fn absent(launch: &Launch, links: Vec<Option<Link>>, waited: Duration) -> GroupError {
    let missing = links.iter().zip(1..).filter(|(link, _)| link.is_none()).map(|(_, rank)| rank);
    let ranks: Vec<usize> = missing.collect();
    dismiss(links, format!("ranks {ranks:?} did not come"));
    GroupError::Absent { ranks, address: launch.address.clone(), port: launch.port, waited }
}

/// On any other rank, tries to connect to rank 0 until it is there.
pub(super) fn connect(launch: &Launch, patience: Duration) -> Result<Link> {
    let end = Instant::now() + patience;
    loop {
        let left = end.saturating_duration_since(Instant::now());
        let failure = match reach(launch, left).and_then(|stream| introduce(launch, stream, left)) {
            Ok(answer) => return answer,
            Err(failure) => failure,
        };
        if Instant::now() >= end {
            return Err(GroupError::Unreachable {
                rank: launch.rank,
                address: launch.address.clone(),
                port: launch.port,
                waited: patience,
                source: failure,
            });
        }
        std::thread::sleep(PAUSE);
    }
}

/// A connection to any address of rank 0's host.
fn reach(launch: &Launch, left: Duration) -> io::Result<TcpStream> {
    let mut failure = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for address in (launch.address.as_str(), launch.port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, left.clamp(PAUSE, INTRODUCTION)) {
            // The system may give the connection itself a port on which nobody listens.
            Ok(stream) if stream.local_addr()? == stream.peer_addr()? => {}
            Ok(stream) => return Ok(stream),
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

/// Introduces this process. `Ok(Err(...))` where rank 0 refuses it.
fn introduce(launch: &Launch, mut stream: TcpStream, left: Duration) -> io::Result<Result<Link>> {
    prepare(&stream)?;
    // Rank 0 may be busy with others first.
    stream.set_read_timeout(Some(left.max(PAUSE)))?;
    let words = [PROTOCOL, launch.size as u32, launch.rank as u32, 0].map(u32::to_le_bytes);
    stream.write_all(&[&MAGIC[..], &words.concat()].concat())?;
    let mut answer = [0; 12];
    stream.read_exact(&mut answer)?;
    if &answer[..8] != WELCOME {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "another program answers there"));
    }
    if answer[8..] == 0u32.to_le_bytes() {
        stream.set_read_timeout(None)?;
        return Ok(Ok(Link { rank: 0, stream }));
    }
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let mut reason = Vec::new();
    stream.take(u64::from(u32::from_le_bytes(length)).min(1 << 16)).read_to_end(&mut reason)?;
    Ok(Err(GroupError::Mismatch(String::from_utf8_lossy(&reason).into_owned())))
}

/// Sends small messages immediately and detects a dead machine within half a minute.
fn prepare(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let second = Duration::from_secs;
    let keepalive = TcpKeepalive::new().with_time(second(10)).with_interval(second(5)).with_retries(4);
    SockRef::from(stream).set_tcp_keepalive(&keepalive)
}
