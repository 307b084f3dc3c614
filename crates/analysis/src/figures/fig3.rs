//! Figure 3: autocorrelation of the logits where one class is predicted, per model.

use super::{clean_moments, seeds_shown};
use crate::correlation::{Centering, autocorrelation, mean_off_diagonal};
use crate::view::View;
use nalgebra::DMatrix;
use scribe_records::{LogitMoments, MomentDetail};

/// The matrices of one model.
#[derive(Debug, Clone)]
pub(crate) struct Matrices {
    /// The model's name.
    pub(crate) model: String,
    /// The training seed that is shown, where the model has several.
    pub(crate) seed: Option<u64>,
    /// How many pixels were predicted as the class.
    pub(crate) pixels: u64,
    /// Second moment about zero over its diagonal, as the authors' code; `None` when the class was never predicted.
    pub(crate) uncentred: Option<DMatrix<f64>>,
    /// Pearson's correlation; `None` when the class was never predicted.
    pub(crate) centred: Option<DMatrix<f64>>,
}

impl Matrices {
    /// The matrix of one kind.
    pub(crate) fn of(&self, centering: Centering) -> Option<&DMatrix<f64>> {
        match centering {
            Centering::Uncentred => self.uncentred.as_ref(),
            Centering::Centred => self.centred.as_ref(),
        }
    }

    /// Mean absolute value off the diagonal.
    pub(crate) fn off_diagonal(&self, centering: Centering) -> Option<f64> {
        mean_off_diagonal(self.of(centering)?)
    }
}

/// Figure 3 as data.
#[derive(Debug, Clone)]
pub(crate) struct Fig3 {
    /// The class whose predicted pixels are shown.
    pub(crate) class: usize,
    /// Its name.
    pub(crate) class_name: String,
    /// The channels' names, background first.
    pub(crate) channels: Vec<String>,
    /// One entry a model, in the view's order.
    pub(crate) models: Vec<Matrices>,
    /// Whether channel 0 is the background's.
    pub(crate) has_background: bool,
    /// Which training seeds are shown, in a sentence; `None` where no model has several.
    pub(crate) seeds: Option<String>,
}

/// Figure 3 for the named class, or for the foreground class that all models together predict most often on clean
/// pictures.
///
/// `None` when the view has no moments by class, no foreground class was predicted, or the name is not a class.
pub(crate) fn fig3(view: &View, class: Option<&str>) -> Option<Fig3> {
    let by_class = |(_, moments): &(u64, &LogitMoments)| moments.detail() == MomentDetail::ByClass;
    let clean = |model| Some((model, clean_moments(view, model).filter(by_class)?));
    let moments: Vec<_> = view.models.iter().filter_map(clean).collect();
    let channels = moments.iter().map(|(_, (_, m))| m.channels()).min()?;
    let class = match class {
        Some(name) => view.classes.iter().position(|c| c == name).filter(|c| *c < channels)?,
        None => {
            let predicted = |c: usize| moments.iter().map(|(_, (_, m))| m.count(c)).sum::<u64>();
            // The first of equals, so that the choice does not depend on the direction of the search.
            (view.first_foreground()..channels)
                .rev()
                .max_by_key(|c| predicted(*c))
                .filter(|c| predicted(*c) > 0)?
        }
    };
    let shown: Vec<_> = moments.iter().map(|(model, (seed, _))| ((*model).clone(), *seed)).collect();
    let models = moments
        .into_iter()
        .map(|(model, (seed, m))| Matrices {
            model: view.title(model),
            seed: (view.seeds(model).len() > 1).then_some(seed),
            pixels: m.count(class),
            uncentred: autocorrelation(m, class, Centering::Uncentred),
            centred: autocorrelation(m, class, Centering::Centred),
        })
        .collect();
    let name = |c: usize| view.classes.get(c).cloned().unwrap_or_else(|| c.to_string());
    let channels = (0..channels).map(name).collect();
    Some(Fig3 {
        class,
        class_name: name(class),
        channels,
        models,
        has_background: !view.without_background,
        seeds: seeds_shown(view, &shown),
    })
}
