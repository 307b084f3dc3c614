//! Figure 4: accumulated explained variance of the logits, per model.

use super::{clean_moments, seeds_shown};
use crate::spectrum::{Channels, Spectrum, SpectrumOf, explained_variance};
use crate::view::View;
use scribe_records::ModelId;

/// One curve of Figure 4.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SpectrumCurve {
    /// The model's name.
    pub(crate) model: String,
    /// Its position in the view: colour and marker.
    pub(crate) position: usize,
    /// Which matrix.
    pub(crate) of: SpectrumOf,
    /// Which channels.
    pub(crate) channels: Channels,
    /// The spectrum itself.
    pub(crate) spectrum: Spectrum,
}

/// Figure 4 as data: for every model both matrices, with all channels and with the foreground only.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fig4 {
    /// The curves: matrix, then channels, then model.
    pub(crate) curves: Vec<SpectrumCurve>,
    /// Which training seeds are shown, in a sentence; `None` where no model has several.
    pub(crate) seeds: Option<String>,
}

/// Figure 4 on the clean pictures; `None` when no model has moments with a spectrum.
pub(crate) fn fig4(view: &View) -> Option<Fig4> {
    let mut curves = Vec::new();
    for of in [SpectrumOf::ClassMeans, SpectrumOf::PixelCovariance] {
        for &channels in Channels::of(view.without_background) {
            for (position, model) in view.models.iter().enumerate() {
                let Some((_, moments)) = clean_moments(view, model) else { continue };
                // A model that predicts one class only has no covariance of class means: it has no curve there.
                let Ok(spectrum) = explained_variance(moments, of, channels) else { continue };
                curves.push(SpectrumCurve { model: view.title(model), position, of, channels, spectrum });
            }
        }
    }
    let seed = |m: &ModelId| Some((m.clone(), clean_moments(view, m)?.0));
    let shown: Vec<_> = view.models.iter().filter_map(seed).collect();
    (!curves.is_empty()).then(|| Fig4 { curves, seeds: seeds_shown(view, &shown) })
}
