//! `set.json`: the settings that decide the bytes of a corrupted set.

use crate::given::GivenPictures;
use crate::set::CorruptSet;
use crate::usual::{is_usual, usual};
use crate::{Error, Result};
use scribe_base::text_file;
use scribe_corruptions::ChannelOrder;
use scribe_dataset::CorruptionPlace;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The name of the file with a set's settings, in the set's folder.
pub const SETTINGS: &str = "set.json";

/// The version of the folder's format; 1 held no clean images.
const FORMAT: u32 = 2;

/// The settings, in the order of the file; FORMAT.md documents each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) format: u32,
    pub(crate) created_by: String,
    pub(crate) suite: String,
    pub(crate) corruptions: Vec<Member>,
    pub(crate) severities: Vec<u8>,
    /// Conditions whose pictures are given; none where the file does not say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) given: Vec<GivenMember>,
    pub(crate) frost_source: String,
    pub(crate) master_seed: u64,
    pub(crate) view: String,
    /// `rgb` where the file does not say.
    #[serde(default = "usual::<ChannelOrder>", skip_serializing_if = "is_usual::<ChannelOrder>")]
    pub(crate) channel_order: String,
    /// `after_view` where the file does not say.
    #[serde(default = "usual::<CorruptionPlace>", skip_serializing_if = "is_usual::<CorruptionPlace>")]
    pub(crate) corrupt: String,
    pub(crate) split: String,
    pub(crate) png: String,
    pub(crate) pictures: usize,
}

/// One corruption.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) implementation: String,
}

/// One condition whose pictures are given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GivenMember {
    pub(crate) name: String,
    pub(crate) severity: u8,
}

impl Settings {
    /// The settings of this set.
    pub(crate) fn new(set: &CorruptSet<'_>) -> Result<Settings> {
        let shown = &set.protocol;
        let member = |name: &String| {
            let implementation = shown.suite.get(name)?.implementation().to_owned();
            Ok(Member { name: name.clone(), implementation })
        };
        Ok(Settings {
            format: FORMAT,
            created_by: format!("scribe {}", env!("CARGO_PKG_VERSION")),
            suite: shown.suite.name().to_owned(),
            corruptions: shown.corruptions.iter().map(member).collect::<Result<_>>()?,
            severities: shown.severities.iter().map(|s| s.get()).collect(),
            given: set.given.iter().map(GivenMember::new).collect(),
            frost_source: shown.suite.frost_source().to_owned(),
            master_seed: shown.master_seed,
            view: shown.view.to_string(),
            channel_order: shown.suite.channel_order().to_string(),
            corrupt: shown.corruption_place.to_string(),
            split: set.split_name.to_owned(),
            png: "fast, adaptive filters".to_owned(),
            pictures: set.images,
        })
    }

    /// The settings of a folder.
    pub(crate) fn read(path: &Path) -> Result<Settings> {
        let text = text_file::read(path, text_file::DESCRIPTION).map_err(|source| match source.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => Error::NoSet { path: path.to_owned() },
            _ => Error::read(path)(source),
        })?;
        let settings: Settings = serde_json::from_str(&text)
            .map_err(|source| Error::Settings { path: path.to_owned(), source })?;
        match settings.format {
            FORMAT => Ok(settings),
            found => Err(Error::Format { path: path.to_owned(), found, expected: FORMAT }),
        }
    }

    /// The bytes of the file.
    pub(crate) fn json(&self) -> String {
        serde_json::to_string_pretty(self).expect("plain data") + "\n"
    }

    /// Conditions of each image, clean among them.
    pub(crate) fn conditions(&self) -> usize {
        let corrupted = self.corruptions.len().saturating_mul(self.severities.len());
        corrupted.saturating_add(1 + self.given.len())
    }

    /// Each image's conditions in the manifest's order.
    pub(crate) fn each_condition(&self) -> impl Iterator<Item = (&str, u8)> {
        let corrupted =
            self.corruptions.iter().flat_map(|c| self.severities.iter().map(|&s| (c.name.as_str(), s)));
        let given = self.given.iter().map(|given| (given.name.as_str(), given.severity));
        std::iter::once((CLEAN, 0)).chain(corrupted).chain(given)
    }

    /// Refuses to continue a set with other settings, and names the first that differs. The number of pictures may be
    /// another ([`Settings::check_pictures`]).
    pub(crate) fn check_continues(&self, found: &Settings, path: &Path) -> Result<()> {
        // What is left out of the file is compared too.
        let value = |settings: &Settings| {
            let mut value = serde_json::to_value(settings).expect("plain data");
            value["channel_order"] = Value::from(settings.channel_order.as_str());
            value["corrupt"] = Value::from(settings.corrupt.as_str());
            value["given"] = serde_json::to_value(&settings.given).expect("plain data");
            value
        };
        let (wanted, found_values) = (value(self), value(found));
        let differs = |key: &&str| wanted[*key] != found_values[*key];
        let keys = [
            "format",
            "created_by",
            "suite",
            "corruptions",
            "severities",
            "given",
            "frost_source",
            "master_seed",
            "view",
            "channel_order",
            "corrupt",
            "split",
            "png",
        ];
        match keys.into_iter().find(differs) {
            None => Ok(()),
            Some(key) => {
                let expected = "the same settings; another folder takes others";
                Err(other(path, key, (&found_values[key], &wanted[key]), expected))
            }
        }
    }

    /// Refuses a set that holds more pictures than are asked for. Of those that were asked for before but not made,
    /// fewer may be asked for now: a damaged picture may have been taken out.
    pub(crate) fn check_pictures(&self, made: usize, path: &Path) -> Result<()> {
        if made <= self.pictures {
            return Ok(());
        }
        let values = (&Value::from(made), &Value::from(self.pictures));
        Err(other(path, "pictures", values, "at least as many as are made"))
    }
}

impl GivenMember {
    fn new(given: &GivenPictures<'_>) -> GivenMember {
        let (name, severity) = given.condition.clone();
        GivenMember { name, severity }
    }
}

fn other(path: &Path, key: &'static str, values: (&Value, &Value), expected: &'static str) -> Error {
    let (found, wanted) = (shown(values.0), shown(values.1));
    Error::OtherSettings { path: path.to_owned(), key, found, wanted, expected }
}

/// A setting as a sentence shows it: names without quotation marks, lists with commas.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        Value::Object(member) => {
            let text = |key: &str| member.get(key).map_or_else(String::new, shown);
            match member.get("severity") {
                Some(severity) => format!("{}:{severity}", text("name")),
                None => format!("{} ({})", text("name"), text("implementation")),
            }
        }
        other => other.to_string(),
    }
}

/// The clean images' name among the corruptions; their severity is 0.
pub(crate) const CLEAN: &str = "clean";

/// The path of one image within the folder.
pub(crate) fn file(corruption: &str, severity: u8, id: &str) -> PathBuf {
    PathBuf::from(corruption).join(severity.to_string()).join(format!("{id}.png"))
}
