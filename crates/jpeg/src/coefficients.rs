//! Coefficients that are collected over several scans and transformed when all of them are read: those of progressive
//! and of arithmetic-coded files.

use crate::fault::Fault;
use crate::frame::{Component, Frame};
use crate::idct::inverse;
use crate::tables::Scan;

/// Checks that a progressive scan continues those before it, and notes the bit position that it reaches.
pub(crate) fn mark_reached(frame: &mut Frame, scan: &Scan) -> Result<(), Fault> {
    for part in &scan.components {
        for reached in &mut frame.components[part.component].reached[scan.first..=scan.last] {
            let expected = if scan.high == 0 { None } else { Some(scan.high) };
            if *reached != expected {
                return Err(Fault::OutOfOrder);
            }
            *reached = Some(scan.low);
        }
    }
    Ok(())
}

/// Transforms all blocks of a component, once every scan was read.
pub(crate) fn transform(component: &mut Component) -> Result<(), Fault> {
    if component.reached != [Some(0); 64] {
        return Err(Fault::ScansMissing);
    }
    let quant = component.quant.ok_or(Fault::NoTable)?;
    let (across, stride) = (component.blocks_across, component.stride());
    for (index, block) in component.coefficients.as_chunks::<64>().0.iter().enumerate() {
        let (x, y) = (index % across, index / across);
        let filled = if block[1..].iter().all(|&value| value == 0) { 0 } else { 63 };
        inverse(block, &quant, filled, &mut component.plane[y * 8 * stride + x * 8..], stride);
    }
    Ok(())
}
