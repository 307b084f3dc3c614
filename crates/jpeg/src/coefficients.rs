//! Coefficients that are collected over several scans and transformed when all of them are read: those of progressive
//! and of arithmetic-coded files.

use crate::error;
use crate::fault::Fault;
use crate::frame::{Component, Frame, zeroed};
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

/// Transforms all blocks of a component, once every scan was read. Its plane takes memory now, and its coefficients give
/// theirs back: planes and coefficients of all components would be half as much again at once.
pub(crate) fn transform(component: &mut Component) -> error::Result<()> {
    if component.reached != [Some(0); 64] {
        return Err(Fault::ScansMissing.into());
    }
    let quant = component.quant.ok_or(Fault::NoTable)?;
    let (across, stride) = (component.blocks_across, component.stride());
    let coefficients = std::mem::take(&mut component.coefficients);
    component.plane = zeroed(coefficients.len())?;
    for (index, block) in coefficients.as_chunks::<64>().0.iter().enumerate() {
        let (x, y) = (index % across, index / across);
        let filled = if block[1..].iter().all(|&value| value == 0) { 0 } else { 63 };
        inverse(block, &quant, filled, &mut component.plane[y * 8 * stride + x * 8..], stride);
    }
    Ok(())
}
