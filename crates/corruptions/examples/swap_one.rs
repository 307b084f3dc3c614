//! Replaces one corruption of a suite by another implementation of the same name, and tries it against the truth.
//!
//! `cargo run --release -p scribe-corruptions --example swap_one`
#![allow(clippy::print_stdout, reason = "an example is a program")]

use scribe_corruptions::{
    Corruption, Group, Meta, PictureMut, Result, Rng, Severity, SizePolicy, Suite, Tolerance,
    formula_picture, trial,
};

/// Contrast in whole numbers with twelve bits behind the point: now and then one level off.
pub(crate) struct WholeNumberContrast;

const FACTOR: [f64; 5] = [0.4, 0.3, 0.2, 0.1, 0.05];

/// What the truth tests hold it to, among other things.
pub(crate) static META: Meta = Meta {
    // The same name, so that it takes the other's place.
    name: "contrast",
    // Another implementation, so that nobody takes its results for the other's.
    implementation: "whole-numbers/1",
    group: Group::Lighting,
    about: "Shrinks every channel towards its mean, in whole numbers.",
    parameters: |severity| format!("factor={}", severity.pick(&FACTOR)),
    size: SizePolicy::ANY,
    // How far from the reference it may be. The truth tests hold it to this; with `Tolerance::EXACT` every byte must be
    // equal.
    tolerance: Tolerance { largest: 1, share: 0.05 },
};

impl Corruption for WholeNumberContrast {
    fn meta(&self) -> &Meta {
        &META
    }

    fn corrupt(&self, picture: PictureMut<'_>, severity: Severity, _rng: &mut Rng) {
        let (bytes, width, height) = picture.into_parts();
        let pixels = bytes.as_chunks_mut::<3>().0;
        let mut sums = [0_u64; 3];
        for pixel in pixels.iter() {
            for (sum, &sample) in sums.iter_mut().zip(pixel) {
                *sum += u64::from(sample);
            }
        }
        let whole = |v: f64| (v * 4096.0).round() as u32;
        let factor = severity.pick(&FACTOR);
        // x f + mean (1 - f), of which the second part is the same for a whole channel.
        let still = sums.map(|sum| whole(sum as f64 / (width * height) as f64 * (1.0 - factor)));
        for pixel in pixels {
            for (sample, still) in pixel.iter_mut().zip(still) {
                *sample = ((u32::from(*sample) * whole(factor) + still) / 4096) as u8;
            }
        }
    }
}

#[allow(dead_code, reason = "the truth tests take the type above and not the program")]
fn main() -> Result<()> {
    let (plain, severity) = (Suite::imagecorruptions(), Severity::new(3)?);
    let trials = trial(&WholeNumberContrast, plain.get("contrast")?)?;
    let worst = trials.iter().map(|t| t.deviation.share()).fold(0.0, f64::max);
    println!("{} trials, at most {:.3} % of samples differ", trials.len(), 100.0 * worst);

    let picture = formula_picture(64, 64);
    let swapped = Suite::imagecorruptions().replace(Box::new(WholeNumberContrast))?;
    for suite in [&plain, &swapped] {
        let mut done = picture.clone();
        suite.apply(&mut done, "contrast", severity, 0, "formula")?;
        println!("{:18} {:?}", suite.get("contrast")?.implementation(), done.pixel(10, 50));
    }
    Ok(())
}
