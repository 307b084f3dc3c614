//! Baseline and extended-sequential scans: each block is read whole and transformed at once.

use crate::bits::Bits;
use crate::fault::Fault;
use crate::frame::{Component, Frame};
use crate::huffman::Huffman;
use crate::idct::inverse;
use crate::tables::{NATURAL, Scan, Tables};
use crate::walk::{Restarts, Walk};
use scribe_base::simd::Level;

/// Reads a scan from byte `at` on; returns the place of the marker after it. `level` is one that this processor has.
pub(crate) fn read_scan(
    frame: &mut Frame,
    scan: &Scan,
    tables: &Tables,
    data: &[u8],
    at: usize,
    level: Level,
) -> Result<usize, Fault> {
    #[cfg(target_arch = "x86_64")]
    if level >= Level::Avx2 {
        debug_assert!(level <= Level::detect());
        // SAFETY: a level above the portable one comes from `Level::detect`, so the processor has AVX2 and BMI 1 and 2.
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
        let dc = tables.dc[part.dc].as_ref().ok_or(Fault::NoTable)?;
        let ac = tables.ac[part.ac].as_ref().ok_or(Fault::NoTable)?;
        let quant = frame.components[part.component].quant.ok_or(Fault::NoTable)?;
        coders.push(Coder { component: part.component, dc, ac, quant, previous: 0, block: [0; 64] });
    }
    let mut bits = Bits::new(data, at);
    let (walk, mut restarts) = (Walk::new(frame, scan), Restarts::new(tables.restart_interval));
    // Nested loops, which compile to faster code than the iterator of all groups.
    for y in 0..walk.down {
        for x in 0..walk.across {
            if let Some(number) = restarts.due() {
                bits.restart(number)?;
                coders.iter_mut().for_each(|coder| coder.previous = 0);
            }
            for coder in &mut coders {
                let component = &mut frame.components[coder.component];
                let (columns, rows) = walk.blocks(component, (x, y));
                for row in rows {
                    for column in columns.clone() {
                        coder.read(&mut bits, component, column, row)?;
                    }
                }
            }
        }
    }
    Ok(bits.end())
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
            let place = *NATURAL.get(at).ok_or(Fault::BlockOverfull)?;
            self.block[usize::from(place)] = value;
            filled = at;
            at += 1;
        }
        Ok(filled)
    }
}

/// Takes a DC difference; [`Bits::fill`] must have been called.
#[inline(always)]
pub(crate) fn dc_difference(table: &Huffman, bits: &mut Bits<'_>) -> Result<i32, Fault> {
    let size = u32::from(table.symbol(bits)?);
    if size > 15 {
        return Err(Fault::DcTooLong);
    }
    bits.signed(size)
}
