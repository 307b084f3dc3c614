//! Opens the pictures of a run; draws them first where the recipe says so.

use super::Places;
use super::shown::{TEST_LIST, limited};
use crate::recipe::{Checked, Labels, SyntheticSection, TrainSet};
use crate::run_dir::RunDir;
use anyhow::{Context, bail};
use scribe_dataset::{ImageId, LabelFolder, Limits, Split, SynthConfig, VocSplit, write_synthetic};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The pictures of a run.
pub struct Pictures {
    /// To train on; only where they were asked for.
    pub train: Option<Arc<dyn Split>>,
    /// To test on.
    pub val: Arc<dyn Split>,
    /// The test pictures' ids, `eval.limit` applied.
    pub val_ids: Vec<ImageId>,
    /// Whether they are drawn.
    pub synthetic: bool,
}

/// Opens the validation list, and the training list where `to_train` is set.
///
/// # Errors
/// When the recipe needs a folder that was not given, or a list, a picture or a label is missing.
pub fn open(recipe: &Checked, places: &Places, run: &RunDir, to_train: bool) -> anyhow::Result<Pictures> {
    let (root, synthetic) = root(recipe, places, run)?;
    let labels = match recipe.data.labels {
        Labels::Auto => LabelFolder::Auto,
        Labels::Class => LabelFolder::Class,
        Labels::ClassAug => LabelFolder::ClassAug,
    };
    let set = match recipe.data.train_set {
        TrainSet::Synthetic | TrainSet::Voc => scribe_dataset::TrainSet::Voc,
        TrainSet::VocSbdNoval => scribe_dataset::TrainSet::VocPlusSbdNoval,
        TrainSet::TrainAug => scribe_dataset::TrainSet::TrainAug,
    };
    let limits = Limits { max_pixels: recipe.data.max_pixels.unwrap_or(Limits::DEFAULT_PIXELS) };
    let open_train = || -> anyhow::Result<Arc<dyn Split>> {
        let train = VocSplit::open_train(&root, set, labels, places.sbd.as_deref());
        let train = train.with_context(|| {
            format!("data.train_set = {} (another list: --set data.train_set=voc)", recipe.data.train_set)
        })?;
        Ok(Arc::new(train.with_limits(limits)))
    };
    let train = to_train.then(open_train).transpose()?;
    let val = VocSplit::open(&root, TEST_LIST, labels)?.with_limits(limits);
    let val_ids = val.ids()[..limited(recipe.eval.limit, val.ids().len())].to_vec();
    let to_train =
        train.as_ref().map_or(String::new(), |t| format!("{} pictures to train on, ", t.ids().len()));
    tracing::info!("{}: {to_train}{} to test on", root.display(), val_ids.len());
    Ok(Pictures { train, val: Arc::new(val), val_ids, synthetic })
}

/// The folder in VOC's layout: the given one, else the drawn one.
fn root(recipe: &Checked, places: &Places, run: &RunDir) -> anyhow::Result<(PathBuf, bool)> {
    if let Some(root) = &places.data {
        return Ok((root.clone(), false));
    }
    let Some(drawn) = &recipe.data.synthetic else {
        bail!("recipe {} tests on real pictures: give --data, the folder that holds JPEGImages", recipe.name)
    };
    draw(drawn, &run.synthetic())?;
    Ok((run.synthetic(), true))
}

/// Draws the set unless the very same one lies there. It is drawn beside its place and moved there whole, so that neither
/// a kill nor another process that draws the same set leaves half of one.
fn draw(drawn: &SyntheticSection, root: &Path) -> anyhow::Result<()> {
    let wanted = serde_json::to_string_pretty(drawn)?;
    let there = || std::fs::read_to_string(root.join(MARK)).is_ok_and(|found| found == wanted);
    if there() {
        return Ok(());
    }
    let config = SynthConfig {
        train: drawn.train,
        val: drawn.val,
        width: drawn.width,
        height: drawn.height,
        classes: drawn.classes.clone(),
        seed: drawn.seed,
    };
    let parent = root.parent().context("a run's folder is below one")?;
    let in_parent = || parent.display().to_string();
    std::fs::create_dir_all(parent).with_context(in_parent)?;
    let draft = tempfile::Builder::new().prefix(".drawing-").tempdir_in(parent).with_context(in_parent)?;
    let bar = crate::progress::bar("drawing", (drawn.train + drawn.val) as u64, "pictures");
    write_synthetic(draft.path(), &config, &|done, _| bar.set_position(done as u64))?;
    bar.finish();
    std::fs::write(draft.path().join(MARK), &wanted).with_context(in_parent)?;
    if there() {
        // Another process was faster with the same set.
        return Ok(());
    }
    if root.exists() {
        std::fs::remove_dir_all(root).with_context(|| root.display().to_string())?;
    }
    match std::fs::rename(draft.keep(), root) {
        Err(_) if there() => Ok(()),
        other => other.with_context(|| root.display().to_string()),
    }
}

/// What a drawn set was drawn from, as JSON.
const MARK: &str = "made.json";
