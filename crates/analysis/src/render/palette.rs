//! Colours: the classes' (PASCAL VOC's own rule), the models' (colour-blind safe), and the scale of heat maps.

/// The colour of a class in PASCAL VOC's palette: the bits of the index, spread over red, green and blue from the top.
pub(crate) fn class_colour(class: usize) -> [u8; 3] {
    let mut colour = [0u8; 3];
    let mut rest = class;
    for bit in (0..8).rev() {
        for (channel, value) in colour.iter_mut().enumerate() {
            *value |= (((rest >> channel) & 1) as u8) << bit;
        }
        rest >>= 3;
    }
    colour
}

/// Colours for void pixels, in the order of preference; the first is that of PASCAL VOC.
const VOID_COLOURS: [[u8; 3]; 3] = [[224, 224, 192], [255, 255, 255], [0, 0, 0]];

/// How far in RGB, by Euclid's distance, the colour of void pixels stays from those of the classes. VOC's own classes stay
/// 119.7 from VOC's.
const VOID_DISTANCE: f64 = 100.0;

/// The colour of void pixels in a shown label map: VOC's, unless a class has nearly the same.
pub(crate) fn void_colour(palette: &[[u8; 3]]) -> [u8; 3] {
    let square = |a: u8, b: u8| (f64::from(a) - f64::from(b)).powi(2);
    let distance = |a: &[u8; 3], b: &[u8; 3]| (0..3).map(|c| square(a[c], b[c])).sum::<f64>().sqrt();
    let apart = |void: &&[u8; 3]| palette.iter().all(|class| distance(void, class) >= VOID_DISTANCE);
    VOID_COLOURS.iter().find(apart).copied().unwrap_or(VOID_COLOURS[0])
}

/// Line colours for models, from Okabe and Ito's colour-blind safe set, in the order of use.
pub(crate) const LINES: [[u8; 3]; 6] =
    [[86, 86, 86], [230, 159, 0], [0, 114, 178], [0, 158, 115], [204, 121, 167], [213, 94, 0]];

/// The line colour of the model at this position.
pub(crate) fn line_colour(position: usize) -> [u8; 3] {
    LINES[position % LINES.len()]
}

/// A colour of a diverging scale for values in [-1, 1]: blue over near-white to red, safe for red-green blindness.
pub(crate) fn diverging(value: f64) -> [u8; 3] {
    const STOPS: [[f64; 3]; 7] = [
        [5.0, 48.0, 97.0],
        [67.0, 147.0, 195.0],
        [209.0, 229.0, 240.0],
        [247.0, 247.0, 247.0],
        [253.0, 219.0, 199.0],
        [214.0, 96.0, 77.0],
        [103.0, 0.0, 31.0],
    ];
    let at = (value.clamp(-1.0, 1.0) + 1.0) / 2.0 * (STOPS.len() - 1) as f64;
    let below = (at.floor() as usize).min(STOPS.len() - 2);
    let part = at - below as f64;
    std::array::from_fn(|c| (STOPS[below][c] + (STOPS[below + 1][c] - STOPS[below][c]) * part).round() as u8)
}

/// `#rrggbb`.
pub(crate) fn hex(colour: [u8; 3]) -> String {
    format!("#{:02X}{:02X}{:02X}", colour[0], colour[1], colour[2])
}

#[cfg(test)]
mod tests {
    use super::{class_colour, void_colour};

    /// The palette that comes with PASCAL VOC's development kit (`VOClabelcolormap`).
    #[test]
    fn classes_have_vocs_colours() {
        let colours = [0, 1, 15, 20].map(class_colour);
        assert_eq!(colours, [[0, 0, 0], [128, 0, 0], [192, 128, 128], [0, 64, 128]]);
    }

    /// CamVid's Pole, (192, 192, 128), is sqrt(32^2 + 32^2 + 64^2) = 78 from VOC's void; VOC's person, (192, 128, 128), is
    /// sqrt(32^2 + 96^2 + 64^2) = 120.
    #[test]
    fn void_keeps_away_from_the_classes() {
        let voc: Vec<[u8; 3]> = (0..21).map(class_colour).collect();
        assert_eq!(void_colour(&voc), [224, 224, 192]);
        assert_eq!(void_colour(&[[128, 0, 0], [192, 192, 128]]), [255, 255, 255]);
        assert_eq!(void_colour(&[[192, 192, 128], [250, 250, 250]]), [0, 0, 0]);
    }
}
