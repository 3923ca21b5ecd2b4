"""The way to a server."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Optional, Union

from .budget import Budget
from .errors import InvalidInputError
from .lease_keeper import LeaseKeeper
from .names import check_name
from .objective import Objective
from .outcome_constraint import OutcomeConstraint
from .paging import pages
from .space import SearchSpace, SpaceLike
from .study import Study
from .study_definition import StudyDefinition
from .study_record import StudyRecord
from .transport import NO_RETRIES, Address, RetryPolicy, Transport, path_of

ObjectivesLike = Union[Mapping[str, str], Sequence[Objective]]


class Client:
    """Speaks to a server. Threads may share one; as a context manager it closes its connections.

    Args:
        url: Where the server is; HONE_SERVER where left out, else http://127.0.0.1:8080.
        token: The access token; HONE_TOKEN where left out; an empty string for none.
        timeout: Seconds that connecting, sending and each wait for an answer may last. A study whose tuner is
            ``reproducible`` answers an ask only when the suggestion is computed.
        retries: When a request is sent again.
        tls: How to speak TLS with an https address; with the system's authorities where left out.
    """

    def __init__(
        self,
        url: Optional[str] = None,
        token: Optional[str] = None,
        *,
        timeout: float = 60.0,
        retries: Optional[RetryPolicy] = None,
        tls: Optional[ssl.SSLContext] = None,
    ) -> None:
        self.url = url or os.environ.get("HONE_SERVER") or "http://127.0.0.1:8080"
        if token is None:
            token = os.environ.get("HONE_TOKEN")
        self._transport = Transport(Address.parse(self.url, tls), token or None, timeout, retries or RetryPolicy())
        self._keeper = LeaseKeeper()

    def __repr__(self) -> str:
        return f"Client({self.url!r})"

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the renewal of leases and closes the connections."""
        self._keeper.close()
        self._transport.close()

    # Studies

    def create_study(
        self,
        name: str,
        parameters: SpaceLike,
        *,
        direction: Optional[str] = None,
        directions: Optional[Sequence[str]] = None,
        objectives: Optional[ObjectivesLike] = None,
        parameter_constraints: Sequence[str] = (),
        outcome_constraints: Sequence[OutcomeConstraint] = (),
        tuner: Union[str, Mapping[str, Any], None] = None,
        stopping: Union[str, Mapping[str, Any], None] = None,
        budget: Union[Budget, Mapping[str, Any], None] = None,
        noise: Union[str, float, None] = None,
        labels: Optional[Mapping[str, str]] = None,
    ) -> Study:
        """Creates a study, or answers the one of this name if its definition is the same.

        Args:
            name: Its name.
            parameters: A mapping from names to :class:`Float`, :class:`Integer`, :class:`Boolean`, :class:`Ordinal` and
                :class:`Categorical`, or to their JSON form; or the contract's list.
            direction: ``minimize`` or ``maximize``, for one objective whose metric is named ``value``. There is no
                default: programs differ on it.
            directions: One for each objective; their metrics are ``value_0``, ``value_1``, ….
            objectives: Metrics with their goals, in place of the two before: ``{"loss": "minimize"}``.
            parameter_constraints: Linear inequalities, such as ``"2 * layers + batch <= 140"``.
            outcome_constraints: Bounds on metrics.
            tuner: The algorithm's name, or a mapping with ``name`` and its options; the server's choice where left out.
            stopping: The stopping rule's name, or a mapping with ``name`` and its options; none where left out.
            budget: How much it may spend.
            noise: ``auto``, ``none``, or a standard deviation in the metric's units.
            labels: Your own notes by name.

        Raises:
            InvalidInputError: The definition is none that the contract takes; nothing was sent.
            StudyExistsError: There is a study of this name with another definition.
            UnsupportedError: The tuner cannot honour the definition.
        """
        definition = StudyDefinition(
            name=name,
            space=parameters if isinstance(parameters, SearchSpace) else SearchSpace(parameters),
            objectives=_objectives(direction, directions, objectives),
            parameter_constraints=parameter_constraints,
            outcome_constraints=outcome_constraints,
            tuner={"name": tuner} if isinstance(tuner, str) else dict(tuner or {}),
            stopping={"name": stopping} if isinstance(stopping, str) else stopping,
            budget=_budget(budget),
            noise=noise,
            labels=labels or {},
        )
        return self.create(definition)

    def create(self, definition: Union[StudyDefinition, Mapping[str, Any]]) -> Study:
        """Creates a study from a definition, or from its JSON form, such as a file of ``hone study create``."""
        if not isinstance(definition, StudyDefinition):
            for field in ("name", "parameters", "objectives"):
                if field not in definition:
                    raise InvalidInputError(f"{field}: is missing.")
            check_name(definition["name"], "name")
            SearchSpace(definition["parameters"])
            document = dict(definition)
        else:
            document = definition.to_json()
        answer = self._transport.write("POST", path_of("studies"), document)
        return Study(self._transport, self._keeper, answer.object())

    def study(self, name: str) -> Study:
        """The study of this name.

        Raises:
            StudyNotFoundError: There is none.
        """
        path = path_of("studies", check_name(name, "name"))
        return Study(self._transport, self._keeper, self._transport.get(path).object())

    def studies(self, page_size: int = 100) -> Iterator[StudyRecord]:
        """All studies in the order of their names, page by page."""
        for document in pages(self._transport, path_of("studies"), "studies", page_size):
            yield StudyRecord.read(document)

    def delete_study(self, name: str, revision: Optional[int] = None) -> None:
        """Deletes a study with all its trials.

        Args:
            name: Its name.
            revision: The revision that it must still have; None for whatever it has.
        """
        self._transport.write("DELETE", path_of("studies", check_name(name, "name")), revision=revision)

    # The server

    def tuners(self) -> dict[str, Any]:
        """The tuners and stopping rules that the server offers, with their options (JSON of the contract)."""
        return self._transport.get(path_of("tuners")).object()

    def is_ready(self) -> bool:
        """Whether the server answers and takes requests; asks once."""
        try:
            return self._transport.request("GET", "/readyz", retries=NO_RETRIES).status == 200
        except Exception:
            return False

    # Access

    def create_token(
        self,
        name: str,
        scopes: Sequence[str],
        *,
        study_prefix: Optional[str] = None,
        expires_at: Optional[str] = None,
    ) -> dict[str, Any]:
        """Makes an access token; the answer (JSON of the contract) holds its secret, which cannot be read again.

        This is sent once, as a secret must not be kept for a repetition.

        Args:
            name: What to call it.
            scopes: What it may do: ``read``, ``work``, ``write`` and ``admin``; none implies another.
            study_prefix: Only studies whose names begin with this.
            expires_at: When it ends, such as ``2099-01-31T12:00:00.000Z``.
        """
        body: dict[str, Any] = {"name": check_name(name, "name"), "scopes": list(scopes)}
        if study_prefix is not None:
            body["study_prefix"] = study_prefix
        if expires_at is not None:
            body["expires_at"] = expires_at
        return self._transport.request("POST", path_of("tokens"), body=body, retries=NO_RETRIES).object()

    def tokens(self) -> Iterator[dict[str, Any]]:
        """All access tokens without their secrets (JSON of the contract)."""
        return pages(self._transport, path_of("tokens"), "tokens", 500)

    def revoke_token(self, token_id: str) -> None:
        """Ends an access token.

        Args:
            token_id: Its id; not its secret.
        """
        self._transport.request("DELETE", path_of("tokens", token_id))

    def audit(self) -> Iterator[dict[str, Any]]:
        """Who created, changed and deleted studies and tokens, the newest first (JSON of the contract)."""
        return pages(self._transport, path_of("audit"), "entries", 500)


def _objectives(
    direction: Optional[str], directions: Optional[Sequence[str]], objectives: Optional[ObjectivesLike]
) -> tuple[Objective, ...]:
    if sum(given is not None for given in (direction, directions, objectives)) != 1:
        raise InvalidInputError(
            "objectives: give one of direction='minimize', directions=['minimize', ...] and "
            "objectives={'loss': 'minimize'}."
        )
    if direction is not None:
        return (Objective("value", direction),)
    if directions is not None:
        return tuple(Objective(f"value_{i}", goal) for i, goal in enumerate(directions))
    named: list[Objective] = []
    if isinstance(objectives, Mapping):
        named = [Objective(metric, goal) for metric, goal in objectives.items()]
    elif objectives is not None:
        named = list(objectives)
    return tuple(named)


def _budget(budget: Union[Budget, Mapping[str, Any], None]) -> Budget:
    if budget is None or isinstance(budget, Budget):
        return budget or Budget()
    try:
        return Budget(**budget)
    except TypeError as error:
        raise InvalidInputError(f"budget: {error}") from None
