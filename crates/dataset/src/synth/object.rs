//! One object of a synthetic picture: the appearance of its class, varied at random.

use super::noise::mix;
use super::shape::Shape;
use super::texture::Texture;
use crate::SynthConfig;
use image::{GrayImage, Luma};
use imageproc::drawing::draw_polygon_mut;
use imageproc::point::Point;
use rand::Rng;
use std::f64::consts::TAU;

/// Samples along each side of a pixel for the outline's coverage.
const FINE: u32 = 4;

/// A colour, each channel from 0 to 1.
pub(super) type Colour = [f64; 3];

/// One object, placed.
#[derive(Debug, Clone)]
pub(super) struct Object {
    pub class: u8,
    center: (f64, f64),
    radius: f64,
    angle: (f64, f64),
    stretch: f64,
    period: f64,
    seed: u32,
    colours: [Colour; 2],
}

impl Object {
    /// Draws an object of the set's class number `index` somewhere in a picture.
    ///
    /// The set's classes divide the circle of hues; the ranges of neighbours nearly meet, so that corrupting hue,
    /// outline or texture makes classes harder to tell apart.
    pub(crate) fn draw(config: &SynthConfig, index: usize, rng: &mut impl Rng) -> Object {
        let (width, height, class) = (config.width, config.height, config.classes[index]);
        let short = f64::from(width.min(height));
        let place = |side: u32, at: f64| f64::from(side) * at;
        let radius = short * rng.random_range(0.19..0.38);
        let classes = config.classes.len() as f64;
        let hue = (index as f64 + rng.random_range(-0.4..0.4)) / classes;
        let saturation = rng.random_range(0.4..0.9);
        let bright = rng.random_range(0.6..0.95);
        let dark = bright * rng.random_range(0.3..0.6);
        let second = hue + rng.random_range(-0.1..0.1) / classes;
        Object {
            class,
            center: (place(width, rng.random_range(0.15..0.85)), place(height, rng.random_range(0.15..0.85))),
            radius,
            angle: rng.random_range(0.0..TAU).sin_cos(),
            stretch: rng.random_range(0.8..1.25),
            period: short * 0.09 * rng.random_range(0.8..1.25),
            seed: rng.random(),
            colours: [hsv(hue, saturation, bright), hsv(second, saturation, dark)],
        }
    }

    /// The fraction of each pixel that the object covers, 0 to 240 for none to all, on a canvas of the picture's size.
    pub(crate) fn coverage(&self, width: u32, height: u32) -> GrayImage {
        let reach = self.radius * 1.45 + 2.0;
        let bound = |at: f64, side: u32| at.clamp(0.0, f64::from(side)) as u32;
        let (x0, x1) = (bound(self.center.0 - reach, width), bound(self.center.0 + reach, width));
        let (y0, y1) = (bound(self.center.1 - reach, height), bound(self.center.1 + reach, height));
        let mut fine = GrayImage::new((x1 - x0) * FINE, (y1 - y0) * FINE);
        let corner = |(x, y): (f64, f64)| {
            let (px, py) = self.place(x, y / self.stretch);
            let scaled = |at: f64, from: u32| ((at - f64::from(from)) * f64::from(FINE)).round() as i32;
            Point::new(scaled(px, x0), scaled(py, y0))
        };
        let mut corners: Vec<_> = self.shape().outline().into_iter().map(corner).collect();
        corners.dedup();
        while corners.len() > 1 && corners.first() == corners.last() {
            corners.pop();
        }
        draw_polygon_mut(&mut fine, &corners, Luma([1]));
        let mut out = GrayImage::new(width, height);
        for (x, y, sample) in fine.enumerate_pixels() {
            let pixel = out.get_pixel_mut(x0 + x / FINE, y0 + y / FINE);
            pixel[0] += sample[0] * (256 / (FINE * FINE) - 1) as u8;
        }
        out
    }

    /// The object's colour at a pixel.
    pub(crate) fn colour(&self, x: u32, y: u32) -> Colour {
        let (dx, dy) = (f64::from(x) + 0.5 - self.center.0, f64::from(y) + 0.5 - self.center.1);
        let (sin, cos) = self.angle;
        let (u, v) = ((dx * cos + dy * sin) / self.period, (dy * cos - dx * sin) / self.period);
        let weight = self.texture().at(u, v, self.seed);
        std::array::from_fn(|channel| mix(self.colours[0][channel], self.colours[1][channel], weight))
    }

    fn shape(&self) -> Shape {
        Shape::ALL[usize::from(self.class) % Shape::ALL.len()]
    }

    /// Outline and texture together tell any two of the 20 classes apart; either alone does not.
    fn texture(&self) -> Texture {
        let class = usize::from(self.class);
        Texture::ALL[(class * 5 + class / Shape::ALL.len()) % Texture::ALL.len()]
    }

    /// The place in the picture of a point of the outline.
    fn place(&self, x: f64, y: f64) -> (f64, f64) {
        let (sin, cos) = self.angle;
        (self.center.0 + self.radius * (x * cos - y * sin), self.center.1 + self.radius * (x * sin + y * cos))
    }
}

/// A colour from hue (in turns, wrapping), saturation and value.
pub(super) fn hsv(hue: f64, saturation: f64, value: f64) -> Colour {
    let channel = |offset: f64| {
        let k = (offset + hue * 6.0).rem_euclid(6.0);
        value * (1.0 - saturation * k.min(4.0 - k).clamp(0.0, 1.0))
    };
    [channel(5.0), channel(3.0), channel(1.0)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;
    use std::collections::HashSet;

    #[test]
    fn outline_and_texture_name_the_class() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let classes = (1..=20).collect();
        let config = SynthConfig { train: 1, val: 1, width: 96, height: 72, classes, seed: 1 };
        let looks = (0..20).map(|index| {
            let object = Object::draw(&config, index, &mut rng);
            (format!("{:?}", object.shape()), format!("{:?}", object.texture()))
        });
        let looks: Vec<_> = looks.collect();
        assert_eq!(looks.iter().collect::<HashSet<_>>().len(), 20);
        assert_eq!(looks.iter().map(|l| &l.0).collect::<HashSet<_>>().len(), Shape::ALL.len());
        assert_eq!(looks.iter().map(|l| &l.1).collect::<HashSet<_>>().len(), Texture::ALL.len());
    }

    #[test]
    fn hsv_by_hand() {
        assert_eq!(hsv(0.0, 1.0, 1.0), [1.0, 0.0, 0.0]);
        assert_eq!(hsv(1.0 / 3.0, 1.0, 0.5), [0.0, 0.5, 0.0]);
        assert_eq!(hsv(-1.0 / 3.0, 0.5, 1.0), [0.5, 0.5, 1.0]);
    }
}
