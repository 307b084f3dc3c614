//! A group over TCP: every rank is connected with rank 0, which adds the values and sends the sums back.
//!
//! It carries CPU tensors and the few numbers of each step. For a sum, every rank sends each value to rank 0 once and
//! receives it once, in pieces, so that no process buffers more than a piece.

use super::collective::Collective;
use super::error::{GroupError, Result};
use super::frame::{Exchange, Kind};
use super::knock::connect;
use super::launch::Launch;
use super::link::{Expected, Link};
use super::rendezvous::accept_all;
use super::terms::Terms;
use crate::error::chain;
use candle_core::{DType, Tensor, bail};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The number of values of a piece.
const PIECE: usize = 1 << 18;
/// How often the others are told, at most, that this process is busy.
const BUSY: Duration = Duration::from_secs(10);

/// One process of a group whose processes talk over TCP.
#[derive(Debug)]
pub struct Tcp {
    rank: usize,
    size: usize,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    rank: usize,
    /// On rank 0, the links to all others in order. On the others, the link to rank 0.
    links: Vec<Link>,
    /// The number of exchanges so far.
    number: u64,
    /// Why the group ended, if it has.
    over: Option<String>,
    buffer: Vec<u8>,
    /// When the others last heard of this process.
    heard_of: Instant,
}

impl Tcp {
    /// Connects the processes: rank 0 listens at the launch's address, and the others connect to it.
    ///
    /// # Errors
    /// [`GroupError::Listen`], [`GroupError::Unreachable`] or [`GroupError::Absent`] when they are not connected within
    /// the patience of the terms, and [`GroupError::Mismatch`] on a process that rank 0 refuses. Rank 0 goes on waiting
    /// for the right one then.
    pub fn meet(launch: &Launch, terms: &Terms) -> Result<Tcp> {
        let links = match launch.rank {
            0 => accept_all(launch, terms)?,
            _ => vec![connect(launch, terms)?],
        };
        let (rank, buffer, heard_of) = (launch.rank, Vec::new(), Instant::now());
        let state = State { rank, links, number: 0, over: None, buffer, heard_of };
        Ok(Tcp { rank: launch.rank, size: launch.size, state: Mutex::new(state) })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sum_of<T: Number>(&self, tensors: &[Tensor]) -> Result<Vec<Tensor>> {
        let mut packed: Vec<T> = Vec::with_capacity(tensors.iter().map(Tensor::elem_count).sum());
        for tensor in tensors {
            packed.extend(tensor.flatten_all()?.to_vec1::<T>()?);
        }
        self.state().exchange(T::KIND, |state, exchange| state.sum(exchange, &mut packed))?;
        let mut values = packed.as_slice();
        let unpack = |tensor: &Tensor| {
            let (own, rest) = values.split_at(tensor.elem_count());
            values = rest;
            Ok(Tensor::from_slice(own, tensor.shape(), tensor.device())?)
        };
        tensors.iter().map(unpack).collect()
    }
}

impl Collective for Tcp {
    fn rank(&self) -> usize {
        self.rank
    }

    fn size(&self) -> usize {
        self.size
    }

    fn sum(&self, tensors: &[Tensor]) -> Result<Vec<Tensor>> {
        match tensors.first().map_or(DType::F32, Tensor::dtype) {
            DType::F32 => self.sum_of::<f32>(tensors),
            DType::F64 => self.sum_of::<f64>(tensors),
            other => {
                let refuse = || bail!("a sum over ranks: expected f32 or f64, got {other:?}");
                Ok(refuse()?)
            }
        }
    }

    fn sum_values(&self, values: &[f64]) -> Result<Vec<f64>> {
        let mut sums = values.to_vec();
        self.state().exchange(Kind::SumF64, |state, exchange| state.sum(exchange, &mut sums))?;
        Ok(sums)
    }

    fn broadcast_bytes(&self, bytes: &[u8], at_most: usize) -> Result<Vec<u8>> {
        self.state().exchange(Kind::Broadcast, |state, exchange| state.broadcast(exchange, bytes, at_most))
    }

    fn still_works(&self) {
        let mut state = self.state();
        if state.over.is_none() && state.heard_of.elapsed() >= BUSY {
            state.links.iter().for_each(Link::busy);
            state.heard_of = Instant::now();
        }
    }

    fn leave(&self, reason: &str) {
        let mut state = self.state();
        if state.over.is_none() {
            state.end(&GroupError::Left { rank: self.rank, reason: reason.to_string() });
        }
    }
}

impl State {
    /// Makes one exchange. The first that fails ends the group for all processes.
    fn exchange<R>(&mut self, kind: Kind, run: impl FnOnce(&mut Self, Exchange) -> Result<R>) -> Result<R> {
        if let Some(reason) = &self.over {
            return Err(GroupError::Ended(reason.clone()));
        }
        let exchange = Exchange { kind, number: self.number };
        self.number += 1;
        let result = run(self, exchange).inspect_err(|error| self.end(error));
        self.heard_of = Instant::now();
        result
    }

    /// Tells the ranks that are still there why the group ends.
    fn end(&mut self, error: &GroupError) {
        // The others are told the first cause, not what a rank reports about it.
        let (who, reason) = match error {
            GroupError::Left { rank, reason } => (*rank, reason.clone()),
            GroupError::Lost { rank, source } => (*rank, format!("its connection broke: {source}")),
            other => (self.rank, chain(other)),
        };
        self.links.iter().filter(|link| link.rank != who).for_each(|link| link.leave(who, &reason));
        self.over = Some(chain(error));
    }

    fn broadcast(&mut self, exchange: Exchange, bytes: &[u8], at_most: usize) -> Result<Vec<u8>> {
        if self.rank == 0 {
            self.links.iter_mut().try_for_each(|link| link.send(exchange, bytes))?;
            return Ok(bytes.to_vec());
        }
        let mut received = Vec::new();
        self.links[0].receive(exchange, Expected::AtMost(at_most), &mut received)?;
        Ok(received)
    }

    fn sum<T: Number>(&mut self, exchange: Exchange, values: &mut [T]) -> Result<()> {
        if values.is_empty() {
            return self.piece::<T>(exchange, &mut []);
        }
        values.chunks_mut(PIECE).try_for_each(|piece| self.piece(exchange, piece))
    }

    fn piece<T: Number>(&mut self, exchange: Exchange, values: &mut [T]) -> Result<()> {
        let mut buffer = std::mem::take(&mut self.buffer);
        let length = Expected::Exactly(size_of_val(values));
        if self.rank == 0 {
            let mut sums: Vec<f64> = values.iter().map(|value| value.widen()).collect();
            for link in &mut self.links {
                link.receive(exchange, length, &mut buffer)?;
                sums.iter_mut().zip(T::read(&buffer)).for_each(|(sum, value)| *sum += value.widen());
            }
            values.iter_mut().zip(sums).for_each(|(value, sum)| *value = T::narrow(sum));
            T::write(values, &mut buffer);
            self.links.iter_mut().try_for_each(|link| link.send(exchange, &buffer))?;
        } else {
            T::write(values, &mut buffer);
            self.links[0].send(exchange, &buffer)?;
            self.links[0].receive(exchange, length, &mut buffer)?;
            values.iter_mut().zip(T::read(&buffer)).for_each(|(value, sum)| *value = sum);
        }
        self.buffer = buffer;
        Ok(())
    }
}

/// A number that is added in f64 and sent in its own type, little endian.
trait Number: candle_core::WithDType {
    const KIND: Kind;
    fn widen(self) -> f64;
    fn narrow(sum: f64) -> Self;
    fn read(bytes: &[u8]) -> impl Iterator<Item = Self>;
    fn write(values: &[Self], bytes: &mut Vec<u8>);
}

macro_rules! number {
    ($type:ty, $kind:ident) => {
        impl Number for $type {
            const KIND: Kind = Kind::$kind;

            fn widen(self) -> f64 {
                f64::from(self)
            }

            fn narrow(sum: f64) -> Self {
                sum as $type
            }

            fn read(bytes: &[u8]) -> impl Iterator<Item = Self> {
                let (values, _) = bytes.as_chunks();
                values.iter().map(|value| <$type>::from_le_bytes(*value))
            }

            fn write(values: &[Self], bytes: &mut Vec<u8>) {
                bytes.clear();
                bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
            }
        }
    };
}
number!(f32, SumF32);
number!(f64, SumF64);
