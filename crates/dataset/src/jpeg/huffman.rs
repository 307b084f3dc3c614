//! Huffman codes.

use super::bits::{Bits, Fault};

/// Bits that are looked up at once.
const LOOK: u32 = 10;

/// A Huffman code as a table.
#[derive(Clone)]
pub(super) struct Huffman {
    /// For each `LOOK` bits the code's length (high byte) and symbol (low byte); 0 where the code is longer.
    short: Vec<u16>,
    /// For each length the first code that is too large for it, left-aligned to 16 bits.
    limit: [u32; 18],
    /// For each length what is added to a code to find its symbol.
    offset: [i32; 17],
    symbols: Vec<u8>,
}

impl Huffman {
    /// The code with `counts[n]` codes of n + 1 bits (T.81, annex C).
    pub fn new(counts: [u8; 16], symbols: &[u8]) -> Result<Huffman, Fault> {
        let mut table =
            Huffman { short: vec![0; 1 << LOOK], limit: [0; 18], offset: [0; 17], symbols: symbols.to_vec() };
        let (mut code, mut index) = (0_u32, 0_usize);
        for length in 1..=16_u32 {
            let count = usize::from(counts[length as usize - 1]);
            table.offset[length as usize] = index as i32 - code as i32;
            for &symbol in symbols.get(index..index + count).ok_or("it is damaged: a Huffman table is cut")? {
                if code >= 1 << length {
                    return Err("it is damaged: a Huffman table holds more codes than there are");
                }
                table.fill_short(code, length, symbol);
                code += 1;
            }
            index += count;
            table.limit[length as usize] = code << (16 - length);
            code <<= 1;
        }
        table.limit[17] = u32::MAX;
        Ok(table)
    }

    fn fill_short(&mut self, code: u32, length: u32, symbol: u8) {
        if length <= LOOK {
            let spread = LOOK - length;
            let first = (code << spread) as usize;
            self.short[first..first + (1 << spread)].fill((length << 8) as u16 | u16::from(symbol));
        }
    }

    /// Takes one symbol; [`Bits::fill`] must have been called.
    #[inline(always)]
    pub fn symbol(&self, bits: &mut Bits<'_>) -> Result<u8, Fault> {
        let entry = self.short[bits.peek(LOOK) as usize];
        if entry != 0 {
            bits.skip(u32::from(entry >> 8))?;
            return Ok(entry as u8);
        }
        self.long_symbol(bits)
    }

    #[cold]
    fn long_symbol(&self, bits: &mut Bits<'_>) -> Result<u8, Fault> {
        let code = bits.peek(16);
        let length = (LOOK + 1..=17).find(|&length| code < self.limit[length as usize]).unwrap_or(17);
        if length > 16 {
            // Zeros are read after the end, and they may be no code: the end is what is wrong then.
            bits.skip(16)?;
            return Err("it is damaged: a Huffman code is in no table");
        }
        bits.skip(length)?;
        let index = (code >> (16 - length)) as i32 + self.offset[length as usize];
        Ok(self.symbols[index as usize])
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
        assert!(table.symbol(&mut bits).unwrap_err().contains("in no table"));
    }

    #[test]
    fn refuses_too_many_codes() {
        let mut counts = [0; 16];
        counts[0] = 3;
        assert!(Huffman::new(counts, &[1, 2, 3]).is_err());
        assert!(Huffman::new(counts, &[1]).is_err());
    }
}
