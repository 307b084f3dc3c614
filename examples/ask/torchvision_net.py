"""torchvision's DeepLabV3 with its 21 classes, which are VOC's.

scribe eval --ask 'python examples/ask/torchvision_net.py' --as deeplab --label DeepLabV3
"""

import sys

import scribe_ask
import torch
from torchvision.models import segmentation
from torchvision.transforms.functional import normalize

device = "cuda" if torch.cuda.is_available() else "cpu"
if len(sys.argv) > 1:  # a state dict of yours
    state = torch.load(sys.argv[1], map_location="cpu", weights_only=True)
    aux = any(name.startswith("aux_classifier.") for name in state)
    net = segmentation.deeplabv3_resnet50(weights=None, weights_backbone=None, num_classes=21, aux_loss=aux)
    net.load_state_dict(state)
else:  # torchvision downloads it once
    net = segmentation.deeplabv3_resnet50(weights="DEFAULT")
net = net.eval().to(device)


@torch.inference_mode()
def predict(pixels):
    x = torch.from_numpy(pixels).to(device).permute(0, 3, 1, 2).float() / 255
    x = normalize(x, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
    # Logits at an eighth of the size; scribe resizes them as torchvision would.
    return net.classifier(net.backbone(x)["out"]).float().cpu().numpy()


scribe_ask.serve(predict, classes=21, batch=8, sizes="any")
