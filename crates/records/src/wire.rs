//! The stored forms of sums and bins, all of them little-endian.

use crate::moments::triangle;
use crate::{CalibrationBin, CrossMoments, Error, LogitMoments, MomentDetail, bounds};

/// u32 channels, u32 entries, then per entry u32 class, u64 count, f64 sums, f64 upper triangle. Where products are not
/// kept by class there is one entry, of the class [`ALL`]; after it per class present u32 class, u64 count, f64 sums, if
/// these are kept.
pub(crate) fn moments_to_bytes(moments: &LogitMoments) -> Vec<u8> {
    let k = moments.channels();
    let present: Vec<usize> = (0..k).filter(|&c| moments.count(c) > 0).collect();
    let whole = moments.detail() != MomentDetail::ByClass;
    let entries = if whole { 1 } else { present.len() };
    let mut bytes = Vec::with_capacity(8 + entries * entry_bytes(k) + present.len() * mean_bytes(k));
    bytes.extend((k as u32).to_le_bytes());
    bytes.extend((entries as u32).to_le_bytes());
    let mut put = |class: u32, count: u64, sum: &[f64], packed: &[f64]| {
        bytes.extend(class.to_le_bytes());
        bytes.extend(count.to_le_bytes());
        sum.iter().chain(packed).for_each(|v| bytes.extend(v.to_le_bytes()));
    };
    if whole {
        let (count, sum, packed) = moments.pooled_packed();
        put(ALL, count, &sum, &packed);
    }
    for class in present {
        let packed = moments.packed(class).unwrap_or_default();
        put(class as u32, moments.count(class), moments.sum(class), packed);
    }
    bytes
}

/// Reads the stored form; the error says what is wrong with it.
pub(crate) fn moments_from_bytes(bytes: &[u8]) -> Result<LogitMoments, String> {
    let (head, body) = bytes.split_at_checked(8).ok_or("shorter than its head of 8 bytes")?;
    let (k, entries) = (u32_at(head, 0) as usize, u32_at(head, 4) as usize);
    if !(1..=255).contains(&k) || !(1..=k).contains(&entries) {
        return Err(format!("{entries} classes of {k} channels"));
    }
    let size = entry_bytes(k);
    let Some((body, means)) = body.split_at_checked(entries * size) else {
        return Err(format!("{} bytes for {entries} classes of {size}", body.len()));
    };
    let whole = entries == 1 && u32_at(body, 0) == ALL;
    if !(means.is_empty() || whole && means.len().is_multiple_of(mean_bytes(k))) {
        return Err(format!("{} bytes after {entries} classes of {size}", means.len()));
    }
    let detail = match (whole, means.is_empty()) {
        (false, _) => MomentDetail::ByClass,
        (true, false) => MomentDetail::Means,
        (true, true) => MomentDetail::Pooled,
    };
    let mut moments = LogitMoments::with_detail(k, detail);
    if whole {
        let (count, values) = (pixels_at(body, 4)?, numbers(&body[12..]));
        bounds::logits(count, &values[..k], &values[k..])?;
        moments.set_products(0, &values[k..]);
        if detail == MomentDetail::Pooled {
            moments.set_sums(0, count, &values[..k]);
        }
        set_classes(&mut moments, means.chunks_exact(mean_bytes(k)))?;
        if moments.total() != count {
            return Err(format!("{} pixels of its classes, {count} in all", moments.total()));
        }
    } else {
        set_classes(&mut moments, body.chunks_exact(size))?;
    }
    Ok(moments)
}

/// Sets classes from their entries, which must be ascending.
fn set_classes<'a>(
    moments: &mut LogitMoments,
    entries: impl Iterator<Item = &'a [u8]>,
) -> Result<(), String> {
    let (k, mut last) = (moments.channels(), None);
    for entry in entries {
        let class = u32_at(entry, 0) as usize;
        if class >= k || last.is_some_and(|l| l >= class) {
            return Err(format!("class {class} out of order or not below {k}"));
        }
        last = Some(class);
        let values = numbers(&entry[12..]);
        let (sum, packed) = values.split_at(k);
        let count = pixels_at(entry, 4)?;
        bounds::logits(count, sum, packed)?;
        moments.set_sums(class, count, sum);
        if !packed.is_empty() {
            moments.set_products(class, packed);
        }
    }
    Ok(())
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
    cross.set_count(pixels_at(head, 8)?);
    let values = body.chunks_exact(8).map(|b| f64::from_bits(u64_at(b, 0)));
    cross.parts_mut().into_iter().flatten().zip(values).for_each(|(place, value)| *place = value);
    let [x, y, xx, yy, xy] = cross.parts();
    bounds::logits(cross.count(), x, xx)?;
    bounds::logits(cross.count(), y, yy)?;
    bounds::products(cross.count(), xy)?;
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
    if counted != pixels {
        return Err(format!("{counted} pixels in its bins, {pixels} beside them"));
    }
    bins.iter().try_for_each(bounds::bin)?;
    Ok(bins)
}

/// Bytes of one stored bin.
const BIN: usize = 16;

fn cross_bytes(k: usize) -> usize {
    16 + 8 * (2 * k + 2 * triangle(k) + k * k)
}

/// The class of the entry of all pixels, whatever was predicted there.
const ALL: u32 = u32::MAX;

/// Bytes of a class with its products.
fn entry_bytes(k: usize) -> usize {
    12 + 8 * (k + triangle(k))
}

/// Bytes of a class without products.
fn mean_bytes(k: usize) -> usize {
    12 + 8 * k
}

fn numbers(bytes: &[u8]) -> Vec<f64> {
    bytes.chunks_exact(8).map(|b| f64::from_bits(u64_at(b, 0))).collect()
}

/// A number of pixels. One that no images have is refused, so that sums of them do not overflow.
pub(crate) fn checked_pixels(count: u64) -> Result<u64, String> {
    if count <= MOST_PIXELS {
        Ok(count)
    } else {
        Err(format!("{count} pixels (expected at most {MOST_PIXELS})"))
    }
}

/// More pixels than a block of images has: 2^44, a million images of 16 million pixels.
const MOST_PIXELS: u64 = 1 << 44;

fn pixels_at(bytes: &[u8], at: usize) -> Result<u64, String> {
    checked_pixels(u64_at(bytes, at))
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
