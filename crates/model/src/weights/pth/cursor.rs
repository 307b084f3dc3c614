//! Reads forward through bytes that may end at any place.

use super::error::{PthError, Result};

/// A place in a slice. Every read moves it forward, and none goes past the end.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Cursor<'a> {
        Cursor { bytes, at: 0 }
    }

    /// The number of bytes that were read.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// The bytes that were not read yet.
    pub(super) fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..]
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        let taken = self.rest().get(..count).ok_or(PthError::Ends { at: self.at, wanted: count })?;
        self.at += count;
        Ok(taken)
    }

    /// A length of 8 bytes, then as many bytes.
    pub(super) fn take_long(&mut self) -> Result<&'a [u8]> {
        let count = self.u64()?;
        // A length beyond the address space is beyond the file too.
        self.take(usize::try_from(count).unwrap_or(usize::MAX))
    }

    /// Up to the next line feed, which is read but not returned.
    pub(super) fn line(&mut self) -> Result<&'a [u8]> {
        let end = self.rest().iter().position(|byte| *byte == b'\n');
        let end = end.ok_or(PthError::Ends { at: self.at, wanted: self.rest().len() + 1 })?;
        let line = self.take(end)?;
        self.take(1)?;
        Ok(line)
    }

    pub(super) fn u8(&mut self) -> Result<u8> {
        Ok(self.take(1)?[0])
    }

    pub(super) fn u16(&mut self) -> Result<u16> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    pub(super) fn u32(&mut self) -> Result<u32> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    pub(super) fn i32(&mut self) -> Result<i32> {
        Ok(i32::from_le_bytes(self.array()?))
    }

    pub(super) fn u64(&mut self) -> Result<u64> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }
}
