"""Search spaces of Ray Tune in Hone's terms."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Union

from ray.tune.search import sample
from ray.tune.search.variant_generator import parse_spec_vars
from ray.tune.utils.util import flatten_dict

from ..errors import InvalidInputError
from ..space import Float, Integer, Parameter
from ..space.foreign_space import AnyChoices, ForeignSpace


def tune_space(config: Mapping[str, Any]) -> ForeignSpace:
    """The parameters of a configuration; those of nested ones have slashes in their names.

    Args:
        config: Ray Tune's domains (``tune.uniform`` and so on), or Hone's parameters; what is neither is fixed.

    Raises:
        InvalidInputError: A domain is none that Hone knows, or there is none.
    """
    flat = flatten_dict(dict(config), prevent_delimiter=True)
    found: dict[str, Union[Parameter, AnyChoices]] = {
        name: value for name, value in flat.items() if isinstance(value, Parameter)
    }
    # Grids are mappings, so they are looked for before the configuration is flattened.
    _, _, grids = parse_spec_vars(dict(config))
    if grids:
        names = ", ".join("/".join(map(str, path)) for path, _ in grids)
        raise InvalidInputError(f"space: Hone searches no grid ({names}); take tune.choice.")
    _, domains, _ = parse_spec_vars({name: value for name, value in flat.items() if name not in found})
    for path, domain in domains:
        name = "/".join(map(str, path))
        found[name] = _parameter(name, domain)
    # In the order of the configuration, whatever of it is what.
    ordered = {name: found[name] for name in flat if name in found}
    return ForeignSpace({**ordered, **found})


def _parameter(name: str, domain: Any) -> Union[Parameter, AnyChoices]:
    sampler = domain.get_sampler()
    quantum = None
    if isinstance(sampler, sample.Quantized):
        quantum, sampler = sampler.q, sampler.get_sampler()
    log = isinstance(sampler, sample.LogUniform)
    if not log and not isinstance(sampler, sample.Uniform):
        raise InvalidInputError(f"space/{name}: Hone has no parameter like {domain!r} with {sampler}.")
    if isinstance(domain, sample.Categorical):
        return AnyChoices(domain.categories)
    if log and quantum not in (None, 1):
        raise InvalidInputError(f"space/{name}: a log scale takes no steps; leave the quantum {quantum} out.")
    if isinstance(domain, sample.Float):
        return Float(domain.lower, domain.upper, log=log, step=None if log else quantum)
    if isinstance(domain, sample.Integer):
        if quantum is None or log:
            # The upper end is not among the values, but with a quantum it is.
            return Integer(domain.lower, domain.upper - (1 if quantum is None else 0), log=log)
        low = math.ceil(domain.lower / quantum) * quantum
        high = math.floor(domain.upper / quantum) * quantum
        return Integer(low, high, step=quantum)
    raise InvalidInputError(f"space/{name}: Hone has no parameter like {domain!r}.")
