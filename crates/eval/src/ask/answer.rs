//! What a program answers: the class of every pixel, or logits at any size up to the image's.

use super::messages::Reader;
use super::question::Shown;
use super::{AskError, Result, frame};
use crate::Prediction;
use crate::scores_at_size::{argmax_planes, at_size};
use crate::scores_kind::{Misfit, check};
use candle_core::{DType, Device, Tensor};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use scribe_model::ScoreSpace;

/// The content of an answer that fits its question.
pub(super) enum Answer {
    /// The class of each pixel, image by image.
    Classes(Vec<u8>),
    /// `[N, K, h, w]` in f32.
    Logits(Tensor),
}

impl Answer {
    /// Reads the answer to question `number` about `pictures`.
    ///
    /// # Errors
    /// What does not fit.
    pub(super) fn read(
        buffer: &[u8],
        number: u64,
        pictures: &[Shown<'_>],
        class_count: usize,
    ) -> Result<Answer> {
        let (metadata, tensors) = frame::parse(buffer).map_err(|reason| AskError::Frame { reason })?;
        let reader = Reader { frame: "an answer", metadata: &metadata };
        reader.refuse_error()?;
        let found = reader.get("number").unwrap_or("(none)");
        if found != number.to_string() {
            let found = found.chars().take(40).collect();
            return Err(AskError::Number { found, expected: number });
        }
        match only(&tensors)? {
            (true, tensor) => classes(&tensor, pictures, class_count).map(Answer::Classes),
            (false, tensor) => logits(&tensor, pictures, class_count).map(Answer::Logits),
        }
    }

    /// The predictions of the images, with scores of those for which they are `wanted`.
    ///
    /// # Errors
    /// [`AskError::Scores`].
    pub(super) fn predictions(
        self,
        pictures: &[Shown<'_>],
        wanted: &dyn Fn(usize) -> bool,
    ) -> Result<Vec<Prediction>> {
        let Some(first) = pictures.first() else { return Ok(Vec::new()) };
        let area = first.width * first.height;
        let logits = match self {
            Answer::Classes(all) => {
                let maps = all.chunks(area).map(|map| Prediction::of_classes(map.to_vec()));
                return Ok(maps.collect());
            }
            Answer::Logits(logits) => logits,
        };
        let one = |n: usize| {
            let whole = at_size(&logits.get(n)?, first.height, first.width)?;
            let class_map = argmax_planes(&whole)?;
            let scores = wanted(n).then(|| whole.flatten_all()?.to_vec1()).transpose()?;
            Ok(Prediction { class_map, scores, moments: None, space: ScoreSpace::Logit })
        };
        (0..pictures.len()).map(one).collect()
    }
}

/// The only tensor, and whether it holds classes.
fn only<'a>(tensors: &SafeTensors<'a>) -> Result<(bool, TensorView<'a>)> {
    let mut all = tensors.tensors();
    match all.pop() {
        Some((name, tensor)) if all.is_empty() && name == "classes" => Ok((true, tensor)),
        Some((name, tensor)) if all.is_empty() && name == "logits" => Ok((false, tensor)),
        last => {
            let names: Vec<String> =
                all.into_iter().chain(last).map(|(name, _)| format!("`{name}`")).take(10).collect();
            let found = if names.is_empty() { "no tensor".to_owned() } else { names.join(", ") };
            Err(AskError::Tensors { found })
        }
    }
}

fn classes(tensor: &TensorView<'_>, pictures: &[Shown<'_>], class_count: usize) -> Result<Vec<u8>> {
    let (width, height) = size(pictures);
    if !matches!(tensor.dtype(), Dtype::U8 | Dtype::U16) {
        return Err(wrong_type("classes", tensor.dtype(), "U8 or U16"));
    }
    if *tensor.shape() != [pictures.len(), height, width] {
        let expected = format!("[{}, {height}, {width}]", pictures.len());
        return Err(wrong_shape("classes", tensor, expected));
    }
    let wrong = |(at, value): (usize, u16)| {
        let pixel = at % (width * height);
        let picture = pictures[at / (width * height)].to_string();
        AskError::Class { picture, value, x: pixel % width, y: pixel / width, class_count }
    };
    let is_class = |class: usize| class < class_count;
    if tensor.dtype() == Dtype::U8 {
        let none = tensor.data().iter().position(|&class| !is_class(class.into()));
        return match none {
            Some(at) => Err(wrong((at, tensor.data()[at].into()))),
            None => Ok(tensor.data().to_vec()),
        };
    }
    let values = tensor.data().chunks_exact(2).map(|two| u16::from_le_bytes([two[0], two[1]]));
    let class = |(at, value): (usize, u16)| {
        u8::try_from(value)
            .ok()
            .filter(|class| is_class(usize::from(*class)))
            .ok_or_else(|| wrong((at, value)))
    };
    values.enumerate().map(class).collect()
}

fn logits(tensor: &TensorView<'_>, pictures: &[Shown<'_>], class_count: usize) -> Result<Tensor> {
    let dtype = match tensor.dtype() {
        Dtype::F16 => DType::F16,
        Dtype::F32 => DType::F32,
        other => return Err(wrong_type("logits", other, "F16 or F32")),
    };
    let (width, height) = size(pictures);
    let fits = match *tensor.shape() {
        [n, k, h, w] => {
            (n, k) == (pictures.len(), class_count) && (1..=height).contains(&h) && (1..=width).contains(&w)
        }
        _ => false,
    };
    if !fits {
        let n = pictures.len();
        let expected = format!("[{n}, {class_count}, h, w] with h at most {height} and w at most {width}");
        return Err(wrong_shape("logits", tensor, expected));
    }
    let logits = Tensor::from_raw_buffer(tensor.data(), dtype, tensor.shape(), &Device::Cpu)?;
    let logits = logits.to_dtype(DType::F32)?;
    check_logits(&logits, pictures)?;
    Ok(logits)
}

/// Refuses numbers that are not finite, and probabilities.
fn check_logits(logits: &Tensor, pictures: &[Shown<'_>]) -> Result<()> {
    let (_, _, h, w) = logits.dims4()?;
    for (n, picture) in pictures.iter().enumerate() {
        let values: Vec<f32> = logits.get(n)?.flatten_all()?.to_vec1()?;
        let picture = || picture.to_string();
        if let Some(at) = values.iter().position(|value| !value.is_finite()) {
            let (class, value) = (at / (h * w), values[at]);
            return Err(AskError::NotFinite { picture: picture(), class, value });
        }
        if let Err(Misfit::Probabilities) = check(&values, h * w, ScoreSpace::Logit) {
            return Err(AskError::Probabilities { picture: picture() });
        }
    }
    Ok(())
}

fn size(pictures: &[Shown<'_>]) -> (usize, usize) {
    pictures.first().map_or((1, 1), |first| (first.width, first.height))
}

fn wrong_type(tensor: &'static str, found: Dtype, expected: &'static str) -> AskError {
    AskError::Type { tensor, found: frame::type_name(found), expected }
}

fn wrong_shape(tensor: &'static str, found: &TensorView<'_>, expected: String) -> AskError {
    AskError::Shape { tensor, found: found.shape().to_vec(), expected }
}
