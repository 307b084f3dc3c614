//! Whatever a program that is asked writes, its greeting and its answers are taken or refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scribe_eval::fuzzing::{CLASSES, PIXELS, read_conversation};
use scribe_fuzz::plant;
use serde_json::json;

/// A frame: its length, then a safetensors buffer with this header and content (FORMAT.md).
fn frame(header: &serde_json::Value, content: &[u8]) -> Vec<u8> {
    let header = header.to_string();
    let header = format!("{header:<0$}", header.len().next_multiple_of(8));
    let length = (8 + header.len() + content.len()) as u64;
    [&length.to_le_bytes()[..], &(header.len() as u64).to_le_bytes(), header.as_bytes(), content].concat()
}

/// Conversations of which each answers with another type of numbers.
fn seeds() -> Vec<Vec<u8>> {
    let greeting = json!({"__metadata__": {"protocol": "1", "classes": CLASSES.to_string(), "sizes": "any", "network": "n"}});
    let answers = [("classes", "U8", 1), ("classes", "U16", 2), ("logits", "F16", 2), ("logits", "F32", 4)];
    let of = |(name, dtype, size): (&str, &str, usize)| {
        let (shape, count) = match name {
            "classes" => (json!([2, 3, 4]), 2 * PIXELS),
            _ => (json!([2, CLASSES, 3, 4]), 2 * CLASSES * PIXELS),
        };
        let tensor = json!({"dtype": dtype, "shape": shape, "data_offsets": [0, size * count]});
        let answer = json!({"__metadata__": {"number": "1"}, name: tensor});
        [frame(&greeting, &[]), frame(&answer, &vec![0; size * count])].concat()
    };
    answers.into_iter().map(of).collect()
}

fuzz_target!(init: plant(seeds()), |bytes: &[u8]| {
    read_conversation(bytes);
});
