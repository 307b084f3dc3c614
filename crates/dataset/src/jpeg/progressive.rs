//! Progressive scans (T.81, annex G): coefficients are collected over scans, and transformed at the end.

use super::bits::{Bits, Fault};
use super::frame::{Component, Frame};
use super::huffman::Huffman;
use super::idct::inverse;
use super::sequential::{NO_TABLE, Restarts, dc_difference};
use super::tables::{NATURAL, Scan, Tables};

/// Reads a scan from byte `at` on; returns the place of the marker after it.
pub(super) fn read_scan(
    frame: &mut Frame,
    scan: &Scan,
    tables: &Tables,
    data: &[u8],
    at: usize,
) -> Result<usize, Fault> {
    for part in &scan.components {
        mark_reached(&mut frame.components[part.component], scan)?;
    }
    let bits = Bits::new(data, at);
    if scan.first == 0 { read_dc(frame, scan, tables, bits) } else { read_ac(frame, scan, tables, bits) }
}

/// Transforms all blocks of a component whose coefficients were kept, once every scan was read.
pub(super) fn finish(component: &mut Component) -> Result<(), Fault> {
    if component.reached != [Some(0); 64] {
        return Err("it is truncated: scans are missing");
    }
    let quant = component.quant.ok_or(NO_TABLE)?;
    let (across, stride) = (component.blocks_across, component.stride());
    for (index, block) in component.coefficients.as_chunks::<64>().0.iter().enumerate() {
        let (x, y) = (index % across, index / across);
        let filled = if block[1..].iter().all(|&value| value == 0) { 0 } else { 63 };
        inverse(block, &quant, filled, &mut component.plane[y * 8 * stride + x * 8..], stride);
    }
    Ok(())
}

/// Checks that the scan goes on where the ones before it stopped, and notes where it stops.
pub(super) fn mark_reached(component: &mut Component, scan: &Scan) -> Result<(), Fault> {
    for reached in &mut component.reached[scan.first..=scan.last] {
        let expected = if scan.high == 0 { None } else { Some(scan.high) };
        if *reached != expected {
            return Err("it is damaged: its progressive scans are out of order");
        }
        *reached = Some(scan.low);
    }
    Ok(())
}

fn read_dc(frame: &mut Frame, scan: &Scan, tables: &Tables, mut bits: Bits<'_>) -> Result<usize, Fault> {
    let mut previous = [0_i32; 4];
    let alone = scan.components.len() == 1;
    let (across, down) =
        if alone { frame.components[scan.components[0].component].own_blocks() } else { frame.groups };
    let mut restarts = Restarts::new(tables.restart_interval);
    for y in 0..down {
        for x in 0..across {
            if restarts.due(&mut bits)? {
                previous = [0; 4];
            }
            for (part, previous) in scan.components.iter().zip(&mut previous) {
                let component = &mut frame.components[part.component];
                let (h, v) = if alone { (1, 1) } else { (component.h, component.v) };
                for row in y * v..(y + 1) * v {
                    for column in x * h..(x + 1) * h {
                        let value =
                            &mut component.coefficients[(row * component.blocks_across + column) * 64];
                        if scan.high == 0 {
                            let table = tables.dc[part.dc].as_ref().ok_or(NO_TABLE)?;
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
    }
    Ok(bits.end())
}

fn read_ac(frame: &mut Frame, scan: &Scan, tables: &Tables, mut bits: Bits<'_>) -> Result<usize, Fault> {
    let part = scan.components[0];
    let component = &mut frame.components[part.component];
    let table = tables.ac[part.ac].as_ref().ok_or(NO_TABLE)?;
    let mut band = Band { table, first: scan.first, last: scan.last, low: scan.low, empty_blocks: 0 };
    let (across, down) = component.own_blocks();
    let mut restarts = Restarts::new(tables.restart_interval);
    for y in 0..down {
        for x in 0..across {
            if restarts.due(&mut bits)? {
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
                return Err("it is damaged: a coefficient lies outside its scan's band");
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
                _ => return Err("it is damaged: a refining scan sets a coefficient of several bits"),
            }
            at = self.skip_zeros(bits, block, at, run)?;
            if value != 0 {
                if at > self.last {
                    return Err("it is damaged: a coefficient lies outside its scan's band");
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
