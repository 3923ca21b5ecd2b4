"""Estimators that learn step by step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Callable, Optional, Union

import numpy
from sklearn.base import is_classifier
from sklearn.metrics import check_scoring
from sklearn.utils import gen_batches

from ..trial import Trial
from .reporter import Reporter, check_maximises

Scoring = Union[str, Callable[..., float], None]


def partial_fit(
    trial: Trial,
    estimator: Any,
    X: Any,
    y: Any,
    X_valid: Any,
    y_valid: Any,
    *,
    epochs: int,
    batch_size: Optional[int] = None,
    scoring: Scoring = None,
    classes: Optional[Sequence[Any]] = None,
    seed: int = 0,
) -> float:
    """Trains an estimator that has ``partial_fit``, and reports its score on validation rows after each epoch.

    Args:
        trial: The trial; its study maximises.
        estimator: The estimator, which is trained in place.
        X: The training rows, [n, d].
        y: Their targets, [n].
        X_valid: The validation rows.
        y_valid: Their targets.
        epochs: How often all rows are gone through.
        batch_size: How many rows are learned at once; all where left out.
        scoring: The score; the estimator's own where left out.
        classes: All classes of a classifier; those of ``y`` where left out.
        seed: For the order of the rows, which is another one in each epoch.

    Returns:
        The last score.

    Raises:
        TrialPruned: The trial is to end.
    """
    check_maximises(trial)
    scorer = check_scoring(estimator, scoring=scoring)
    reporter = Reporter(trial)
    order = numpy.random.default_rng(seed)
    rows, targets = numpy.asarray(X), numpy.asarray(y)
    first = {"classes": numpy.unique(targets) if classes is None else classes} if is_classifier(estimator) else {}
    score = float("nan")
    for _ in range(epochs):
        shuffled = order.permutation(len(rows))
        for batch in gen_batches(len(rows), batch_size or len(rows)):
            chosen = shuffled[batch]
            estimator.partial_fit(rows[chosen], targets[chosen], **first)
            first = {}
        score = float(scorer(estimator, X_valid, y_valid))
        reporter(score)
    return score


def warm_start(
    trial: Trial,
    estimator: Any,
    X: Any,
    y: Any,
    X_valid: Any,
    y_valid: Any,
    *,
    parameter: str = "n_estimators",
    values: Iterable[int],
    scoring: Scoring = None,
) -> float:
    """Trains an estimator that has ``warm_start`` further and further, and reports its score on validation rows.

    Args:
        trial: The trial; its study maximises.
        estimator: The estimator, which is trained in place.
        X: The training rows, [n, d].
        y: Their targets, [n].
        X_valid: The validation rows.
        y_valid: Their targets.
        parameter: What grows: ``n_estimators`` of forests and boosting, ``max_iter`` of others.
        values: Its values, increasing.
        scoring: The score; the estimator's own where left out.

    Returns:
        The last score.

    Raises:
        TrialPruned: The trial is to end.
    """
    check_maximises(trial)
    scorer = check_scoring(estimator, scoring=scoring)
    reporter = Reporter(trial)
    estimator.set_params(warm_start=True)
    score = float("nan")
    for value in values:
        estimator.set_params(**{parameter: value}).fit(X, y)
        score = float(scorer(estimator, X_valid, y_valid))
        reporter(score)
    return score
