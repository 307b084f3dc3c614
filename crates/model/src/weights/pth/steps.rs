//! The effect of each opcode on the stack of the pickle machine.

use super::error::{PthError, Result};
use super::node::Node;
use super::opcode as op;
use super::unpickle::Unpickler;

impl Unpickler<'_> {
    pub(super) fn constant(&mut self, code: u8) -> Result<()> {
        self.push(match code {
            op::NEW_TRUE => Node::Bool(true),
            op::NEW_FALSE => Node::Bool(false),
            _ => Node::None,
        })
    }

    pub(super) fn number(&mut self, code: u8) -> Result<()> {
        let node = match code {
            op::BIN_INT => Node::Int(self.cursor.i32()?.into()),
            op::BIN_INT_1 => Node::Int(self.cursor.u8()?.into()),
            op::BIN_INT_2 => Node::Int(self.cursor.u16()?.into()),
            op::BIN_FLOAT => {
                self.cursor.take(8)?;
                Node::Other("a number")
            }
            _ => {
                let count = if code == op::LONG_1 { self.cursor.u8()?.into() } else { self.cursor.u32()? };
                long(self.cursor.take(count as usize)?)
            }
        };
        self.push(node)
    }

    pub(super) fn text(&mut self, code: u8) -> Result<()> {
        let bytes = match code {
            op::SHORT_BIN_UNICODE | op::SHORT_BIN_STRING | op::SHORT_BIN_BYTES => {
                let count = self.cursor.u8()?;
                self.cursor.take(count.into())?
            }
            op::BIN_UNICODE | op::BIN_STRING | op::BIN_BYTES => {
                let count = self.cursor.u32()?;
                self.cursor.take(count as usize)?
            }
            _ => self.cursor.take_long()?,
        };
        let raw = matches!(code, op::BIN_BYTES | op::SHORT_BIN_BYTES | op::BIN_BYTES_8 | op::BYTE_ARRAY_8);
        self.push(if raw { Node::Other("bytes") } else { Node::Text(bytes) })
    }

    pub(super) fn on_stack(&mut self, code: u8) -> Result<()> {
        match code {
            op::MARK => {
                self.spend(1)?;
                self.marks.push(self.stack.len());
            }
            op::POP_MARK => drop(self.since_mark()?),
            // Python drops an open mark when nothing is above it.
            op::POP if self.marks.last() == Some(&self.stack.len()) => drop(self.marks.pop()),
            op::POP => drop(self.pop()?),
            _ => {
                let top = self.pop()?;
                self.stack.push(top);
                self.push_id(top)?;
            }
        }
        Ok(())
    }

    pub(super) fn memory(&mut self, code: u8) -> Result<()> {
        match code {
            op::BIN_GET | op::LONG_BIN_GET => {
                let slot = if code == op::BIN_GET { self.cursor.u8()?.into() } else { self.cursor.u32()? };
                let kept = self.memo.get(&slot).copied();
                let kept =
                    kept.ok_or_else(|| self.bad(format!("memo {slot} is read before it is written")))?;
                self.push_id(kept)
            }
            _ => {
                let slot = match code {
                    op::BIN_PUT => self.cursor.u8()?.into(),
                    op::LONG_BIN_PUT => self.cursor.u32()?,
                    // The number of entries is below the bound on objects, so it fits.
                    _ => self.memo.len() as u32,
                };
                self.spend(1)?;
                let top = self.top()?;
                self.memo.insert(slot, top);
                Ok(())
            }
        }
    }

    pub(super) fn tuple(&mut self, code: u8) -> Result<()> {
        let items = match code {
            op::EMPTY_TUPLE => Vec::new(),
            op::TUPLE => self.since_mark()?,
            _ => {
                let count = usize::from(code - op::TUPLE_1) + 1;
                let mut items = Vec::with_capacity(count);
                for _ in 0..count {
                    items.push(self.pop()?);
                }
                items.reverse();
                items
            }
        };
        self.push(Node::Tuple(items))
    }

    pub(super) fn container(&mut self, code: u8) -> Result<()> {
        let node = match code {
            op::EMPTY_LIST => Node::List(Vec::new()),
            op::LIST => Node::List(self.since_mark()?),
            op::EMPTY_DICT => Node::Dict(Vec::new()),
            op::DICT => {
                let items = self.since_mark()?;
                Node::Dict(self.pairs(&items)?)
            }
            op::FROZEN_SET => {
                self.since_mark()?;
                Node::Other("a set")
            }
            _ => Node::Other("a set"),
        };
        self.push(node)
    }

    pub(super) fn fill(&mut self, code: u8) -> Result<()> {
        let items = match code {
            op::APPEND => vec![self.pop()?],
            op::SET_ITEM => {
                let value = self.pop()?;
                vec![self.pop()?, value]
            }
            _ => self.since_mark()?,
        };
        self.spend(items.len())?;
        let pairs = matches!(code, op::SET_ITEM | op::SET_ITEMS);
        let pairs = if pairs { self.pairs(&items)? } else { Vec::new() };
        let target = self.top()?;
        let at = self.cursor.position();
        match self.nodes.get_mut(target as usize) {
            Some(Node::List(list)) if matches!(code, op::APPEND | op::APPENDS) => list.extend(items),
            Some(Node::Dict(dict)) if matches!(code, op::SET_ITEM | op::SET_ITEMS) => dict.extend(pairs),
            // The contents of these are not kept.
            Some(Node::Opaque(_) | Node::Other(_)) => {}
            _ => return Err(PthError::Pickle { at, reason: "items for what holds none".into() }),
        }
        Ok(())
    }

    pub(super) fn object(&mut self, code: u8) -> Result<()> {
        match code {
            op::GLOBAL => {
                let (module, name) = (self.cursor.line()?, self.cursor.line()?);
                self.push(Node::Global(module, name))
            }
            op::STACK_GLOBAL => {
                let (name, module) = (self.pop()?, self.pop()?);
                match (self.node(module), self.node(name)) {
                    (Node::Text(module), Node::Text(name)) => {
                        let node = Node::Global(module, name);
                        self.push(node)
                    }
                    _ => Err(self.bad("a global whose name is no text".into())),
                }
            }
            op::REDUCE | op::NEW_OBJ => {
                let (arguments, function) = (self.pop()?, self.pop()?);
                self.call(function, arguments)
            }
            op::NEW_OBJ_EX => {
                let (_keywords, arguments, function) = (self.pop()?, self.pop()?, self.pop()?);
                self.call(function, arguments)
            }
            // Attributes of an object. They hold no tensors of a state dict.
            op::BUILD => self.pop().map(drop),
            op::BIN_PERSID => {
                let id = self.pop()?;
                self.persistent(id)
            }
            other => Err(self.bad(format!("opcode {other:#04x}, which a state dict does not need,"))),
        }
    }
}

/// An integer of any length, least byte first, in two's complement.
fn long(bytes: &[u8]) -> Node<'static> {
    if bytes.len() > 8 {
        return Node::Other("an integer of more than 64 bits");
    }
    let negative = bytes.last().is_some_and(|byte| *byte >= 0x80);
    let mut whole = [if negative { 0xff } else { 0 }; 8];
    whole[..bytes.len()].copy_from_slice(bytes);
    Node::Int(i64::from_le_bytes(whole))
}
