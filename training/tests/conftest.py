"""Makes the package importable, keeps PyTorch to one thread, and builds what several tests need, once."""

import sys
from pathlib import Path

import numpy as np
import pytest
import torch

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "training"))

from fieldray_training.network import MobileNetV2, fold  # noqa: E402

# One: with more, waiting threads eat the cores of whatever runs beside the tests.
torch.set_num_threads(1)


@pytest.fixture(scope="session")
def network() -> MobileNetV2:
    """A seeded network whose batch norm has seen phantoms, so that its answers depend on the picture.

    Freshly initialized, every layer would shrink its signal, and wrong weights would give the same answers.
    """
    from fieldray_training.phantom import chest_phantom

    torch.manual_seed(7)
    model = MobileNetV2()
    pictures = torch.from_numpy(np.stack([chest_phantom(96, 40 + i) for i in range(16)]))[:, None]
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = None  # a plain mean
            torch.nn.init.uniform_(module.weight, 0.7, 1.6)
            torch.nn.init.uniform_(module.bias, -0.3, 0.6)
    torch.nn.init.normal_(model.head.weight, std=0.05)
    model.train()
    with torch.no_grad():
        for _ in range(2):
            model(pictures)
    return model.eval()


@pytest.fixture(scope="session")
def folded(network):
    return fold(network)


@pytest.fixture(scope="session")
def phantoms() -> np.ndarray:
    """Eight phantoms, float32 [8, 224, 224]."""
    from fieldray_training.phantom import chest_phantom

    return np.stack([chest_phantom(224, i) for i in range(8)])
