//! The sinks of a pass: one file each, one line each in [`all`].

mod calibration;
mod confusion;
mod cross_moments;
mod moments;
mod non_distinctiveness;
mod panel;
mod temperature;

use crate::{Pass, Sink};

/// All sinks, in the order in which they are given an observation.
pub(crate) fn all<'a>(pass: &'a Pass<'a>) -> Vec<Box<dyn Sink + 'a>> {
    vec![
        Box::new(confusion::ConfusionSink),
        Box::new(moments::MomentsSink { wanted: &pass.moments }),
        Box::new(cross_moments::CrossMomentsSink { wanted: &pass.cross_moments }),
        Box::new(calibration::CalibrationSink { wanted: pass.calibration.as_ref() }),
        Box::new(temperature::TemperatureSink { wanted: pass.temperatures.as_ref() }),
        Box::new(non_distinctiveness::NonDistinctivenessSink { modes: &pass.non_distinctiveness }),
        Box::new(panel::PanelSink { wanted: &pass.panels }),
    ]
}
