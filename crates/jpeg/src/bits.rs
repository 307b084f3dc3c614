//! The bits of an entropy-coded segment, stuffed bytes taken out.

use crate::fault::Fault;

/// A cursor over the bits of an entropy-coded segment; it stops before the next marker.
///
/// The slow paths take and return it by value, so that its fields stay in registers on the fast ones.
#[derive(Clone, Copy)]
pub(crate) struct Bits<'a> {
    data: &'a [u8],
    at: usize,
    /// The next bits, the first in the highest place; below the first `count` there are zeros or bits that
    /// will be loaded (again) later.
    buffer: u64,
    count: u32,
}

impl<'a> Bits<'a> {
    /// The bits of `data` from byte `at` on.
    pub(crate) fn new(data: &'a [u8], at: usize) -> Bits<'a> {
        Bits { data, at, buffer: 0, count: 0 }
    }

    /// Loads bits so that there are at least 48, unless the segment ends before.
    #[inline(always)]
    pub(crate) fn fill(&mut self) {
        if self.count >= 48 {
            return;
        }
        if let Some(word) = self.data.get(self.at..self.at + 8) {
            let word =
                u64::from_be_bytes([word[0], word[1], word[2], word[3], word[4], word[5], word[6], word[7]]);
            // No byte is 0xff: no byte of the complement is 0.
            if (!word).wrapping_sub(0x0101_0101_0101_0101) & word & 0x8080_8080_8080_8080 == 0 {
                self.buffer |= word >> self.count;
                let bytes = (63 - self.count) / 8;
                self.at += bytes as usize;
                self.count += bytes * 8;
                return;
            }
        }
        *self = self.filled_by_byte();
    }

    #[cold]
    #[inline(never)]
    fn filled_by_byte(mut self) -> Bits<'a> {
        while self.count <= 56 {
            let Some(&byte) = self.data.get(self.at) else { break };
            if byte == 0xff {
                // A zero after 0xff is stuffing; anything else begins a marker.
                if self.data.get(self.at + 1) != Some(&0) {
                    break;
                }
                self.at += 1;
            }
            self.at += 1;
            self.buffer |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
        self
    }

    /// The next `count` bits (1 to 16) without taking them; zeros follow the segment's end.
    #[inline(always)]
    pub(crate) fn peek(&self, count: u32) -> u32 {
        (self.buffer >> (64 - count)) as u32
    }

    /// Takes bits that were peeked at.
    #[inline(always)]
    pub(crate) fn skip(&mut self, count: u32) -> Result<(), Fault> {
        if count > self.count {
            return Err(Fault::EndsEarly);
        }
        self.buffer <<= count;
        self.count -= count;
        Ok(())
    }

    /// Takes `count` bits (0 to 16) that [`Bits::fill`] loaded.
    #[inline(always)]
    pub(crate) fn take(&mut self, count: u32) -> Result<u32, Fault> {
        // Two shifts, since one of 64 places is not defined.
        let value = (self.buffer >> 1 >> (63 - count)) as u32;
        self.skip(count)?;
        Ok(value)
    }

    /// Takes one bit, loading it first.
    #[inline(always)]
    pub(crate) fn bit(&mut self) -> Result<bool, Fault> {
        self.fill();
        Ok(self.take(1)? == 1)
    }

    /// Takes a signed number of `size` bits (0 to 15): T.81, F.2.2.1, "EXTEND".
    #[inline(always)]
    pub(crate) fn signed(&mut self, size: u32) -> Result<i32, Fault> {
        let value = self.take(size)? as i32;
        let half = (1 << size) >> 1;
        Ok(if value < half { value - (1 << size) + 1 } else { value })
    }

    /// Goes on after the restart marker `0xd0 + number`, which must be the next thing but for padding bits.
    #[inline(always)]
    pub(crate) fn restart(&mut self, number: u8) -> Result<(), Fault> {
        *self = self.restarted(number)?;
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn restarted(self, number: u8) -> Result<Bits<'a>, Fault> {
        let marker = self.end();
        if self.data.get(marker..marker + 2) != Some(&[0xff, 0xd0 + number]) {
            return Err(Fault::RestartMissing);
        }
        Ok(Bits::new(self.data, marker + 2))
    }

    /// The place of the next marker, once the segment's blocks are read.
    pub(crate) fn end(self) -> usize {
        // Bytes in the buffer hold no marker, so looking from the first unread byte on finds it.
        next_marker(self.data, self.at)
    }
}

/// The place of the first marker from byte `at` on, or the end of the data.
pub(crate) fn next_marker(data: &[u8], mut at: usize) -> usize {
    while let Some(&byte) = data.get(at) {
        let next = data.get(at + 1).copied().unwrap_or(0xff);
        if byte == 0xff && next != 0 && next != 0xff {
            break;
        }
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_out_stuffing_and_stops_at_markers() {
        let data = [0xab, 0xff, 0x00, 0x12, 0xff, 0xd9];
        let mut bits = Bits::new(&data, 0);
        let mut read = Vec::new();
        for _ in 0..3 {
            bits.fill();
            read.push(bits.take(8).unwrap());
        }
        assert_eq!(read, [0xab, 0xff, 0x12]);
        assert_eq!(bits.end(), 4);
        bits.fill();
        assert_eq!(bits.take(1), Err(Fault::EndsEarly));
    }

    #[test]
    fn long_runs_equal_the_slow_way() {
        let data: Vec<u8> = (0..400_u32).map(|i| (i * i / 7 % 255) as u8).collect();
        let mut bits = Bits::new(&data, 0);
        let mut place = 0;
        for step in 0..600_u32 {
            let count = 1 + step * 7 % 13;
            if place + count as usize > 3000 {
                break;
            }
            let slow = (place..place + count as usize)
                .fold(0, |value, bit| value << 1 | u32::from(data[bit / 8] >> (7 - bit % 8) & 1));
            bits.fill();
            assert_eq!(bits.peek(count), slow);
            assert_eq!(bits.take(count), Ok(slow));
            place += count as usize;
        }
    }

    #[test]
    fn signed_numbers_by_hand() {
        let data = [0b0100_0110, 0b1100_0111, 0, 0, 0, 0, 0, 0];
        let mut bits = Bits::new(&data, 0);
        let sizes = [1, 1, 2, 2, 2, 2, 3, 3, 0];
        let read = sizes.map(|size| {
            bits.fill();
            bits.signed(size).unwrap()
        });
        assert_eq!(read, [-1, 1, -3, -2, 2, 3, -7, 7, 0]);
    }
}
