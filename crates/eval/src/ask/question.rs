//! What a program is asked: images of one size, as bytes.

use super::frame;
use super::messages::text;
use crate::Picture;
use scribe_records::Condition;
use serde_json::json;
use std::fmt;

/// An image as it is shown to the program.
#[derive(Clone, Copy)]
pub(super) struct Shown<'a> {
    pub(super) image_id: &'a str,
    pub(super) condition: &'a Condition,
    /// RGB, row by row.
    pub(super) pixels: &'a [u8],
    pub(super) width: usize,
    pub(super) height: usize,
}

impl<'a> Shown<'a> {
    pub(super) fn of(picture: &Picture<'a>) -> Shown<'a> {
        let (width, height) = picture.image.dimensions();
        let (width, height) = (width as usize, height as usize);
        let Picture { image_id, condition, image } = *picture;
        Shown { image_id, condition, pixels: image.as_raw(), width, height }
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "picture {}, {}", self.image_id, self.condition)
    }
}

/// What is asked for, in words.
pub(super) fn in_words(pictures: &[Shown<'_>]) -> String {
    match pictures {
        [] => "a greeting".to_owned(),
        [only] => only.to_string(),
        [first, more @ ..] => format!("{first}, and {} more", more.len()),
    }
}

/// The frame that asks for these images, `pixels` u8 `[N, H, W, 3]`.
pub(super) fn question(number: u64, scores: bool, pictures: &[Shown<'_>]) -> Vec<u8> {
    let ids: Vec<&str> = pictures.iter().map(|picture| picture.image_id).collect();
    let conditions: Vec<String> = pictures.iter().map(|picture| picture.condition.to_string()).collect();
    let metadata = frame::Metadata::from([
        text("message", "predict"),
        text("number", number),
        text("wants", if scores { "logits" } else { "classes" }),
        text("ids", json!(ids)),
        text("conditions", json!(conditions)),
    ]);
    let (width, height) = pictures.first().map_or((0, 0), |first| (first.width, first.height));
    let pixels: Vec<&[u8]> = pictures.iter().map(|picture| picture.pixels).collect();
    frame::write(&metadata, Some(("pixels", &[pictures.len(), height, width, 3])), &pixels)
}

/// The most bytes that an answer can have: logits of every pixel in f32, and the header.
pub(super) fn longest_answer(class_count: usize, pictures: &[Shown<'_>]) -> u64 {
    let pixels: usize = pictures.iter().map(|picture| picture.width * picture.height).sum();
    8 + frame::LONGEST_HEADER + pixels as u64 * class_count as u64 * size_of::<f32>() as u64
}
