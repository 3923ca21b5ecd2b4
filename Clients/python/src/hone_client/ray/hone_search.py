"""A searcher for Ray Tune that asks Hone."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Optional, Union

from ray.tune.result import TRAINING_ITERATION
from ray.tune.search import Searcher
from ray.tune.utils.util import unflatten_dict

from ..client import Client
from ..errors import ConflictError, InvalidInputError
from ..result import Result
from ..space.foreign_space import ForeignSpace, valid_names
from ..study import Study
from ..trial import HEARTBEAT_LEASE, Trial
from .tune_space import tune_space

_LOG = logging.getLogger("hone_client")


class HoneSearch(Searcher):
    """Lets a Hone server propose the trials of Ray Tune.

    Each result is reported to Hone under its ``training_iteration``, the last one is the trial's; a trial with an error
    is told as failed, one that ends without a result as pruned. Ray's schedulers stop trials as always.

    Args:
        url: Where the server is; HONE_SERVER where left out.
        space: Ray Tune's domains or Hone's parameters, by name; Tune's ``param_space`` where left out.
        metric: The metric, or several; Tune's where left out.
        mode: ``min`` or ``max``, one for each metric; Tune's where left out.
        study_name: The name of Hone's study, which goes on where there is one of the same definition; a new one where
            left out.
        points_to_evaluate: Configurations to be tried first.
        tuner: Hone's tuner: a name, or a mapping with ``name`` and options; the server's choice where left out.
        token: The access token; HONE_TOKEN where left out. It is not saved with Tune's state.
        lease_seconds: How long the server waits for a sign of life of this process, which sends them in the background.
    """

    def __init__(
        self,
        url: Optional[str] = None,
        space: Optional[Mapping[str, Any]] = None,
        metric: Union[str, list[str], None] = None,
        mode: Union[str, list[str], None] = None,
        *,
        study_name: Optional[str] = None,
        points_to_evaluate: Optional[Sequence[Mapping[str, Any]]] = None,
        tuner: Union[str, Mapping[str, Any], None] = None,
        token: Optional[str] = None,
        lease_seconds: float = HEARTBEAT_LEASE,
    ) -> None:
        super().__init__(metric=metric, mode=mode)
        self._url = url
        self._token = token
        self._config = space
        self._study_name = study_name or f"ray-{uuid.uuid4().hex[:12]}"
        self._points = list(points_to_evaluate or ())
        self._tuner = tuner
        self._lease_seconds = lease_seconds
        self._client: Optional[Client] = None
        self._study: Optional[Study] = None
        self._space: Optional[ForeignSpace] = None
        self._held: dict[str, Trial] = {}
        # What is known of trials that another process of this experiment asked for: number and lease token.
        self._restored: dict[str, list[Any]] = {}

    @property
    def study(self) -> Study:
        """Hone's study.

        Raises:
            InvalidInputError: Space, metric or mode are not known yet.
        """
        if self._study is None:
            if not self._config or not self._metric or not self._mode:
                raise InvalidInputError(
                    "HoneSearch: give space, metric and mode here, or param_space to the Tuner and metric and mode to "
                    "its TuneConfig."
                )
            self._client = Client(self._url, self._token)
            self._space = tune_space(self._config)
            self._study = self._client.create_study(
                self._study_name, self._space.space, objectives=self._objectives(), tuner=self._tuner
            )
            if self._points and not any(True for _ in self._study.iter_trials(page_size=1)):
                self._study.enqueue([self._point(point) for point in self._points], key=f"{self._study_name}-points")
        return self._study

    def _metrics(self) -> dict[str, str]:
        return valid_names([self._metric] if isinstance(self._metric, str) else self._metric)

    def _objectives(self) -> dict[str, str]:
        modes = [self._mode] if isinstance(self._mode, str) else list(self._mode)
        names = list(self._metrics().values())
        if len(modes) != len(names):
            raise InvalidInputError(f"mode: must be one for each of {len(names)} metrics, not {len(modes)}.")
        return {name: "minimize" if mode == "min" else "maximize" for name, mode in zip(names, modes)}

    def _point(self, config: Mapping[str, Any]) -> dict[str, Any]:
        assert self._space is not None
        from ray.tune.utils.util import flatten_dict

        point = self._space.to_hone(flatten_dict(dict(config), prevent_delimiter=True))
        if point is None:
            raise InvalidInputError(f"points_to_evaluate: {dict(config)!r} is no point of the space.")
        return point

    def set_search_properties(
        self, metric: Optional[str], mode: Optional[str], config: dict[str, Any], **spec: Any
    ) -> bool:
        """Called by Tune with its own settings."""
        if self._study is not None or (self._config is not None and config):
            return False
        if metric:
            self._metric = metric
        if mode:
            self._mode = mode
        if config:
            self._config = config
        return True

    def suggest(self, trial_id: str) -> Optional[Union[dict[str, Any], str]]:
        """Called by Tune for the configuration of a new trial."""
        study = self.study
        assert self._space is not None
        answer = study.ask_many(1, worker=f"ray-{trial_id}", lease_seconds=self._lease_seconds)
        if not answer.trials:
            return None if answer.retry_after is not None else Searcher.FINISHED
        trial = answer.trials[0]
        trial.keep()
        self._held[trial_id] = trial
        suggestion: dict[str, Any] = unflatten_dict(self._space.to_foreign(trial.parameters))
        return suggestion

    def _values(self, result: Optional[Mapping[str, Any]]) -> Optional[dict[str, float]]:
        names = self._metrics()
        if not result or any(result.get(name) is None for name in names):
            return None
        return {hone_name: float(result[name]) for name, hone_name in names.items()}

    def on_trial_result(self, trial_id: str, result: dict[str, Any]) -> None:
        """Called by Tune with each result on the way."""
        trial, values = self._held.get(trial_id), self._values(result)
        if trial is None or values is None or trial.is_lost:
            return
        try:
            trial.report(values, int(result[TRAINING_ITERATION]))
        except ConflictError as conflict:
            _LOG.warning("The result of Ray's trial %s is not taken: %s", trial_id, conflict)

    def on_trial_complete(self, trial_id: str, result: Optional[dict[str, Any]] = None, error: bool = False) -> None:
        """Called by Tune when a trial has ended."""
        values = self._values(result)
        if error:
            told = Result(state="failed", reason="The trial failed in Ray Tune.")
        elif values is None:
            told = Result(state="pruned", reason="The trial ended in Ray Tune without a result.")
        else:
            told = Result(values)
        held, restored = self._held.pop(trial_id, None), self._restored.pop(trial_id, None)
        try:
            if held is not None:
                held.tell_result(told)
            elif restored is not None:
                self.study.tell(restored[0], told, lease_token=restored[1])
        except ConflictError as conflict:
            _LOG.warning("The end of Ray's trial %s is not taken: %s", trial_id, conflict)

    def save(self, checkpoint_path: str) -> None:
        """Saves which trials are under way; what they found is on the server."""
        under_way = {key: [trial.number, trial.lease_token] for key, trial in self._held.items()}
        state = {"study": self._study_name, "trials": {**self._restored, **under_way}}
        with open(checkpoint_path, "w") as file:
            json.dump(state, file)

    def restore(self, checkpoint_path: str) -> None:
        """Goes on with the study and the trials that were saved."""
        with open(checkpoint_path) as file:
            state = json.load(file)
        self._study_name = state["study"]
        self._restored = state["trials"]

    def __getstate__(self) -> dict[str, Any]:
        # Tune saves the searcher itself, too: without connections, leases and the token.
        state = dict(self.__dict__)
        under_way = {key: [trial.number, trial.lease_token] for key, trial in self._held.items()}
        state.update(_client=None, _study=None, _space=None, _held={}, _token=None)
        state["_restored"] = {**self._restored, **under_way}
        return state
