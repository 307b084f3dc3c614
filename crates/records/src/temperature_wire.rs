//! The stored form of temperature sweeps, little-endian.

use crate::temperature::RANKS;
use crate::temperatures::TEMPERATURES;
use crate::wire::checked_pixels;
use crate::{Calibration, CalibrationBin, Probability, TemperatureSweep, TemperatureSweeps, bounds};

/// u32 kinds; then per kind u32 kind (0 softmax, 1 sigmoid), u32 bins, u64 fitted pixels, an f64 loss a temperature, per
/// temperature f64 squares and its bins, and the fine bins; a bin is u64 count, u64 correct, f64 sum of confidences.
pub(crate) fn sweeps_to_bytes(sweeps: &TemperatureSweeps) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend((sweeps.of.len() as u32).to_le_bytes());
    for (kind, sweep) in &sweeps.of {
        bytes.extend(u32::from(*kind == Probability::Sigmoid).to_le_bytes());
        bytes.extend((sweep.scored[0].bins().len() as u32).to_le_bytes());
        bytes.extend(sweep.fit_pixels.to_le_bytes());
        sweep.losses.iter().for_each(|loss| bytes.extend(loss.to_le_bytes()));
        for calibration in &sweep.scored {
            bytes.extend(calibration.squares().to_le_bytes());
            calibration.bins().iter().for_each(|bin| put(&mut bytes, bin));
        }
        sweep.ranks.iter().for_each(|bin| put(&mut bytes, bin));
    }
    bytes
}

/// Reads the stored form; the error says what is wrong with it.
pub(crate) fn sweeps_from_bytes(bytes: &[u8]) -> Result<TemperatureSweeps, String> {
    let mut rest = Reader { rest: bytes };
    let mut sweeps = TemperatureSweeps::default();
    for _ in 0..rest.u32()? {
        let kind = match rest.u32()? {
            0 => Probability::Softmax,
            1 => Probability::Sigmoid,
            other => return Err(format!("kind of probability {other}")),
        };
        let bins = rest.u32()?;
        if !(1..=65_536).contains(&bins) || sweeps.of.last().is_some_and(|(last, _)| *last >= kind) {
            return Err(format!("{bins} bins, or kinds of probability out of order"));
        }
        sweeps.of.push((kind, sweep(&mut rest, kind, bins as usize)?));
    }
    if rest.rest.is_empty() { Ok(sweeps) } else { Err(format!("{} bytes too many", rest.rest.len())) }
}

fn sweep(rest: &mut Reader<'_>, kind: Probability, bins: usize) -> Result<TemperatureSweep, String> {
    let fit_pixels = rest.pixels()?;
    let losses = (0..TEMPERATURES).map(|_| rest.f64()).collect::<Result<Vec<_>, _>>()?;
    bounds::losses(fit_pixels, &losses)?;
    let mut scored = Vec::new();
    for _ in 0..TEMPERATURES {
        let squares = rest.f64()?;
        let bins = (0..bins).map(|_| rest.bin()).collect::<Result<Vec<_>, _>>()?;
        let pixels = bins.iter().map(|bin| bin.count).sum();
        // How many classes there are is not part of the blob.
        bounds::squares(kind, MOST_CLASSES, pixels, squares)?;
        scored.push(Calibration::from_parts(bins, pixels, squares));
    }
    let ranks = (0..RANKS).map(|_| rest.bin()).collect::<Result<_, _>>()?;
    Ok(TemperatureSweep { fit_pixels, losses, scored, ranks })
}

/// The most classes that a store has.
const MOST_CLASSES: usize = 255;

fn put(bytes: &mut Vec<u8>, bin: &CalibrationBin) {
    bytes.extend(bin.count.to_le_bytes());
    bytes.extend(bin.correct.to_le_bytes());
    bytes.extend(bin.confidence.to_le_bytes());
}

/// What is left to read.
struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let (head, rest) = self.rest.split_first_chunk::<N>().ok_or("it ends too early")?;
        self.rest = rest;
        Ok(*head)
    }

    fn u32(&mut self) -> Result<u32, String> {
        self.take().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Result<u64, String> {
        self.take().map(u64::from_le_bytes)
    }

    fn pixels(&mut self) -> Result<u64, String> {
        self.u64().and_then(checked_pixels)
    }

    fn f64(&mut self) -> Result<f64, String> {
        self.take().map(f64::from_le_bytes)
    }

    fn bin(&mut self) -> Result<CalibrationBin, String> {
        let bin = CalibrationBin { count: self.pixels()?, correct: self.u64()?, confidence: self.f64()? };
        bounds::bin(&bin).map(|()| bin)
    }
}
