//! One synthetic picture with its label map.

use super::noise::{mix, value_noise};
use super::object::{Colour, Object, hsv};
use super::texture::Texture;
use crate::{SynthConfig, VOID};
use image::{GrayImage, Luma, Rgb, RgbImage};
use imageproc::distance_transform::Norm;
use imageproc::morphology::{dilate, erode};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Coverage from which a pixel belongs to an object.
const HALF: u8 = 120;

/// Makes picture `number` of a set: 1 to 3 objects, each edged by a void border of 2 pixels.
pub(super) fn scene(config: &SynthConfig, number: usize) -> (RgbImage, GrayImage) {
    let mut rng = ChaCha8Rng::seed_from_u64(config.seed);
    rng.set_stream(number as u64);
    let (width, height) = (config.width, config.height);
    let mut canvas = background(width, height, &mut rng);
    let mut label = GrayImage::new(width, height);
    let objects = [1, 1, 1, 2, 2, 3][rng.random_range(0..6)];
    for place in 0..objects {
        // The first object's class cycles through the classes, so that every class occurs even in a small set.
        let index = if place == 0 { number } else { rng.random_range(0..config.classes.len()) };
        let object = Object::draw(config, index % config.classes.len(), &mut rng);
        paint(&object, &mut canvas, &mut label);
    }
    (finish(&canvas, width, height, &mut rng), label)
}

/// A textured background of muted colours.
fn background(width: u32, height: u32, rng: &mut ChaCha8Rng) -> Vec<Colour> {
    let hue: f64 = rng.random();
    let mut shade =
        || hsv(hue + rng.random_range(-0.2..0.2), rng.random_range(0.05..0.35), rng.random_range(0.2..0.9));
    let (first, second) = (shade(), shade());
    let coarse = f64::from(width.min(height)) * rng.random_range(0.15..0.5);
    let fine = coarse * rng.random_range(0.1..0.3);
    let seed: u32 = rng.random();
    let pattern = Texture::ALL[rng.random_range(0..Texture::ALL.len())];
    let strength = rng.random_range(0.0..0.35);
    let (sin, cos) = rng.random_range(0.0..std::f64::consts::TAU).sin_cos();
    let at = |x: u32, y: u32| {
        let (x, y) = (f64::from(x), f64::from(y));
        let cloud =
            0.65 * value_noise(x / coarse, y / coarse, seed) + 0.35 * value_noise(x / fine, y / fine, !seed);
        let drawn = pattern.at((x * cos + y * sin) / fine, (y * cos - x * sin) / fine, seed);
        let weight = mix(cloud, drawn, strength);
        std::array::from_fn(|channel| mix(first[channel], second[channel], weight))
    };
    (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| at(x, y)).collect()
}

/// Paints an object over the picture, and its class with a void border over the label map.
fn paint(object: &Object, canvas: &mut [Colour], label: &mut GrayImage) {
    let (width, height) = label.dimensions();
    let coverage = object.coverage(width, height);
    for ((x, y, share), under) in coverage.enumerate_pixels().zip(canvas) {
        if share[0] > 0 {
            let (over, alpha) = (object.colour(x, y), f64::from(share[0]) / 240.0);
            *under = std::array::from_fn(|channel| mix(under[channel], over[channel], alpha));
        }
    }
    let mask = GrayImage::from_fn(width, height, |x, y| {
        Luma([if coverage.get_pixel(x, y)[0] >= HALF { 255 } else { 0 }])
    });
    let (grown, shrunk) = (dilate(&mask, Norm::LInf, 1), erode(&mask, Norm::LInf, 1));
    for ((pixel, outer), inner) in label.pixels_mut().zip(grown.pixels()).zip(shrunk.pixels()) {
        match (outer[0] > 0, inner[0] > 0) {
            (_, true) => pixel[0] = object.class,
            (true, false) => pixel[0] = VOID,
            (false, false) => {}
        }
    }
}

/// Adds light that falls off to one side and a little sensor noise, and rounds to bytes.
fn finish(canvas: &[Colour], width: u32, height: u32, rng: &mut ChaCha8Rng) -> RgbImage {
    let gain = rng.random_range(0.75..1.1);
    let slope: (f64, f64) = (rng.random_range(-0.2..0.2), rng.random_range(-0.2..0.2));
    let sigma = rng.random_range(0.005..0.03);
    RgbImage::from_fn(width, height, |x, y| {
        let (dx, dy) = (f64::from(x) / f64::from(width) - 0.5, f64::from(y) / f64::from(height) - 0.5);
        let light = gain + slope.0 * dx + slope.1 * dy;
        let colour = canvas[y as usize * width as usize + x as usize];
        Rgb(colour.map(|value| {
            // The sum of four uniform draws is close enough to a normal one, and costs little.
            let noise: f64 = (0..4).map(|_| f64::from(rng.random::<f32>()) - 0.5).sum::<f64>() * 1.73;
            ((value * light + sigma * noise) * 255.0).round().clamp(0.0, 255.0) as u8
        }))
    })
}
