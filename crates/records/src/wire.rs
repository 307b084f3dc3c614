//! The stored form of moments: little-endian, only the classes that were predicted.

use crate::LogitMoments;
use crate::moments::triangle;

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

/// Reads the stored form; the text says what is wrong with it.
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
