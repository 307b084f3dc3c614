//! A corruption of any size restricted to 224x224, as in the authors' toolkit.

use crate::{Corruption, Meta, PictureMut, Rng, Severity, SizePolicy};

/// The corruption inside, for pictures of 224x224 only; there it is byte for byte the authors' own.
pub(crate) struct At224 {
    inner: Box<dyn Corruption>,
    meta: Meta,
}

impl At224 {
    /// Restricts a corruption.
    pub(crate) fn new(inner: Box<dyn Corruption>) -> At224 {
        let meta = Meta { size: SizePolicy::ONLY_224, ..*inner.meta() };
        At224 { inner, meta }
    }
}

impl Corruption for At224 {
    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn corrupt(&self, picture: PictureMut<'_>, severity: Severity, rng: &mut Rng) {
        self.inner.corrupt(picture, severity, rng);
    }
}
