//! Opens the pictures of a run; draws them first where the recipe says so.

use super::RunInputs;
use super::identity::identity;
use super::test_protocol::{TEST_LIST, limited};
use crate::recipe::{Checked, Labels, SyntheticSection, TrainSet};
use crate::run_dir::RunDir;
use anyhow::{Context, bail};
use scribe_dataset::{ImageId, LabelFolder, Limits, Split, SynthConfig, VocSplit, write_synthetic};
use scribe_records::DataIdentity;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// Which lists a command opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The training list, and the validation list where the recipe validates.
    Training,
    /// The validation list.
    Test,
    /// Both.
    Both,
}

/// The pictures of a run.
pub struct Pictures {
    /// To train on; only where they were asked for.
    pub train: Option<Arc<dyn Split>>,
    /// To test on; only where they were asked for.
    pub val: Option<Arc<dyn Split>>,
    /// The test pictures' ids, `eval.limit` applied.
    pub val_ids: Vec<ImageId>,
    /// Whether they are drawn.
    pub synthetic: bool,
    /// The contents of both lists, once they were asked for.
    hashed: [OnceLock<DataIdentity>; 2],
}

impl Pictures {
    /// The test pictures.
    ///
    /// # Errors
    /// They were not opened.
    pub fn test(&self) -> anyhow::Result<&dyn Split> {
        self.val.as_deref().context("the pictures were not opened to test")
    }

    /// The contents of the training pictures and labels; hashed once.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn train_identity(&self) -> anyhow::Result<&DataIdentity> {
        let train = self.train.as_deref().context("the pictures were not opened to train")?;
        once(&self.hashed[0], || identity("train", train, train.ids()))
    }

    /// The contents of the test pictures and labels, `eval.limit` applied; hashed once.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn test_identity(&self) -> anyhow::Result<&DataIdentity> {
        once(&self.hashed[1], || identity(TEST_LIST, self.test()?, &self.val_ids))
    }
}

fn once(
    place: &OnceLock<DataIdentity>,
    make: impl Fn() -> anyhow::Result<DataIdentity>,
) -> anyhow::Result<&DataIdentity> {
    if let Some(made) = place.get() {
        return Ok(made);
    }
    let made = make()?;
    Ok(place.get_or_init(|| made))
}

/// Opens the lists that are needed, and draws the pictures before where the recipe says so.
///
/// # Errors
/// When the recipe needs a folder that was not given, or a list, a picture or a label is missing.
pub fn open(recipe: &Checked, places: &RunInputs, run: &RunDir, need: Need) -> anyhow::Result<Pictures> {
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
    let train = (need != Need::Test).then(open_train).transpose()?;
    let to_test = need != Need::Training || recipe.train.validate_every > 0;
    let val = to_test.then(|| VocSplit::open(&root, TEST_LIST, labels)).transpose()?;
    let val = val.map(|val| val.with_limits(limits));
    let all = val.as_ref().map_or(&[][..], |val| val.ids());
    let val_ids = all[..limited(recipe.eval.limit, all.len())].to_vec();
    let to_train = train.as_ref().map(|train| format!("{} pictures to train on", train.ids().len()));
    let to_test = val.as_ref().map(|_| format!("{} to test on", val_ids.len()));
    let both: Vec<String> = to_train.into_iter().chain(to_test).collect();
    tracing::info!("{}: {}", root.display(), both.join(", "));
    let val = val.map(|val| Arc::new(val) as Arc<dyn Split>);
    Ok(Pictures { train, val, val_ids, synthetic, hashed: Default::default() })
}

/// The folder in VOC's layout: the given one, else the drawn one.
fn root(recipe: &Checked, places: &RunInputs, run: &RunDir) -> anyhow::Result<(PathBuf, bool)> {
    if let Some(root) = &places.data {
        return Ok((root.clone(), false));
    }
    let Some(drawn) = &recipe.data.synthetic else {
        bail!("recipe {} tests on real pictures: give --data, the folder that holds JPEGImages", recipe.name)
    };
    draw(drawn, run)?;
    Ok((run.synthetic(), true))
}

/// Draws the set unless the very same one lies there. It is drawn beside its place and moved there whole, so that neither
/// a kill nor another process that draws the same set leaves half of one.
fn draw(drawn: &SyntheticSection, run: &RunDir) -> anyhow::Result<()> {
    let root = run.synthetic();
    let wanted = serde_json::to_string_pretty(drawn)?;
    let there = || std::fs::read_to_string(root.join(MARK)).is_ok_and(|found| found == wanted);
    if there() {
        return Ok(());
    }
    run.claim()?;
    if run.is_shared() && root.exists() {
        bail!(
            "{}: drawn from other settings, and other parts may read it; take another --name",
            root.display()
        );
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
    let draft = draft_in(parent).with_context(in_parent)?;
    let bar = crate::progress::bar("drawing", (drawn.train + drawn.val) as u64, "pictures");
    write_synthetic(draft.path(), &config, &|done, _| bar.set_position(done as u64))?;
    bar.finish();
    std::fs::write(draft.path().join(MARK), &wanted).with_context(in_parent)?;
    if there() {
        // Another process was faster with the same set.
        return Ok(());
    }
    if root.exists() {
        std::fs::remove_dir_all(&root).with_context(|| root.display().to_string())?;
    }
    match std::fs::rename(draft.keep(), &root) {
        Err(_) if there() => Ok(()),
        other => other.with_context(|| root.display().to_string()),
    }
}

/// A temporary folder that ends as an ordinary one: with the mode that the umask leaves, not for its owner alone.
fn draft_in(parent: &Path) -> std::io::Result<tempfile::TempDir> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
    builder.prefix(".drawing-").tempdir_in(parent)
}

/// What a drawn set was drawn from, as JSON.
const MARK: &str = "made.json";
