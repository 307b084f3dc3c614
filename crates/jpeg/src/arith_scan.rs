//! Scans with arithmetic codes: the models of T.81, F.1.4 and F.2.4 (sequential) and G.1.3 and G.2 (progressive).

use crate::arith::{Bin, Decoder};
use crate::coefficients::mark_reached;
use crate::fault::Fault;
use crate::frame::Frame;
use crate::tables::{Conditioning, NATURAL, Scan, Tables};
use crate::walk::{Restarts, Walk};

/// Reads a scan from byte `at` on; returns the place of the marker after it. Coefficients of sequential files are
/// kept as those of progressive ones are, and transformed at the end.
pub(crate) fn read_scan(
    frame: &mut Frame,
    scan: &Scan,
    tables: &Tables,
    data: &[u8],
    at: usize,
) -> Result<usize, Fault> {
    if frame.progressive {
        mark_reached(frame, scan)?;
    } else {
        scan.components.iter().for_each(|part| frame.components[part.component].reached = [Some(0); 64]);
    }
    let mut coder = Coder::new(Decoder::new(data, at), tables.conditioning);
    let (walk, mut restarts) = (Walk::new(frame, scan), Restarts::new(tables.restart_interval));
    for group in walk.groups() {
        if let Some(number) = restarts.due() {
            coder.decoder.restart(number)?;
            coder = Coder::new(coder.decoder, tables.conditioning);
        }
        read_group(&mut coder, frame, scan, walk, group)?;
    }
    Ok(coder.decoder.end())
}

/// Reads the blocks of one group (MCU).
fn read_group(
    coder: &mut Coder<'_>,
    frame: &mut Frame,
    scan: &Scan,
    walk: Walk,
    group: (usize, usize),
) -> Result<(), Fault> {
    for (slot, part) in scan.components.iter().enumerate() {
        let component = &mut frame.components[part.component];
        let (columns, rows) = walk.blocks(component, group);
        for row in rows {
            for column in columns.clone() {
                let start = (row * component.blocks_across + column) * 64;
                let block = &mut component.coefficients[start..start + 64];
                match (frame.progressive, scan.first, scan.high) {
                    (false, ..) => {
                        coder.dc(slot, part.dc, 0, block)?;
                        coder.band(part.ac, (1, 63), 0, block)?;
                    }
                    (true, 0, 0) => coder.dc(slot, part.dc, scan.low, block)?,
                    (true, 0, _) => block[0] |= i16::from(coder.decoder.even()) << scan.low,
                    (true, first, 0) => coder.band(part.ac, (first, scan.last), scan.low, block)?,
                    (true, first, _) => coder.refine(part.ac, (first, scan.last), scan.low, block)?,
                }
            }
        }
    }
    Ok(())
}

/// The decoder with the bins of a scan, as they are after a start or restart.
struct Coder<'a> {
    decoder: Decoder<'a>,
    conditioning: Conditioning,
    /// For each table the bins of DC differences (T.81, table F.4).
    dc_bins: [[Bin; 64]; 4],
    /// For each table the bins of AC coefficients (T.81, table F.5).
    ac_bins: [[Bin; 256]; 4],
    /// For each component of the scan the DC value of the block before.
    previous: [i32; 4],
    /// For each component of the scan the first bin of the next difference: it follows from the difference before.
    context: [usize; 4],
}

impl<'a> Coder<'a> {
    fn new(decoder: Decoder<'a>, conditioning: Conditioning) -> Coder<'a> {
        Coder {
            decoder,
            conditioning,
            dc_bins: [[0; 64]; 4],
            ac_bins: [[0; 256]; 4],
            previous: [0; 4],
            context: [0; 4],
        }
    }

    /// A DC coefficient (F.2.4.1).
    fn dc(&mut self, slot: usize, table: usize, low: u32, block: &mut [i16]) -> Result<(), Fault> {
        let (bins, first) = (&mut self.dc_bins[table], self.context[slot]);
        self.context[slot] = 0;
        if self.decoder.decide(&mut bins[first]) {
            let negative = self.decoder.decide(&mut bins[first + 1]);
            let at = first + 2 + usize::from(negative);
            let (mut at, mut power) = (at, u32::from(self.decoder.decide(&mut bins[at])));
            if power != 0 {
                at = 20;
                grow(&mut self.decoder, bins, &mut at, &mut power)?;
            }
            let (lower, upper) = self.conditioning.dc[table];
            if power >= (1 << lower) >> 1 {
                let large = power > (1 << upper) >> 1;
                self.context[slot] = if large { 12 } else { 4 } + 4 * usize::from(negative);
            }
            let size = 1 + finish(&mut self.decoder, bins, at, power);
            self.previous[slot] = self.previous[slot].wrapping_add(if negative { -size } else { size });
        }
        block[0] = (self.previous[slot] << low) as i16;
        Ok(())
    }

    /// The AC coefficients of a band in their first scan (F.2.4.2).
    fn band(
        &mut self,
        table: usize,
        (first, last): (usize, usize),
        low: u32,
        block: &mut [i16],
    ) -> Result<(), Fault> {
        let bins = &mut self.ac_bins[table];
        let mut k = first;
        while k <= last {
            if self.decoder.decide(&mut bins[3 * (k - 1)]) {
                break;
            }
            while !self.decoder.decide(&mut bins[3 * (k - 1) + 1]) {
                k += 1;
                if k > last {
                    return Err(Fault::ArithmeticCode);
                }
            }
            let negative = self.decoder.even();
            let mut at = 3 * (k - 1) + 2;
            let mut power = u32::from(self.decoder.decide(&mut bins[at]));
            if power != 0 && self.decoder.decide(&mut bins[at]) {
                power = 2;
                at = if k <= usize::from(self.conditioning.ac[table]) { 189 } else { 217 };
                grow(&mut self.decoder, bins, &mut at, &mut power)?;
            }
            let size = 1 + finish(&mut self.decoder, bins, at, power);
            block[usize::from(NATURAL[k])] = ((if negative { -size } else { size }) << low) as i16;
            k += 1;
        }
        Ok(())
    }

    /// One more bit of a band's coefficients (G.1.3.3).
    fn refine(
        &mut self,
        table: usize,
        (first, last): (usize, usize),
        low: u32,
        block: &mut [i16],
    ) -> Result<(), Fault> {
        let bins = &mut self.ac_bins[table];
        let known = |k: &usize| block[usize::from(NATURAL[*k])] != 0;
        // The end of the block as the scans before left it: no end is coded before that.
        let end_before = (first..=last).rev().find(known).unwrap_or(0);
        let mut k = first;
        while k <= last {
            if k > end_before && self.decoder.decide(&mut bins[3 * (k - 1)]) {
                break;
            }
            loop {
                let value = &mut block[usize::from(NATURAL[k])];
                let at = 3 * (k - 1);
                if *value != 0 {
                    if self.decoder.decide(&mut bins[at + 2]) {
                        *value = value.wrapping_add(if *value < 0 { -1 << low } else { 1 << low });
                    }
                    break;
                }
                if self.decoder.decide(&mut bins[at + 1]) {
                    *value = if self.decoder.even() { -1 << low } else { 1 << low };
                    break;
                }
                k += 1;
                if k > last {
                    return Err(Fault::ArithmeticCode);
                }
            }
            k += 1;
        }
        Ok(())
    }
}

/// Doubles `power` for each decision that says so; `at` ends at the bin of the last one (figure F.23).
fn grow(decoder: &mut Decoder<'_>, bins: &mut [Bin], at: &mut usize, power: &mut u32) -> Result<(), Fault> {
    while decoder.decide(&mut bins[*at]) {
        *power <<= 1;
        if *power == 0x8000 {
            return Err(Fault::ArithmeticCode);
        }
        *at += 1;
    }
    Ok(())
}

/// The number whose highest bit is `power`: the bits below, all by one bin (figure F.24).
fn finish(decoder: &mut Decoder<'_>, bins: &mut [Bin], at: usize, power: u32) -> i32 {
    let (mut number, mut bit) = (power, power >> 1);
    while bit != 0 {
        if decoder.decide(&mut bins[at + 14]) {
            number |= bit;
        }
        bit >>= 1;
    }
    number as i32
}
