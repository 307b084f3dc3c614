//! The sinks of a pass: one file each, one line each in [`of`].

mod calibration;
mod confusion;
mod cross;
mod end;
mod moments;
mod panel;
mod strips;

use crate::{Pass, Sink};

/// All sinks, in the order in which they see a prediction.
pub(crate) fn of<'a>(pass: &'a Pass<'a>) -> Vec<Box<dyn Sink + 'a>> {
    vec![
        Box::new(confusion::ConfusionSink),
        Box::new(moments::MomentsSink { wanted: &pass.moments }),
        Box::new(cross::CrossSink { modes: &pass.cross_moments }),
        Box::new(calibration::CalibrationSink { wanted: pass.calibration.as_ref() }),
        Box::new(end::EndSink { modes: &pass.end }),
        Box::new(panel::PanelSink { wanted: &pass.panels }),
    ]
}
