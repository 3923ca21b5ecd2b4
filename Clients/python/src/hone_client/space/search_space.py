"""All parameters of a study together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Union

from ..errors import InvalidInputError
from ..extended_number import plain
from ..names import check_name
from .boolean_parameter import Boolean
from .categorical_parameter import Categorical
from .choice_list import find_choice
from .float_parameter import Float
from .integer_parameter import Integer
from .ordinal_parameter import Ordinal
from .parameter import Parameter

_TYPES = {kind.type_name: kind for kind in (Float, Integer, Boolean, Ordinal, Categorical)}

ParameterLike = Union[Parameter, Mapping[str, Any]]
SpaceLike = Union["SearchSpace", Mapping[str, ParameterLike], Sequence[Mapping[str, Any]]]


def read_parameter(document: Mapping[str, Any]) -> Parameter:
    """A parameter from its JSON form; the name, if it is there, is left to the caller.

    Raises:
        InvalidInputError: The type or a field is unknown or missing, or a value is not acceptable.
    """
    fields = {key: value for key, value in document.items() if key not in ("name", "type")}
    kind = _TYPES.get(str(document.get("type")))
    if kind is None:
        raise InvalidInputError(f"type: must be one of {', '.join(_TYPES)}, not {document.get('type')!r}.")
    try:
        return kind(**fields)
    except TypeError as error:
        raise InvalidInputError(f"{kind.__name__}: {error}") from None


def read_parameters(documents: Sequence[Mapping[str, Any]]) -> SearchSpace:
    """The parameters of an answer; fields that a newer server has besides are passed over."""
    known = []
    for document in documents:
        kind = _TYPES.get(str(document.get("type")))
        names = set() if kind is None else {"name", "type", *kind.__dataclass_fields__}
        known.append({key: value for key, value in document.items() if kind is None or key in names})
    return SearchSpace(known)


class SearchSpace(Mapping[str, Parameter]):
    """The parameters of a study by name, in their order.

    Args:
        parameters: A mapping from names to parameters, or to their JSON form; or the contract's list of JSON objects
            with names.

    Raises:
        InvalidInputError: There is none, a name is none or stands there twice, a parameter is not acceptable, or a
            condition names a parent that is missing, real-valued or its own descendant.
    """

    def __init__(self, parameters: SpaceLike) -> None:
        self._parameters: dict[str, Parameter] = {}
        if isinstance(parameters, Mapping):
            named = list(parameters.items())
        elif isinstance(parameters, Sequence) and not isinstance(parameters, (str, bytes)):
            named = []
            for document in parameters:
                if not isinstance(document, Mapping):
                    raise InvalidInputError(
                        f"parameters: a list must hold JSON objects with names, not {document!r}; a mapping from "
                        "names to Float, Integer, Boolean, Ordinal or Categorical will do as well."
                    )
                named.append((str(document.get("name", "")), document))
        else:
            raise InvalidInputError(f"parameters: must be a mapping from names to parameters, not {parameters!r}.")
        for name, parameter in named:
            check_name(name, "parameters")
            if name in self._parameters:
                raise InvalidInputError(f"parameters/{name}: stands here twice.")
            try:
                if isinstance(parameter, Mapping):
                    parameter = read_parameter(parameter)
                if not isinstance(parameter, Parameter):
                    raise InvalidInputError(f"must be a Float, Integer, Boolean, Ordinal or Categorical: {parameter!r}")
            except InvalidInputError as error:
                raise InvalidInputError(f"parameters/{name}: {error}") from None
            self._parameters[name] = parameter
        if not self._parameters:
            raise InvalidInputError("parameters: there must be at least one.")
        self._check_conditions()

    def _check_conditions(self) -> None:
        for name, parameter in self._parameters.items():
            for parent, values in (parameter.when or {}).items():
                where = f"parameters/{name}/when/{parent}"
                if parent not in self._parameters:
                    raise InvalidInputError(f"{where}: there is no such parameter.")
                declared = self._parameters[parent]
                if isinstance(declared, Float):
                    raise InvalidInputError(f"{where}: a real-valued parameter cannot be a parent.")
                for value in values:
                    reason = declared.refusal(plain(value))
                    if reason is not None:
                        raise InvalidInputError(f"{where}: {reason}")
        for name in self._parameters:
            self._check_no_circle(name, [])

    def _check_no_circle(self, name: str, children: list[str]) -> None:
        if name in children:
            raise InvalidInputError(
                f"parameters/{name}/when: depends on itself by way of {' and '.join(children[1:])}."
            )
        for parent in self._parameters[name].when or {}:
            self._check_no_circle(parent, [*children, name])

    def __getitem__(self, name: str) -> Parameter:
        return self._parameters[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._parameters)

    def __len__(self) -> int:
        return len(self._parameters)

    def __repr__(self) -> str:
        return f"SearchSpace({self._parameters!r})"

    def active(self, values: Mapping[str, Any]) -> set[str]:
        """The names of the parameters that take part where their parents have these values."""
        known: dict[str, bool] = {}

        def is_active(name: str) -> bool:
            if name not in known:
                known[name] = all(
                    is_active(parent) and parent in values and find_choice(plain(values[parent]), allowed) is not None
                    for parent, allowed in (self._parameters[name].when or {}).items()
                )
            return known[name]

        return {name for name in self._parameters if is_active(name)}

    def write(self, values: Mapping[str, Any], where: str = "parameters") -> dict[str, Any]:
        """The values of a point as JSON can hold them, after a check that it is a point of this space.

        Linear constraints are left to the server.

        Args:
            values: One value for each active parameter, none for the others.
            where: Where the point stands, for the text of errors.

        Raises:
            InvalidInputError: A value is missing, too much or not acceptable; says which and why.
        """
        written = {}
        for name, value in values.items():
            if name not in self._parameters:
                known = ", ".join(self._parameters)
                raise InvalidInputError(f"{where}/{name}: there is no such parameter; known here: {known}.")
            written[name] = self._parameters[name].write(value)
        active = self.active(written)
        for name, parameter in self._parameters.items():
            if name not in active:
                if name in written:
                    raise InvalidInputError(f"{where}/{name}: is inactive here, so it must be absent.")
                continue
            if name not in written:
                raise InvalidInputError(f"{where}/{name}: is missing.")
            reason = parameter.refusal(written[name])
            if reason is not None:
                raise InvalidInputError(f"{where}/{name}: {reason}")
        return written

    def write_part(self, values: Mapping[str, Any], where: str) -> dict[str, Any]:
        """Some of the values of a point as JSON can hold them, after a check that they go together.

        Args:
            values: Values of some parameters; of a conditional one with those that it depends on.
            where: Where they stand, for the text of errors.

        Raises:
            InvalidInputError: A value is not acceptable, or a condition is open; says which and why.
        """
        written = {}
        for name, value in values.items():
            if name not in self._parameters:
                known = ", ".join(self._parameters)
                raise InvalidInputError(f"{where}/{name}: there is no such parameter; known here: {known}.")
            written[name] = self._parameters[name].write(value)
            reason = self._parameters[name].refusal(written[name])
            if reason is not None:
                raise InvalidInputError(f"{where}/{name}: {reason}")
        active = self.active(written)
        for name in written:
            if name not in active:
                parents = ", ".join(self._parameters[name].when or {})
                raise InvalidInputError(f"{where}/{name}: needs values of {parents} with which it takes part.")
        return written

    def read(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values of an answer, each in its parameter's own Python type and in the order of the space."""
        known = {name: p.read(values[name]) for name, p in self._parameters.items() if name in values}
        return {**known, **{name: value for name, value in values.items() if name not in known}}

    def to_json(self) -> list[dict[str, Any]]:
        """The parameters as the contract writes them."""
        return [parameter.to_json(name) for name, parameter in self._parameters.items()]
