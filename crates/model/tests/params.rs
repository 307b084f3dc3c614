//! Parameter counts of the five networks, and the names that checkpoints rely on.

use candle_core::Device;
use scribe_model::{
    At, Background, Decoder, DeepLabConfig, Form, Model, ObjectiveConfig, Result, Stride, VoidRule,
};

const SOFTMAX: ObjectiveConfig = ObjectiveConfig::Softmax { void: VoidRule::Ignore };
const IBE: ObjectiveConfig = ObjectiveConfig::Ibe {
    background: Background { form: Form::NegLse, at: At::Features },
    void: VoidRule::Ignore,
    prior_bias: None,
};

fn net(decoder: Decoder, width: f64) -> DeepLabConfig {
    DeepLabConfig {
        decoder,
        output_stride: Stride::Sixteen,
        rates: [6, 12, 18],
        bn_momentum: 0.1,
        dropout: 0.1,
        align_corners: false,
        width,
    }
}

// torchvision: sum(p.numel() for p in deeplabv3_resnet50(weights=None, weights_backbone=None, num_classes=K,
// aux_loss=False).parameters()); the V3+ counts from tests/parity/export.py's own torch network.
#[test]
fn counts_are_those_of_torch() -> Result<()> {
    let expected = [
        (Decoder::None, 39_638_869, 39_638_612),
        (Decoder::One, 39_761_845, 39_761_588),
        (Decoder::Two, 40_352_181, 40_351_924),
    ];
    for (decoder, learned, implicit) in expected {
        let softmax = Model::new(&net(decoder, 1.), &SOFTMAX, 21, 0, &Device::Cpu)?;
        assert_eq!(softmax.parameters().count(), learned, "{decoder:?}");
        let backbone: usize = softmax.parameters().group("backbone.").map(|(_, v)| v.elem_count()).sum();
        assert_eq!(backbone, 23_508_032);
        let head: usize = softmax.parameters().group("classifier.").map(|(_, v)| v.elem_count()).sum();
        assert_eq!(backbone + head, learned);
        let aspp = if decoder == Decoder::None { "classifier.0." } else { "classifier.aspp." };
        let aspp: usize = softmax.parameters().group(aspp).map(|(_, v)| v.elem_count()).sum();
        assert_eq!(aspp, 15_535_104);
        // One class less in the last 1x1 convolution: 256 weights and a bias.
        assert_eq!(learned - 257, implicit);
    }
    let ibe = Model::new(&net(Decoder::One, 1.), &IBE, 21, 0, &Device::Cpu)?;
    assert_eq!(ibe.parameters().count(), 39_761_588);
    Ok(())
}

#[test]
fn names_are_sorted_and_torchvisions() -> Result<()> {
    let model = Model::new(&net(Decoder::None, 0.0625), &SOFTMAX, 21, 0, &Device::Cpu)?;
    let names: Vec<&str> = model.parameters().named().map(|(name, _)| name).collect();
    assert!(names.is_sorted());
    for name in [
        "backbone.conv1.weight",
        "backbone.bn1.num_batches_tracked",
        "backbone.layer1.0.downsample.1.running_var",
        "backbone.layer4.2.conv3.weight",
        "classifier.0.convs.0.0.weight",
        "classifier.0.convs.3.1.bias",
        "classifier.0.convs.4.1.weight",
        "classifier.0.convs.4.2.running_mean",
        "classifier.0.project.0.weight",
        "classifier.1.weight",
        "classifier.2.weight",
        "classifier.4.bias",
    ] {
        assert!(names.contains(&name), "{name}");
    }
    let buffers = model.parameters().buffers().count();
    assert_eq!(buffers + model.parameters().trainable().count(), names.len());
    // 53 batch norms in the backbone, 5 + 1 in ASPP, 1 after it; three buffers each.
    assert_eq!(buffers, 3 * 60);
    Ok(())
}

#[test]
fn plus_names() -> Result<()> {
    let model = Model::new(&net(Decoder::Two, 0.0625), &SOFTMAX, 21, 0, &Device::Cpu)?;
    for name in [
        "classifier.project.0.weight",
        "classifier.project.1.weight",
        "classifier.aspp.convs.1.0.weight",
        "classifier.aspp.project.1.running_mean",
        "classifier.classifier.0.weight",
        "classifier.classifier.3.weight",
        "classifier.classifier.4.running_var",
        "classifier.classifier.6.bias",
    ] {
        assert!(model.parameters().get(name).is_some(), "{name}");
    }
    Ok(())
}

#[test]
fn widths_scale_every_count() -> Result<()> {
    let dims = |width, name: &str| -> Result<Vec<usize>> {
        let model = Model::new(&net(Decoder::One, width), &SOFTMAX, 5, 0, &Device::Cpu)?;
        Ok(model.parameters().get(name).expect("the name exists at every width").dims().to_vec())
    };
    assert_eq!(dims(0.25, "backbone.conv1.weight")?, [16, 3, 7, 7]);
    assert_eq!(dims(0.25, "backbone.layer4.2.conv3.weight")?, [512, 128, 1, 1]);
    // 0.25 * 304 = 76; 12 for the low-level projection, 64 for ASPP.
    assert_eq!(dims(0.25, "classifier.classifier.0.weight")?, [64, 76, 3, 3]);
    // 0.01 * 48 rounds to 0 and 0.01 * 256 to 4: never below 4.
    assert_eq!(dims(0.01, "classifier.classifier.0.weight")?, [4, 8, 3, 3]);
    Ok(())
}
