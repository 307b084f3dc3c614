//! Pillow's 8-bit HSV, to the byte: hue, saturation and value each from 0 to 255.

/// Converts one colour as Pillow's `convert("HSV")` does.
pub(super) fn from_rgb([r, g, b]: [u8; 3]) -> [u8; 3] {
    let (largest, smallest) = (r.max(g).max(b), r.min(g).min(b));
    if largest == smallest {
        return [0, 0, largest];
    }
    let range = f32::from(largest - smallest);
    let saturation = range / f32::from(largest);
    let away = |channel: u8| f32::from(largest - channel) / range;
    // Pillow mixes single and double precision here; both the width and the order of each step matter.
    let sixth = if r == largest {
        away(b) - away(g)
    } else if g == largest {
        (2.0 + f64::from(away(r)) - f64::from(away(b))) as f32
    } else {
        (4.0 + f64::from(away(g)) - f64::from(away(r))) as f32
    };
    let hue = ((f64::from(sixth) / 6.0 + 1.0) % 1.0) as f32;
    let byte = |fraction: f32| (f64::from(fraction) * 255.0) as u8;
    [byte(hue), byte(saturation), largest]
}

/// Converts one colour back as Pillow's `convert("RGB")` does.
pub(super) fn to_rgb([hue, saturation, value]: [u8; 3]) -> [u8; 3] {
    if saturation == 0 {
        return [value; 3];
    }
    let turn = f64::from(hue) * 6.0 / 255.0;
    let sector = turn.floor();
    let within = f64::from((turn - sector) as f32);
    let strength = f64::from((f64::from(saturation) / 255.0) as f32);
    let byte = |factor: f64| (f64::from(value) * factor).round().clamp(0.0, 255.0) as u8;
    let p = byte(1.0 - strength);
    let q = byte(1.0 - strength * within);
    let t = byte(1.0 - strength * (1.0 - within));
    match sector as u8 % 6 {
        0 => [value, t, p],
        1 => [q, value, p],
        2 => [p, value, t],
        3 => [p, q, value],
        4 => [t, p, value],
        _ => [value, p, q],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{rows, sha};

    /// All 2^24 colours in the script's order, converted.
    fn all(convert: fn([u8; 3]) -> [u8; 3]) -> String {
        let colours = (0..1_u32 << 24).flat_map(|n| convert([(n >> 16) as u8, (n >> 8) as u8, n as u8]));
        sha(&colours.collect::<Vec<u8>>())
    }

    #[test]
    fn equals_pillow_on_every_colour() {
        assert_eq!(all(from_rgb), rows("to_hsv")[0].1);
        assert_eq!(all(to_rgb), rows("to_rgb")[0].1);
    }
}
