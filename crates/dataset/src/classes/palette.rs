//! PASCAL VOC's classes and its palette.

/// The label of pixels that have no class: object borders, ignored values, and the padding of a crop.
pub const VOID: u8 = 255;

/// The names of PASCAL VOC's classes; the position is the label.
pub const CLASS_NAMES: [&str; 21] = names_in(include_str!("../../classes/voc.toml"));

/// The names in the preset's file, which alone holds them; the compiler reads it.
const fn names_in(file: &'static str) -> [&'static str; 21] {
    const BEFORE: &str = "{ name = \"";
    let (mut names, mut rest, mut label) = ([""; 21], file, 0);
    while label < names.len() {
        rest = rest.split_at(place_of(BEFORE, rest) + BEFORE.len()).1;
        names[label] = rest.split_at(place_of("\"", rest)).0;
        label += 1;
    }
    names
}

/// Where `part` begins in `text`; where it is not, the compiler stops.
const fn place_of(part: &str, text: &str) -> usize {
    let (part, text) = (part.as_bytes(), text.as_bytes());
    let mut place = 0;
    loop {
        let mut same = 0;
        while same < part.len() && part[same] == text[place + same] {
            same += 1;
        }
        if same == part.len() {
            return place;
        }
        place += 1;
    }
}

/// VOC's palette: the RGB colour of each of the 256 labels.
///
/// Bit 0, 1 and 2 of the label become the highest bit of red, green and blue; bits 3, 4, 5 the next one, and
/// so on (the development kit's `VOCcolormap`).
pub const fn palette() -> [[u8; 3]; 256] {
    let mut colours = [[0; 3]; 256];
    let mut label = 0;
    while label < 256 {
        let (mut rest, mut bit) = (label, 8);
        while bit > 0 {
            bit -= 1;
            let mut channel = 0;
            while channel < 3 {
                colours[label][channel] |= (((rest >> channel) & 1) as u8) << bit;
                channel += 1;
            }
            rest >>= 3;
        }
        label += 1;
    }
    colours
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn palette_is_the_development_kits() {
        let colours = palette();
        assert_eq!(colours[0], [0, 0, 0]);
        assert_eq!(colours[1], [128, 0, 0]);
        assert_eq!(colours[8], [64, 0, 0]);
        assert_eq!(colours[15], [192, 128, 128]);
        assert_eq!(colours[20], [0, 64, 128]);
        assert_eq!(colours[255], [224, 224, 192]);
    }

    #[test]
    fn names_are_those_of_the_preset() {
        let preset = crate::Classes::voc();
        assert!(preset.names().eq(CLASS_NAMES));
        assert!(preset.colours().eq(palette()[..21].iter().copied()));
    }
}
