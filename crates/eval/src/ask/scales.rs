//! Asks at several sizes and averages the scores.

use super::answer::Answer;
use super::question::Shown;
use super::{AskError, AskedProgram, Result};
use crate::{Prediction, Wants};
use candle_core::{Device, Tensor};
use scribe_model::{Inference, predict_outputs};
use std::cell::RefCell;
use std::ops::Range;

/// The predictions in a mode of several scales, by the rule that scribe's own networks follow. The images are resized
/// bilinearly, as theirs are, and rounded to bytes.
pub(super) fn predict(
    program: &AskedProgram,
    shown: &[Shown<'_>],
    how: &Inference,
    wants: &dyn Fn(usize) -> Wants,
) -> Result<Vec<Prediction>> {
    let Some(first) = shown.first() else { return Ok(Vec::new()) };
    let area = first.width * first.height;
    // The closure's errors are of another type than the program's.
    let refused = RefCell::new(None);
    let outputs = |x: &Tensor| {
        ask(program, shown, x).map_err(|error| {
            let stands_for_it = scribe_model::Error::from(candle_core::Error::Msg(error.to_string()));
            *refused.borrow_mut() = Some(error);
            stands_for_it
        })
    };
    let predicted = predict_outputs(&values(shown)?, how, program.hello.space, outputs);
    if let Some(error) = refused.into_inner() {
        return Err(error);
    }
    let predicted = predicted?;
    let one = |n: usize| {
        let scores = wants(n).any().then(|| predicted.planes(n)).transpose()?;
        let class_map = predicted.classes[n * area..][..area].to_vec();
        Ok(Prediction { class_map, scores, moments: None, space: predicted.space })
    };
    (0..shown.len()).map(one).collect()
}

/// The values of the images, 0 to 255, `[N, 3, H, W]`.
fn values(shown: &[Shown<'_>]) -> Result<Tensor> {
    let Some(first) = shown.first() else { return Err(AskError::NoLogits) };
    let bytes: Vec<f32> = shown.iter().flat_map(|one| one.pixels.iter().map(|&byte| byte.into())).collect();
    let shape = (shown.len(), first.height, first.width, 3);
    Ok(Tensor::from_vec(bytes, shape, &Device::Cpu)?.permute((0, 3, 1, 2))?.contiguous()?)
}

/// The logits of images `[N, 3, h, w]`, `[N, K, ...]`.
fn ask(program: &AskedProgram, shown: &[Shown<'_>], x: &Tensor) -> Result<Tensor> {
    let (_, _, height, width) = x.dims4()?;
    let values: Vec<f32> = x.permute((0, 2, 3, 1))?.contiguous()?.flatten_all()?.to_vec1()?;
    let bytes: Vec<u8> = values.iter().map(|value| value.round().clamp(0.0, 255.0) as u8).collect();
    let scaled: Vec<Shown<'_>> = shown
        .iter()
        .zip(bytes.chunks(3 * height * width))
        .map(|(one, pixels)| Shown { pixels, width, height, ..*one })
        .collect();
    let mut parts = Vec::new();
    let mut each = |_: Range<usize>, answer: Answer| match answer {
        Answer::Logits(logits) => {
            parts.push(logits);
            Ok(())
        }
        Answer::Classes(_) => Err(AskError::NoLogits),
    };
    program.ask(&scaled, true, &mut each)?;
    Ok(Tensor::cat(&parts, 0)?)
}
