//! One pixel's probabilities at every temperature of the grid, from few exponentials.

use crate::Probability;
use crate::temperatures::{STEPS, TEMPERATURES, temperature};

/// The exponentials of a pixel's logits at every temperature. They are taken at four temperatures alone: half of a
/// temperature is the square of an exponential.
pub(crate) struct TemperatureGrid {
    probability: Probability,
    temperatures: [f64; TEMPERATURES],
    exponents: Vec<f64>,
    powers: Vec<f64>,
}

/// A pixel at one temperature.
pub(crate) struct AtTemperature<'a> {
    probability: Probability,
    temperature: f64,
    logits: &'a [f64],
    /// A softmax: each logit less the largest one. Sigmoids: -|logit|. Never above 0, so that no power overflows.
    exponents: &'a [f64],
    /// The exponential of each exponent over the temperature.
    powers: &'a [f64],
}

impl TemperatureGrid {
    /// For pixels of `classes` logits.
    pub(crate) fn new(probability: Probability, classes: usize) -> TemperatureGrid {
        TemperatureGrid {
            probability,
            temperatures: std::array::from_fn(temperature),
            exponents: vec![0.0; classes],
            powers: vec![0.0; classes],
        }
    }

    /// Calls `each` with every place of the grid and the pixel there.
    pub(crate) fn each(&mut self, logits: &[f64], mut each: impl FnMut(usize, AtTemperature<'_>)) {
        let TemperatureGrid { probability, temperatures, exponents, powers } = self;
        let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        for (exponent, z) in exponents.iter_mut().zip(logits) {
            *exponent = if *probability == Probability::Softmax { z - largest } else { -z.abs() };
        }
        for first in TEMPERATURES - STEPS..TEMPERATURES {
            for (power, exponent) in powers.iter_mut().zip(&*exponents) {
                *power = (exponent / temperatures[first]).exp();
            }
            for place in (0..=first).rev().step_by(STEPS) {
                let (probability, temperature) = (*probability, temperatures[place]);
                each(place, AtTemperature { probability, temperature, logits, exponents, powers });
                powers.iter_mut().for_each(|power| *power *= *power);
            }
        }
    }
}

impl AtTemperature<'_> {
    /// The probability of the class `predicted`, and the sum over classes of (p_c - y_c)^2 with y the one-hot `truth`.
    pub(crate) fn confidence_and_squares(&self, truth: usize, predicted: usize) -> [f64; 2] {
        let [confidence, true_one, squares] = match self.probability {
            Probability::Softmax => {
                let add = |(sum, squares), power: &f64| (sum + power, squares + power * power);
                let (sum, squares): (f64, f64) = self.powers.iter().fold((0.0, 0.0), add);
                [self.powers[predicted] / sum, self.powers[truth] / sum, squares / (sum * sum)]
            }
            Probability::Sigmoid => {
                let of = |z: f64, power: f64| if z >= 0.0 { 1.0 } else { power } / (1.0 + power);
                let class = |class: usize| of(self.logits[class], self.powers[class]);
                let all = self.logits.iter().zip(self.powers).map(|(z, power)| of(*z, *power));
                [class(predicted), class(truth), all.map(|p| p * p).sum()]
            }
        };
        [confidence, squares - 2.0 * true_one + 1.0]
    }

    /// The negative log-likelihood of the class `truth`, in nats.
    pub(crate) fn loss(&self, truth: usize) -> f64 {
        match self.probability {
            Probability::Softmax => {
                self.powers.iter().sum::<f64>().ln() - self.exponents[truth] / self.temperature
            }
            // -ln sigmoid(z) of the true class and -ln sigmoid(-z) of the others, each the positive part of its argument and
            // ln(1 + power). At most 255 factors of at most 2: the product does not overflow.
            Probability::Sigmoid => {
                let argument = |(class, z): (usize, &f64)| if class == truth { -z } else { *z };
                let positive: f64 = self.logits.iter().enumerate().map(|one| argument(one).max(0.0)).sum();
                let product: f64 = self.powers.iter().map(|power| 1.0 + power).product();
                positive / self.temperature + product.ln()
            }
        }
    }
}
