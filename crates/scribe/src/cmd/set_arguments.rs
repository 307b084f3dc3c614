//! The arguments that say what a corrupted set holds: a recipe, or flags.

use super::assignments::assignments;
use super::whole::whole;
use anyhow::{Context, bail};
use clap::Args;
use scribe::{Recipe, TEST_LIST, TestProtocol, check_list};
use scribe_corrupt_set::only_view;
use scribe_corruptions::{ChannelOrder, Severity, Suite};
use scribe_dataset::{CorruptionPlace, Error, FileSplit, Limits, TestView, VocSplit};
use std::path::Path;

/// A flag, the recipe's key for the same setting, the flag's value where it was given, and the recipe's value.
type Setting = (&'static str, &'static str, Option<String>, String);

/// The other flags have no default values, so that a flag that contradicts the recipe can be told from one that was
/// left out.
#[derive(Args)]
pub(crate) struct SetArguments {
    /// Take suite, view, channel order, master seed, corruptions, severities and limit from this recipe: a preset or a .toml file
    #[arg(long, value_name = "RECIPE")]
    like: Option<String>,
    /// With --like: change one key of the recipe first, as in `scribe eval`; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE")]
    assignments: Vec<String>,
    /// imagecorruptions (any size) or imagenet_c (224 x 224) [default: imagecorruptions]
    #[arg(long, value_name = "SUITE")]
    suite: Option<String>,
    /// Size of the pictures: native, squash:SIDE or short:SIDE [default: native, for imagenet_c squash:224]
    #[arg(long, value_name = "VIEW")]
    view: Option<String>,
    /// Order in which the corruptions see the channels of a pixel: rgb or bgr; files hold red first in either case
    /// [default: rgb]
    #[arg(long, value_name = "ORDER")]
    channel_order: Option<String>,
    /// after_view: corrupt at the size of the view; before_view: corrupt at the size of the file, then bring the picture to the
    /// view [default: after_view]
    #[arg(long, value_name = "WHEN")]
    corrupt: Option<String>,
    /// Names, groups (noise, blur, weather, lighting, spatial), all or extras, separated by commas [default: all, the
    /// paper's 15]
    #[arg(long, num_args = 1.., value_name = "NAMES")]
    corruptions: Vec<String>,
    /// Severities, separated by commas [default: 1,2,3,4,5]
    #[arg(long, num_args = 1.., value_name = "1-5")]
    severities: Vec<String>,
    /// The list below ImageSets/Segmentation [default: val]
    #[arg(long, value_name = "NAME")]
    split: Option<String>,
    /// Only the first pictures of the list; 0 takes all [default: 0]
    #[arg(long, value_name = "N", value_parser = whole::<usize>(0..=u64::MAX))]
    limit: Option<usize>,
    /// The master seed; recipes call it eval.master_seed [default: 2020]
    #[arg(long, value_name = "U64", value_parser = whole::<u64>(0..=u64::MAX))]
    seed: Option<u64>,
    /// The most pixels of a picture; recipes call it data.max_pixels [default: 134217728, or 16777216 for a file of less
    /// than 1 MiB]
    #[arg(long, value_name = "N", value_parser = whole::<u64>(1..=u64::MAX))]
    max_pixels: Option<u64>,
}

impl SetArguments {
    /// The name of the list of pictures.
    pub(crate) fn list(&self) -> &str {
        self.split.as_deref().unwrap_or(TEST_LIST)
    }

    /// The pictures of the list, in the layout of the recipe, else in VOC's.
    ///
    /// # Errors
    /// When the recipe cannot be loaded, or a list or a picture is missing.
    pub(crate) fn open_pictures(&self, data: &Path) -> anyhow::Result<FileSplit> {
        match &self.like {
            Some(name) => {
                Recipe::load(name, &assignments(&self.assignments)?)?.open_pictures(data, self.list())
            }
            None => {
                check_list(data, self.list())?;
                let other = "for a set in another layout: --like RECIPE, which says where its pictures are, or --images FOLDER";
                match VocSplit::open_pictures(data, self.list()) {
                    Err(error @ Error::MissingFolder { .. }) => bail!("{error}\n{other}"),
                    opened => Ok(opened?),
                }
            }
        }
    }

    /// The pictures of the conditions that the recipe is given and that no corruption makes, for the images of `test`; none
    /// without a recipe.
    ///
    /// # Errors
    /// When the recipe cannot be loaded, or the folder of a template is missing.
    pub(crate) fn open_given(
        &self,
        data: &Path,
        test: &FileSplit,
    ) -> anyhow::Result<Vec<((String, u8), FileSplit)>> {
        let Some(name) = &self.like else { return Ok(Vec::new()) };
        Recipe::load(name, &assignments(&self.assignments)?)?.open_given_pictures(data, test)
    }

    /// The master seeds of the recipe's further draws of the corruptions, which a set does not hold; none without a recipe.
    ///
    /// # Errors
    /// When the recipe cannot be loaded.
    pub(crate) fn further_seeds(&self) -> anyhow::Result<Vec<u64>> {
        let Some(name) = &self.like else { return Ok(Vec::new()) };
        Ok(Recipe::load(name, &assignments(&self.assignments)?)?.eval.further_seeds())
    }

    /// How large a picture may be, by the flag, else by the recipe, else by default.
    ///
    /// # Errors
    /// When the recipe cannot be loaded.
    pub(crate) fn limits(&self) -> anyhow::Result<Limits> {
        let recipe = self.like.as_ref().filter(|_| self.max_pixels.is_none());
        let load = |name: &String| anyhow::Ok(Recipe::load(name, &assignments(&self.assignments)?)?);
        let of_recipe = recipe.map(load).transpose()?.and_then(|recipe| recipe.data.max_pixels);
        Ok(Limits::of_setting(self.max_pixels.or(of_recipe)))
    }

    /// Which pictures are corrupted, at which size, and how.
    ///
    /// # Errors
    /// When a value is not a suite, view, corruption or severity, or contradicts the recipe.
    pub(crate) fn protocol(&self, frost: &Path) -> anyhow::Result<TestProtocol> {
        let Some(name) = &self.like else { return self.protocol_of_flags(frost) };
        let protocol = TestProtocol::of(&Recipe::load(name, &assignments(&self.assignments)?)?, frost)?;
        self.refuse_contradictions(name, &protocol)?;
        Ok(protocol)
    }

    fn protocol_of_flags(&self, frost: &Path) -> anyhow::Result<TestProtocol> {
        if let Some(assignment) = self.assignments.first() {
            bail!(
                "--set {assignment}: there is no recipe to change (expected --like RECIPE; --split names the list)"
            );
        }
        let name = self.suite.as_deref().unwrap_or("imagecorruptions");
        let words = if self.corruptions.is_empty() { &["all".to_owned()][..] } else { &self.corruptions };
        let channel_order = self.channel_order.as_deref().map_or(Ok(ChannelOrder::Rgb), str::parse)?;
        let suite = scribe::suite(name, frost, words)?.in_order(channel_order);
        let corruptions = names(&suite, words)?;
        if corruptions.is_empty() {
            bail!("--corruptions: names nothing (expected at least one corruption)");
        }
        let view = self.view.as_deref().unwrap_or_else(|| only_view(name).unwrap_or("native"));
        Ok(TestProtocol {
            corruptions,
            severities: if self.severities.is_empty() { Severity::ALL.to_vec() } else { self.severities()? },
            view: view.parse()?,
            corruption_place: self.corruption_place()?.unwrap_or_default(),
            master_seed: self.seed.unwrap_or(2020),
            limit: self.limit.unwrap_or(0),
            suite,
        })
    }

    fn corruption_place(&self) -> anyhow::Result<Option<CorruptionPlace>> {
        Ok(self.corrupt.as_deref().map(str::parse).transpose()?)
    }

    fn severities(&self) -> anyhow::Result<Vec<Severity>> {
        let words = self.severities.iter().flat_map(|text| text.split(',')).map(str::trim);
        let severities = words.filter(|word| !word.is_empty()).map(str::parse);
        let severities: Vec<Severity> = severities.collect::<Result<_, _>>().context("--severities")?;
        if severities.is_empty() {
            bail!("--severities: names nothing (expected at least one of 1 to 5)");
        }
        Ok(severities)
    }

    /// Refuses a flag that says something else than the recipe: the recipe's evaluation would refuse the set. A flag may repeat
    /// what the recipe says.
    fn refuse_contradictions(&self, recipe: &str, protocol: &TestProtocol) -> anyhow::Result<()> {
        for (flag, key, given, expected) in self.settings(protocol)? {
            if let Some(given) = given.filter(|given| *given != expected) {
                bail!(
                    "{flag} {given}: contradicts --like {recipe}, whose {key} is {expected} (leave {flag} out, or change the \
                     recipe here and in `scribe eval`: --set {key}=...)"
                );
            }
        }
        match &self.split {
            Some(list) if list != TEST_LIST => {
                bail!("--split {list}: contradicts --like {recipe}: every recipe tests the list {TEST_LIST}")
            }
            _ => Ok(()),
        }
    }

    /// Each flag that a recipe has a key for.
    fn settings(&self, protocol: &TestProtocol) -> anyhow::Result<[Setting; 8]> {
        let joined = |severities: &[Severity]| {
            severities.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
        };
        let corruptions = match self.corruptions.as_slice() {
            [] => None,
            words => Some(names(&protocol.suite, words)?.join(",")),
        };
        let severities = if self.severities.is_empty() { None } else { Some(joined(&self.severities()?)) };
        let view = self.view.as_deref().map(str::parse::<TestView>).transpose()?;
        let suite = self.suite.as_deref().map(Suite::by_name).transpose()?;
        let order = self.channel_order.as_deref().map(str::parse::<ChannelOrder>).transpose()?;
        let (order, place) =
            (order.map(|order| order.to_string()), self.corruption_place()?.map(|place| place.to_string()));
        let (limit, seed) = (self.limit.map(|n| n.to_string()), self.seed.map(|n| n.to_string()));
        Ok([
            ("--suite", "eval.suite", suite.map(|suite| suite.name().into()), protocol.suite.name().into()),
            ("--view", "eval.view", view.map(|view| view.to_string()), protocol.view.to_string()),
            ("--channel-order", "eval.channel_order", order, protocol.suite.channel_order().to_string()),
            ("--corrupt", "eval.corrupt", place, protocol.corruption_place.to_string()),
            ("--corruptions", "eval.corruptions", corruptions, protocol.corruptions.join(",")),
            ("--severities", "eval.severities", severities, joined(&protocol.severities)),
            ("--limit", "eval.limit", limit, protocol.limit.to_string()),
            ("--seed", "eval.master_seed", seed, protocol.master_seed.to_string()),
        ])
    }
}

/// The names of the corruptions that these words select.
fn names(suite: &Suite, words: &[String]) -> anyhow::Result<Vec<String>> {
    Ok(suite.select(words)?.iter().map(|corruption| corruption.name().to_owned()).collect())
}
