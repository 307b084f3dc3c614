//! How large a corrupted set will be, estimated before it is written.

use crate::folder::Folder;
use crate::make::Maker;
use crate::{Error, Result};
use rayon::prelude::*;
use std::path::Path;

/// Images that are measured, at most.
const MEASURED: usize = 3;

/// What is left to write, and the room for it.
#[derive(Clone, Debug)]
pub struct Forecast {
    /// Images of the split that are left, each to be made under every condition.
    pub images: usize,
    /// Conditions of each image, clean among them.
    pub conditions: usize,
    /// Bytes that they will take, estimated.
    pub bytes: u64,
    /// On how many images the estimate was measured.
    pub measured: usize,
    /// Free bytes on the folder's file system.
    pub free: u64,
}

impl Forecast {
    /// Estimates from the images that are there, or from a few that are made and thrown away.
    pub(crate) fn new(maker: &Maker<'_>, folder: &Folder, todo: &[usize]) -> Result<Forecast> {
        let set = maker.set;
        let done = set.images - todo.len();
        let (mean, measured) = match folder.mean_bytes() {
            Some(mean) if done >= MEASURED || todo.is_empty() => (mean, done),
            _ => {
                let some = MEASURED.min(todo.len().div_ceil(10));
                // From the middles of equal parts of the list: neighbours in a list may be alike.
                let index = |k: usize| todo[(2 * k + 1) * todo.len() / (2 * some)];
                let sizes = (0..some).into_par_iter().map(|k| maker.measure(&set.split.ids()[index(k)]));
                let sizes: Vec<u64> = sizes.collect::<Result<_>>()?;
                (sizes.iter().sum::<u64>() as f64 / some as f64, some)
            }
        };
        let free = fs4::available_space(maker.out).map_err(Error::read(maker.out))?;
        Ok(Forecast {
            images: todo.len(),
            conditions: folder.conditions(),
            bytes: (mean * todo.len() as f64) as u64,
            measured,
            free,
        })
    }

    /// Refuses what will not fit.
    pub(crate) fn check(&self, out: &Path) -> Result<()> {
        if self.bytes > self.free {
            return Err(Error::Room { path: out.to_owned(), needed: self.bytes, free: self.free });
        }
        Ok(())
    }
}
