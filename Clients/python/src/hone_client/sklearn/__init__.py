"""Loops over scikit-learn's estimators that report and prune.

    from hone_client.sklearn import cross_validate, partial_fit, warm_start

    study.optimize(lambda trial: cross_validate(trial, SVC(C=trial.params["c"]), X, y, cv=5))

scikit-learn's scorers grow with quality, so the study has to maximise; errors come as negated scores there, such as
``neg_mean_squared_error``.
"""

from ..extras import require

require("sklearn", "sklearn")

from .cross_validation import cross_validate  # noqa: E402
from .iterations import partial_fit, warm_start  # noqa: E402
from .reporter import Reporter  # noqa: E402

__all__ = ["Reporter", "cross_validate", "partial_fit", "warm_start"]
