"""A study on a Hone server that follows one of Optuna."""

from __future__ import annotations

import hashlib
import json
import logging
import math
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Optional

import optuna
from optuna.trial import FrozenTrial, TrialState

from ..client import Client
from ..errors import ConflictError, TrialNotFoundError
from ..measurement import Measurement
from ..result import Result
from ..space.foreign_space import ForeignSpace
from ..study import Study
from ..trial import Trial

_LOG = logging.getLogger("hone_client")

STUDY, NUMBER, LEASE, TOLD = "hone:study", "hone:trial", "hone:lease", "hone:told"

MOST_MEASUREMENTS = 1_000


def all_trials(study: optuna.Study, states: Optional[tuple[TrialState, ...]] = None) -> list[FrozenTrial]:
    """The trials of a study, also where Optuna's Hyperband shows the sampler those of one bracket only."""
    trials: list[FrozenTrial] = study._storage.get_all_trials(study._study_id, deepcopy=False, states=states)
    return trials


class MirroredStudy:
    """A study on a Hone server over one search space of a study of Optuna, which learns all results of that one.

    Trials of Optuna that Hone proposed carry the number and lease of Hone's trial among their system attributes, so
    that any process can tell their results. Results that came about otherwise (enqueued trials, those before the space
    was known, those of another sampler) are added once, whichever process does it: under an idempotency key, and noted
    in the study's system attributes.

    Args:
        client: Where the server is.
        prefix: What the name of Hone's study begins with.
        space: The search space.
        directions: ``minimize`` or ``maximize`` for each objective.
        options: Further arguments of :meth:`Client.create_study`.
    """

    def __init__(
        self,
        client: Client,
        prefix: str,
        space: ForeignSpace,
        directions: Sequence[str],
        options: Mapping[str, Any],
    ) -> None:
        self.space = space
        self._metrics = [f"value_{i}" for i in range(len(directions))]
        definition = [space.space.to_json(), list(directions), sorted(options.items(), key=lambda option: option[0])]
        digest = hashlib.sha256(json.dumps(definition, sort_keys=True, default=str).encode()).hexdigest()[:10]
        self.study: Study = client.create_study(
            f"{prefix}-{digest}",
            space.space,
            objectives=dict(zip(self._metrics, directions)),
            **options,
        )
        self._known: set[int] = set()
        self._lock = threading.Lock()

    def catch_up(self, study: optuna.Study) -> None:
        """Lets Hone learn of all results that it has not heard of."""
        with self._lock:
            trials = all_trials(study, (TrialState.COMPLETE, TrialState.PRUNED))
            new = [trial for trial in trials if trial.number not in self._known]
            unsaid = [trial for trial in new if not self._is_told(trial)]
            added = study._storage.get_study_system_attrs(study._study_id) if unsaid else {}
            for trial in unsaid:
                note = f"hone:added:{self.study.name}:{trial.number}"
                if note in added:
                    continue
                if not self._tell_own(trial):
                    self._add(trial)
                study._storage.set_study_system_attr(study._study_id, note, True)
            self._known.update(trial.number for trial in new)

    def result(self, state: TrialState, values: Optional[Sequence[float]], trial: FrozenTrial) -> Result:
        """How a trial of Optuna ended, in Hone's terms."""
        if state == TrialState.COMPLETE and values is not None:
            return Result(dict(zip(self._metrics, values)))
        if state == TrialState.PRUNED:
            step = trial.last_step
            if step is None or len(self._metrics) != 1:
                return Result(state="pruned")
            value = trial.intermediate_values[step]
            return Result({self._metrics[0]: value}, state="pruned", step=step)
        return Result(state="failed", reason=str(trial.system_attrs.get("fail_reason", "The trial failed in Optuna.")))

    def tell(self, held: Optional[Trial], trial: FrozenTrial, state: TrialState, values: Any) -> bool:
        """Tells the result of a trial that Hone proposed.

        Returns:
            Whether Hone knows it now. Where the objective took other values than those proposed, Hone's trial ends as
            failed, which teaches nothing, and the result is to be added.
        """
        number, token = int(trial.system_attrs[NUMBER]), str(trial.system_attrs[LEASE])
        try:
            proposed = held.parameters if held is not None else self.study.trial(number).parameters
            if not self.space.agrees(proposed, trial.params):
                # Given back it would be handed out again, and perhaps end like this again.
                self.study.tell(number, state="failed", reason="Optuna took other values.", lease_token=token)
                return False
            result = self.result(state, values, trial)
            if held is not None:
                held.tell_result(result)
            else:
                self.study.tell(number, result, lease_token=token)
        except (ConflictError, TrialNotFoundError) as conflict:
            # The lease was lost meanwhile, and Hone's trial went to somebody else; the result counts all the same.
            _LOG.warning("Optuna's trial %d is added as a result from elsewhere: %s", trial.number, conflict)
            return False
        return True

    def _is_told(self, trial: FrozenTrial) -> bool:
        return trial.system_attrs.get(STUDY) == self.study.name and bool(trial.system_attrs.get(TOLD))

    def _tell_own(self, trial: FrozenTrial) -> bool:
        if trial.system_attrs.get(STUDY) != self.study.name or trial.system_attrs.get(TOLD) is False:
            return False
        return self.tell(None, trial, trial.state, trial.values)

    def _add(self, trial: FrozenTrial) -> None:
        point = self.space.to_hone(trial.params)
        if point is None:
            return
        result = self.result(trial.state, trial.values, trial)
        measured = [item for item in sorted(trial.intermediate_values.items()) if 0 <= item[0] <= 2**53]
        # Of long curves so many points, the last among them, so that the request stays small.
        every = max(1, math.ceil(len(measured) / MOST_MEASUREMENTS))
        kept = measured[(len(measured) - 1) % every :: every]
        curve = [Measurement(step, {self._metrics[0]: value}) for step, value in kept]
        self.study.add_results([(point, result, curve)], key=f"optuna-{self.study.name}-{trial.number}")
