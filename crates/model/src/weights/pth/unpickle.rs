//! A pickle machine that runs no code.
//!
//! It builds containers, keeps names as names, and knows a handful of PyTorch's functions by name ([`super::rebuild`]).
//! Anything else that a pickle would call becomes an opaque object.

use super::cursor::Cursor;
use super::error::{PthError, Result};
use super::limits;
use super::node::{Id, Node, Storage};
use super::opcode as op;
use super::pickle::Pickle;
use std::collections::{BTreeMap, HashMap};

/// The machine's state.
pub(super) struct Unpickler<'a> {
    pub(super) cursor: Cursor<'a>,
    pub(super) nodes: Vec<Node<'a>>,
    pub(super) stack: Vec<Id>,
    /// Heights of the stack at the open marks.
    pub(super) marks: Vec<usize>,
    pub(super) memo: HashMap<u32, Id>,
    pub(super) storages: BTreeMap<&'a [u8], Storage<'a>>,
    /// Objects pushed and entries stored so far.
    spent: usize,
}

/// The first pickle of these bytes.
pub(super) fn unpickle(bytes: &[u8]) -> Result<Pickle<'_>> {
    let (bounded, cut) = match bytes.get(..limits::PICKLE_BYTES) {
        Some(first) => (first, bytes.len() > limits::PICKLE_BYTES),
        None => (bytes, false),
    };
    let mut machine = Unpickler {
        cursor: Cursor::new(bounded),
        nodes: Vec::new(),
        stack: Vec::new(),
        marks: Vec::new(),
        memo: HashMap::new(),
        storages: BTreeMap::new(),
        spent: 0,
    };
    let top = machine.run().map_err(|error| match error {
        PthError::Ends { .. } if cut => {
            PthError::Limit { what: "bytes of a pickle", most: limits::PICKLE_BYTES }
        }
        error => error,
    })?;
    Ok(Pickle { nodes: machine.nodes, top, length: machine.cursor.position(), storages: machine.storages })
}

impl<'a> Unpickler<'a> {
    fn run(&mut self) -> Result<Id> {
        loop {
            match self.cursor.u8()? {
                op::STOP => return self.pop(),
                op::PROTO => match self.cursor.u8()? {
                    2..=5 => {}
                    other => return Err(self.bad(format!("protocol {other} (expected 2 to 5)"))),
                },
                op::FRAME => drop(self.cursor.take(8)?),
                code => self.step(code)?,
            }
        }
    }

    fn step(&mut self, code: u8) -> Result<()> {
        match code {
            op::NONE | op::NEW_TRUE | op::NEW_FALSE => self.constant(code),
            op::BIN_INT | op::BIN_INT_1 | op::BIN_INT_2 | op::LONG_1 | op::LONG_4 | op::BIN_FLOAT => {
                self.number(code)
            }
            op::BIN_UNICODE
            | op::SHORT_BIN_UNICODE
            | op::BIN_UNICODE_8
            | op::BIN_STRING
            | op::SHORT_BIN_STRING
            | op::BIN_BYTES
            | op::SHORT_BIN_BYTES
            | op::BIN_BYTES_8
            | op::BYTE_ARRAY_8 => self.text(code),
            op::MARK | op::POP | op::POP_MARK | op::DUP => self.on_stack(code),
            op::BIN_PUT | op::LONG_BIN_PUT | op::MEMOIZE | op::BIN_GET | op::LONG_BIN_GET => {
                self.memory(code)
            }
            op::EMPTY_TUPLE | op::TUPLE | op::TUPLE_1 | op::TUPLE_2 | op::TUPLE_3 => self.tuple(code),
            op::EMPTY_LIST | op::LIST | op::EMPTY_DICT | op::DICT | op::EMPTY_SET | op::FROZEN_SET => {
                self.container(code)
            }
            op::APPEND | op::APPENDS | op::SET_ITEM | op::SET_ITEMS | op::ADD_ITEMS => self.fill(code),
            _ => self.object(code),
        }
    }
}

/// Helpers for the other files of the machine.
impl<'a> Unpickler<'a> {
    /// Takes the items that were pushed since the last mark, and the mark.
    pub(super) fn since_mark(&mut self) -> Result<Vec<Id>> {
        let height = self.marks.pop().ok_or_else(|| self.bad("no mark on the stack".into()))?;
        // Not `split_off`, which may leave the stack's whole capacity with what it returns.
        Ok(self.stack.drain(height.min(self.stack.len())..).collect())
    }

    pub(super) fn pairs(&self, items: &[Id]) -> Result<Vec<(Id, Id)>> {
        let (pairs, rest) = items.as_chunks::<2>();
        match rest {
            [] => Ok(pairs.iter().map(|[key, value]| (*key, *value)).collect()),
            _ => Err(self.bad("a key without a value".into())),
        }
    }

    pub(super) fn push(&mut self, node: Node<'a>) -> Result<()> {
        let id = self.nodes.len() as Id;
        self.nodes.push(node);
        self.push_id(id)
    }

    pub(super) fn push_id(&mut self, id: Id) -> Result<()> {
        self.spend(1)?;
        self.stack.push(id);
        Ok(())
    }

    /// The object with this index. Indices come from [`Unpickler::push`] alone.
    pub(super) fn node(&self, id: Id) -> &Node<'a> {
        self.nodes.get(id as usize).unwrap_or(&Node::None)
    }

    pub(super) fn bad(&self, reason: String) -> PthError {
        PthError::Pickle { at: self.cursor.position(), reason }
    }

    /// Counts objects and entries.
    pub(super) fn spend(&mut self, count: usize) -> Result<()> {
        self.spent = self.spent.saturating_add(count);
        if self.spent > limits::OBJECTS {
            return Err(PthError::Limit { what: "objects in a pickle", most: limits::OBJECTS });
        }
        Ok(())
    }

    pub(super) fn top(&self) -> Result<Id> {
        let floor = self.marks.last().copied().unwrap_or(0);
        let above = self.stack.get(floor..).and_then(<[Id]>::last);
        above.copied().ok_or_else(|| self.bad("an empty stack".into()))
    }

    pub(super) fn pop(&mut self) -> Result<Id> {
        let top = self.top()?;
        self.stack.pop();
        Ok(top)
    }
}
