//! What another program predicted for a corrupted set, read from files in a network's place.

use crate::corrupt_set::Predicted;
use crate::scores;
use anyhow::{Context, anyhow, bail, ensure};
use candle_core::{DType, Tensor};
use scribe_dataset::{Error as DataError, ImageId, Limits, VOID, read_label_with};
use scribe_eval::{Picture, Predictor, PredictorError, View, Wants};
use scribe_model::ops::{argmax_channels, upsample_bilinear};
use scribe_model::{Inference, ScoreSpace};
use scribe_records::Condition;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// How many missing files an error names.
const NAMED: usize = 3;

/// A folder with a file for each picture under each condition; FORMAT.md documents it.
///
/// `<corruption>/<severity>/<id>.png` is a label map, `<id>.npy` are logits or probabilities of all
/// classes ([`scores::space`]), which go before a label map.
/// Clean pictures lie in `clean/0`.
pub struct Predictions {
    root: PathBuf,
    classes: usize,
    /// The pictures that were predicted, where they are known.
    predicted: Option<Predicted>,
}

impl Predictions {
    /// The folder, once every wanted file is there.
    ///
    /// # Errors
    /// Says how many files are missing and names the first.
    pub fn open(
        root: &Path,
        classes: usize,
        ids: &[ImageId],
        conditions: &[Condition],
        predicted: Option<Predicted>,
    ) -> anyhow::Result<Predictions> {
        ensure!(root.is_dir(), "{}: no such folder", root.display());
        let found = Predictions { root: root.to_path_buf(), classes, predicted };
        let places = conditions.iter().flat_map(|condition| ids.iter().map(move |id| (condition, id)));
        let missing = |(condition, id): &(&Condition, &ImageId)| {
            !["png", "npy"].iter().any(|kind| found.file(condition, id.as_str(), kind).exists())
        };
        let missing: Vec<_> = places.filter(missing).collect();
        if missing.is_empty() {
            return Ok(found);
        }
        let first = missing
            .iter()
            .take(NAMED)
            .map(|(condition, id)| found.file(condition, id.as_str(), "png").display().to_string());
        bail!(
            "{}: {} of {} predictions are missing (expected a .png or .npy for each), the first: {}",
            root.display(),
            missing.len(),
            ids.len() * conditions.len(),
            first.collect::<Vec<_>>().join(", ")
        )
    }

    /// SHA-256 over the clean predictions (id, file name, length and bytes of each); nothing where one is missing.
    pub fn clean_hash(root: &Path, ids: &[ImageId]) -> anyhow::Result<Option<String>> {
        let mut hasher = Sha256::new();
        for id in ids {
            let Some((path, name)) = clean_file(root, id) else { return Ok(None) };
            let bytes = std::fs::read(&path).with_context(|| path.display().to_string())?;
            hasher.update(format!("{id}\n{name}\n{}\n", bytes.len()));
            hasher.update(bytes);
        }
        Ok(Some(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// Refuses clean scores that are not what the mode says and clean label maps with wrong classes, before a store keeps their
    /// hash: they can then be mended under the same name.
    pub fn check_clean(root: &Path, classes: usize, ids: &[ImageId], how: &Inference) -> anyhow::Result<()> {
        let found = Predictions { root: root.to_path_buf(), classes, predicted: None };
        for (path, name) in ids.iter().filter_map(|id| clean_file(root, id)) {
            if !name.ends_with(".npy") {
                read_label_with(&path, Limits::default()).map_err(|error| found.label_error(error))?;
                continue;
            }
            let read = Tensor::read_npy(&path).with_context(|| path.display().to_string())?;
            if let [k, h, w] = *read.dims()
                && k == classes
            {
                let scores: Vec<f32> = read.to_dtype(DType::F32)?.flatten_all()?.to_vec1()?;
                scores::check(&scores, h * w, scores::space(how), &path)?;
            }
        }
        Ok(())
    }

    fn file(&self, condition: &Condition, id: &str, kind: &str) -> PathBuf {
        let folder = self.root.join(&condition.corruption).join(condition.severity.to_string());
        folder.join(format!("{id}.{kind}"))
    }

    fn one(&self, picture: &Picture<'_>, space: ScoreSpace, wants_scores: bool) -> anyhow::Result<View> {
        if let Some(predicted) = &self.predicted {
            predicted.check(picture.id, picture.condition, picture.pixels)?;
        }
        let logits = self.file(picture.condition, picture.id, "npy");
        if logits.exists() {
            return self.scores(&logits, picture, space, wants_scores);
        }
        let path = self.file(picture.condition, picture.id, "png");
        let expected = picture.pixels.dimensions();
        let limits = Limits::default().at_least(u64::from(expected.0) * u64::from(expected.1));
        let map = read_label_with(&path, limits).map_err(|error| self.label_error(error))?;
        let found = map.dimensions();
        ensure!(
            found == expected,
            "{}: {}x{} pixels (expected {}x{}, the size of the corrupted picture)",
            path.display(),
            found.0,
            found.1,
            expected.0,
            expected.1
        );
        if let Some(at) = map.as_raw().iter().position(|&class| class == VOID) {
            return Err(self.no_class(&path, VOID, at as u32 % found.0, at as u32 / found.0));
        }
        Ok(View { classes: map.into_raw(), scores: None, moments: None, space: ScoreSpace::Logit })
    }

    /// A prediction has a class at every pixel, so void is no more welcome in it than a value beyond the classes.
    fn label_error(&self, error: DataError) -> anyhow::Error {
        match error {
            DataError::LabelValue { path, value, x, y } => self.no_class(&path, value, x, y),
            other => other.into(),
        }
    }

    fn no_class(&self, path: &Path, value: u8, x: u32, y: u32) -> anyhow::Error {
        anyhow!(
            "{}: class {value} at x={x}, y={y} (expected a class of 0 to {} at every pixel, and no void)",
            path.display(),
            self.classes - 1
        )
    }

    /// Logits or probabilities of all classes, at the picture's size or smaller; smaller ones are upsampled as torch does it
    /// (`bilinear`, `align_corners=False`).
    fn scores(
        &self,
        path: &Path,
        picture: &Picture<'_>,
        space: ScoreSpace,
        wants_scores: bool,
    ) -> anyhow::Result<View> {
        let hint = "expected float16, float32 or float64 in C order, as np.ascontiguousarray gives it";
        let read = Tensor::read_npy(path).with_context(|| format!("{}: {hint}", path.display()))?;
        let (width, height) = picture.pixels.dimensions();
        let (width, height) = (width as usize, height as usize);
        let fits = match *read.dims() {
            [k, h, w] => k == self.classes && (1..=height).contains(&h) && (1..=width).contains(&w),
            _ => false,
        };
        ensure!(
            fits,
            "{}: shape {:?} (expected [{}, H, W] with H at most {height} and W at most {width})",
            path.display(),
            read.dims(),
            self.classes
        );
        let whole = read.to_dtype(DType::F32)?.unsqueeze(0)?.contiguous()?;
        let whole = if whole.dims()[2..] == [height, width] {
            whole
        } else {
            upsample_bilinear(&whole, height, width, false)?
        };
        let scores: Vec<f32> = whole.flatten_all()?.to_vec1()?;
        if let Some(at) = scores.iter().position(|value| !value.is_finite()) {
            let class = at / (width * height);
            bail!("{}: a logit of class {class} is {} (expected finite numbers)", path.display(), scores[at]);
        }
        scores::check(&scores, width * height, space, path)?;
        let classes = argmax_channels(&whole)?;
        Ok(View { classes, scores: wants_scores.then_some(scores), moments: None, space })
    }
}

/// The file that is read for a clean picture, and its name.
fn clean_file(root: &Path, id: &ImageId) -> Option<(PathBuf, String)> {
    let names = ["npy", "png"].map(|kind| format!("{id}.{kind}"));
    names.into_iter().map(|name| (root.join("clean/0").join(&name), name)).find(|(path, _)| path.exists())
}

impl Predictor for Predictions {
    fn classes(&self) -> usize {
        self.classes
    }

    fn own_space(&self) -> ScoreSpace {
        ScoreSpace::Softmax
    }

    fn view(
        &self,
        pictures: &[Picture<'_>],
        how: &Inference,
        wants: &dyn Fn(usize) -> Wants,
    ) -> Result<Vec<View>, PredictorError> {
        let space = scores::space(how);
        let views = pictures.iter().enumerate().map(|(n, picture)| self.one(picture, space, wants(n).any()));
        Ok(views.collect::<anyhow::Result<_>>()?)
    }
}
