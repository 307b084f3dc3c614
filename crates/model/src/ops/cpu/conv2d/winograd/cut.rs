//! How the gradient of the weights is cut into tasks.

use std::ops::Range;

/// Channels of the input, and panels of the result's, that a task makes gradients of at most: its sums stay near.
const INPUTS: usize = 128;
const PANELS: usize = 8;
/// Groups of inputs hold a multiple of this.
const UNIT: usize = 16;
/// Tasks that are enough for the threads of a large machine.
const TASKS: usize = 16;
/// Patches that are worth sums of their own.
const LEAST: usize = 192;
/// Rows of sums in all parts together: more would have to come from far away at the end.
const SUMS: usize = 8192;

/// The tasks: groups of inputs, groups of panels, and parts of the patches. They depend on the sizes only, and so does the
/// order of all sums.
#[derive(Clone, Debug)]
pub(super) struct Cut {
    inputs: Groups,
    panels: Groups,
    patches: usize,
    parts: usize,
}

/// What one task makes gradients of, and from what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Task {
    pub(super) inputs: Range<usize>,
    pub(super) panels: Range<usize>,
    pub(super) patches: Range<usize>,
}

/// Equal groups, of which the last may be smaller.
#[derive(Clone, Debug)]
struct Groups {
    all: usize,
    each: usize,
}

impl Groups {
    fn new(all: usize, largest: usize, unit: usize) -> Groups {
        let each = all.div_ceil(all.div_ceil(largest).max(1)).next_multiple_of(unit).min(all).max(1);
        Groups { all, each }
    }

    fn count(&self) -> usize {
        self.all.div_ceil(self.each)
    }

    fn group(&self, index: usize) -> Range<usize> {
        index * self.each..((index + 1) * self.each).min(self.all)
    }
}

impl Cut {
    pub(super) fn new(inputs: usize, panels: usize, patches: usize) -> Cut {
        let inputs = Groups::new(inputs, INPUTS, UNIT);
        let panels = Groups::new(panels, PANELS, 1);
        let (groups, sums) = (inputs.count() * panels.count(), inputs.all * panels.all);
        let parts = TASKS.div_ceil(groups.max(1)).min(patches / LEAST).min(SUMS / sums.max(1)).max(1);
        Cut { inputs, panels, patches, parts }
    }

    pub(super) fn tasks(&self) -> usize {
        self.inputs.count() * self.panels.count() * self.parts
    }

    pub(super) fn task(&self, index: usize) -> Task {
        let (group, part) = (index / self.parts, index % self.parts);
        let panels = self.panels.count();
        Task {
            inputs: self.inputs.group(group / panels),
            panels: self.panels.group(group % panels),
            patches: part * self.patches / self.parts..(part + 1) * self.patches / self.parts,
        }
    }

    /// Rows of a matrix of a task's sums.
    pub(super) fn rows(&self) -> usize {
        self.panels.each * self.inputs.each
    }

    /// Whether a task uses all the sums that it has room for.
    pub(super) fn fills(&self, task: &Task) -> bool {
        task.inputs.len() == self.inputs.each && task.panels.len() == self.panels.each
    }

    /// In a matrix of a task's sums, the row of an input for a panel, both counted from the task's first.
    pub(super) fn row(&self, panel: usize, input: usize) -> usize {
        panel * self.inputs.each + input
    }

    /// The tasks, in the order of their parts, that have sums for this panel and input, and the row of these.
    pub(super) fn of(&self, panel: usize, input: usize) -> (Range<usize>, usize) {
        let group = input / self.inputs.each * self.panels.count() + panel / self.panels.each;
        let row = self.row(panel % self.panels.each, input % self.inputs.each);
        (group * self.parts..(group + 1) * self.parts, row)
    }
}
