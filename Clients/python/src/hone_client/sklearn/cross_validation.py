"""Cross-validation that ends early."""

from __future__ import annotations

import math
import statistics
from typing import Any

import numpy
from sklearn.base import clone, is_classifier
from sklearn.metrics import check_scoring
from sklearn.model_selection import check_cv
from sklearn.utils import _safe_indexing

from ..result import Result
from ..trial import Trial
from .iterations import Scoring
from .reporter import Reporter, check_maximises


def cross_validate(
    trial: Trial, estimator: Any, X: Any, y: Any, *, cv: Any = 5, scoring: Scoring = None, groups: Any = None
) -> Result:
    """Cross-validates an estimator, and reports the mean score so far after each fold.

    Args:
        trial: The trial; its study maximises.
        estimator: The estimator; copies of it are trained.
        X: The rows, [n, d].
        y: Their targets, [n].
        cv: The number of folds, or how scikit-learn is to split.
        scoring: The score; the estimator's own where left out.
        groups: The rows' groups, where the split needs them.

    Returns:
        The mean score, with its standard error over the folds.

    Raises:
        TrialPruned: The trial is to end.
    """
    check_maximises(trial)
    scorer = check_scoring(estimator, scoring=scoring)
    splitter = check_cv(cv, y, classifier=is_classifier(estimator))
    reporter = Reporter(trial)
    scores = []
    for train, test in splitter.split(X, y, groups):
        fitted = clone(estimator).fit(_safe_indexing(X, train), _safe_indexing(y, train))
        scores.append(float(scorer(fitted, _safe_indexing(X, test), _safe_indexing(y, test))))
        reporter(float(numpy.mean(scores)))
    metric = trial.record.objectives[0]
    errors = {metric: statistics.stdev(scores) / math.sqrt(len(scores))} if len(scores) > 1 else None
    return Result(statistics.fmean(scores), standard_errors=errors)
