//! Huffman codes.

use crate::bits::Bits;
use crate::fault::Fault;

/// Bits that are looked up at once.
const LOOK: u32 = 10;

/// A Huffman code as a table.
#[derive(Clone)]
pub(crate) struct Huffman {
    /// For each `LOOK` bits the code's length (high byte) and symbol (low byte); 0 where the code is longer.
    short: Vec<u16>,
    /// For each `LOOK` bits that hold a code and the signed number after it: the number (high half), the run of
    /// zeros before it (second byte) and the bits of both (low byte); 0 where they need more bits.
    whole: Vec<u32>,
    /// For each length the first code that is too large for it, left-aligned to 16 bits.
    limit: [u32; 17],
    /// For each length what is added to a code to find its symbol.
    offset: [i32; 17],
    symbols: Vec<u8>,
}

impl Huffman {
    /// The code with `counts[n]` codes of n + 1 bits (T.81, annex C).
    pub(crate) fn new(counts: [u8; 16], symbols: &[u8]) -> Result<Huffman, Fault> {
        let mut table = Huffman {
            short: vec![0; 1 << LOOK],
            whole: vec![0; 1 << LOOK],
            limit: [0; 17],
            offset: [0; 17],
            symbols: symbols.to_vec(),
        };
        let (mut code, mut index) = (0_u32, 0_usize);
        for length in 1..=16_u32 {
            let count = usize::from(counts[length as usize - 1]);
            table.offset[length as usize] = index as i32 - code as i32;
            for &symbol in symbols.get(index..index + count).ok_or(Fault::TableCut)? {
                if code >= 1 << length {
                    return Err(Fault::TableOverfull);
                }
                table.fill_short(code, length, symbol);
                code += 1;
            }
            index += count;
            table.limit[length as usize] = code << (16 - length);
            code <<= 1;
        }
        table.fill_whole();
        Ok(table)
    }

    fn fill_short(&mut self, code: u32, length: u32, symbol: u8) {
        if length <= LOOK {
            let spread = LOOK - length;
            let first = (code << spread) as usize;
            self.short[first..first + (1 << spread)].fill((length << 8) as u16 | u16::from(symbol));
        }
    }

    fn fill_whole(&mut self) {
        for (bits, (whole, &short)) in self.whole.iter_mut().zip(&self.short).enumerate() {
            let (length, size, run) =
                (u32::from(short >> 8), u32::from(short & 15), u32::from(short >> 4 & 15));
            if length > 0 && size > 0 && length + size <= LOOK {
                let number = (bits as u32 >> (LOOK - length - size)) & ((1 << size) - 1);
                let half = 1 << (size - 1);
                let signed = if number < half { number as i32 - (1 << size) + 1 } else { number as i32 };
                *whole = (signed as u32) << 16 | run << 8 | (length + size);
            }
        }
    }

    /// Takes a code and the signed number after it, where both are short: the run of zeros and the number.
    /// [`Bits::fill`] must have been called.
    #[inline(always)]
    pub(crate) fn run_and_number(&self, bits: &mut Bits<'_>) -> Result<Option<(usize, i16)>, Fault> {
        let entry = self.whole[bits.peek(LOOK) as usize];
        if entry == 0 {
            return Ok(None);
        }
        bits.skip(entry & 0xff)?;
        Ok(Some(((entry >> 8 & 15) as usize, (entry >> 16) as i16)))
    }

    /// Takes one symbol; [`Bits::fill`] must have been called.
    #[inline(always)]
    pub(crate) fn symbol(&self, bits: &mut Bits<'_>) -> Result<u8, Fault> {
        let entry = self.short[bits.peek(LOOK) as usize];
        if entry != 0 {
            bits.skip(u32::from(entry >> 8))?;
            return Ok(entry as u8);
        }
        let (symbol, length) = self.long_symbol(bits.peek(16));
        bits.skip(length)?;
        symbol.ok_or(Fault::UnknownCode)
    }

    /// The symbol of a code longer than [`LOOK`] at the start of 16 bits, and its length.
    ///
    /// After a segment's end zeros are peeked at, which may be no code; its length of 16 then makes the caller
    /// report the end.
    #[cold]
    #[inline(never)]
    fn long_symbol(&self, code: u32) -> (Option<u8>, u32) {
        let Some(length) = (LOOK + 1..=16).find(|&length| code < self.limit[length as usize]) else {
            return (None, 16);
        };
        let index = (code >> (16 - length)) as i32 + self.offset[length as usize];
        (self.symbols.get(index as usize).copied(), length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_short_and_long_codes() {
        // Codes 0, 10, 110 ... up to 12 bits: lengths 1 to 12 with one code each.
        let mut counts = [0; 16];
        counts[..12].fill(1);
        let symbols: Vec<u8> = (100..112).collect();
        let table = Huffman::new(counts, &symbols).unwrap();
        for length in 1..=12_u32 {
            let code = ((1_u32 << (length - 1)) - 1) << 1;
            let bytes = (code << (32 - length)).to_be_bytes();
            let mut data: Vec<u8> =
                bytes.iter().flat_map(|&b| if b == 0xff { vec![b, 0] } else { vec![b] }).collect();
            data.extend([0; 8]);
            let mut bits = Bits::new(&data, 0);
            bits.fill();
            assert_eq!(table.symbol(&mut bits), Ok(99 + length as u8));
        }
        let mut bits = Bits::new(&[0xfe, 0xfe, 0, 0, 0, 0, 0, 0], 0);
        bits.fill();
        assert_eq!(table.symbol(&mut bits), Ok(107));
        let mut bits = Bits::new(&[0xff, 0, 0xff, 0, 0xff, 0, 0xff, 0], 0);
        bits.fill();
        assert_eq!(table.symbol(&mut bits), Err(Fault::UnknownCode));
    }

    #[test]
    fn refuses_too_many_codes() {
        let mut counts = [0; 16];
        counts[0] = 3;
        assert_eq!(Huffman::new(counts, &[1, 2, 3]).err(), Some(Fault::TableOverfull));
        assert_eq!(Huffman::new(counts, &[1]).err(), Some(Fault::TableCut));
    }
}
