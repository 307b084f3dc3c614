//! `models.network`: the architecture of a model that comes from a file, by name or by its settings.

use scribe_base::digest::sha256_hex;
use scribe_base::nearest::did_you_mean;
use scribe_model::DeepLabConfig;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;
use std::str::FromStr;

/// The architecture of one model.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum NetworkSetting {
    /// A known one.
    Name(NetworkName),
    /// The keys of `[model]`.
    Settings(DeepLabConfig),
}

/// An architecture that has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NetworkName {
    /// torchvision's `deeplabv3_resnet50`.
    Torchvision,
}

impl NetworkName {
    const NAMES: [&str; 1] = ["torchvision"];
}

impl FromStr for NetworkName {
    type Err = String;

    fn from_str(name: &str) -> Result<NetworkName, String> {
        match name {
            "torchvision" => Ok(NetworkName::Torchvision),
            _ => Err(format!(
                "{}expected torchvision, which is its deeplabv3_resnet50",
                did_you_mean(name, NetworkName::NAMES)
            )),
        }
    }
}

impl NetworkSetting {
    /// The architecture itself.
    pub(super) fn config(&self) -> DeepLabConfig {
        match self {
            NetworkSetting::Name(NetworkName::Torchvision) => DeepLabConfig::torchvision(),
            NetworkSetting::Settings(config) => config.clone(),
        }
    }

    /// The first digits of a SHA-256 over the architecture.
    pub(super) fn digest(&self) -> String {
        let config = serde_json::to_string(&self.config()).expect("plain values");
        let mut digest = sha256_hex(config);
        digest.truncate(16);
        digest
    }
}

impl<'de> Deserialize<'de> for NetworkSetting {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<NetworkSetting, D::Error> {
        deserializer.deserialize_any(NameOrSettings)
    }
}

/// Tells a name from a table, so that an error within the table is that of its key.
struct NameOrSettings;

impl<'de> Visitor<'de> for NameOrSettings {
    type Value = NetworkSetting;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"torchvision\", or a table with the keys of [model]")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<NetworkSetting, E> {
        let unknown = |_| E::unknown_variant(name, &NetworkName::NAMES);
        name.parse().map(NetworkSetting::Name).map_err(unknown)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<NetworkSetting, A::Error> {
        DeepLabConfig::deserialize(MapAccessDeserializer::new(map)).map(NetworkSetting::Settings)
    }
}
