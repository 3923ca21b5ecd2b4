"""What a user asks to be tuned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Optional, Union

from .budget import Budget
from .errors import InvalidInputError
from .names import check_name
from .objective import Objective
from .outcome_constraint import OutcomeConstraint
from .space import SearchSpace, read_parameters


@dataclass(frozen=True)
class StudyDefinition:
    """A search space with objectives, a tuner and a budget.

    Attributes:
        name: The study's name.
        space: The parameters.
        objectives: What to optimise; the metrics differ.
        parameter_constraints: Linear inequalities over numeric parameters in natural units, such as
            ``"2 * layers + batch <= 140"``.
        outcome_constraints: Bounds on metrics.
        tuner: The algorithm and its options (JSON of the contract); empty for the server's choice.
        stopping: The rule that stops unpromising trials, with its options (JSON of the contract), or None.
        budget: How much it may spend.
        noise: ``auto``, ``none``, or a standard deviation in the metric's units.
        labels: Your own notes by name.
    """

    name: str
    space: SearchSpace
    objectives: Sequence[Objective]
    parameter_constraints: Sequence[str] = ()
    outcome_constraints: Sequence[OutcomeConstraint] = ()
    tuner: Mapping[str, Any] = field(default_factory=dict)
    stopping: Optional[Mapping[str, Any]] = None
    budget: Budget = field(default_factory=Budget)
    noise: Union[str, float, None] = None
    labels: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_name(self.name, "name")
        if not self.objectives:
            raise InvalidInputError("objectives: there must be at least one.")
        names = [objective.metric for objective in self.objectives]
        if len(set(names)) != len(names):
            raise InvalidInputError(f"objectives: the metrics must differ: {', '.join(names)}.")
        if self.stopping is not None and not isinstance(self.stopping.get("name"), str):
            raise InvalidInputError("stopping: must name a rule, such as {'name': 'asha'}.")
        if isinstance(self.noise, str) and self.noise not in ("auto", "none"):
            raise InvalidInputError(f"noise: must be 'auto', 'none' or a standard deviation, not {self.noise!r}.")
        if isinstance(self.noise, (int, float)) and not 0 < self.noise < float("inf"):
            raise InvalidInputError(f"noise: a standard deviation must be finite and above 0, not {self.noise!r}.")
        if isinstance(self.parameter_constraints, str):
            raise InvalidInputError("parameter_constraints: must be a list of inequalities, not one string.")
        for name, text in self.labels.items():
            if not isinstance(text, str) or len(text) > 1024:
                raise InvalidInputError(f"labels/{name}: must be a string of at most 1,024 characters.")
        if len(self.labels) > 64:
            raise InvalidInputError(f"labels: there may be 64, not {len(self.labels)}.")

    @property
    def objective_names(self) -> tuple[str, ...]:
        """The metrics that are optimised, in their order."""
        return tuple(objective.metric for objective in self.objectives)

    @property
    def required_metrics(self) -> tuple[str, ...]:
        """The metrics that a completed trial must have: objectives, then constrained ones."""
        constrained = [c.metric for c in self.outcome_constraints]
        return tuple(dict.fromkeys((*self.objective_names, *constrained)))

    def to_json(self) -> dict[str, Any]:
        """The definition as the contract writes it."""
        document: dict[str, Any] = {
            "name": self.name,
            "parameters": self.space.to_json(),
            "objectives": [{"metric": o.metric, "goal": o.goal} for o in self.objectives],
        }
        if self.parameter_constraints:
            document["parameter_constraints"] = list(self.parameter_constraints)
        if self.outcome_constraints:
            document["outcome_constraints"] = [constraint.to_json() for constraint in self.outcome_constraints]
        if self.tuner:
            document["tuner"] = dict(self.tuner)
        if self.stopping is not None:
            document["stopping"] = dict(self.stopping)
        budget = self.budget.to_json()
        if budget:
            document["budget"] = budget
        if self.noise is not None:
            document["noise"] = self.noise
        if self.labels:
            document["labels"] = dict(self.labels)
        return document

    @staticmethod
    def read(document: Mapping[str, Any]) -> StudyDefinition:
        """A definition from its JSON form; fields that are none of a definition are passed over."""
        known = (
            {field: document["budget"].get(field) for field in Budget.__dataclass_fields__}
            if "budget" in document
            else {}
        )
        return StudyDefinition(
            name=document["name"],
            space=read_parameters(document["parameters"]),
            objectives=tuple(Objective(o["metric"], o["goal"]) for o in document["objectives"]),
            parameter_constraints=tuple(document.get("parameter_constraints", ())),
            outcome_constraints=tuple(
                OutcomeConstraint(c["metric"], c.get("at_most"), c.get("at_least"))
                for c in document.get("outcome_constraints", ())
            ),
            tuner=document.get("tuner", {}),
            stopping=document.get("stopping"),
            budget=Budget(**known),
            noise=document.get("noise"),
            labels=document.get("labels", {}),
        )
