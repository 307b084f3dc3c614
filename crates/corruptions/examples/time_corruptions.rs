//! Answers a line `NAME` with the milliseconds of that corruption, and `draws NAME` with those of its draws alone.
//!
//! `cargo xtask bench corruptions` runs it beside the Python packages; the picture is 500x375, the severity 3.
#![allow(clippy::print_stdout, reason = "an example is a program")]

use scribe_corruptions::{Corruption, Picture, PictureMut, Rng, Severity, Suite, formula_picture};
use std::error::Error;
use std::hint::black_box;
use std::io::BufRead;
use std::time::Instant;

const WIDTH: usize = 500;
const HEIGHT: usize = 375;
const PIXELS: usize = WIDTH * HEIGHT;

fn main() -> Result<(), Box<dyn Error>> {
    let (suite, picture) = (Suite::imagecorruptions(), formula_picture(WIDTH, HEIGHT));
    let mut pixels = picture.bytes().to_vec();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        match line.strip_prefix("draws ") {
            Some(name) => {
                let draws = Draws::of(suite.get(name)?)?;
                println!("{} {}", draws.time(), draws.words);
            }
            None => println!("{}", time(suite.get(&line)?, &picture, &mut pixels)?),
        }
    }
    Ok(())
}

/// The least milliseconds of a few runs, which together take a tenth of a second or more: what else runs on the
/// machine can only add.
fn least(mut run: impl FnMut() -> f64) -> f64 {
    let (mut count, mut total, mut least) = (0, 0.0, f64::INFINITY);
    while count < 5 || total < 100.0 {
        let time = run();
        (count, total, least) = (count + 1, total + time, least.min(time));
    }
    least
}

/// The copy of the clean picture is not counted: the reference takes its own before the clock starts, too.
fn time(corruption: &dyn Corruption, picture: &Picture, pixels: &mut [u8]) -> Result<f64, Box<dyn Error>> {
    let severity = Severity::new(3)?;
    let mut failed = None;
    let time = least(|| {
        pixels.copy_from_slice(picture.bytes());
        let started = Instant::now();
        let mut rng = Rng::seed(0);
        let view = PictureMut::new(pixels, WIDTH, HEIGHT);
        failed = view.and_then(|view| corruption.apply_in_place(view, severity, &mut rng)).err();
        black_box(&pixels);
        started.elapsed().as_secs_f64() * 1e3
    });
    failed.map_or(Ok(time), |error| Err(error.into()))
}

/// What one corruption draws: normal numbers first, then doubles or words.
struct Draws {
    gauss: usize,
    doubles: usize,
    /// All words that the generator gave, those inside normal numbers and doubles included.
    words: usize,
}

impl Draws {
    fn of(corruption: &dyn Corruption) -> Result<Draws, Box<dyn Error>> {
        let words = words(corruption)?;
        let (gauss, doubles) = match corruption.name() {
            "gaussian_noise" => (3 * PIXELS, 0),
            "snow" => (PIXELS, 1),
            // Counts are made of doubles; glass, frost and whatever is left take words as they are.
            "shot_noise" | "impulse_noise" | "motion_blur" | "fog" | "elastic_transform" => (0, words / 2),
            _ => (0, 0),
        };
        Ok(Draws { gauss, doubles, words })
    }

    /// The least milliseconds in which the generator makes them and does nothing else.
    fn time(&self) -> f64 {
        if self.words == 0 {
            return 0.0;
        }
        let (mut numbers, mut plain) = (vec![0.0; 4096], vec![0; 4096]);
        least(|| {
            let started = Instant::now();
            let mut rng = Rng::seed(0);
            each_part(self.gauss, |n| rng.fill_gauss(black_box(&mut numbers[..n])));
            each_part(self.doubles, |n| rng.fill_double(black_box(&mut numbers[..n])));
            let bare = if self.gauss + self.doubles == 0 { self.words } else { 0 };
            each_part(bare, |n| rng.fill_u32(black_box(&mut plain[..n])));
            started.elapsed().as_secs_f64() * 1e3
        })
    }
}

fn each_part(count: usize, mut make: impl FnMut(usize)) {
    (0..count).step_by(4096).for_each(|done| make((count - done).min(4096)));
}

/// How many words a corruption takes: where in the stream its generator is afterwards.
fn words(corruption: &dyn Corruption) -> Result<usize, Box<dyn Error>> {
    let mut picture = formula_picture(WIDTH, HEIGHT);
    let (mut used, mut stream) = (Rng::seed(0), Rng::seed(0));
    corruption.apply_in_place((&mut picture).into(), Severity::new(3)?, &mut used)?;
    let next: [u32; 8] = std::array::from_fn(|_| used.next_u32());
    let mut window: [u32; 8] = std::array::from_fn(|_| stream.next_u32());
    for words in 0..50_000_000 {
        if window == next {
            return Ok(words);
        }
        window.rotate_left(1);
        window[7] = stream.next_u32();
    }
    Err(format!("{} draws more than fifty million words", corruption.name()).into())
}
