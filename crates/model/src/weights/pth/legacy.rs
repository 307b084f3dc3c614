//! The form that PyTorch wrote before 1.6, and still writes with `_use_new_zipfile_serialization=False`.
//!
//! It has five pickles (a magic number, a version, facts of the machine, the object, the storages' keys), then each storage
//! as a count and its values.

use super::cursor::Cursor;
use super::error::{PthError, Result};
use super::node::Node;
use super::pickle::{Pickle, shown};
use super::unpickle::unpickle;
use std::collections::BTreeMap;

/// 0x1950a86a20f9469cfc6c, least significant byte first, after the opcode for it.
const MAGIC: [u8; 12] = [0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
const VERSION: i64 = 1001;

/// Whether a file begins like PyTorch's before 1.6, with the magic number in its first pickle.
pub(in crate::weights) fn begins(bytes: &[u8]) -> bool {
    bytes.first() == Some(&super::opcode::PROTO)
        && bytes.iter().take(16).enumerate().any(|(at, _)| bytes[at..].starts_with(&MAGIC))
}

/// The object, and the bytes of each storage by key.
pub(super) struct Legacy<'a> {
    pub(super) object: Pickle<'a>,
    pub(super) storages: BTreeMap<&'a [u8], &'a [u8]>,
}

/// Reads a whole file.
pub(super) fn read(bytes: &[u8]) -> Result<Legacy<'_>> {
    let mut cursor = Cursor::new(bytes);
    next(&mut cursor)?;
    let version = next(&mut cursor)?;
    if !matches!(version.node(version.top), Node::Int(VERSION)) {
        let reason = format!("version {} (expected the number {VERSION})", version.describe(version.top));
        return Err(PthError::Pickle { at: cursor.position(), reason });
    }
    let machine = next(&mut cursor)?;
    let little = machine.get(machine.top, "little_endian");
    if little.is_some_and(|little| matches!(machine.node(little), Node::Bool(false))) {
        return Err(PthError::BigEndian);
    }
    let object = next(&mut cursor)?;
    let keys = next(&mut cursor)?;
    let storages = storages(&mut cursor, &object, &keys)?;
    Ok(Legacy { object, storages })
}

fn next<'a>(cursor: &mut Cursor<'a>) -> Result<Pickle<'a>> {
    let pickle = unpickle(cursor.rest())?;
    cursor.take(pickle.length)?;
    Ok(pickle)
}

fn storages<'a>(
    cursor: &mut Cursor<'a>,
    object: &Pickle<'a>,
    keys: &Pickle<'a>,
) -> Result<BTreeMap<&'a [u8], &'a [u8]>> {
    let bad = |reason: String, at: usize| PthError::Pickle { at, reason };
    let Node::List(list) = keys.node(keys.top) else {
        return Err(bad("no list of storages after the object".into(), cursor.position()));
    };
    let mut found = BTreeMap::new();
    for key in list {
        let declared = keys.text(*key).and_then(|key| object.storages.get(key));
        let storage =
            declared.ok_or_else(|| bad("a storage that no tensor has".into(), cursor.position()))?;
        let size = storage.scalar.map(|scalar| scalar.size() as u64).ok_or_else(|| {
            bad(format!("storages of the unknown type {}", shown(storage.class)), cursor.position())
        })?;
        let (count, expected) = (cursor.u64()?, storage.count as u64);
        if count != expected {
            let name = shown(storage.key).into_owned();
            let (found, expected) = (count.saturating_mul(size), expected.saturating_mul(size));
            return Err(PthError::Storage { storage: name, found, expected });
        }
        let bytes = usize::try_from(count.saturating_mul(size)).unwrap_or(usize::MAX);
        found.insert(storage.key, cursor.take(bytes)?);
    }
    Ok(found)
}
