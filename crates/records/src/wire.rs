//! The stored forms of sums and bins, all of them little-endian.

use crate::moments::triangle;
use crate::{CalibrationBin, CrossMoments, Error, LogitMoments};

/// u32 channels, u32 classes present, then per class u32 class, u64 count, f64 sums, f64 upper triangle.
pub(crate) fn moments_to_bytes(moments: &LogitMoments) -> Vec<u8> {
    let k = moments.channels();
    let present: Vec<usize> = (0..k).filter(|&c| moments.count(c) > 0).collect();
    let mut bytes = Vec::with_capacity(8 + present.len() * class_bytes(k));
    bytes.extend((k as u32).to_le_bytes());
    bytes.extend((present.len() as u32).to_le_bytes());
    for class in present {
        bytes.extend((class as u32).to_le_bytes());
        bytes.extend(moments.count(class).to_le_bytes());
        let values = moments.sum(class).iter().chain(moments.packed(class));
        values.for_each(|v| bytes.extend(v.to_le_bytes()));
    }
    bytes
}

/// Reads the stored form; the error says what is wrong with it.
pub(crate) fn moments_from_bytes(bytes: &[u8]) -> Result<LogitMoments, String> {
    let (head, body) = bytes.split_at_checked(8).ok_or("shorter than its head of 8 bytes")?;
    let (k, present) = (u32_at(head, 0) as usize, u32_at(head, 4) as usize);
    if !(1..=255).contains(&k) || present > k {
        return Err(format!("{present} classes of {k} channels"));
    }
    let size = class_bytes(k);
    if body.len() != present * size {
        return Err(format!("{} bytes for {present} classes of {size}", body.len()));
    }
    let mut moments = LogitMoments::new(k);
    let mut last = None;
    for entry in body.chunks_exact(size) {
        let class = u32_at(entry, 0) as usize;
        if class >= k || last.is_some_and(|l| l >= class) {
            return Err(format!("class {class} out of order or not below {k}"));
        }
        last = Some(class);
        let values: Vec<f64> = entry[12..].chunks_exact(8).map(|b| f64::from_bits(u64_at(b, 0))).collect();
        let (sum, packed) = values.split_at(k);
        moments.set(class, u64_at(entry, 4), sum, packed);
    }
    Ok(moments)
}

/// u32 channels, u32 nothing, u64 count, then as f64 the sums of x, y, the triangles of x x^T, y y^T, and x y^T.
pub(crate) fn cross_to_bytes(cross: &CrossMoments) -> Vec<u8> {
    let k = cross.channels();
    let mut bytes = Vec::with_capacity(cross_bytes(k));
    bytes.extend((k as u32).to_le_bytes());
    bytes.extend([0; 4]);
    bytes.extend(cross.count().to_le_bytes());
    cross.parts().into_iter().flatten().for_each(|v| bytes.extend(v.to_le_bytes()));
    bytes
}

/// Reads the stored form; the error says what is wrong with it.
pub(crate) fn cross_from_bytes(bytes: &[u8]) -> Result<CrossMoments, String> {
    let (head, body) = bytes.split_at_checked(16).ok_or("shorter than its head of 16 bytes")?;
    let k = u32_at(head, 0) as usize;
    if !(1..=255).contains(&k) || bytes.len() != cross_bytes(k) {
        return Err(format!("{} bytes for {k} channels", bytes.len()));
    }
    let mut cross = CrossMoments::new(k);
    cross.set_count(u64_at(head, 8));
    let values = body.chunks_exact(8).map(|b| f64::from_bits(u64_at(b, 0)));
    cross.parts_mut().into_iter().flatten().zip(values).for_each(|(place, value)| *place = value);
    Ok(cross)
}

/// Per bin u32 count, u32 correct, f64 sum of confidences.
pub(crate) fn bins_to_bytes(bins: &[CalibrationBin]) -> crate::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(bins.len() * BIN);
    for bin in bins {
        let small = |count: u64| u32::try_from(count).map_err(|_| Error::TooMany { count });
        bytes.extend(small(bin.count)?.to_le_bytes());
        bytes.extend(small(bin.correct)?.to_le_bytes());
        bytes.extend(bin.confidence.to_le_bytes());
    }
    Ok(bytes)
}

/// Reads the stored form of bins that hold `pixels` pixels together; the error says what is wrong with it.
pub(crate) fn bins_from_bytes(bytes: &[u8], pixels: u64) -> Result<Vec<CalibrationBin>, String> {
    if bytes.is_empty() || !bytes.len().is_multiple_of(BIN) {
        return Err(format!("{} bytes is not a multiple of {BIN}", bytes.len()));
    }
    let bin = |b: &[u8]| CalibrationBin {
        count: u32_at(b, 0).into(),
        correct: u32_at(b, 4).into(),
        confidence: f64::from_bits(u64_at(b, 8)),
    };
    let bins: Vec<_> = bytes.chunks_exact(BIN).map(bin).collect();
    let counted: u64 = bins.iter().map(|b| b.count).sum();
    if counted != pixels || bins.iter().any(|b| b.correct > b.count) {
        return Err(format!(
            "{counted} pixels in its bins, {pixels} beside them, or more right than counted"
        ));
    }
    Ok(bins)
}

/// Bytes of one stored bin.
const BIN: usize = 16;

fn cross_bytes(k: usize) -> usize {
    16 + 8 * (2 * k + 2 * triangle(k) + k * k)
}

fn class_bytes(k: usize) -> usize {
    12 + 8 * (k + triangle(k))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let mut four = [0; 4];
    four.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(four)
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    let mut eight = [0; 8];
    eight.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(eight)
}
