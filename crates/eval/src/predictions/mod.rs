//! Predictions that another program has written to files, used like a network.

mod error;
mod npy;
mod read;

pub use error::PredictionsError;

use crate::{Picture, Prediction, Predictor, PredictorError, Wants};
use scribe_base::digest::hex;
use scribe_dataset::ImageId;
use scribe_model::{Inference, ScoreSpace};
use scribe_records::Condition;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// How many missing files an error names.
const NAMED: usize = 3;

type Result<T> = std::result::Result<T, PredictionsError>;

/// Returns an error if an image is not the one that was predicted.
pub type ImageCheck<'a> = dyn Fn(&Picture<'_>) -> std::result::Result<(), PredictorError> + Sync + 'a;

/// A folder with a file for each image under each condition; FORMAT.md documents it.
///
/// `<corruption>/<severity>/<id>.png` is a label map; `<id>.npy` holds the logits or probabilities of all classes and is
/// preferred if both exist. The mode says which of the two it holds. Clean images are in `clean/0`.
pub struct PredictionFolder<'a> {
    root: PathBuf,
    class_count: usize,
    check: Option<Box<ImageCheck<'a>>>,
}

impl<'a> PredictionFolder<'a> {
    /// Opens the folder and checks that every wanted file exists.
    ///
    /// # Errors
    /// [`PredictionsError::Folder`], or [`PredictionsError::Missing`] with the first of the missing files.
    pub fn open(
        root: &Path,
        class_count: usize,
        ids: &[ImageId],
        conditions: &[Condition],
    ) -> Result<PredictionFolder<'a>> {
        if !root.is_dir() {
            return Err(PredictionsError::Folder { folder: root.to_owned() });
        }
        let found = PredictionFolder { root: root.to_path_buf(), class_count, check: None };
        let wanted = conditions.iter().flat_map(|condition| ids.iter().map(move |id| (condition, id)));
        let lacks = |(condition, id): &(&Condition, &ImageId)| {
            !["png", "npy"].iter().any(|kind| found.file(condition, id.as_str(), kind).exists())
        };
        let missing: Vec<_> = wanted.filter(lacks).collect();
        if missing.is_empty() {
            return Ok(found);
        }
        let file = |(condition, id): &(&Condition, &ImageId)| {
            found.file(condition, id.as_str(), "png").display().to_string()
        };
        Err(PredictionsError::Missing {
            folder: root.to_owned(),
            missing: missing.len(),
            wanted: ids.len() * conditions.len(),
            first: missing.iter().take(NAMED).map(file).collect::<Vec<_>>().join(", "),
        })
    }

    /// Calls `check` for every image before its prediction is read, so the caller can refuse images that the other program
    /// did not see.
    #[must_use]
    pub fn checked(self, check: Box<ImageCheck<'a>>) -> PredictionFolder<'a> {
        PredictionFolder { check: Some(check), ..self }
    }

    /// SHA-256, in hexadecimal, over the clean predictions (id, file name, length and bytes of each); `None` where one is
    /// missing.
    ///
    /// # Errors
    /// [`PredictionsError::Read`].
    pub fn clean_hash(root: &Path, ids: &[ImageId]) -> Result<Option<String>> {
        let mut hasher = Sha256::new();
        for id in ids {
            let Some((path, name)) = clean_file(root, id) else { return Ok(None) };
            let bytes = std::fs::read(&path)
                .map_err(|source| PredictionsError::Read { path: path.clone(), source })?;
            hasher.update(format!("{id}\n{name}\n{}\n", bytes.len()));
            hasher.update(bytes);
        }
        Ok(Some(hex(hasher.finalize())))
    }

    /// Refuses clean scores that are not what the mode says and clean label maps with wrong classes. Call it before
    /// [`PredictionFolder::clean_hash`] is stored, so that wrong files can be corrected under the same model name.
    ///
    /// # Errors
    /// What is wrong with the first file that does not fit.
    pub fn check_clean(root: &Path, class_count: usize, ids: &[ImageId], how: &Inference) -> Result<()> {
        for (path, name) in ids.iter().filter_map(|id| clean_file(root, id)) {
            if name.ends_with(".npy") {
                read::check_scores(&path, class_count, space_of(how))?;
            } else {
                read::check_label_map(&path, class_count)?;
            }
        }
        Ok(())
    }

    fn file(&self, condition: &Condition, id: &str, kind: &str) -> PathBuf {
        let folder = self.root.join(&condition.corruption).join(condition.severity.to_string());
        folder.join(format!("{id}.{kind}"))
    }

    fn read(&self, picture: &Picture<'_>, space: ScoreSpace, wants_scores: bool) -> Result<Prediction> {
        if let Some(check) = &self.check {
            check(picture).map_err(PredictionsError::Image)?;
        }
        let scores = self.file(picture.condition, picture.image_id, "npy");
        let size = picture.image.dimensions();
        if scores.exists() {
            let (class_map, scores) = read::scores(&scores, self.class_count, size, space)?;
            let scores = wants_scores.then_some(scores);
            return Ok(Prediction { class_map, scores, moments: None, space });
        }
        let path = self.file(picture.condition, picture.image_id, "png");
        Ok(Prediction::of_classes(read::label_map(&path, self.class_count, size)?))
    }
}

impl Predictor for PredictionFolder<'_> {
    fn class_count(&self) -> usize {
        self.class_count
    }

    fn own_space(&self) -> ScoreSpace {
        ScoreSpace::Softmax
    }

    fn predict(
        &self,
        pictures: &[Picture<'_>],
        how: &Inference,
        wants: &dyn Fn(usize) -> Wants,
    ) -> std::result::Result<Vec<Prediction>, PredictorError> {
        let space = space_of(how);
        let read = |(n, picture)| self.read(picture, space, wants(n).any());
        Ok(pictures.iter().enumerate().map(read).collect::<Result<_>>()?)
    }
}

/// What a file of scores holds in a mode. `single`, `msc-logit` and `msc-rebuild` hold logits; `msc` and `msc-softmax` hold
/// probabilities of all classes, averaged over scales; `msc-sigmoid` holds averaged sigmoids.
fn space_of(how: &Inference) -> ScoreSpace {
    match how {
        Inference::Single => ScoreSpace::Logit,
        Inference::MultiScale { space, .. } => space.unwrap_or(ScoreSpace::Softmax),
    }
}

/// The file that is read for a clean image, and its name.
fn clean_file(root: &Path, id: &ImageId) -> Option<(PathBuf, String)> {
    let names = ["npy", "png"].map(|kind| format!("{id}.{kind}"));
    names.into_iter().map(|name| (root.join("clean/0").join(&name), name)).find(|(path, _)| path.exists())
}
