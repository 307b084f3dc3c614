//! A corruption of one's own, in a group of its own, added to a suite.
//!
//! `cargo run --release -p scribe-corruptions --example add_rain`
#![allow(clippy::print_stdout, reason = "an example is a program")]

use scribe_corruptions::{
    Corruption, Group, Meta, Picture, PictureMut, Result, Rng, Severity, SizePolicy, Suite, Tolerance,
};

/// Bright slanted streaks.
pub(crate) struct Rain;

/// Drops for every thousand pixels, and the length of each in pixels.
const DROPS_LENGTH: [(usize, usize); 5] = [(2, 6), (4, 8), (6, 10), (9, 12), (12, 16)];

static META: Meta = Meta {
    name: "rain",
    implementation: "rain/1",
    group: Group::Other("wet"),
    about: "Draws slanted streaks over the picture.",
    parameters: |severity| {
        let (drops, length) = severity.pick(&DROPS_LENGTH);
        format!("drops={drops} length={length}")
    },
    size: SizePolicy::ANY,
    // There is no reference to be near to.
    tolerance: Tolerance::EXACT,
};

impl Corruption for Rain {
    fn meta(&self) -> &Meta {
        &META
    }

    fn corrupt(&self, picture: PictureMut<'_>, severity: Severity, rng: &mut Rng) {
        let (bytes, width, height) = picture.into_parts();
        let (drops, length) = severity.pick(&DROPS_LENGTH);
        let pixels = bytes.as_chunks_mut::<3>().0;
        for _ in 0..drops * width * height / 1000 {
            let (x, y) = (rng.randint(0, width as i32) as usize, rng.randint(0, height as i32) as usize);
            for step in 0..length.min(height - y) {
                let pixel = &mut pixels[(y + step) * width + (x + step / 4) % width];
                *pixel = pixel.map(|sample| sample / 2 + 100);
            }
        }
    }
}

/// Adds it, and applies it by its name like any other.
#[allow(dead_code, reason = "tests take the type above, and not all of them the program")]
pub(crate) fn main() -> Result<()> {
    let suite = Suite::imagecorruptions().with(Box::new(Rain))?;
    for severity in Severity::ALL {
        let mut picture = Picture::from_pixel(64, 48, [30, 60, 90]);
        suite.apply(&mut picture, "rain", severity, 0, "my-picture")?;
        let wet = picture.bytes().as_chunks::<3>().0.iter().filter(|pixel| **pixel != [30, 60, 90]).count();
        println!("{severity}: {wet} of {} pixels are wet", 64 * 48);
    }
    Ok(())
}
