//! The data elements of a MAT-file, version 5 ("MAT-File Format", MathWorks, chapter 1).

/// The element types that a label file holds (`mi...` in the format's text).
pub(super) mod kind {
    /// Bytes of text, or small numbers.
    pub(crate) const INT8: u32 = 1;
    /// Bytes.
    pub(crate) const UINT8: u32 = 2;
    /// Signed 32-bit words: dimensions.
    pub(crate) const INT32: u32 = 5;
    /// Unsigned 32-bit words: array flags.
    pub(crate) const UINT32: u32 = 6;
    /// An array with its flags, dimensions, name and content.
    pub(crate) const MATRIX: u32 = 14;
    /// A zlib stream that holds one element.
    pub(crate) const COMPRESSED: u32 = 15;
}

/// One element: its type and its bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Element<'a> {
    pub kind: u32,
    pub data: &'a [u8],
}

/// The elements that follow each other in some bytes.
#[derive(Debug, Clone)]
pub(super) struct Elements<'a> {
    rest: &'a [u8],
    little_endian: bool,
}

impl<'a> Elements<'a> {
    /// The elements within `bytes`.
    pub(crate) fn new(bytes: &'a [u8], little_endian: bool) -> Elements<'a> {
        Elements { rest: bytes, little_endian }
    }

    /// The next element, or `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Element<'a>>, String> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let first = self.word(0)?;
        // A small element keeps its length in the upper half of the type's word and its data in 4 bytes.
        let (kind, start, length): (u32, usize, usize) = match first >> 16 {
            0 => (first, 8, self.word(4)? as usize),
            small => (first & 0xffff, 4, small as usize),
        };
        let end = start.checked_add(length).filter(|&end| end <= self.rest.len());
        let end = end.ok_or_else(|| format!("it is truncated: an element of {length} bytes does not end"))?;
        let data = &self.rest[start..end];
        // Elements start at multiples of 8, except after a compressed one.
        let padded = if kind == kind::COMPRESSED { end } else { end.next_multiple_of(8) };
        self.rest = self.rest.get(padded..).unwrap_or_default();
        Ok(Some(Element { kind, data }))
    }

    /// The next element, which must be there and be of type `kind`.
    pub(crate) fn expect(&mut self, kind: u32, what: &str) -> Result<&'a [u8], String> {
        match self.next()? {
            Some(element) if element.kind == kind => Ok(element.data),
            Some(element) => Err(format!("{what} has element type {} (expected {kind})", element.kind)),
            None => Err(format!("it is truncated before {what}")),
        }
    }

    /// Whether numbers begin with their low byte.
    pub(crate) fn is_little_endian(&self) -> bool {
        self.little_endian
    }

    /// The words of a block of 32-bit numbers.
    pub(crate) fn words(&self, data: &[u8]) -> Vec<u32> {
        data.chunks_exact(4).map(|bytes| self.decode([bytes[0], bytes[1], bytes[2], bytes[3]])).collect()
    }

    fn word(&self, at: usize) -> Result<u32, String> {
        let bytes = self.rest.get(at..at + 4).ok_or("it is truncated within an element's tag")?;
        Ok(self.decode([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    fn decode(&self, bytes: [u8; 4]) -> u32 {
        if self.little_endian { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) }
    }
}
