//! Stands for stochastic gradient descent.

use super::unavailable;
use crate::ops::SgdTurn;
use candle_core::Result;

pub(in crate::ops) fn update(_turns: &[SgdTurn<'_>], _momentum: f64, _weight_decay: f64) -> Result<()> {
    unavailable()
}
