"""Pruning of Keras' training.

from hone_client.keras import PruningCallback

model.fit(x, y, validation_data=(xv, yv), callbacks=[PruningCallback(trial, "val_loss")])
"""

from ..extras import require

require("keras", "keras")

from .pruning_callback import PruningCallback  # noqa: E402

__all__ = ["PruningCallback"]
