//! What an asked program writes, read without a program: for the fuzzer, and for tests of what it found.

use super::answer::Answer;
use super::question::{Shown, longest_answer};
use super::{Hello, frame};
use scribe_records::Condition;

/// The number of classes of the conversation.
pub const CLASSES: usize = 3;
/// The number of pixels of each of its images, which are 4 wide and 3 high.
pub const PIXELS: usize = 12;

/// Reads a greeting and then answers to questions 1, 2 and so on about two images, until a frame cannot be read. Returns
/// how many answers were taken.
///
/// # Panics
/// If an answer that is taken has not the size of the images, or other classes.
pub fn read_conversation(bytes: &[u8]) -> usize {
    let clean = Condition::clean();
    let image = Shown { image_id: "a", condition: &clean, pixels: &[0; 3 * PIXELS], width: 4, height: 3 };
    let shown = [image, Shown { image_id: "b", ..image }];
    let mut stream = bytes;
    let Ok(greeting) = frame::read(&mut stream, super::processes::LONGEST_HELLO) else { return 0 };
    let Ok((metadata, _)) = frame::parse(&greeting) else { return 0 };
    if Hello::read(&metadata, CLASSES).is_err() {
        return 0;
    }
    let mut taken = 0;
    for number in 1.. {
        let Ok(buffer) = frame::read(&mut stream, longest_answer(CLASSES, &shown)) else { break };
        let Ok(answer) = Answer::read(&buffer, number, &shown, CLASSES) else { continue };
        let predictions = answer.predictions(&shown, &|_| true).expect("an answer that was taken");
        taken += 1;
        assert_eq!(predictions.len(), shown.len());
        for prediction in predictions {
            assert_eq!(prediction.class_map.len(), PIXELS);
            assert!(prediction.class_map.iter().all(|&class| usize::from(class) < CLASSES));
            assert!(prediction.scores.is_none_or(|scores| scores.len() == CLASSES * PIXELS));
        }
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn frame(header: &Value, content: &[u8]) -> Vec<u8> {
        let header = header.to_string();
        let length = (8 + header.len() + content.len()) as u64;
        let header_length = header.len() as u64;
        [&length.to_le_bytes()[..], &header_length.to_le_bytes(), header.as_bytes(), content].concat()
    }

    fn answer(name: &str, dtype: &str, shape: &Value, content: &[u8]) -> Vec<u8> {
        let tensor = json!({"dtype": dtype, "shape": shape, "data_offsets": [0, content.len()]});
        frame(&json!({"__metadata__": {"number": "1"}, name: tensor}), content)
    }

    #[test]
    fn answers_are_taken_or_refused() {
        let greeting = frame(&json!({"__metadata__": {"protocol": "1", "classes": "3"}}), &[]);
        let taken = |answer: &[u8]| read_conversation(&[&greeting[..], answer].concat());
        assert_eq!(taken(&answer("classes", "U8", &json!([2, 3, 4]), &[2; 24])), 1);
        assert_eq!(taken(&answer("logits", "F32", &json!([2, 3, 1, 1]), &[0; 24])), 1);
        for (name, dtype, shape, content) in [
            ("classes", "U8", json!([2, 3, 4]), vec![3; 24]),
            ("classes", "U16", json!([2, 3, 4]), vec![255; 48]),
            ("classes", "U8", json!([2, 0, 4]), vec![]),
            ("logits", "F16", json!([2, 3, 0, 0]), vec![]),
            ("logits", "F32", json!([2, 3, 1, 1]), vec![255; 24]),
            ("logits", "F32", json!([2, 3, 1, u64::MAX]), vec![0; 24]),
            ("logits", "F4", json!([2, 3, 1, 1]), vec![0; 3]),
        ] {
            assert_eq!(taken(&answer(name, dtype, &shape, &content)), 0, "{name} {dtype} {shape}");
        }
        // A length that is claimed, and a header within it.
        assert_eq!(taken(&(1_u64 << 62).to_le_bytes()), 0);
        assert_eq!(taken(&[&16_u64.to_le_bytes()[..], &u64::MAX.to_le_bytes(), &[b'{'; 8]].concat()), 0);
        assert_eq!(read_conversation(&greeting[..greeting.len() - 1]), 0);
    }
}
