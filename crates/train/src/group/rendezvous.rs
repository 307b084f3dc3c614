//! How rank 0 meets the others: it listens, hears all who come side by side, and admits those that belong to its group.
//!
//! Whoever comes with anything else is refused alone, and rank 0 goes on waiting.

use super::error::{GroupError, Result};
use super::hello::{Heard, MAGIC, PROTOCOL, keep_alive, refusal, welcome};
use super::launch::Launch;
use super::link::Link;
use super::newcomer::Newcomer;
use super::refusals::{Kind, Refusal, Refusals};
use super::terms::Terms;
use super::wait::Wait;
use super::word::Proof;
use std::io::{self, ErrorKind};
use std::net::TcpListener;
use std::time::Duration;

const PAUSE: Duration = Duration::from_millis(10);
/// Connections that are heard at once. Of more, the oldest is dropped: a process of the group speaks at once.
const MOST_NEWCOMERS: usize = 128;

/// On rank 0, waits for all others. The links are in the order of the ranks.
pub(super) fn accept_all(launch: &Launch, terms: &Terms) -> Result<Vec<Link>> {
    let listener = listen(launch).and_then(|listener| listener.set_nonblocking(true).map(|()| listener));
    let refuse = |source| GroupError::Listen { address: launch.address.clone(), port: launch.port, source };
    let listener = listener.map_err(refuse)?;
    let mut meeting = Meeting::new(launch, terms);
    let mut wait = Wait::new(terms.patience);
    loop {
        meeting.admit(&listener);
        meeting.hear();
        if meeting.missing().is_empty() {
            return Ok(meeting.links.into_iter().flatten().collect());
        }
        let whom = || format!("ranks {:?} to come to {}:{}", meeting.missing(), launch.address, launch.port);
        match wait.next(&whom) {
            Ok(longest) => std::thread::sleep(PAUSE.min(longest)),
            Err(_) => return Err(meeting.absent()),
        }
    }
}

/// Listens to this machine alone where the rendezvous is its loopback address, otherwise to all.
fn listen(launch: &Launch) -> io::Result<TcpListener> {
    match launch.address.as_str() {
        local @ ("localhost" | "127.0.0.1" | "::1") => TcpListener::bind((local, launch.port)),
        // The name may resolve to another of this machine's addresses than the one that the others reach.
        _ => TcpListener::bind(("::", launch.port)).or_else(|_| TcpListener::bind(("0.0.0.0", launch.port))),
    }
}

/// Who has come so far.
struct Meeting<'a> {
    launch: &'a Launch,
    terms: &'a Terms,
    /// The places of the other ranks.
    links: Vec<Option<Link>>,
    newcomers: Vec<Newcomer>,
    refused: Refusals,
}

impl<'a> Meeting<'a> {
    fn new(launch: &'a Launch, terms: &'a Terms) -> Self {
        let links = (1..launch.size).map(|_| None).collect();
        Meeting { launch, terms, links, newcomers: Vec::new(), refused: Refusals::default() }
    }

    /// The ranks that have not come yet.
    fn missing(&self) -> Vec<usize> {
        self.links.iter().zip(1..).filter(|(link, _)| link.is_none()).map(|(_, rank)| rank).collect()
    }

    /// Takes the connections that were made.
    fn admit(&mut self, listener: &TcpListener) {
        for _ in 0..MOST_NEWCOMERS {
            match listener.accept().and_then(|(stream, from)| Newcomer::new(stream, from)) {
                Ok(newcomer) => self.newcomers.push(newcomer),
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                // A connection that is gone already, or a moment without room for another.
                Err(error) => {
                    tracing::debug!("at the rendezvous: {error}");
                    break;
                }
            }
        }
        let surplus = self.newcomers.len().saturating_sub(MOST_NEWCOMERS);
        self.newcomers.drain(..surplus);
    }

    /// Hears everyone who has come, as far as they have spoken.
    fn hear(&mut self) {
        for mut newcomer in std::mem::take(&mut self.newcomers) {
            match newcomer.listen() {
                Ok(Heard::Part) => self.newcomers.push(newcomer),
                Ok(Heard::Hello { size, rank, proof }) => match self.judge(size, rank, &proof) {
                    Ok(place) => self.take(newcomer, place),
                    Err(refusal) => self.refuse(newcomer, refusal),
                },
                Ok(Heard::OtherProtocol(other)) => {
                    let same = "all processes need the same program";
                    let reason =
                        format!("a process speaks version {other}, rank 0 version {PROTOCOL}: {same}");
                    self.refuse(newcomer, Refusal { kind: Kind::Protocol, reason });
                }
                Ok(Heard::Noise) => tracing::debug!("another program, at {}", newcomer.from),
                Err(error) => tracing::debug!("at the rendezvous, {}: {error}", newcomer.from),
            }
        }
    }

    /// The place of a process among the links, or why it does not belong to this group.
    fn judge(&self, size: u32, rank: u32, proof: &Proof) -> std::result::Result<usize, Refusal> {
        let (size, rank, own) = (size as usize, rank as usize, self.launch.size);
        let refusal = |kind, reason| Refusal { kind, reason };
        if !self.terms.word.is_proved_by(MAGIC, proof) {
            let same = "all processes need the same recipe, run name and SCRIBE_TOKEN";
            return Err(refusal(Kind::Word, format!("rank {rank} knows another word than rank 0: {same}")));
        }
        if size != own {
            let reason = format!("rank {rank} was started as one of {size}, rank 0 as one of {own}");
            return Err(refusal(Kind::Size, reason));
        }
        if rank >= size {
            let last = size - 1;
            let reason = format!("a process was started as rank {rank} of {size}: expected 0 to {last}");
            return Err(refusal(Kind::Rank, reason));
        }
        let place = rank.checked_sub(1);
        let free = |&place: &usize| self.links[place].as_ref().is_none_or(Link::is_gone);
        let twice = || refusal(Kind::Twice, format!("two processes were started as rank {rank}"));
        place.filter(free).ok_or_else(twice)
    }

    /// Lets a process in.
    fn take(&mut self, mut newcomer: Newcomer, place: usize) {
        let answered = newcomer.answer(&welcome(&self.terms.word));
        let link = answered.and_then(|()| {
            keep_alive(&newcomer.stream)?;
            Link::new(place + 1, newcomer.stream, self.terms.timeout)
        });
        match link {
            Ok(link) => self.links[place] = Some(link),
            Err(error) => tracing::debug!("rank {} went away again: {error}", place + 1),
        }
    }

    /// Tells a process that it does not belong here, and keeps the reason.
    fn refuse(&mut self, mut newcomer: Newcomer, Refusal { kind, reason }: Refusal) {
        let told = format!("{}: {reason}", newcomer.from.ip());
        if self.refused.add(kind, &told) {
            tracing::warn!("refused at port {}: {told}", self.launch.port);
        } else {
            tracing::debug!("refused at port {}: {told}", self.launch.port);
        }
        if let Err(error) = newcomer.answer(&refusal(&reason)) {
            tracing::debug!("at the rendezvous, {}: {error}", newcomer.from);
        }
    }

    /// Tells the processes that are connected why there will be no training.
    fn absent(self) -> GroupError {
        let ranks = self.missing();
        let reason = format!("ranks {ranks:?} did not come");
        self.links.into_iter().flatten().for_each(|link| link.leave(0, &reason));
        let (address, port) = (self.launch.address.clone(), self.launch.port);
        GroupError::Absent { ranks, address, port, waited: self.terms.patience, refused: self.refused.told() }
    }
}
