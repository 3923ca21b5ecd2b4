"""Pruning of XGBoost's training.

from hone_client.xgboost import PruningCallback

xgboost.train(params, train, evals=[(valid, "validation")],
              callbacks=[PruningCallback(trial, "validation-rmse")])
"""

from ..extras import require

require("xgboost", "xgboost")

from .pruning_callback import PruningCallback  # noqa: E402

__all__ = ["PruningCallback"]
