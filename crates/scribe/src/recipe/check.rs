//! Checks every value of a recipe. Only a checked recipe can run.

use super::{CheckedRecipe, Recipe, RecipeError};
use crate::suites;
use scribe_base::excerpt;
use scribe_corrupt_set::only_view;
use scribe_corruptions::{ChannelOrder, Error as Unknown, Severity, Suite};
use scribe_dataset::{CorruptionPlace, Template, TestView};
use scribe_model::DeepLabConfig;
use std::collections::BTreeSet;

/// The most pixels of a feature map between two taps of a convolution: more than a map of 8192 pixels has at stride 8.
const MOST_DILATION: usize = 1024;

/// Whether no value occurs twice.
fn once<T: Ord>(values: &[T]) -> bool {
    let mut seen = BTreeSet::new();
    values.iter().all(|value| seen.insert(value))
}

impl Recipe {
    /// Checks every value.
    ///
    /// # Errors
    /// The first key whose value cannot work.
    pub fn check(mut self) -> Result<CheckedRecipe, RecipeError> {
        self.check_size()?;
        self.check_master_seeds()?;
        self.eval.master_seed = Some(self.eval.first_seed());
        self.check_models()?;
        let classes = self.check_data()?;
        self.check_network()?;
        self.check_train()?;
        self.check_eval()?;
        self.check_given()?;
        let checked = CheckedRecipe::new(self, classes);
        for model in &checked.models {
            let known = checked.known_by(model);
            known.map_err(|error| RecipeError::ModelClasses {
                recipe: checked.name.clone(),
                model: model.id.clone(),
                source: Box::new(error),
            })?;
        }
        Ok(checked)
    }

    /// Checks that there is a master seed, that none stands twice in the list of them, and that one that is given beside the list
    /// is its first.
    fn check_master_seeds(&self) -> Result<(), RecipeError> {
        let several = &self.eval.master_seeds;
        let given = self.eval.master_seed.is_some() || !several.is_empty();
        let expected = "a master seed, or in eval.master_seeds several, such as [2020, 2021, 2022]";
        self.require(given, "eval.master_seed", "", expected)?;
        self.require(once(several), "eval.master_seeds", several, "each master seed once")?;
        let (Some(one), Some(first)) = (self.eval.master_seed, several.first()) else { return Ok(()) };
        let expected = format!(
            "{first}, the first of eval.master_seeds = {several:?}; set both, or leave one of them out"
        );
        self.require(one == *first, "eval.master_seed", one, expected)
    }

    /// Checks `[[eval.conditions]]`.
    fn check_given(&self) -> Result<(), RecipeError> {
        let mut seen = BTreeSet::new();
        for given in &self.eval.conditions {
            let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b);
            let named = (1..=40).contains(&given.name.len()) && given.name.bytes().all(plain);
            let expected = "1 to 40 lower-case letters, digits, '-' and '_'";
            self.require(named, "eval.conditions.name", &given.name, expected)?;
            let severity = (1..=5).contains(&given.severity);
            self.require(severity, "eval.conditions.severity", given.severity, "1 to 5")?;
            let fresh = seen.insert((&given.name, given.severity));
            self.require(fresh, "eval.conditions.name", &given.name, "each name and severity once")?;
            for template in std::iter::once(&given.pictures).chain(&given.labels) {
                Template::new(template).map_err(|source| RecipeError::Files {
                    recipe: self.name.clone(),
                    section: "eval.conditions",
                    source: Box::new(source),
                })?;
            }
        }
        Ok(())
    }

    pub(super) fn require(
        &self,
        holds: bool,
        key: &str,
        value: impl std::fmt::Debug,
        expected: impl Into<String>,
    ) -> Result<(), RecipeError> {
        if holds {
            return Ok(());
        }
        Err(RecipeError::Setting {
            recipe: excerpt::of(&self.name).into_owned(),
            name: key.to_string(),
            value: excerpt::of(&format!("{value:?}")).into_owned(),
            hint: String::new(),
            expected: expected.into(),
        })
    }

    /// The value must be one of these names; the error begins with the most similar ones.
    fn require_one_of(&self, value: &str, key: &str, known: &[&str]) -> Result<(), RecipeError> {
        let expected = format!("one of {}", known.join(", "));
        self.require(known.contains(&value), key, value, expected).map_err(|error| error.hinted(value, known))
    }

    fn check_models(&self) -> Result<(), RecipeError> {
        let plain = |text: &str| {
            (1..=64).contains(&text.len())
                && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b))
        };
        self.require(
            plain(&self.name),
            "name",
            &self.name,
            "1 to 64 lower-case letters, digits, '-' and '_'",
        )?;
        self.require(!self.seeds.is_empty(), "seeds", &self.seeds, "at least one seed")?;
        self.require(once(&self.seeds), "seeds", &self.seeds, "each seed once")?;
        self.require(!self.models.is_empty(), "models", "[]", "at least one model")?;
        let (mut ids, mut labels) = (BTreeSet::new(), BTreeSet::new());
        for model in &self.models {
            let fresh = plain(&model.id) && ids.insert(&model.id);
            self.require(
                fresh,
                "models.id",
                &model.id,
                "1 to 64 lower-case letters, digits, '-' and '_' that no other model has",
            )?;
            let shown = scribe_records::check_label(&model.label).is_ok() && labels.insert(&model.label);
            let expected = format!("{}, that no other model has", scribe_base::name::SHOWN);
            self.require(shown, "models.label", &model.label, expected)?;
            let file = model.weights.as_ref().is_none_or(|file| !file.as_os_str().is_empty());
            self.require(file, "models.weights", &model.weights, "the path of a file")?;
        }
        Ok(())
    }

    fn check_network(&self) -> Result<(), RecipeError> {
        self.models.iter().try_for_each(|model| self.check_shape(&model.network_or(&self.model)))?;
        self.check_shape(&self.model)
    }

    fn check_shape(&self, net: &DeepLabConfig) -> Result<(), RecipeError> {
        let momentum = net.bn_momentum > 0.0 && net.bn_momentum <= 1.0;
        self.require((0.01..=4.0).contains(&net.width), "model.width", net.width, "a number in [0.01, 4]")?;
        self.require(momentum, "model.bn_momentum", net.bn_momentum, "a number in (0, 1]")?;
        self.require((0.0..1.0).contains(&net.dropout), "model.dropout", net.dropout, "a number in [0, 1)")?;
        self.require(
            net.rates.iter().all(|rate| (1..=MOST_DILATION).contains(rate)),
            "model.rates",
            net.rates,
            format!("three dilations of 1 to {MOST_DILATION}"),
        )
    }

    fn check_train(&self) -> Result<(), RecipeError> {
        let train = &self.train;
        let [low, high] = train.short_side;
        self.require(
            1 <= low && low <= high,
            "train.short_side",
            train.short_side,
            "[low, high] with 1 <= low <= high",
        )?;
        self.require(train.crop >= 32, "train.crop", train.crop, "at least 32 pixels")?;
        let batch = (2..=1 << 16).contains(&train.batch);
        self.require(batch, "train.batch", train.batch, "2 to 65536: batch statistics need two")?;
        self.require(
            train.epochs > 0 || train.steps > 0,
            "train.epochs",
            train.epochs,
            "epochs or steps above 0",
        )?;
        let [.., hue] = train.jitter;
        let jitter = train.jitter.iter().all(|j| (0.0..=1.0).contains(j)) && hue <= 0.5;
        self.require(jitter, "train.jitter", train.jitter, "four numbers in [0, 1], the hue's at most 0.5")?;
        for (key, rate) in [("train.lr_backbone", train.lr_backbone), ("train.lr_head", train.lr_head)] {
            self.require(rate.is_finite() && rate >= 0.0, key, rate, "a number >= 0")?;
        }
        self.require(
            (0.0..1.0).contains(&train.momentum),
            "train.momentum",
            train.momentum,
            "a number in [0, 1)",
        )?;
        self.require(train.weight_decay >= 0.0, "train.weight_decay", train.weight_decay, "a number >= 0")?;
        self.require(train.poly.power > 0.0, "train.poly.power", train.poly.power, "a number above 0")
    }

    /// Checks what is done to the test pictures.
    fn check_corruptions(&self) -> Result<(), RecipeError> {
        let eval = &self.eval;
        let view = eval.view.parse::<TestView>();
        self.require(view.is_ok(), "eval.view", &eval.view, "native, short:N or squash:N")?;
        self.require_one_of(&eval.suite, "eval.suite", &Suite::NAMES)?;
        self.require_one_of(&eval.channel_order, "eval.channel_order", &ChannelOrder::NAMES)?;
        self.require_one_of(&eval.corrupt, "eval.corrupt", &CorruptionPlace::NAMES)?;
        if let Some(only) = only_view(&eval.suite) {
            let (suite, other) = (&eval.suite, Suite::NAMES[0]);
            let expected = format!(
                "{only}, the only size of suite {suite}, or eval.suite={other}, which takes any size"
            );
            self.require(eval.view == only, "eval.view", &eval.view, expected)?;
            let expected = format!("after_view, because suite {} takes only pictures of {only}", eval.suite);
            let after = eval.corrupt == CorruptionPlace::NAMES[0];
            self.require(after, "eval.corrupt", &eval.corrupt, expected)?;
        }
        let Ok(suite) = suites::named(&eval.suite) else { return Ok(()) };
        for name in &eval.corruptions {
            if let Err(Unknown::UnknownCorruption { known, .. }) = suite.select(&[name]) {
                self.require_one_of(name, "eval.corruptions", &known)?;
            }
        }
        Ok(())
    }

    fn check_eval(&self) -> Result<(), RecipeError> {
        let eval = &self.eval;
        self.check_corruptions()?;
        for severity in &eval.severities {
            self.require(
                Severity::new(*severity).is_ok(),
                "eval.severities",
                severity,
                "severities of 1 to 5",
            )?;
        }
        let any = !eval.severities.is_empty() || eval.corruptions.is_empty();
        self.require(any, "eval.severities", &eval.severities, "at least one, as corruptions are named")?;
        self.require(once(&eval.severities), "eval.severities", &eval.severities, "each severity once")?;
        for mode in &eval.modes {
            self.require_one_of(mode, "eval.modes", &crate::modes::NAMES)?;
        }
        self.require(!eval.modes.is_empty(), "eval.modes", &eval.modes, "at least one mode")?;
        self.require(once(&eval.modes), "eval.modes", &eval.modes, "each mode once")?;
        let scales =
            (1..=100).contains(&eval.scales.len()) && eval.scales.iter().all(|s| (0.1..=4.0).contains(s));
        self.require(scales, "eval.scales", &eval.scales, "1 to 100 numbers in [0.1, 4]")?;
        for record in &eval.records {
            self.require_one_of(record, "eval.records", &crate::counted::NAMES)?;
        }
        let bins = (1..=1000).contains(&eval.calibration_bins);
        self.require(bins, "eval.calibration_bins", eval.calibration_bins, "1 to 1000")?;
        self.require(eval.moment_blocks > 0, "eval.moment_blocks", eval.moment_blocks, "at least 1")
    }
}
