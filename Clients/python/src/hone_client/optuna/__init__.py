"""An Optuna sampler that asks Hone.

import optuna
from hone_client.optuna import HoneSampler

study = optuna.create_study(sampler=HoneSampler("http://127.0.0.1:8080"))
study.optimize(objective, n_trials=50)
"""

from ..extras import require

require("optuna", "optuna")

from .hone_sampler import HoneSampler  # noqa: E402

__all__ = ["HoneSampler"]
