//! `set.json`: what decides the bytes of a corrupted set.

use super::CorruptSet;
use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The version of the folder's format; 1 held no clean pictures.
const FORMAT: u32 = 2;

/// The settings, in the order of the file; FORMAT.md documents each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    pub format: u32,
    pub created_by: String,
    pub suite: String,
    pub corruptions: Vec<Member>,
    pub severities: Vec<u8>,
    pub frost_source: String,
    pub master_seed: u64,
    pub view: String,
    pub split: String,
    pub png: String,
    pub pictures: usize,
}

/// One corruption.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Member {
    pub name: String,
    pub implementation: String,
}

impl Settings {
    pub fn of(set: &CorruptSet<'_>) -> anyhow::Result<Settings> {
        let shown = set.shown;
        let member = |name: &String| {
            let implementation = shown.suite.get(name)?.implementation().to_owned();
            Ok(Member { name: name.clone(), implementation })
        };
        Ok(Settings {
            format: FORMAT,
            created_by: format!("scribe {}", env!("CARGO_PKG_VERSION")),
            suite: shown.suite.name().to_owned(),
            corruptions: shown.corruptions.iter().map(member).collect::<anyhow::Result<_>>()?,
            severities: shown.severities.iter().map(|s| s.get()).collect(),
            frost_source: shown.suite.frost_source().to_owned(),
            master_seed: shown.master_seed,
            view: shown.view.to_string(),
            split: set.split_name.to_owned(),
            png: "fast, adaptive filters".to_owned(),
            pictures: set.pictures,
        })
    }

    /// The settings of a folder.
    pub fn read(path: &Path) -> anyhow::Result<Settings> {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("{}: cannot be read", path.display()))?;
        let settings: Settings = serde_json::from_str(&text)
            .with_context(|| format!("{}: not the settings of a corrupted set", path.display()))?;
        if settings.format != FORMAT {
            bail!(
                "{}: format is {} (expected {FORMAT}, which holds the clean pictures too; make the set anew in another \
                 folder)",
                path.display(),
                settings.format
            );
        }
        Ok(settings)
    }

    /// The bytes of the file.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).expect("plain data") + "\n"
    }

    /// Conditions a picture, clean among them.
    pub fn conditions(&self) -> usize {
        1 + self.corruptions.len() * self.severities.len()
    }

    /// Each picture's conditions in the manifest's order.
    pub fn each_condition(&self) -> impl Iterator<Item = (&str, u8)> {
        let corrupted =
            self.corruptions.iter().flat_map(|c| self.severities.iter().map(|&s| (c.name.as_str(), s)));
        std::iter::once((CLEAN, 0)).chain(corrupted)
    }

    /// Refuses to go on with other settings, and names the first that differs. More pictures than before may be asked for.
    pub fn check_continues(&self, found: &Settings, path: &Path) -> anyhow::Result<()> {
        let value = |settings: &Settings| serde_json::to_value(settings).expect("plain data");
        let (wanted, found_values) = (value(self), value(found));
        let differs = |key: &&str| wanted[*key] != found_values[*key];
        let keys = [
            "format",
            "created_by",
            "suite",
            "corruptions",
            "severities",
            "frost_source",
            "master_seed",
            "view",
            "split",
            "png",
        ];
        if let Some(key) = keys.into_iter().find(differs) {
            bail!(
                "{}: {key} is {}, now {} is asked for (expected the same settings; another folder takes others)",
                path.display(),
                found_values[key],
                wanted[key]
            );
        }
        if self.pictures < found.pictures {
            bail!(
                "{}: pictures is {}, now {} is asked for (expected at least as many)",
                path.display(),
                found.pictures,
                self.pictures
            );
        }
        Ok(())
    }
}

/// The clean pictures' name among the corruptions; their severity is 0.
pub(super) const CLEAN: &str = "clean";

/// Where one picture lies within the folder.
pub(super) fn file(corruption: &str, severity: u8, id: &str) -> PathBuf {
    PathBuf::from(corruption).join(severity.to_string()).join(format!("{id}.png"))
}
