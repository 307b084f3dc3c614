//! Stochastic gradient descent with momentum, weight decay and one learning rate per parameter group.

use crate::parameter::{GroupLr, Parameter, ParameterGroup};
use candle_core::backprop::GradStore;
use candle_core::{Result, Tensor, Var};
use candle_nn::Optimizer;
use scribe_model::ops::{SgdTurn, sgd_update};
use std::collections::BTreeMap;

/// The settings of [`Sgd`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SgdConfig {
    /// The learning rate of both groups, until [`Sgd::set_group_lr`] gives each its own.
    pub learning_rate: f64,
    /// The factor on the buffer of earlier gradients; 0 for none.
    pub momentum: f64,
    /// The factor on a parameter that is added to its gradient; 0 for none.
    pub weight_decay: f64,
}

/// The optimizer.
///
/// With gradient `g`, parameter `p` and buffer `u` (0 at the start), a step is that of torch's `SGD` without dampening and
/// without Nesterov: `u <- momentum * u + g + weight_decay * p`, then `p <- p - lr * u`. A parameter that the loss does not
/// reach has no gradient, and stays as it is.
///
/// It is a [`candle_nn::Optimizer`]. `Sgd::new` puts all of its variables into the head's group; with
/// [`Sgd::with_groups`] the backbone can have a learning rate of its own.
///
/// ```
/// use candle_core::{Device, Var};
/// use candle_nn::Optimizer;
/// use scribe_train::{Sgd, SgdConfig};
///
/// # fn main() -> candle_core::Result<()> {
/// let x = Var::new(&[4f32], &Device::Cpu)?;
/// let config = SgdConfig { learning_rate: 0.25, momentum: 0., weight_decay: 0. };
/// let mut sgd = Sgd::new(vec![x.clone()], config)?;
/// sgd.backward_step(&x.sqr()?.sum_all()?)?;
/// // 4 - 0.25 * 2 * 4
/// assert_eq!(x.to_vec1::<f32>()?, [2.]);
/// # Ok(())
/// # }
/// ```
pub struct Sgd {
    parameters: Vec<Parameter>,
    buffers: Vec<Tensor>,
    lr: GroupLr,
    momentum: f64,
    weight_decay: f64,
}

impl Sgd {
    /// An optimizer over `parameters`, with buffers of zeros.
    ///
    /// # Errors
    /// When a buffer cannot be allocated.
    pub fn with_groups(parameters: Vec<Parameter>, config: SgdConfig) -> Result<Sgd> {
        let buffers = parameters.iter().map(|p| Tensor::zeros_like(p.var.as_tensor()));
        let buffers = buffers.collect::<Result<Vec<_>>>()?;
        let lr = GroupLr { backbone: config.learning_rate, head: config.learning_rate };
        Ok(Sgd { parameters, buffers, lr, momentum: config.momentum, weight_decay: config.weight_decay })
    }

    /// Sets the learning rate of each group.
    pub fn set_group_lr(&mut self, lr: GroupLr) {
        self.lr = lr;
    }

    /// Each parameter's gradient, where the loss reaches it, without the graph that made it.
    ///
    /// # Errors
    /// When a gradient cannot be copied.
    pub fn gradients(&self, gradients: &GradStore) -> Result<Vec<Option<Tensor>>> {
        // A gradient still holds the forward graph; once it is detached, the activations can be freed.
        let own = |gradient: &Tensor| gradient.detach().contiguous();
        self.parameters.iter().map(|p| gradients.get(p.var.as_tensor()).map(own).transpose()).collect()
    }

    /// One step with the gradients of [`Sgd::gradients`], which several processes may have summed before.
    ///
    /// # Errors
    /// When a gradient's shape or type does not fit its parameter.
    pub fn update(&mut self, gradients: &[Option<Tensor>]) -> Result<()> {
        let turns = self.parameters.iter().zip(&self.buffers).zip(gradients);
        let turns = turns.filter_map(|((parameter, buffer), gradient)| {
            let (value, lr) = (parameter.var.as_tensor(), self.lr.of_group(parameter.group));
            Some(SgdTurn { value, buffer, gradient: gradient.as_ref()?, lr })
        });
        sgd_update(&turns.collect::<Vec<_>>(), self.momentum, self.weight_decay)
    }

    /// The momentum buffers by parameter name, for a checkpoint.
    pub fn state(&self) -> BTreeMap<String, Tensor> {
        self.parameters.iter().zip(&self.buffers).map(|(p, b)| (p.name.clone(), b.clone())).collect()
    }

    /// Takes the buffers back from a checkpoint.
    ///
    /// # Errors
    /// The name of the first parameter whose buffer is missing or has another shape.
    pub fn restore(&mut self, state: &BTreeMap<String, Tensor>) -> std::result::Result<(), String> {
        let found = self.parameters.iter().zip(&self.buffers).map(|(parameter, own)| {
            let kept = state.get(&parameter.name).filter(|t| t.shape() == own.shape());
            kept.and_then(|t| t.to_device(own.device()).and_then(|t| t.copy()).ok()).ok_or(&parameter.name)
        });
        self.buffers = found.collect::<std::result::Result<_, _>>().map_err(String::clone)?;
        Ok(())
    }
}

impl Optimizer for Sgd {
    type Config = SgdConfig;

    /// An optimizer over the variables of floating-point numbers, all of them in the head's group. In
    /// [`Sgd::state`] their names are their places in the list.
    fn new(vars: Vec<Var>, config: SgdConfig) -> Result<Sgd> {
        let vars = vars.into_iter().filter(|var| var.dtype().is_float()).enumerate();
        let parameters = vars.map(|(place, var)| {
            let name = place.to_string();
            Parameter { name, var, group: ParameterGroup::Head }
        });
        Sgd::with_groups(parameters.collect(), config)
    }

    fn step(&mut self, gradients: &GradStore) -> Result<()> {
        self.update(&self.gradients(gradients)?)
    }

    /// The learning rate of the head's group.
    fn learning_rate(&self) -> f64 {
        self.lr.head
    }

    /// Sets the learning rate of both groups.
    fn set_learning_rate(&mut self, lr: f64) {
        self.lr = GroupLr { backbone: lr, head: lr };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::{DType, Device};

    /// Expected values printed by torch 2.15:
    /// ```python
    /// a = torch.tensor([1., -2.], requires_grad=True); b = torch.tensor([3.], requires_grad=True)
    /// o = torch.optim.SGD([{'params': [a], 'lr': .1}, {'params': [b], 'lr': .5}], momentum=.9, weight_decay=.01)
    /// for _ in range(3): o.zero_grad(); ((a**2).sum() + (b**3).sum() * .1).backward(); o.step()
    /// print(a.tolist(), b.tolist())
    /// ```
    #[test]
    fn three_steps_follow_torch() {
        let a = Var::new(&[1f32, -2.], &Device::Cpu).unwrap();
        let b = Var::new(&[3f32], &Device::Cpu).unwrap();
        let parameters = vec![
            Parameter { name: "a".into(), var: a.clone(), group: ParameterGroup::Backbone },
            Parameter { name: "b".into(), var: b.clone(), group: ParameterGroup::Head },
        ];
        let config = SgdConfig { learning_rate: 0., momentum: 0.9, weight_decay: 0.01 };
        let mut sgd = Sgd::with_groups(parameters, config).unwrap();
        sgd.set_group_lr(GroupLr { backbone: 0.1, head: 0.5 });
        for _ in 0..3 {
            let cube = b.as_tensor().powf(3.).unwrap().sum_all().unwrap();
            let loss = (a.as_tensor().sqr().unwrap().sum_all().unwrap() + (cube * 0.1).unwrap()).unwrap();
            sgd.backward_step(&loss).unwrap();
        }
        let close = |got: Vec<f32>, want: &[f32]| got.iter().zip(want).all(|(g, w)| (g - w).abs() < 2e-6);
        assert!(close(a.to_vec1().unwrap(), &EXPECTED_A), "{a}");
        assert!(close(b.to_vec1().unwrap(), &EXPECTED_B), "{b}");
    }

    const EXPECTED_A: [f32; 2] = [0.058_194_22, -0.116_388_44];
    const EXPECTED_B: [f32; 1] = [-1.476_539_3];

    #[test]
    fn a_restored_state_goes_on_alike() {
        let var = Var::zeros(3, DType::F32, &Device::Cpu).unwrap();
        let config = SgdConfig { learning_rate: 0.1, momentum: 0.9, weight_decay: 0. };
        let mut sgd = Sgd::new(vec![var], config).unwrap();
        assert_eq!(sgd.restore(&BTreeMap::new()), Err("0".to_string()));
        assert!(sgd.restore(&sgd.state()).is_ok());
    }

    /// Such as the counters of batch norms, which a `VarMap` lists among its variables.
    #[test]
    fn whole_numbers_are_not_trained() {
        let counter = Var::zeros((), DType::I64, &Device::Cpu).unwrap();
        let config = SgdConfig { learning_rate: 0.1, momentum: 0., weight_decay: 0. };
        assert!(Sgd::new(vec![counter], config).unwrap().state().is_empty());
    }
}
