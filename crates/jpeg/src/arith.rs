//! The arithmetic decoder (T.81, annex D).

use crate::bits::next_marker;
use crate::fault::Fault;

/// One adaptive binary decision: its more probable value in the highest bit, the index of its state below.
pub(crate) type Bin = u8;

/// The bin of decisions that are even odds for ever (T.81, F.1.4.4.2).
const EVEN: Bin = 113;

/// For each state: the less probable value's share of the interval, the state after that value, the state after the
/// other one, and whether the former also exchanges the two (T.81, table D.3); then the state that never changes.
#[rustfmt::skip]
const STATES: [(u16, u8, u8, u8); 114] = [
    (0x5a1d, 1, 1, 1), (0x2586, 14, 2, 0), (0x1114, 16, 3, 0), (0x080b, 18, 4, 0),
    (0x03d8, 20, 5, 0), (0x01da, 23, 6, 0), (0x00e5, 25, 7, 0), (0x006f, 28, 8, 0),
    (0x0036, 30, 9, 0), (0x001a, 33, 10, 0), (0x000d, 35, 11, 0), (0x0006, 9, 12, 0),
    (0x0003, 10, 13, 0), (0x0001, 12, 13, 0), (0x5a7f, 15, 15, 1), (0x3f25, 36, 16, 0),
    (0x2cf2, 38, 17, 0), (0x207c, 39, 18, 0), (0x17b9, 40, 19, 0), (0x1182, 42, 20, 0),
    (0x0cef, 43, 21, 0), (0x09a1, 45, 22, 0), (0x072f, 46, 23, 0), (0x055c, 48, 24, 0),
    (0x0406, 49, 25, 0), (0x0303, 51, 26, 0), (0x0240, 52, 27, 0), (0x01b1, 54, 28, 0),
    (0x0144, 56, 29, 0), (0x00f5, 57, 30, 0), (0x00b7, 59, 31, 0), (0x008a, 60, 32, 0),
    (0x0068, 62, 33, 0), (0x004e, 63, 34, 0), (0x003b, 32, 35, 0), (0x002c, 33, 9, 0),
    (0x5ae1, 37, 37, 1), (0x484c, 64, 38, 0), (0x3a0d, 65, 39, 0), (0x2ef1, 67, 40, 0),
    (0x261f, 68, 41, 0), (0x1f33, 69, 42, 0), (0x19a8, 70, 43, 0), (0x1518, 72, 44, 0),
    (0x1177, 73, 45, 0), (0x0e74, 74, 46, 0), (0x0bfb, 75, 47, 0), (0x09f8, 77, 48, 0),
    (0x0861, 78, 49, 0), (0x0706, 79, 50, 0), (0x05cd, 48, 51, 0), (0x04de, 50, 52, 0),
    (0x040f, 50, 53, 0), (0x0363, 51, 54, 0), (0x02d4, 52, 55, 0), (0x025c, 53, 56, 0),
    (0x01f8, 54, 57, 0), (0x01a4, 55, 58, 0), (0x0160, 56, 59, 0), (0x0125, 57, 60, 0),
    (0x00f6, 58, 61, 0), (0x00cb, 59, 62, 0), (0x00ab, 61, 63, 0), (0x008f, 61, 32, 0),
    (0x5b12, 65, 65, 1), (0x4d04, 80, 66, 0), (0x412c, 81, 67, 0), (0x37d8, 82, 68, 0),
    (0x2fe8, 83, 69, 0), (0x293c, 84, 70, 0), (0x2379, 86, 71, 0), (0x1edf, 87, 72, 0),
    (0x1aa9, 87, 73, 0), (0x174e, 72, 74, 0), (0x1424, 72, 75, 0), (0x119c, 74, 76, 0),
    (0x0f6b, 74, 77, 0), (0x0d51, 75, 78, 0), (0x0bb6, 77, 79, 0), (0x0a40, 77, 48, 0),
    (0x5832, 80, 81, 1), (0x4d1c, 88, 82, 0), (0x438e, 89, 83, 0), (0x3bdd, 90, 84, 0),
    (0x34ee, 91, 85, 0), (0x2eae, 92, 86, 0), (0x299a, 93, 87, 0), (0x2516, 86, 71, 0),
    (0x5570, 88, 89, 1), (0x4ca9, 95, 90, 0), (0x44d9, 96, 91, 0), (0x3e22, 97, 92, 0),
    (0x3824, 99, 93, 0), (0x32b4, 99, 94, 0), (0x2e17, 93, 86, 0), (0x56a8, 95, 96, 1),
    (0x4f46, 101, 97, 0), (0x47e5, 102, 98, 0), (0x41cf, 103, 99, 0), (0x3c3d, 104, 100, 0),
    (0x375e, 99, 93, 0), (0x5231, 105, 102, 0), (0x4c0f, 106, 103, 0), (0x4639, 107, 104, 0),
    (0x415e, 103, 99, 0), (0x5627, 105, 106, 1), (0x50e7, 108, 107, 0), (0x4b85, 109, 103, 0),
    (0x5597, 110, 109, 0), (0x504f, 111, 107, 0), (0x5a10, 110, 111, 1), (0x5522, 112, 109, 0),
    (0x59eb, 112, 111, 1), (0x5a1d, 113, 113, 0),
];

/// Takes decisions out of an entropy-coded segment; names of registers are those of the standard's flow charts.
pub(crate) struct Decoder<'a> {
    data: &'a [u8],
    at: usize,
    /// The code register: its upper half is compared with the interval, bytes come in below.
    c: u32,
    /// The interval.
    a: u32,
    /// Shifts until the next byte is needed.
    ct: u32,
}

impl<'a> Decoder<'a> {
    /// Begins at byte `at` (T.81, figure D.21, "Initdec").
    pub(crate) fn new(data: &'a [u8], at: usize) -> Decoder<'a> {
        let mut decoder = Decoder { data, at, c: 0, a: 0x1_0000, ct: 0 };
        for _ in 0..2 {
            decoder.byte_in();
            decoder.c <<= 8;
        }
        decoder
    }

    /// Takes one decision (figures D.14 to D.17).
    pub(crate) fn decide(&mut self, bin: &mut Bin) -> bool {
        let (share, after_less, after_more, exchange) = STATES[usize::from(*bin & 0x7f)];
        let (probable, share) = (*bin & 0x80, u32::from(share));
        self.a -= share;
        let upper = self.c >= self.a << 16;
        if !upper && self.a >= 0x8000 {
            return probable != 0;
        }
        // The smaller part of the interval is the less probable value's, whichever place it has.
        let less = upper != (self.a < share);
        if upper {
            self.c -= self.a << 16;
            self.a = share;
        }
        self.renormalise();
        if less {
            *bin = (probable ^ exchange << 7) | after_less;
            return probable == 0;
        }
        *bin = probable | after_more;
        probable != 0
    }

    /// Takes one decision of even odds.
    pub(crate) fn even(&mut self) -> bool {
        self.decide(&mut { EVEN })
    }

    /// Goes on after the restart marker `0xd0 + number`.
    pub(crate) fn restart(&mut self, number: u8) -> Result<(), Fault> {
        let marker = self.end();
        if self.data.get(marker..marker + 2) != Some(&[0xff, 0xd0 + number]) {
            return Err(Fault::RestartMissing);
        }
        *self = Decoder::new(self.data, marker + 2);
        Ok(())
    }

    /// The place of the next marker, once the segment's blocks are read.
    pub(crate) fn end(&self) -> usize {
        next_marker(self.data, self.at)
    }

    /// Figure D.19, "Renorm_d".
    fn renormalise(&mut self) {
        while self.a < 0x8000 {
            if self.ct == 0 {
                self.byte_in();
                self.ct = 8;
            }
            self.a <<= 1;
            self.c <<= 1;
            self.ct -= 1;
        }
    }

    /// Figure D.20, "Byte_in". Encoders leave zeros at a segment's end away, so zeros follow it.
    fn byte_in(&mut self) {
        let Some(&byte) = self.data.get(self.at) else { return };
        if byte == 0xff {
            // A zero after 0xff is stuffing; anything else is a marker, or fill bytes before one.
            if self.data.get(self.at + 1) != Some(&0) {
                return;
            }
            self.at += 1;
        }
        self.at += 1;
        self.c |= u32::from(byte) << 8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standards_own_sequence() {
        // T.81, K.4.1: 256 decisions of one bin, and the bytes that code them.
        let decisions = [
            0x00, 0x02, 0x00, 0x51, 0x00, 0x00, 0x00, 0xc0, 0x03, 0x52, 0x87, 0x2a, 0xaa, 0xaa, 0xaa, 0xaa,
            0x82, 0xc0, 0x20, 0x00, 0xfc, 0xd7, 0x9e, 0xf6, 0x74, 0xea, 0xab, 0xf7, 0x69, 0x7e, 0xe7, 0x4c,
        ];
        let coded = [
            0x65, 0x5b, 0x51, 0x44, 0xf7, 0x96, 0x9d, 0x51, 0x78, 0x55, 0xbf, 0xff, 0x00, 0xfc, 0x51, 0x84,
            0xc7, 0xce, 0xf9, 0x39, 0x00, 0x28, 0x7d, 0x46, 0x70, 0x8e, 0xcb, 0xc0, 0xf6, 0xff, 0xd9,
        ];
        let (mut decoder, mut bin) = (Decoder::new(&coded, 0), 0);
        for (at, byte) in decisions.into_iter().enumerate() {
            let read = (0..8).fold(0, |value, _| value << 1 | u8::from(decoder.decide(&mut bin)));
            assert_eq!(read, byte, "byte {at}");
        }
        assert_eq!(decoder.end(), coded.len() - 2);
    }

    #[test]
    fn states_lead_to_states() {
        for (share, after_less, after_more, exchange) in STATES {
            assert!(share > 0 && after_less <= 113 && after_more <= 113 && exchange <= 1);
        }
    }
}
