"""Pruning of PyTorch Lightning's training.

from hone_client.lightning import PruningCallback

lightning.Trainer(callbacks=[PruningCallback(trial, "val_loss")]).fit(model)
"""

from ..extras import require

try:
    require("lightning", "lightning.pytorch")
except ImportError:
    # The package under its older name will do.
    require("lightning", "pytorch_lightning")

from .pruning_callback import PruningCallback

__all__ = ["PruningCallback"]
