//! Weights from and to files: what kind a file is, its tensors by name, and a report of what did not fit.

mod advice;
mod file;
mod kind;
mod pth;
mod report;
mod save;
mod take;

pub use file::Weights;
pub use kind::FileKind;
pub use pth::PthError;
pub use report::LoadReport;
pub(crate) use save::save;
pub(crate) use take::{Take, take};
