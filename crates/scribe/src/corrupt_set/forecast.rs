//! How large a corrupted set will be, said before it is written.

use super::folder::Folder;
use super::make::Maker;
use anyhow::{Context, bail};
use rayon::prelude::*;
use scribe_base::human::size;
use std::path::Path;

/// Pictures that are measured, at most.
const MEASURED: usize = 3;

/// What is left to write, and where it has to fit.
#[derive(Clone, Debug)]
pub struct Forecast {
    /// Pictures of the split that are left, each to be made under every condition.
    pub pictures: usize,
    /// Conditions, clean among them.
    pub conditions: usize,
    /// Bytes that they will take, estimated.
    pub bytes: u64,
    /// Over how many pictures the estimate was measured.
    pub measured: usize,
    /// Free bytes where the folder lies.
    pub free: u64,
}

impl Forecast {
    /// From the pictures that are there, or from a few that are made and thrown away.
    pub(super) fn new(maker: &Maker<'_>, folder: &Folder, todo: &[usize]) -> anyhow::Result<Forecast> {
        let set = maker.set;
        let done = set.pictures - todo.len();
        let (mean, measured) = match folder.mean_bytes() {
            Some(mean) if done >= MEASURED || todo.is_empty() => (mean, done),
            _ => {
                let some = MEASURED.min(todo.len().div_ceil(10));
                // From the middles of equal parts of the list: neighbours in a list may be alike.
                let index = |k: usize| todo[(2 * k + 1) * todo.len() / (2 * some)];
                let sizes = (0..some).into_par_iter().map(|k| maker.measure(&set.split.ids()[index(k)]));
                let sizes: Vec<u64> = sizes.collect::<anyhow::Result<_>>()?;
                (sizes.iter().sum::<u64>() as f64 / some as f64, some)
            }
        };
        let free = fs4::available_space(maker.out).with_context(|| maker.out.display().to_string())?;
        Ok(Forecast {
            pictures: todo.len(),
            conditions: folder.conditions(),
            bytes: (mean * todo.len() as f64) as u64,
            measured,
            free,
        })
    }

    /// Refuses what will not fit.
    pub(super) fn check(&self, out: &Path) -> anyhow::Result<()> {
        if self.bytes > self.free {
            bail!(
                "{}: about {} are needed and {} are free (expected room; --limit, --corruptions and --severities make less)",
                out.display(),
                size(self.bytes),
                size(self.free)
            );
        }
        Ok(())
    }
}
