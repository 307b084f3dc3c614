//! Counts pixels by label and predicted class.

use crate::Result;
use crate::objective::Objective;
use crate::ops::{VOID_LABEL, argmax_channels};
use candle_core::{Tensor, bail};

/// The confusion matrix `[classes, classes]`, in row-major order, of outputs `v` `[N, outputs, h, w]` and labels
/// `[N, H, W]` of U8. Void pixels are left out.
pub(crate) fn confusion_of_outputs(
    v: &Tensor,
    labels: &Tensor,
    objective: &dyn Objective,
    classes: usize,
) -> Result<Vec<u64>> {
    let (_, height, width) = labels.dims3()?;
    #[cfg(feature = "cuda")]
    if v.device().is_cuda() {
        let (v, head) = objective.head().on_gpu(v)?;
        let found = crate::ops::cuda::head_classes(&v, (height, width), head, Some(labels))?;
        return Ok(found.confusion.unwrap_or_default());
    }
    let predicted = argmax_channels(&objective.logits(v, (height, width))?)?;
    Ok(count(&labels.flatten_all()?.to_vec1()?, &predicted, classes)?)
}

fn count(labels: &[u8], predicted: &[u8], classes: usize) -> candle_core::Result<Vec<u64>> {
    if labels.len() != predicted.len() {
        bail!("confusion: expected {} labels, got {}", predicted.len(), labels.len());
    }
    let mut cells = vec![0; classes * classes];
    for (&label, &class) in labels.iter().zip(predicted) {
        match usize::from(label) {
            _ if label == VOID_LABEL => {}
            row if row < classes => cells[row * classes + usize::from(class)] += 1,
            row => bail!("confusion: expected labels below {classes}, got {row}"),
        }
    }
    Ok(cells)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_labels_and_void_is_left_out() {
        assert_eq!(count(&[0, 1, 1, 255], &[0, 0, 1, 1], 2).unwrap(), [1, 0, 1, 1]);
        assert!(count(&[3], &[0], 2).unwrap_err().to_string().contains("below 2, got 3"));
        assert!(count(&[1, 1], &[0], 2).unwrap_err().to_string().contains("expected 1 labels"));
    }
}
