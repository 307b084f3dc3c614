//! The "poly" schedule: the learning rate falls to 0 as a power of the remaining time.

use serde::{Deserialize, Serialize};

/// When the learning rate changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// After each epoch, as in the authors' notebook.
    Epoch,
    /// After each step, as in DeepLab's own code.
    Step,
}

/// `lr(t) = start * (1 - t / T)^power`, with `t` counted in epochs or in steps.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Poly {
    /// The exponent; 0.9 in DeepLab and in the authors' notebook.
    pub power: f64,
    /// The unit of time.
    pub per: Per,
}

impl Poly {
    /// The factor in `[0, 1]` on the starting rate at `step` (from 0) of `steps`, with epochs of `epoch_steps` steps.
    pub fn factor(&self, step: u64, steps: u64, epoch_steps: u64) -> f64 {
        let (time, total) = match self.per {
            Per::Step => (step, steps),
            Per::Epoch => (step / epoch_steps.max(1), steps.div_ceil(epoch_steps.max(1))),
        };
        (1.0 - time as f64 / total.max(1) as f64).max(0.0).powf(self.power)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_at_one_and_falls_to_nearly_zero() {
        let poly = Poly { power: 0.9, per: Per::Step };
        assert_eq!(poly.factor(0, 100, 10), 1.0);
        assert!((poly.factor(50, 100, 10) - 0.5f64.powf(0.9)).abs() < 1e-15);
        assert!(poly.factor(99, 100, 10) < 0.02);
    }

    #[test]
    fn per_epoch_holds_the_rate_within_an_epoch() {
        let poly = Poly { power: 0.9, per: Per::Epoch };
        assert_eq!(poly.factor(0, 100, 10), poly.factor(9, 100, 10));
        assert!((poly.factor(10, 100, 10) - 0.9f64.powf(0.9)).abs() < 1e-15);
    }
}
