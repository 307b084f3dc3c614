//! Baseline and extended-sequential scans: each block is read whole and transformed at once.

use super::bits::{Bits, Fault};
use super::frame::{Component, Frame};
use super::huffman::Huffman;
use super::idct::inverse;
use super::tables::{NATURAL, Scan, Tables};

/// The fault of a scan that names a table that no segment defined.
pub(super) const NO_TABLE: Fault = "it is damaged: a scan uses a table that is not defined";

/// Reads a scan from byte `at` on; returns the place of the marker after it.
pub(super) fn read_scan(
    frame: &mut Frame,
    scan: &Scan,
    tables: &Tables,
    data: &[u8],
    at: usize,
) -> Result<usize, Fault> {
    #[cfg(target_arch = "x86_64")]
    if super::has_avx2() {
        // SAFETY: the processor has AVX2 and BMI2, which is all that the function asks for.
        return unsafe { read_scan_avx2(frame, scan, tables, data, at) };
    }
    read_scan_anywhere(frame, scan, tables, data, at)
}

/// The same code, compiled for processors with AVX2 and BMI2.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,bmi2")]
fn read_scan_avx2(
    frame: &mut Frame,
    scan: &Scan,
    tables: &Tables,
    data: &[u8],
    at: usize,
) -> Result<usize, Fault> {
    read_scan_anywhere(frame, scan, tables, data, at)
}

#[inline(always)]
fn read_scan_anywhere(
    frame: &mut Frame,
    scan: &Scan,
    tables: &Tables,
    data: &[u8],
    at: usize,
) -> Result<usize, Fault> {
    let mut coders = Vec::new();
    for part in &scan.components {
        let dc = tables.dc[part.dc].as_ref().ok_or(NO_TABLE)?;
        let ac = tables.ac[part.ac].as_ref().ok_or(NO_TABLE)?;
        let quant = frame.components[part.component].quant.ok_or(NO_TABLE)?;
        coders.push(Coder { component: part.component, dc, ac, quant, previous: 0, block: [0; 64] });
    }
    let mut bits = Bits::new(data, at);
    let alone = coders.len() == 1;
    let (across, down) =
        if alone { frame.components[coders[0].component].own_blocks() } else { frame.groups };
    let mut until_restart = Restarts::new(tables.restart_interval);
    for y in 0..down {
        for x in 0..across {
            if until_restart.due(&mut bits)? {
                coders.iter_mut().for_each(|coder| coder.previous = 0);
            }
            for coder in &mut coders {
                let component = &mut frame.components[coder.component];
                let (h, v) = if alone { (1, 1) } else { (component.h, component.v) };
                for row in y * v..(y + 1) * v {
                    for column in x * h..(x + 1) * h {
                        coder.read(&mut bits, component, column, row)?;
                    }
                }
            }
        }
    }
    Ok(bits.end())
}

/// Counts the groups to the next restart marker.
pub(super) struct Restarts {
    interval: u32,
    left: u32,
    number: u8,
}

impl Restarts {
    /// Restarts after every `interval` groups, or never when it is 0.
    pub fn new(interval: u32) -> Restarts {
        Restarts { interval, left: interval, number: 0 }
    }

    /// Called before each group; true when a restart marker was just passed.
    #[inline(always)]
    pub fn due(&mut self, bits: &mut Bits<'_>) -> Result<bool, Fault> {
        match self.count() {
            None => Ok(false),
            Some(number) => bits.restart(number).map(|()| true),
        }
    }

    /// Called before each group; the number of the restart marker that must be passed first.
    #[inline(always)]
    pub fn count(&mut self) -> Option<u8> {
        if self.interval == 0 {
            return None;
        }
        let due = (self.left == 0).then_some(self.number);
        if due.is_some() {
            self.number = (self.number + 1) % 8;
            self.left = self.interval;
        }
        self.left -= 1;
        due
    }
}

/// What one component needs during a scan.
struct Coder<'a> {
    component: usize,
    dc: &'a Huffman,
    ac: &'a Huffman,
    quant: [u16; 64],
    /// The DC value of the block before.
    previous: i32,
    /// The block at work; zero between blocks.
    block: [i16; 64],
}

impl Coder<'_> {
    #[inline(always)]
    fn read(
        &mut self,
        bits: &mut Bits<'_>,
        component: &mut Component,
        x: usize,
        y: usize,
    ) -> Result<(), Fault> {
        let filled = self.read_coefficients(bits)?;
        let stride = component.stride();
        inverse(&self.block, &self.quant, filled, &mut component.plane[y * 8 * stride + x * 8..], stride);
        if filled > 0 {
            self.block = [0; 64];
        }
        Ok(())
    }

    /// Reads one block (T.81, F.2.2); returns the last coefficient in the file's order that was set.
    #[inline(always)]
    fn read_coefficients(&mut self, bits: &mut Bits<'_>) -> Result<usize, Fault> {
        bits.fill();
        self.previous = self.previous.wrapping_add(dc_difference(self.dc, bits)?);
        self.block[0] = self.previous as i16;
        let (mut at, mut filled) = (1, 0);
        while at < 64 {
            bits.fill();
            let (run, value) = match self.ac.run_and_number(bits)? {
                Some(both) => both,
                None => {
                    let symbol = self.ac.symbol(bits)?;
                    let (run, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
                    match (run, size) {
                        (15, 0) => {
                            at += 16;
                            continue;
                        }
                        (_, 0) => break,
                        _ => (run, bits.signed(size)? as i16),
                    }
                }
            };
            at += run;
            let place = *NATURAL.get(at).ok_or("it is damaged: a block holds more than 64 coefficients")?;
            self.block[usize::from(place)] = value;
            filled = at;
            at += 1;
        }
        Ok(filled)
    }
}

/// Takes a DC difference; [`Bits::fill`] must have been called.
#[inline(always)]
pub(super) fn dc_difference(table: &Huffman, bits: &mut Bits<'_>) -> Result<i32, Fault> {
    let size = u32::from(table.symbol(bits)?);
    if size > 15 {
        return Err("it is damaged: a DC difference has more than 15 bits");
    }
    bits.signed(size)
}
