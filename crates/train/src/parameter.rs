//! Trainable tensors and the two groups of them that have their own learning rates.

use candle_core::Var;

/// The group of a parameter, which decides its learning rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterGroup {
    /// The backbone, which is usually pretrained.
    Backbone,
    /// ASPP, decoder and classifier.
    Head,
}

/// One trainable tensor.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name in checkpoints.
    pub name: String,
    /// The tensor.
    pub var: Var,
    /// Its group.
    pub group: ParameterGroup,
}

/// The learning rates of the two groups.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GroupLr {
    /// Of the backbone.
    pub backbone: f64,
    /// Of ASPP, decoder and classifier.
    pub head: f64,
}

impl Parameter {
    /// A parameter of a network with torchvision's names: those that begin with `backbone.` are in the backbone's group, all
    /// others in the head's.
    #[must_use]
    pub fn named(name: &str, var: &Var) -> Parameter {
        let backbone = name.starts_with("backbone.");
        let group = if backbone { ParameterGroup::Backbone } else { ParameterGroup::Head };
        Parameter { name: name.to_string(), var: var.clone(), group }
    }
}

impl GroupLr {
    /// The learning rate of a group.
    pub fn of_group(&self, group: ParameterGroup) -> f64 {
        match group {
            ParameterGroup::Backbone => self.backbone,
            ParameterGroup::Head => self.head,
        }
    }

    /// Both rates times `factor`.
    #[must_use]
    pub fn scaled(&self, factor: f64) -> GroupLr {
        GroupLr { backbone: self.backbone * factor, head: self.head * factor }
    }
}
