//! Progressive scans (T.81, annex G): coefficients are collected over scans, and transformed at the end.

use crate::bits::Bits;
use crate::coefficients::mark_reached;
use crate::fault::Fault;
use crate::frame::Frame;
use crate::huffman::Huffman;
use crate::sequential::dc_difference;
use crate::tables::{NATURAL, Scan, Tables};
use crate::walk::{Restarts, Walk};

/// Reads a scan from byte `at` on; returns the place of the marker after it.
pub(crate) fn read_scan(
    frame: &mut Frame,
    scan: &Scan,
    tables: &Tables,
    data: &[u8],
    at: usize,
) -> Result<usize, Fault> {
    mark_reached(frame, scan)?;
    let bits = Bits::new(data, at);
    if scan.first == 0 { read_dc(frame, scan, tables, bits) } else { read_ac(frame, scan, tables, bits) }
}

fn read_dc(frame: &mut Frame, scan: &Scan, tables: &Tables, mut bits: Bits<'_>) -> Result<usize, Fault> {
    let mut previous = [0_i32; 4];
    let (walk, mut restarts) = (Walk::new(frame, scan), Restarts::new(tables.restart_interval));
    for group in walk.groups() {
        if let Some(number) = restarts.due() {
            bits.restart(number)?;
            previous = [0; 4];
        }
        for (part, previous) in scan.components.iter().zip(&mut previous) {
            let component = &mut frame.components[part.component];
            let (columns, rows) = walk.blocks(component, group);
            for row in rows {
                for column in columns.clone() {
                    let value = &mut component.coefficients[(row * component.blocks_across + column) * 64];
                    if scan.high == 0 {
                        let table = tables.dc[part.dc].as_ref().ok_or(Fault::NoTable)?;
                        bits.fill();
                        *previous = previous.wrapping_add(dc_difference(table, &mut bits)?);
                        *value = (*previous << scan.low) as i16;
                    } else if bits.bit()? {
                        *value |= 1 << scan.low;
                    }
                }
            }
        }
    }
    Ok(bits.end())
}

fn read_ac(frame: &mut Frame, scan: &Scan, tables: &Tables, mut bits: Bits<'_>) -> Result<usize, Fault> {
    let (walk, mut restarts) = (Walk::new(frame, scan), Restarts::new(tables.restart_interval));
    let part = scan.components[0];
    let component = &mut frame.components[part.component];
    let table = tables.ac[part.ac].as_ref().ok_or(Fault::NoTable)?;
    let mut band = Band { table, first: scan.first, last: scan.last, low: scan.low, empty_blocks: 0 };
    // A scan of AC coefficients has one component, whose groups are its blocks.
    for (x, y) in walk.groups() {
        if let Some(number) = restarts.due() {
            bits.restart(number)?;
            band.empty_blocks = 0;
        }
        let start = (y * component.blocks_across + x) * 64;
        let block = &mut component.coefficients[start..start + 64];
        if scan.high == 0 {
            band.read(&mut bits, block)?;
        } else {
            band.refine(&mut bits, block)?;
        }
    }
    Ok(bits.end())
}

/// A run of AC coefficients within a scan.
struct Band<'a> {
    table: &'a Huffman,
    first: usize,
    last: usize,
    low: u32,
    /// Blocks to come in which the band has no (new) coefficient.
    empty_blocks: u32,
}

impl Band<'_> {
    /// A first scan (T.81, G.1.2.2).
    fn read(&mut self, bits: &mut Bits<'_>, block: &mut [i16]) -> Result<(), Fault> {
        if self.empty_blocks > 0 {
            self.empty_blocks -= 1;
            return Ok(());
        }
        let mut at = self.first;
        while at <= self.last {
            bits.fill();
            let symbol = self.table.symbol(bits)?;
            let (run, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
            if size == 0 {
                if run < 15 {
                    self.empty_blocks = (1 << run) - 1 + bits.take(run as u32)?;
                    return Ok(());
                }
                at += 16;
                continue;
            }
            at += run;
            if at > self.last {
                return Err(Fault::OutsideBand);
            }
            block[usize::from(NATURAL[at])] = (bits.signed(size)? << self.low) as i16;
            at += 1;
        }
        Ok(())
    }

    /// A refining scan (T.81, G.1.2.3): one more bit for what is set, and coefficients that are new.
    fn refine(&mut self, bits: &mut Bits<'_>, block: &mut [i16]) -> Result<(), Fault> {
        let mut at = self.first;
        while self.empty_blocks == 0 && at <= self.last {
            bits.fill();
            let symbol = self.table.symbol(bits)?;
            let (run, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
            let mut value = 0;
            match size {
                0 if run < 15 => {
                    self.empty_blocks = (1 << run) + bits.take(run as u32)?;
                    break;
                }
                0 => {}
                1 => value = if bits.take(1)? == 1 { 1 << self.low } else { -(1 << self.low) },
                _ => return Err(Fault::RefinesSeveralBits),
            }
            at = self.skip_zeros(bits, block, at, run)?;
            if value != 0 {
                if at > self.last {
                    return Err(Fault::OutsideBand);
                }
                block[usize::from(NATURAL[at])] = value;
            }
            at += 1;
        }
        if self.empty_blocks > 0 {
            self.skip_zeros(bits, block, at, 64)?;
            self.empty_blocks -= 1;
        }
        Ok(())
    }

    /// Passes `zeros` zero coefficients from `at` on, refining the others on the way; returns the place of the
    /// zero after them, or one beyond the band.
    fn skip_zeros(
        &self,
        bits: &mut Bits<'_>,
        block: &mut [i16],
        at: usize,
        zeros: usize,
    ) -> Result<usize, Fault> {
        let (mut at, mut left) = (at, zeros);
        while at <= self.last {
            let value = &mut block[usize::from(NATURAL[at])];
            if *value != 0 {
                if bits.bit()? && *value & (1 << self.low) == 0 {
                    *value += if *value > 0 { 1 << self.low } else { -(1 << self.low) };
                }
            } else if left == 0 {
                break;
            } else {
                left -= 1;
            }
            at += 1;
        }
        Ok(at)
    }
}
