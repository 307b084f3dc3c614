//! Images and labels that a network does not take.

mod common;
#[path = "common/device.rs"]
mod device;

use candle_core::{DType, Device, ModuleT, Tensor};
use common::{SOFTMAX, narrow, picture, seeded};
use device::try_every_device;
use scribe_model::{Backbone, Decoder, Error, Inference, LocalBatch, Model, Result, Stride};

fn model(d: &Device) -> Result<Model> {
    Model::new(&narrow(Decoder::One, Stride::Sixteen), &SOFTMAX, 5, 1, d)
}

/// The running mean of the first batch norm, which training moves.
fn statistics(model: &Model) -> Result<Vec<f32>> {
    Ok(model.parameters().get("backbone.bn1.running_mean").expect("a torchvision name").to_vec1()?)
}

#[test]
fn labels_are_one_for_each_pixel() -> Result<()> {
    try_every_device(|d| {
        let (model, x) = (model(d)?, picture(2, 33, 41)?.to_device(d)?);
        let before = statistics(&model)?;
        for (shape, dtype) in [
            ([2, 32, 41], DType::U8),
            ([2, 33, 40], DType::U8),
            ([2, 9, 11], DType::U8),
            ([1, 33, 41], DType::U8),
            ([2, 33, 41], DType::U32),
        ] {
            let labels = Tensor::zeros(&shape, dtype, d)?;
            let local = LocalBatch::whole(2);
            for error in [
                model.loss(&x, &labels, &mut seeded(1)).unwrap_err(),
                model.record_loss(&x, &labels, &mut seeded(1), &local).unwrap_err(),
                model.confusion(&x, &labels).unwrap_err(),
            ] {
                assert!(matches!(error, Error::Input { what: "labels", .. }), "{error}");
                let expected = format!(
                    "labels: expected [2, 33, 41] of U8, one for each pixel of the images, got {shape:?} of {dtype:?}"
                );
                assert_eq!(error.to_string(), expected);
            }
        }
        assert_eq!(statistics(&model)?, before, "nothing is computed of what is refused");
        let labels = Tensor::zeros((2, 33, 41), DType::U8, d)?;
        assert_eq!(model.confusion(&x, &labels)?.iter().sum::<u64>(), 2 * 33 * 41);
        let none = Tensor::full(7u8, (2, 33, 41), d)?;
        let error = model.loss(&x, &none, &mut seeded(1)).unwrap_err().to_string();
        assert!(error.starts_with("loss: expected labels below 5, got "), "{error}");
        Ok(())
    })
}

#[test]
fn images_have_three_channels_and_the_type_of_the_network() -> Result<()> {
    try_every_device(|d| {
        let (model, x) = (model(d)?, picture(2, 33, 41)?.to_device(d)?);
        let backbone = Backbone::new(&narrow(Decoder::None, Stride::Sixteen), 1, d)?;
        let labels = Tensor::zeros((2, 33, 41), DType::U8, d)?;
        let several = Inference::MultiScale { scales: vec![0.5, 1.], flip: true, space: None };
        for (x, got) in [
            (x.to_dtype(DType::F64)?, "[2, 3, 33, 41] of F64"),
            (Tensor::cat(&[&x, &x.narrow(1, 0, 1)?], 1)?, "[2, 4, 33, 41] of F32"),
            (x.narrow(0, 0, 1)?.squeeze(0)?, "[3, 33, 41] of F32"),
        ] {
            let expected = format!(
                "images: expected [N, 3, height, width] of F32 (`Tensor::to_dtype` changes the type), got {got}"
            );
            for said in [
                model.predict(&x, &Inference::Single).unwrap_err().to_string(),
                model.predict(&x, &several).unwrap_err().to_string(),
                model.prepare().logits(&x).unwrap_err().to_string(),
                model.confusion(&x, &labels).unwrap_err().to_string(),
                model.loss(&x, &labels, &mut seeded(1)).unwrap_err().to_string(),
                backbone.record(&x).unwrap_err().to_string(),
                backbone.prepare().features(&x).unwrap_err().to_string(),
            ] {
                assert_eq!(said, expected);
            }
            for train in [false, true] {
                assert!(model.forward_t(&x, train).unwrap_err().to_string().contains("images: expected"));
                assert!(backbone.forward_t(&x, train).unwrap_err().to_string().contains("images: expected"));
            }
        }
        Ok(())
    })
}

/// One image whose last stage is a single pixel: a backbone has no pooling branch to speak of.
#[test]
fn one_value_per_channel_is_explained_for_a_backbone_too() -> Result<()> {
    try_every_device(|d| {
        let backbone = Backbone::new(&narrow(Decoder::None, Stride::ThirtyTwo), 1, d)?;
        let error = backbone.record(&picture(1, 32, 32)?.to_device(d)?).unwrap_err();
        assert!(matches!(error, Error::OneValue { .. }), "{error}");
        let said = error.to_string();
        assert!(said.starts_with("batch norm layer4.0.bn2 has one value per channel in training"), "{said}");
        assert!(said.contains("2 images or more, or larger ones") && !said.contains("ASPP"), "{said}");
        Ok(())
    })
}
