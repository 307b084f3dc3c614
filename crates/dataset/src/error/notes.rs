//! Parts of error messages.

/// The pixels of a picture.
pub(super) fn pixels(width: u32, height: u32) -> u64 {
    u64::from(width) * u64::from(height)
}

/// The verb of a number of pixels.
pub(super) fn have(pixels: u64) -> &'static str {
    if pixels == 1 { "pixel has" } else { "pixels have" }
}

/// What to do about a value without a class; VOC's classes are fixed.
pub(super) fn fix(set: &str) -> &'static str {
    match set {
        "voc" => "",
        _ => " (name it in the classes, or under `ignore`, or set `unlisted = \"ignore\"`)",
    }
}

/// The most similar name, where there is one.
pub(super) fn similar_note(similar: Option<&str>) -> String {
    similar.map_or_else(String::new, |name| {
        format!(
            "; a file of a similar name is {name} (pictures end in .jpg, .jpeg or .png, label maps in .png)"
        )
    })
}

/// That an orientation is not applied.
pub(super) fn orientation_note(orientation: Option<u8>) -> String {
    orientation.map_or_else(String::new, |value| {
        format!(
            "; the picture's EXIF orientation is {value}, which is not applied: pixels are taken as stored (to turn \
             the file: mogrify -auto-orient FILE)"
        )
    })
}
