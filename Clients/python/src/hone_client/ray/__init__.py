"""A searcher for Ray Tune that asks Hone.

from hone_client.ray import HoneSearch

tune.Tuner(trainable, param_space=space, tune_config=tune.TuneConfig(
    search_alg=HoneSearch("http://127.0.0.1:8080"), metric="loss", mode="min", num_samples=50)).fit()
"""

from ..extras import require

require("ray", "ray.tune")

from .hone_search import HoneSearch  # noqa: E402

__all__ = ["HoneSearch"]
