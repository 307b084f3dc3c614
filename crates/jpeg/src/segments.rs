//! The content of a JPEG file's segments.

use crate::error::{Error, Result};
use crate::fault::Fault;
use crate::frame::Frame;
use crate::huffman::Huffman;
use crate::tables::{NATURAL, Scan, ScanComponent, Tables};

/// Reads a scan's head (T.81, B.2.3).
pub(crate) fn parse_scan(segment: &[u8], frame: &Frame) -> Result<Scan> {
    let count = usize::from(*segment.first().unwrap_or(&0));
    if !(1..=4).contains(&count) || segment.len() != 4 + 2 * count {
        return Err(Error::damaged("a scan's head is cut"));
    }
    let mut components: Vec<ScanComponent> = Vec::new();
    for part in segment[1..1 + 2 * count].chunks_exact(2) {
        let found = frame.components.iter().position(|c| c.id == part[0]);
        let component = found.filter(|&c| components.iter().all(|known| known.component != c));
        let component =
            component.ok_or_else(|| Error::damaged(format!("a scan names component {}", part[0])))?;
        let (dc, ac) = (usize::from(part[1] >> 4), usize::from(part[1] & 15));
        if dc > 3 || ac > 3 {
            return Err(Error::damaged(format!("a scan names tables {dc} and {ac}")));
        }
        components.push(ScanComponent { component, dc, ac });
    }
    let [first, last, bits] = [segment.len() - 3, segment.len() - 2, segment.len() - 1].map(|at| segment[at]);
    let (high, low) = (u32::from(bits >> 4), u32::from(bits & 15));
    let sound = !frame.progressive
        || (if first == 0 { last == 0 } else { count == 1 && first <= last && last < 64 })
            && low <= 13
            && (high == 0 || high == low + 1);
    if !sound {
        return Err(Error::damaged(format!("a scan covers {first} to {last}, bits {high} to {low}")));
    }
    Ok(Scan { components, first: usize::from(first), last: usize::from(last), high, low })
}

/// Reads Huffman tables (T.81, B.2.4.2).
pub(crate) fn read_huffman(mut segment: &[u8], tables: &mut Tables) -> Result<()> {
    let cut = Fault::TableCut;
    while let Some((&head, rest)) = segment.split_first() {
        let (counts, rest) = rest.split_first_chunk::<16>().ok_or(cut)?;
        let total = counts.iter().map(|&c| usize::from(c)).sum();
        let symbols = rest.get(..total).filter(|s| s.len() <= 256).ok_or(cut)?;
        let place = match head >> 4 {
            0 => tables.dc.get_mut(usize::from(head & 15)),
            1 => tables.ac.get_mut(usize::from(head & 15)),
            _ => None,
        };
        let place = place.ok_or_else(|| Error::damaged(format!("there is no Huffman table {head:#04x}")))?;
        *place = Some(Huffman::new(*counts, symbols)?);
        segment = &rest[total..];
    }
    Ok(())
}

/// Reads quantisation tables (T.81, B.2.4.1).
pub(crate) fn read_quant(mut segment: &[u8], tables: &mut Tables) -> Result<()> {
    let unknown = |head: u8| Error::damaged(format!("there is no quantisation table {head:#04x}"));
    while let Some((&head, rest)) = segment.split_first() {
        let wide = match head >> 4 {
            0 => 1,
            1 => 2,
            _ => return Err(unknown(head)),
        };
        let values = rest.get(..64 * wide).ok_or_else(|| Error::damaged("a quantisation table is cut"))?;
        let mut table = [0; 64];
        for (value, place) in values.chunks_exact(wide).zip(NATURAL) {
            table[usize::from(place)] = value.iter().fold(0, |number, &byte| number << 8 | u16::from(byte));
        }
        let place = tables.quant.get_mut(usize::from(head & 15));
        *place.ok_or_else(|| unknown(head))? = Some(table);
        segment = &rest[64 * wide..];
    }
    Ok(())
}

/// Reads the settings of arithmetic codes (T.81, B.2.4.3).
pub(crate) fn read_conditioning(segment: &[u8], tables: &mut Tables) -> Result<()> {
    for pair in segment.chunks(2) {
        let [head, value] = *pair else {
            return Err(Error::damaged("the settings of its arithmetic codes are cut"));
        };
        let (number, known) = (usize::from(head & 15), &mut tables.conditioning);
        match head >> 4 {
            0 if number < 4 && value & 15 <= value >> 4 => known.dc[number] = (value & 15, value >> 4),
            1 if number < 4 && (1..=63).contains(&value) => known.ac[number] = value,
            _ => {
                return Err(Error::damaged(format!(
                    "an arithmetic code has the settings {head:#04x} {value:#04x}"
                )));
            }
        }
    }
    Ok(())
}
