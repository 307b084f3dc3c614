//! Checks `[data]`.

use super::known_classes::check_map;
use super::{Recipe, RecipeError, TrainSetName};
use scribe_dataset::{ClassMap, Classes, Limits};
use scribe_model::ObjectiveConfig;
use scribe_model::ops::VoidRule;
use std::fmt;

/// What a message shows of a key that the recipe does not have.
const NOT_SET: Shown = Shown("(not set)");

/// A text that messages show without quotation marks, because the recipe does not hold it.
struct Shown(&'static str);

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Recipe {
    /// Checks every value of `[data]`, and returns the classes: those of the data set, and those that are scored.
    pub(super) fn check_data(&self) -> Result<[Classes; 2], RecipeError> {
        let most = self.data.max_pixels.unwrap_or(Limits::DEFAULT_PIXELS);
        self.require(most > 0, "data.max_pixels", most, "at least 1")?;
        self.check_lists()?;
        self.check_synthetic()?;
        let [base, classes] = self.classes()?;
        self.check_background(&classes)?;
        self.check_records(&classes)?;
        Ok([base, classes])
    }

    /// The classes that the recipe names, and what its map makes of them, with its background.
    fn classes(&self) -> Result<[Classes; 2], RecipeError> {
        let named = |error| RecipeError::Classes { recipe: self.name.clone(), source: Box::new(error) };
        let base = match &self.data.classes {
            Some(setting) => setting.classes().map_err(named)?,
            None => (*Classes::voc()).clone(),
        };
        let mut classes = base.clone();
        if let Some(map) = &self.data.map {
            let map = ClassMap::parse(map, "data.map").map_err(|error| named(error.into()))?;
            check_map(&map, &base, &self.models).map_err(named)?;
            classes = base.mapped(&map).map_err(|error| named(error.into()))?;
        }
        match &self.data.background {
            Some(name) => {
                let with = |classes: &Classes| classes.with_background(name);
                let scored = with(&classes).map_err(|error| named(error.into()))?;
                // A model without classes of its own knows those of the data set, in the order with this background.
                Ok([with(&base).unwrap_or(base), scored])
            }
            None => Ok([base, classes]),
        }
    }

    /// Either VOC's layout is named, or templates are.
    fn check_lists(&self) -> Result<(), RecipeError> {
        let data = &self.data;
        for (section, files) in [("data.train", &data.train), ("data.val", &data.val)] {
            let layout = files.as_ref().map(|files| files.layout()).transpose();
            layout.map_err(|source| RecipeError::Files {
                recipe: self.name.clone(),
                section,
                source: Box::new(source),
            })?;
        }
        let of_voc = "the training list and the label folder of VOC's layout, or the section [data.val]";
        if data.train.is_none() && data.val.is_none() {
            self.require(data.train_set.is_some(), "data.train_set", NOT_SET, of_voc)?;
            return self.require(data.labels.is_some(), "data.labels", NOT_SET, of_voc);
        }
        let expected = "nothing where [data.train] or [data.val] says where the files are";
        self.require(data.train_set.is_none(), "data.train_set", data.train_set, expected)?;
        self.require(data.labels.is_none(), "data.labels", data.labels, expected)?;
        let expected = "pictures to test on: the section [data.val]";
        self.require(data.val.is_some(), "data.val", NOT_SET, expected)
    }

    fn check_synthetic(&self) -> Result<(), RecipeError> {
        let Some(drawn) = &self.data.synthetic else {
            let real = self.data.train_set != Some(TrainSetName::Synthetic);
            return self.require(real, "data.synthetic", NOT_SET, "the section [data.synthetic]");
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

    /// END compares the background with the other classes.
    fn check_records(&self, classes: &Classes) -> Result<(), RecipeError> {
        let end = self.eval.records.iter().any(|record| record == "non_distinctiveness");
        let expected = "no non_distinctiveness, which compares a background with the other classes: none of the classes \
                        is one (data.background names it)";
        self.require(classes.has_background() || !end, "eval.records", &self.eval.records, expected)
    }

    /// IBE and SCrIBE build the logit of a background from those of the other classes, and pixels that do not count can
    /// only be taught as a background that is there.
    fn check_background(&self, classes: &Classes) -> Result<(), RecipeError> {
        let needs_one = |config: &ObjectiveConfig| match *config {
            ObjectiveConfig::Softmax { void } => void == VoidRule::Background,
            ObjectiveConfig::Ibe { .. } | ObjectiveConfig::Scribe { .. } => true,
        };
        let Some(model) = self.models.iter().find(|model| needs_one(&model.objective)) else { return Ok(()) };
        let names: Vec<&str> = classes.names().take(3).collect();
        let expected = format!(
            "a background class, which the objective of model `{}` needs: data.background = one of the classes ({}, ...), \
             or \"unlabelled\", which makes a class of the ignored values; softmax with void = \"ignore\" needs none",
            model.id,
            names.join(", ")
        );
        self.require(classes.has_background(), "data.background", NOT_SET, expected)
    }
}
