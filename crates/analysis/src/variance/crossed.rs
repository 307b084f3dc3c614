//! Variance components of a balanced crossed layout, by the analysis of variance.

/// The three factors, as bits of a set of factors.
const PICTURES: usize = 1;
const TRAININGS: usize = 2;
const DRAWS: usize = 4;

/// One value for each picture, training and draw: `values[(p * trainings + t) * draws + d]`.
#[derive(Debug, Clone)]
pub(crate) struct Crossed {
    /// How many pictures, trainings and draws.
    pub(crate) levels: [usize; 3],
    /// The values.
    pub(crate) values: Vec<f64>,
}

/// The variance of the mean of all values, split by where it comes from; each is at least 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Parts {
    /// The pictures.
    pub(crate) pictures: f64,
    /// The draws, alone and with the pictures; `None` with one draw.
    pub(crate) draws: Option<f64>,
    /// The trainings, alone and with the pictures; `None` with one training.
    pub(crate) trainings: Option<f64>,
    /// Trainings and draws together, alone and with the pictures; `None` unless there are several of both.
    pub(crate) both: Option<f64>,
    /// What the draws alone give a mean of all pictures and trainings under a single draw; `None` with one draw.
    pub(crate) one_draw: Option<f64>,
}

impl Parts {
    /// The sum of the parts.
    pub(crate) fn total(&self) -> f64 {
        let further = [self.draws, self.trainings, self.both];
        self.pictures + further.into_iter().flatten().sum::<f64>()
    }
}

impl Crossed {
    /// The differences of two layouts, value by value; `None` where their levels differ.
    pub(crate) fn minus(&self, other: &Crossed) -> Option<Crossed> {
        let values = self.values.iter().zip(&other.values).map(|(x, y)| x - y).collect();
        (self.levels == other.levels).then_some(Crossed { levels: self.levels, values })
    }

    /// The split. `None` for fewer than two pictures.
    ///
    /// The components are those of the random-effects model with all interactions (Searle, Casella and McCulloch 1992,
    /// chapter 4; Brennan 2001, section 3.2), estimated from mean squares; negative ones count as 0.
    pub(crate) fn split(&self) -> Option<Parts> {
        let [pictures, trainings, draws] = self.levels;
        if pictures < 2 {
            return None;
        }
        let part = |sets: [usize; 2]| sets.into_iter().map(|set| self.of_mean(set)).sum::<f64>();
        let of_draws = (draws > 1).then(|| part([DRAWS, DRAWS | PICTURES]));
        Some(Parts {
            pictures: self.of_mean(PICTURES),
            draws: of_draws,
            trainings: (trainings > 1).then(|| part([TRAININGS, TRAININGS | PICTURES])),
            both: (draws > 1 && trainings > 1)
                .then(|| part([TRAININGS | DRAWS, PICTURES | TRAININGS | DRAWS])),
            one_draw: of_draws.map(|part| part * draws as f64),
        })
    }

    /// What the component of a set of factors gives the variance of the mean: divided by how often it is averaged.
    fn of_mean(&self, set: usize) -> f64 {
        self.component(set).max(0.0) / self.product(set) as f64
    }

    /// The variance component of a set of factors, each with at least two levels.
    fn component(&self, set: usize) -> f64 {
        let varying = (0..3).filter(|f| self.levels[*f] > 1).map(|f| 1 << f).sum::<usize>();
        let sum: f64 = (0..8usize)
            .filter(|all| all & set == set && all & !varying == 0)
            .map(|all| sign(all ^ set) * self.mean_square(all))
            .sum();
        sum / self.product(varying & !set) as f64
    }

    /// The mean square of a set of factors.
    fn mean_square(&self, set: usize) -> f64 {
        let squares: f64 = (0..8usize)
            .filter(|part| part & !set == 0)
            .map(|part| sign(part ^ set) * self.uncorrected_squares(part))
            .sum();
        let freedom: usize = (0..3).filter(|f| set >> f & 1 == 1).map(|f| self.levels[f] - 1).product();
        squares / freedom as f64
    }

    /// The sum over all values of the squared mean of those that share their levels of these factors, about the mean of all.
    fn uncorrected_squares(&self, set: usize) -> f64 {
        let [_, trainings, draws] = self.levels;
        let centre = self.values.iter().sum::<f64>() / self.values.len() as f64;
        let mut sums = vec![0.0; self.product(set)];
        for (place, value) in self.values.iter().enumerate() {
            let at = [place / (trainings * draws), place / draws % trainings, place % draws];
            let cell = (0..3).filter(|f| set >> f & 1 == 1).fold(0, |cell, f| cell * self.levels[f] + at[f]);
            sums[cell] += value - centre;
        }
        sums.iter().map(|sum| sum * sum).sum::<f64>() * sums.len() as f64 / self.values.len() as f64
    }

    /// The product of the levels of a set of factors.
    fn product(&self, set: usize) -> usize {
        (0..3).filter(|f| set >> f & 1 == 1).map(|f| self.levels[f]).product()
    }
}

/// 1 for an even number of factors, else -1.
fn sign(set: usize) -> f64 {
    if set.count_ones().is_multiple_of(2) { 1.0 } else { -1.0 }
}
