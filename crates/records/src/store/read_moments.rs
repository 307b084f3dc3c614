//! Reads logit moments, cross-moments and temperature sweeps, over all images or by blocks of images.
//!
//! Cross-moments are sums of products of clean and corrupted logits at the same pixel ([`CrossMoments`]).
//! [`crate::Manifest::moment_blocks`] is the number of blocks; [`Store::moment_blocks`] reads them.

use super::{Store, SumBlock};
use crate::{Condition, CrossMoments, LogitMoments, Result, Series, TemperatureSweeps};

/// The moments of one block of images.
pub type MomentBlock = SumBlock<LogitMoments>;

/// The cross-moments of one block of images.
pub type CrossBlock = SumBlock<CrossMoments>;

/// The temperature sweeps of one block of images.
pub type SweepBlock = SumBlock<TemperatureSweeps>;

impl Store {
    /// The moments of one series under one condition over all images; `None` if there are none.
    ///
    /// # Errors
    /// The store cannot be read, or what it holds is damaged.
    pub fn moments(&self, series: &Series, condition: &Condition) -> Result<Option<LogitMoments>> {
        self.sum_of_blocks(series, condition)
    }

    /// The moments by blocks of images, ascending; blocks without images are left out.
    ///
    /// # Errors
    /// The store cannot be read, or what it holds is damaged.
    pub fn moment_blocks(&self, series: &Series, condition: &Condition) -> Result<Vec<MomentBlock>> {
        self.blocks(series, condition)
    }

    /// Every series and condition that has moments, in the manifest's order of series and conditions.
    ///
    /// # Errors
    /// The store cannot be read, or what it holds is damaged.
    pub fn moment_keys(&self) -> Result<Vec<(Series, Condition)>> {
        self.block_keys::<LogitMoments>()
    }

    /// The cross-moments of clean logits and logits under `condition` over all images; `None` if there are none.
    ///
    /// # Errors
    /// The store cannot be read, or what it holds is damaged.
    pub fn cross_moments(&self, series: &Series, condition: &Condition) -> Result<Option<CrossMoments>> {
        self.sum_of_blocks(series, condition)
    }

    /// The cross-moments by blocks of images, ascending; blocks without images are left out.
    ///
    /// # Errors
    /// The store cannot be read, or what it holds is damaged.
    pub fn cross_blocks(&self, series: &Series, condition: &Condition) -> Result<Vec<CrossBlock>> {
        self.blocks(series, condition)
    }

    /// Every series and condition that has cross-moments, in the manifest's order of series and conditions.
    ///
    /// # Errors
    /// The store cannot be read, or what it holds is damaged.
    pub fn cross_keys(&self) -> Result<Vec<(Series, Condition)>> {
        self.block_keys::<CrossMoments>()
    }

    /// The temperature sweeps by blocks of images, ascending; blocks without images are left out.
    ///
    /// # Errors
    /// The store cannot be read, or what it holds is damaged.
    pub fn sweep_blocks(&self, series: &Series, condition: &Condition) -> Result<Vec<SweepBlock>> {
        self.blocks(series, condition)
    }

    /// Every series and condition that has temperature sweeps, in the manifest's order of series and conditions.
    ///
    /// # Errors
    /// The store cannot be read, or what it holds is damaged.
    pub fn sweep_keys(&self) -> Result<Vec<(Series, Condition)>> {
        self.block_keys::<TemperatureSweeps>()
    }
}
