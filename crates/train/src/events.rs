//! TensorBoard's event file, written next to `metrics.jsonl`.
//!
//! It is a file of TFRecords: a length, its checksum, an `Event` in protocol buffers, and its checksum
//! (`tensorflow/core/util/event.proto`, `summary.proto`). Only scalars are written, so the few fields are encoded here; no
//! maintained crate writes these files. The event's wall time is its step, so that the bytes do not depend on when a
//! training ran.

use crate::Result;
use crate::error::io_error;
use crate::files::write_atomic;
use crate::metrics::Metrics;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

/// TensorBoard looks for names that begin with `events.out.tfevents.`.
pub(crate) const NAME: &str = "events.out.tfevents.0.scribe";

/// An event file that grows by one record per scalar.
pub(crate) struct Events {
    file: File,
    path: PathBuf,
}

impl Events {
    /// Writes a file with the scalars of `kept`, to which more can be added.
    pub(crate) fn start(folder: &Path, kept: &[Metrics]) -> Result<Self> {
        let path = folder.join(NAME);
        let version = field(3, Wire::Bytes(b"brain.Event:2"));
        let mut bytes = record(&[field(1, Wire::Double(0.)), version].concat());
        kept.iter().for_each(|metrics| bytes.extend(scalars(metrics)));
        write_atomic(&path, &bytes)?;
        let file = OpenOptions::new().append(true).open(&path).map_err(io_error(&path))?;
        Ok(Self { file, path })
    }

    /// Appends the scalars of one step.
    pub(crate) fn step(&mut self, metrics: &Metrics) -> Result<()> {
        self.file.write_all(&scalars(metrics)).map_err(io_error(&self.path))
    }
}

/// One record for each scalar of a step.
fn scalars(metrics: &Metrics) -> Vec<u8> {
    let mut values = vec![
        ("train/loss", metrics.loss),
        ("train/lr_backbone", metrics.lr_backbone),
        ("train/lr_head", metrics.lr_head),
    ];
    values.extend(metrics.miou.map(|miou| ("val/miou", miou)));
    values.iter().flat_map(|&(tag, value)| record(&event(metrics.step, tag, value as f32))).collect()
}

/// `Event { wall_time = 1, step = 2, summary = 5 { value = 1 { tag = 1, simple_value = 2 } } }`.
fn event(step: u64, tag: &str, value: f32) -> Vec<u8> {
    let value = [field(1, Wire::Bytes(tag.as_bytes())), field(2, Wire::Float(value))].concat();
    let summary = field(1, Wire::Bytes(&value));
    [field(1, Wire::Double(step as f64)), field(2, Wire::Varint(step)), field(5, Wire::Bytes(&summary))]
        .concat()
}

/// The value of a field in a protocol buffer.
enum Wire<'a> {
    Varint(u64),
    Double(f64),
    Bytes(&'a [u8]),
    Float(f32),
}

fn field(number: u64, wire: Wire<'_>) -> Vec<u8> {
    let (kind, payload) = match wire {
        Wire::Varint(value) => (0, varint(value)),
        Wire::Double(value) => (1, value.to_le_bytes().to_vec()),
        Wire::Bytes(bytes) => (2, [varint(bytes.len() as u64), bytes.to_vec()].concat()),
        Wire::Float(value) => (5, value.to_le_bytes().to_vec()),
    };
    [varint(number << 3 | kind), payload].concat()
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

fn record(data: &[u8]) -> Vec<u8> {
    let length = (data.len() as u64).to_le_bytes();
    [&length[..], &masked(&length), data, &masked(data)].concat()
}

/// TFRecord's checksum: CRC-32C, rotated, plus a constant.
fn masked(data: &[u8]) -> [u8; 4] {
    crc32c::crc32c(data).rotate_right(15).wrapping_add(0xa282_ead8).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What tensorboard 2.21.0 wrote for the same event (wall time 3.0):
    /// ```python
    /// from tensorboard.compat.proto.event_pb2 import Event
    /// from tensorboard.compat.proto.summary_pb2 import Summary
    /// from tensorboard.summary.writer.record_writer import RecordWriter
    /// v = Summary.Value(tag="train/loss", simple_value=1.5)
    /// RecordWriter(f).write(Event(wall_time=3.0, step=300, summary=Summary(value=[v])).SerializeToString())
    /// print(f.getvalue().hex())
    /// ```
    const WRITTEN: &str =
        "2100000000000000017becf609000000000000084010ac022a130a110a0a747261696e2f6c6f7373150000c03fb063a5c6";

    #[test]
    fn a_record_is_tensorboards() {
        let mut bytes = event(300, "train/loss", 1.5);
        // The test's event has another wall time than its step, so that the two cannot be confused.
        bytes[1..9].copy_from_slice(&3f64.to_le_bytes());
        assert_eq!(scribe_base::digest::hex(record(&bytes)), WRITTEN);
    }

    #[test]
    fn a_resumed_file_is_that_of_an_undisturbed_run() {
        let metrics = |step| Metrics {
            step,
            epoch: 0,
            loss: 1.,
            lr_backbone: 0.1,
            lr_head: 0.2,
            miou: (step == 2).then_some(0.5),
        };
        let [whole, cut] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let mut events = Events::start(whole.path(), &[]).unwrap();
        (1..=3).for_each(|step| events.step(&metrics(step)).unwrap());
        let mut events = Events::start(cut.path(), &[]).unwrap();
        events.step(&metrics(1)).unwrap();
        let mut events = Events::start(cut.path(), &[metrics(1), metrics(2)]).unwrap();
        events.step(&metrics(3)).unwrap();
        let bytes = |dir: &tempfile::TempDir| std::fs::read(dir.path().join(NAME)).unwrap();
        assert_eq!(bytes(&whole), bytes(&cut));
    }
}
