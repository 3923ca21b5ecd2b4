"""Search spaces of Optuna in Hone's terms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Union

from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution

from ..errors import InvalidInputError
from ..space import Boolean, Categorical, Float, Integer, Ordinal, Parameter
from ..space.foreign_space import AnyChoices, ForeignSpace

Declared = Union[BaseDistribution, Parameter]


def distribution_of(name: str, declared: Declared) -> BaseDistribution:
    """What Optuna calls a parameter that may be declared in Hone's terms.

    Raises:
        InvalidInputError: Optuna has nothing of the kind.
    """
    if isinstance(declared, BaseDistribution):
        return declared
    if isinstance(declared, Float) and declared.size is None:
        return FloatDistribution(declared.low, declared.high, log=declared.log, step=declared.step)
    if isinstance(declared, Integer):
        return IntDistribution(declared.low, declared.high, log=declared.log, step=declared.step)
    if isinstance(declared, Boolean):
        return CategoricalDistribution([True, False])
    if isinstance(declared, Categorical):
        return CategoricalDistribution(list(declared.choices))
    if isinstance(declared, Ordinal):
        return CategoricalDistribution(list(declared.values))
    raise InvalidInputError(f"search_space/{name}: Optuna has no parameter like {declared!r}.")


def translated_space(space: Mapping[str, Declared]) -> ForeignSpace:
    """A search space of Optuna with what it is in Hone.

    Args:
        space: Parameters by Optuna's name, as Optuna's distributions or Hone's parameters, which may have conditions.

    Raises:
        InvalidInputError: A distribution is none that Hone knows.
    """
    return ForeignSpace({name: _parameter(name, declared) for name, declared in space.items()})


def _parameter(name: str, declared: Declared) -> Union[Parameter, AnyChoices]:
    if isinstance(declared, Parameter):
        return declared
    if isinstance(declared, FloatDistribution):
        return Float(declared.low, declared.high, log=declared.log, step=declared.step)
    if isinstance(declared, IntDistribution):
        return Integer(declared.low, declared.high, log=declared.log, step=1 if declared.log else declared.step)
    if isinstance(declared, CategoricalDistribution):
        return AnyChoices(declared.choices)
    raise InvalidInputError(f"search_space/{name}: {declared!r} is no distribution that Hone knows.")
