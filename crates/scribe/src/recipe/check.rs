//! Only checked recipes run.

use super::{Recipe, RecipeError, TrainSet};
use scribe_corruptions::{EXTRAS, PAPER_ORDER, Severity, Suite};
use scribe_dataset::TestView;
use std::collections::BTreeSet;
use std::ops::Deref;

/// A recipe whose every value was found usable.
#[derive(Clone, Debug)]
pub struct Checked(Recipe);

impl Deref for Checked {
    type Target = Recipe;

    fn deref(&self) -> &Recipe {
        &self.0
    }
}

impl Recipe {
    /// Checks every value.
    ///
    /// # Errors
    /// The first key whose value cannot work.
    pub fn check(self) -> Result<Checked, RecipeError> {
        self.check_contestants()?;
        self.check_data()?;
        self.check_network()?;
        self.check_train()?;
        self.check_eval()?;
        Ok(Checked(self))
    }

    fn require(
        &self,
        holds: bool,
        key: &str,
        value: impl std::fmt::Debug,
        expected: impl Into<String>,
    ) -> Result<(), RecipeError> {
        if holds {
            return Ok(());
        }
        Err(RecipeError::Value {
            recipe: self.name.clone(),
            key: key.to_string(),
            value: format!("{value:?}"),
            expected: expected.into(),
        })
    }

    fn check_contestants(&self) -> Result<(), RecipeError> {
        let plain = |text: &str| {
            !text.is_empty()
                && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b))
        };
        self.require(plain(&self.name), "name", &self.name, "lower-case letters, digits, '-' and '_'")?;
        self.require(!self.seeds.is_empty(), "seeds", &self.seeds, "at least one seed")?;
        self.require(!self.models.is_empty(), "models", "[]", "at least one contestant")?;
        let mut ids = BTreeSet::new();
        for contestant in &self.models {
            let fresh = plain(&contestant.id) && ids.insert(&contestant.id);
            self.require(fresh, "models.id", &contestant.id, "a plain name that no other contestant has")?;
        }
        Ok(())
    }

    fn check_data(&self) -> Result<(), RecipeError> {
        let Some(drawn) = &self.data.synthetic else {
            let real = self.data.train_set != TrainSet::Synthetic;
            return self.require(real, "data.synthetic", "nothing", "the section [data.synthetic]");
        };
        self.require(
            drawn.train > 0 && drawn.val > 0,
            "data.synthetic.train",
            drawn.train,
            "at least one picture",
        )?;
        let known = !drawn.classes.is_empty() && drawn.classes.iter().all(|class| (1..=20).contains(class));
        self.require(known, "data.synthetic.classes", &drawn.classes, "VOC class ids of 1..=20")
    }

    fn check_network(&self) -> Result<(), RecipeError> {
        let net = &self.model;
        let momentum = net.bn_momentum > 0.0 && net.bn_momentum <= 1.0;
        self.require(net.width > 0.0 && net.width <= 4.0, "model.width", net.width, "a number in (0, 4]")?;
        self.require(momentum, "model.bn_momentum", net.bn_momentum, "a number in (0, 1]")?;
        self.require((0.0..1.0).contains(&net.dropout), "model.dropout", net.dropout, "a number in [0, 1)")?;
        self.require(
            net.rates.iter().all(|rate| *rate > 0),
            "model.rates",
            net.rates,
            "three positive dilations",
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
        self.require(train.batch >= 2, "train.batch", train.batch, "at least 2: batch statistics need them")?;
        self.require(
            train.epochs + train.steps > 0,
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

    fn check_eval(&self) -> Result<(), RecipeError> {
        let eval = &self.eval;
        let view = eval.view.parse::<TestView>();
        self.require(view.is_ok(), "eval.view", &eval.view, "native, short:N or squash:N")?;
        let suite = Suite::NAMES.contains(&eval.suite.as_str());
        self.require(suite, "eval.suite", &eval.suite, Suite::NAMES.join(" or "))?;
        let fits = eval.suite != "imagenet_c" || eval.view == "squash:224";
        self.require(fits, "eval.view", &eval.view, "squash:224, the only size of suite imagenet_c")?;
        let known = [PAPER_ORDER.as_slice(), EXTRAS.as_slice()].concat();
        for name in eval.corruptions.iter().filter(|name| *name != "all") {
            self.require(
                known.contains(&name.as_str()),
                "eval.corruptions",
                name,
                format!("all, or of {}", known.join(", ")),
            )?;
        }
        for severity in &eval.severities {
            self.require(
                Severity::new(*severity).is_ok(),
                "eval.severities",
                severity,
                "severities of 1 to 5",
            )?;
        }
        let modes = crate::modes::NAMES;
        for mode in &eval.modes {
            self.require(modes.contains(&mode.as_str()), "eval.modes", mode, modes.join(", "))?;
        }
        self.require(!eval.modes.is_empty(), "eval.modes", &eval.modes, "at least one mode")?;
        let scales = !eval.scales.is_empty() && eval.scales.iter().all(|s| (0.1..=4.0).contains(s));
        self.require(scales, "eval.scales", &eval.scales, "numbers in [0.1, 4]")?;
        for record in &eval.records {
            let known = crate::records::NAMES;
            self.require(known.contains(&record.as_str()), "eval.records", record, known.join(", "))?;
        }
        let bins = (1..=1000).contains(&eval.calibration_bins);
        self.require(bins, "eval.calibration_bins", eval.calibration_bins, "1 to 1000")?;
        self.require(eval.moment_blocks > 0, "eval.moment_blocks", eval.moment_blocks, "at least 1")
    }
}
