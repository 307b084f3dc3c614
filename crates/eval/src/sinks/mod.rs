//! The sinks of a pass: one file each, one line each in [`of`].

mod confusion;
mod moments;
mod panel;

use crate::{Pass, Sink};

/// All sinks, in the order in which they see a prediction.
pub(crate) fn of<'a>(pass: &'a Pass<'a>) -> Vec<Box<dyn Sink + 'a>> {
    vec![
        Box::new(confusion::ConfusionSink),
        Box::new(moments::MomentsSink { wanted: &pass.moments }),
        Box::new(panel::PanelSink { wanted: &pass.panels }),
    ]
}
