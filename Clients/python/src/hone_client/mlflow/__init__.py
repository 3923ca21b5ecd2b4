"""Logging of studies to MLflow: a parent run for the study, a child run for each trial.

from hone_client.mlflow import MLflowLogger

with MLflowLogger(study, experiment="resnet") as logger:
    study.optimize(objective, callbacks=[logger])
"""

from ..extras import require

require("mlflow", "mlflow")

from .mlflow_logger import MLflowLogger  # noqa: E402

__all__ = ["MLflowLogger"]
