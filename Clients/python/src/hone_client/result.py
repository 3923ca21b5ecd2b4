"""Final results of trials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional, Union

from .errors import InvalidInputError
from .extended_number import as_float, plain, write_metrics
from .names import check_name
from .study_definition import StudyDefinition
from .trial_state import TrialState

Values = Union[float, Sequence[float], Mapping[str, float]]


@dataclass(frozen=True)
class Result:
    """How a trial ended; an objective may return one in place of a number.

    Attributes:
        values: The value of the only objective; those of several in the study's order; or values by metric, for all
            objectives and constrained metrics. NaN makes the trial failed, an infinity infeasible. None where there are
            none.
        state: ``completed``, ``pruned``, ``infeasible`` or ``failed``; where left out ``completed``.
        reason: Why there is no value, in your own words.
        standard_errors: Standard errors of some of the metrics, in the metrics' units.
        step: The progress at which the metrics were measured, in your own steps.
        checkpoint: Where workers find the state that the trial has ended with.
        oracle: The answer to the trial's request (JSON of the contract).
    """

    values: Optional[Values] = None
    state: Union[TrialState, str, None] = None
    reason: Optional[str] = None
    standard_errors: Optional[Mapping[str, float]] = None
    step: Optional[int] = None
    checkpoint: Optional[str] = None
    oracle: Optional[Mapping[str, Any]] = None

    def to_json(self, definition: StudyDefinition, lease_token: Optional[str] = None) -> dict[str, Any]:
        """The result as the contract writes it.

        Args:
            definition: The study's definition, which names the metrics.
            lease_token: The token of the lease, where the teller has one.

        Raises:
            InvalidInputError: A value is missing or no number, or parts do not go together.
        """
        state = _state(self.state)
        document: dict[str, Any] = {}
        if state is not TrialState.COMPLETED:
            document["state"] = state.value
            if self.reason is not None:
                document["reason"] = self.reason
        elif self.reason is not None:
            raise InvalidInputError("reason: a completed trial has none.")
        if self.oracle is not None:
            if state is not TrialState.COMPLETED:
                raise InvalidInputError(f"oracle: a trial that is {state} has none.")
            document["oracle"] = dict(self.oracle)
        if self.values is not None:
            if state in (TrialState.INFEASIBLE, TrialState.FAILED):
                raise InvalidInputError(f"values: a trial that is {state} has none.")
            document["metrics"] = write_metrics(metrics_by_name(self.values, definition))
        required = definition.required_metrics
        if state is TrialState.COMPLETED and self.oracle is None:
            missing = [name for name in required if name not in document.get("metrics", {})]
            if missing:
                raise InvalidInputError(
                    f"values: a completed trial needs {', '.join(required)}; missing: {', '.join(missing)}."
                )
        if self.standard_errors:
            document["standard_errors"] = write_standard_errors(self.standard_errors)
        if self.step is not None:
            document["step"] = check_step(self.step)
        if self.checkpoint is not None:
            document["checkpoint"] = check_checkpoint(self.checkpoint)
        if "metrics" not in document and self.oracle is None:
            for name in ("standard_errors", "step"):
                if name in document:
                    raise InvalidInputError(f"{name}: goes with values only.")
        if self.checkpoint is not None and state is not TrialState.COMPLETED:
            raise InvalidInputError(f"checkpoint: a trial that is {state} leaves none.")
        if lease_token is not None:
            document["lease_token"] = lease_token
        return document


def metrics_by_name(values: Values, definition: StudyDefinition) -> dict[str, float]:
    """Values by metric, in whichever form they are given.

    Raises:
        InvalidInputError: There are more or fewer than objectives, or one is no number.
    """
    names = definition.objective_names
    if isinstance(values, Mapping):
        if not values:
            raise InvalidInputError("values: there must be at least one metric.")
        return {check_name(name, "values"): as_float(v, f"values/{name}") for name, v in values.items()}
    to_list = getattr(values, "tolist", None)
    listed = to_list() if callable(to_list) else plain(values)
    if isinstance(listed, (list, tuple)):
        if len(listed) != len(names):
            raise InvalidInputError(
                f"values: the study has {len(names)} objectives ({', '.join(names)}), not {len(listed)}."
            )
        return {name: as_float(value, f"values/{name}") for name, value in zip(names, listed)}
    if len(names) != 1:
        raise InvalidInputError(f"values: the study has {len(names)} objectives ({', '.join(names)}), not one.")
    return {names[0]: as_float(listed, "values")}


def write_standard_errors(errors: Mapping[str, float]) -> dict[str, float]:
    """Standard errors as the contract writes them.

    Raises:
        InvalidInputError: One is negative or not finite.
    """
    written = {}
    for name, value in errors.items():
        number = as_float(value, f"standard_errors/{name}")
        if not 0 <= number < float("inf"):
            raise InvalidInputError(f"standard_errors/{name}: must be finite and at least 0, not {value!r}.")
        written[name] = number
    return written


def check_step(step: Any) -> int:
    """A step as a whole number.

    Raises:
        InvalidInputError: It is none.
    """
    step = plain(step)
    if type(step) is not int or abs(step) > 2**53:
        raise InvalidInputError(f"step: must be a whole number of at most 2^53 in size, not {step!r}.")
    return step


def check_checkpoint(checkpoint: object) -> str:
    """A checkpoint's name.

    Raises:
        InvalidInputError: It is no string of 1 to 4,096 bytes.
    """
    if not isinstance(checkpoint, str) or not 1 <= len(checkpoint.encode()) <= 4096:
        raise InvalidInputError(f"checkpoint: must be a string of 1 to 4,096 bytes, not {checkpoint!r}.")
    return checkpoint


def _state(state: Union[TrialState, str, None]) -> TrialState:
    if state is None:
        return TrialState.COMPLETED
    try:
        final = TrialState(state)
    except ValueError:
        final = TrialState.WAITING
    if not final.is_finished:
        raise InvalidInputError(f"state: must be completed, pruned, infeasible or failed, not {state!r}.")
    return final
