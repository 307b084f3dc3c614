//! A NumPy array as a picture that is changed in place.

use crate::errors::refused;
use numpy::{PyReadwriteArray3, PyUntypedArrayMethods};
use pyo3::prelude::*;
use scribe_corruptions::PictureMut;

/// The picture in an array of height x width x 3 bytes in C order.
///
/// The array stays borrowed, and the view may be used without the interpreter's lock.
pub(crate) fn picture<'a>(array: &'a mut PyReadwriteArray3<'_, u8>) -> PyResult<PictureMut<'a>> {
    let (height, width) = (array.shape()[0], array.shape()[1]);
    PictureMut::new(array.as_slice_mut()?, width, height).map_err(|error| refused(&error))
}
