//! Stochastic gradient descent with momentum, weight decay and one learning rate per parameter group.

use crate::Result;
use candle_core::{Result as TensorResult, Tensor, Var, backprop::GradStore};
use scribe_model::ops::{SgdTurn, sgd_update};
use std::collections::BTreeMap;

/// Which learning rate a parameter follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// The pretrained trunk.
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
    pub group: Group,
}

/// The optimizer. With gradient `g`, parameter `p` and buffer `u` (0 at the start) a step is, as in torch's `SGD`
/// without dampening and without Nesterov: `u <- momentum * u + g + weight_decay * p`, then `p <- p - lr * u`.
pub struct Sgd {
    parameters: Vec<Parameter>,
    buffers: Vec<Tensor>,
    momentum: f64,
    weight_decay: f64,
}

impl Sgd {
    /// An optimizer over `parameters`, its buffers zero.
    ///
    /// # Errors
    /// When a buffer cannot be allocated.
    pub fn new(parameters: Vec<Parameter>, momentum: f64, weight_decay: f64) -> Result<Self> {
        let buffers = parameters
            .iter()
            .map(|p| Tensor::zeros_like(p.var.as_tensor()))
            .collect::<TensorResult<Vec<_>>>()?;
        Ok(Self { parameters, buffers, momentum, weight_decay })
    }

    /// One step. A parameter without a gradient (a part that the loss does not reach) stays as it is.
    ///
    /// # Errors
    /// When a gradient's shape or type does not fit its parameter.
    pub fn step(&mut self, gradients: &GradStore, lr: impl Fn(Group) -> f64) -> Result<()> {
        let gradients = self.gradients(gradients)?;
        self.update(&gradients, lr)
    }

    /// Each parameter's gradient, where the loss reaches it, without the graph that made it.
    ///
    /// # Errors
    /// When a gradient cannot be copied.
    pub fn gradients(&self, gradients: &GradStore) -> Result<Vec<Option<Tensor>>> {
        // A gradient still holds the forward graph; detached, the activations are freed when it goes.
        let own = |gradient: &Tensor| Ok(gradient.detach().contiguous()?);
        self.parameters.iter().map(|p| gradients.get(p.var.as_tensor()).map(own).transpose()).collect()
    }

    /// One step with the gradients of [`Sgd::gradients`], which several processes may have added before.
    ///
    /// # Errors
    /// When a gradient's shape or type does not fit its parameter.
    pub fn update(&mut self, gradients: &[Option<Tensor>], lr: impl Fn(Group) -> f64) -> Result<()> {
        let turns = self.parameters.iter().zip(&self.buffers).zip(gradients);
        let turns = turns.filter_map(|((parameter, buffer), gradient)| {
            let (value, lr) = (parameter.var.as_tensor(), lr(parameter.group));
            Some(SgdTurn { value, buffer, gradient: gradient.as_ref()?, lr })
        });
        Ok(sgd_update(&turns.collect::<Vec<_>>(), self.momentum, self.weight_decay)?)
    }

    /// The momentum buffers by parameter name, for a checkpoint.
    pub fn state(&self) -> BTreeMap<String, Tensor> {
        self.parameters.iter().zip(&self.buffers).map(|(p, b)| (p.name.clone(), b.clone())).collect()
    }

    /// Takes the buffers back from a checkpoint; `Err` holds the name that is missing or has another shape.
    pub fn restore(&mut self, state: &BTreeMap<String, Tensor>) -> std::result::Result<(), String> {
        let found = self.parameters.iter().zip(&self.buffers).map(|(parameter, own)| {
            let kept = state.get(&parameter.name).filter(|t| t.shape() == own.shape());
            kept.and_then(|t| t.to_device(own.device()).and_then(|t| t.copy()).ok()).ok_or(&parameter.name)
        });
        self.buffers = found.collect::<std::result::Result<_, _>>().map_err(String::clone)?;
        Ok(())
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
            Parameter { name: "a".into(), var: a.clone(), group: Group::Backbone },
            Parameter { name: "b".into(), var: b.clone(), group: Group::Head },
        ];
        let mut sgd = Sgd::new(parameters, 0.9, 0.01).unwrap();
        for _ in 0..3 {
            let cube = b.as_tensor().powf(3.).unwrap().sum_all().unwrap();
            let loss = (a.as_tensor().sqr().unwrap().sum_all().unwrap() + (cube * 0.1).unwrap()).unwrap();
            let gradients = loss.backward().unwrap();
            sgd.step(&gradients, |g| if g == Group::Backbone { 0.1 } else { 0.5 }).unwrap();
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
        let parameter = Parameter { name: "w".into(), var, group: Group::Head };
        let mut sgd = Sgd::new(vec![parameter], 0.9, 0.).unwrap();
        assert_eq!(sgd.restore(&BTreeMap::new()), Err("w".to_string()));
        assert!(sgd.restore(&sgd.state()).is_ok());
    }
}
