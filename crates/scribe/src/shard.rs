//! The shards of an evaluation: what each of several machines does of it.

use anyhow::{Context, bail};
use scribe_records::in_shard;
use std::fmt;
use std::path::Path;
use std::str::FromStr;

/// Shard `index` (from 1) of `count`. Whole blocks of images stay together, because their moments are added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    index: u32,
    count: u32,
}

impl Shard {
    /// Whether an image belongs to this shard, where images are divided into `blocks` blocks.
    pub fn has(&self, image_id: &str, blocks: u32) -> bool {
        in_shard(image_id, blocks, self.index - 1, self.count)
    }

    /// Refuses more shards than there are blocks, because some would have nothing to do.
    ///
    /// # Errors
    /// Names both numbers and the recipe's key.
    pub fn check(&self, blocks: u32) -> anyhow::Result<()> {
        if self.count > blocks {
            bail!(
                "--shard {self}: there are more shards than blocks of images (eval.moment_blocks = {blocks}); \
                 expected at most {blocks} shards, or more blocks for the whole run"
            );
        }
        Ok(())
    }

    /// The file name of its store.
    pub fn file_name(&self) -> String {
        format!("{}-of-{}.sqlite", self.index, self.count)
    }

    /// The shard whose store has this file name.
    pub(crate) fn of_file(path: &Path) -> Option<Shard> {
        let (index, count) = path.file_stem()?.to_str()?.split_once("-of-")?;
        format!("{index}/{count}").parse().ok()
    }

    /// How many shards there are.
    pub(crate) fn count(&self) -> u32 {
        self.count
    }

    /// Every shard of the same division.
    pub(crate) fn all(&self) -> impl Iterator<Item = Shard> {
        let count = self.count;
        (1..=count).map(move |index| Shard { index, count })
    }
}

impl FromStr for Shard {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Shard> {
        let parts = text.split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
        let (index, count) = parts.context("expected I/N, for example 3/16")?;
        if index < 1 || index > count {
            bail!("expected I from 1 to N in I/N");
        }
        let shard = Shard { index, count };
        if shard.to_string() != text {
            bail!("expected {shard}: digits alone, and none of them a zero in front");
        }
        Ok(shard)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_counted_from_one() {
        assert_eq!("3/16".parse::<Shard>().unwrap().to_string(), "3/16");
        for wrong in
            ["", "3", "0/4", "5/4", "a/b", "1/0", "-1/2", "1/+2", "+1/2", "01/2", "1/02", "1/2 ", " 1/2"]
        {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_image_belongs_to_one_shard() {
        for image in ["2007_000033", "2007_000042", "a", "b"] {
            let homes = (1..=3).filter(|i| format!("{i}/3").parse::<Shard>().unwrap().has(image, 16)).count();
            assert_eq!(homes, 1);
        }
    }
}
