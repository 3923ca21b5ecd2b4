"""An Optuna sampler that asks Hone."""

from __future__ import annotations

import logging
import re
import threading
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Optional, Union

import optuna
from optuna.distributions import BaseDistribution
from optuna.samplers import BaseSampler, RandomSampler
from optuna.search_space import intersection_search_space
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, TrialState

from ..client import Client
from ..errors import HoneError, NoTrialAvailableError
from ..trial import HEARTBEAT_LEASE, Trial
from .mirrored_study import LEASE, NUMBER, STUDY, TOLD, MirroredStudy, all_trials
from .translated_space import Declared, distribution_of, translated_space

_LOG = logging.getLogger("hone_client")


class HoneSampler(BaseSampler):
    """Lets a Hone server propose the trials of an Optuna study.

    The server keeps a study of its own for each search space of Optuna's study. Where the space is not given it is what
    all completed trials have in common, as with Optuna's own relative samplers; until one is completed, and for
    parameters that are not in it, ``independent_sampler`` draws. All results are learned from: those of enqueued trials
    and those that were there before, too; these with their intermediate values, at most 1,000 of a trial. Pruned trials
    are told with their last intermediate value, failed ones as failed. Several processes may share a study of Optuna.

    Optuna's pruners work as always. Constraints of Optuna (``constraints_func``) are not passed on.

    Args:
        client: A client, or the address of a server; HONE_SERVER where left out.
        search_space: The space by Optuna's names, so that Hone proposes the first trial already: Optuna's
            distributions, or Hone's parameters, which may have conditions (``when``) where the objective has branches.
            A :class:`~hone_client.Boolean` is ``suggest_categorical(name, [True, False])``.
        parameter_constraints: Linear inequalities over the names of a given space, such as ``"a + b <= 1"``.
        tuner: Hone's tuner: a name, or a mapping with ``name`` and options; the server's choice where left out.
        seed: Makes the run repeatable, with one worker: the seed of Hone's tuner and of the independent sampler.
        noise: What is known of the noise: ``auto``, ``none``, or a standard deviation in the objective's units.
        study_prefix: What the names of Hone's studies begin with, another one for each study of Optuna; where left out
            it is made from the name of Optuna's study and kept there.
        independent_sampler: Draws what Hone does not propose; :class:`optuna.samplers.RandomSampler` where left out.
        warn_independent_sampling: Whether it is said when that happens to a parameter after the first completed trial.
        lease_seconds: How long the server waits for a sign of life of this process, which sends them in the background,
            before it proposes a trial to another one. None for a day without signs of life: for trials that are asked
            in one process and told in another.
    """

    def __init__(
        self,
        client: Union[Client, str, None] = None,
        *,
        search_space: Optional[Mapping[str, Declared]] = None,
        parameter_constraints: Sequence[str] = (),
        tuner: Union[str, Mapping[str, Any], None] = None,
        seed: Optional[int] = None,
        noise: Union[str, float, None] = None,
        study_prefix: Optional[str] = None,
        independent_sampler: Optional[BaseSampler] = None,
        warn_independent_sampling: bool = True,
        lease_seconds: Optional[float] = HEARTBEAT_LEASE,
    ) -> None:
        self._client = client if isinstance(client, Client) else Client(client)
        self._declared = None if search_space is None else dict(search_space)
        self._given: Optional[dict[str, BaseDistribution]] = None
        if self._declared is not None:
            self._given = {name: distribution_of(name, declared) for name, declared in self._declared.items()}
        options: dict[str, Any] = {}
        chosen = {"name": tuner} if isinstance(tuner, str) else dict(tuner or {})
        if seed is not None:
            chosen = {"seed": seed, "reproducible": True, **chosen}
        if chosen:
            options["tuner"] = chosen
        if noise is not None:
            options["noise"] = noise
        if parameter_constraints:
            options["parameter_constraints"] = list(parameter_constraints)
        self._options = options
        self._prefix = study_prefix
        self._independent = independent_sampler or RandomSampler(seed=seed)
        self._warns = warn_independent_sampling
        self._lease_seconds = lease_seconds
        self._mirrors: dict[tuple[int, str], MirroredStudy] = {}
        self._by_name: dict[str, MirroredStudy] = {}
        self._held: dict[int, Trial] = {}
        self._lock = threading.Lock()

    def reseed_rng(self) -> None:
        """Reseeds the independent sampler; Hone's randomness is the server's."""
        self._independent.reseed_rng()

    def infer_relative_search_space(self, study: optuna.Study, trial: FrozenTrial) -> dict[str, BaseDistribution]:
        """The given space, else what all completed trials have in common."""
        if self._given is not None:
            return dict(self._given)
        common = intersection_search_space(all_trials(study))
        return {name: distribution for name, distribution in common.items() if not distribution.single()}

    def sample_relative(
        self, study: optuna.Study, trial: FrozenTrial, search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        """What Hone proposes, once it knows all results."""
        fixed = {n: v for n, v in trial.system_attrs.get("fixed_params", {}).items() if n in search_space}
        if len(fixed) == len(search_space):
            # There is nothing to propose; the result is learned from when it is there.
            return {}
        mirror = self._mirror(study, search_space)
        wanted = mirror.space.part_to_hone(fixed)
        if wanted is None:
            return {}
        mirror.catch_up(study)
        try:
            held = mirror.study.ask(lease_seconds=self._lease_seconds, fixed=wanted, wait=60.0)
        except NoTrialAvailableError as none:
            if none.reason != "space_exhausted":
                raise
            _LOG.warning("Every point of the space has been tried; the independent sampler draws now.")
            return {}
        if self._lease_seconds is not None:
            held.keep()
        with self._lock:
            self._held[trial._trial_id] = held
        storage = study._storage
        for key, value in ((STUDY, mirror.study.name), (NUMBER, held.number), (LEASE, held.lease_token)):
            storage.set_trial_system_attr(trial._trial_id, key, value)
        return mirror.space.to_foreign(held.parameters)

    def sample_independent(
        self, study: optuna.Study, trial: FrozenTrial, param_name: str, param_distribution: BaseDistribution
    ) -> Any:
        """Draws what Hone does not propose."""
        if self._warns and not trial.system_attrs.get("fixed_params") and not param_distribution.single():
            completed = all_trials(study, (TrialState.COMPLETE,))
            if completed or self._given is not None:
                _LOG.warning(
                    'The parameter "%s" of trial %d is drawn by %s, as it is not in the space that Hone knows. Give '
                    "search_space, with conditions where the objective has branches; or set "
                    "warn_independent_sampling=False.",
                    param_name,
                    trial.number,
                    type(self._independent).__name__,
                )
        return self._independent.sample_independent(study, trial, param_name, param_distribution)

    def before_trial(self, study: optuna.Study, trial: FrozenTrial) -> None:
        """Lets the independent sampler prepare."""
        self._independent.before_trial(study, trial)

    def after_trial(
        self,
        study: optuna.Study,
        trial: FrozenTrial,
        state: TrialState,
        values: Optional[Sequence[float]],
    ) -> None:
        """Tells Hone the result of a trial that it proposed; others are added before the next proposal."""
        with self._lock:
            held = self._held.pop(trial._trial_id, None)
        name = trial.system_attrs.get(STUDY)
        if name is not None:
            try:
                told = self._named_mirror(study, str(name)).tell(held, trial, state, values)
                study._storage.set_trial_system_attr(trial._trial_id, TOLD, told)
            except HoneError as error:
                # Optuna keeps the result, and the next proposal begins with telling it.
                _LOG.warning("The result of trial %d is not told yet: %s", trial.number, error)
            finally:
                if held is not None:
                    held.let_go()
        self._independent.after_trial(study, trial, state, values)

    def _mirror(self, study: optuna.Study, search_space: Mapping[str, BaseDistribution]) -> MirroredStudy:
        key = (study._study_id, repr(sorted(search_space.items(), key=lambda item: item[0])))
        with self._lock:
            if key not in self._mirrors:
                declared: Mapping[str, Declared] = search_space
                if self._declared is not None and self._declared.keys() == search_space.keys():
                    declared = self._declared
                mirror = MirroredStudy(
                    self._client, self._name(study), translated_space(declared), _directions(study), self._options
                )
                self._mirrors[key] = mirror
                self._by_name[mirror.study.name] = mirror
            return self._mirrors[key]

    def _named_mirror(self, study: optuna.Study, name: str) -> MirroredStudy:
        mirror = self._by_name.get(name)
        if mirror is None:
            # Another process asked. The space is the one that this process infers, unless it has changed since.
            blank = optuna.trial.create_trial(state=TrialState.RUNNING)
            mirror = self._mirror(study, self.infer_relative_search_space(study, blank))
            if mirror.study.name != name:
                raise HoneError(f"Hone's study \"{name}\" is over another space than Optuna's study has now.")
        return mirror

    def _name(self, study: optuna.Study) -> str:
        if self._prefix is not None:
            return self._prefix
        storage = study._storage
        known = storage.get_study_system_attrs(study._study_id).get("hone:name")
        if known is None:
            slug = re.sub(r"[^A-Za-z0-9._-]", "_", study.study_name)[:60]
            storage.set_study_system_attr(study._study_id, "hone:name", f"optuna-{slug}-{uuid.uuid4().hex[:8]}")
            # Of several processes that begin at once the last one to write names the study.
            known = storage.get_study_system_attrs(study._study_id)["hone:name"]
        return str(known)

    def __getstate__(self) -> dict[str, Any]:
        raise TypeError(
            "A HoneSampler holds connections and leases, so it cannot be pickled: make one in each process."
        )


def _directions(study: optuna.Study) -> Sequence[str]:
    return ["maximize" if direction == StudyDirection.MAXIMIZE else "minimize" for direction in study.directions]
