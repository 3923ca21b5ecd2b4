"""What can go wrong, as exceptions whose text says what was wrong, where, and what to do.

All derive from :class:`HoneError`. Those that a server answered derive from :class:`ProblemError`, which carries the
problem document (RFC 9457); input that the client itself refuses is an :class:`InvalidInputError`, before anything is
sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional


class HoneError(Exception):
    """Anything that this package raises on purpose."""


class InvalidInputError(HoneError, ValueError):
    """Input that was refused before it was sent: the contract would not take it."""


class MissingExtraError(HoneError, ImportError):
    """A package that an optional part of this one needs is not installed."""


class ConnectionFailedError(HoneError, ConnectionError):
    """No answer from the server after all attempts."""


class UnexpectedAnswerError(HoneError):
    """The answer is not one that the contract has; most likely something else than Hone answers at this address."""


class SpaceMismatchError(HoneError, ValueError):
    """An objective suggests a parameter otherwise than the study declares it."""


class NoTrialAvailableError(HoneError):
    """There is nothing to hand out now.

    Attributes:
        reason: The server's word for it, such as ``budget_reserved`` or ``finished``.
        detail: The tuner's own words on that, where it has any.
        retry_after: In how many seconds asking again may help; None where it will not.
    """

    def __init__(self, reason: str, detail: Optional[str], retry_after: Optional[float]) -> None:
        self.reason = reason
        self.detail = detail
        self.retry_after = retry_after
        text = f"There is no trial to hand out: {reason}"
        if detail:
            text += f" ({detail})"
        if retry_after is not None:
            text += f"; ask again in {retry_after:g} s"
        super().__init__(text + ".")


@dataclass(frozen=True)
class InputMistake:
    """One thing wrong with a request.

    Attributes:
        pointer: A JSON pointer into the body; for a query parameter a slash and its name.
        detail: What is wrong and what would be right.
        kind: ``form``, ``meaning`` or ``support``.
    """

    pointer: str
    detail: str
    kind: str


class ProblemError(HoneError):
    """An answer of the server that refuses a request.

    Attributes:
        status: The HTTP status.
        code: The sort of problem, which programs can rely on.
        title: What the code means.
        detail: What was wrong this time, where, and what to do.
        mistakes: What was wrong with the input, each with a JSON pointer.
        trial: The trial as it is stored (JSON), where the request contradicts it.
        request_id: The request's name in the server's log.
    """

    def __init__(
        self,
        status: int,
        code: str,
        title: str,
        detail: str,
        mistakes: Sequence[InputMistake] = (),
        trial: Optional[Mapping[str, Any]] = None,
        request_id: Optional[str] = None,
        request: str = "",
    ) -> None:
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.mistakes: tuple[InputMistake, ...] = tuple(mistakes)
        self.trial = trial
        self.request_id = request_id
        text = f"{detail or title} [{code}, HTTP {status}"
        if request:
            text += f", {request}"
        if request_id:
            text += f", request {request_id}"
        super().__init__(text + "]")

    def __reduce__(self) -> tuple[Any, ...]:
        arguments = (
            self.status,
            self.code,
            self.title,
            self.detail,
            self.mistakes,
            self.trial,
            self.request_id,
        )
        return type(self), arguments


class MalformedError(ProblemError):
    """The request is not of the form that the contract asks for: client and server may be of different versions."""


class RefusedInputError(ProblemError, ValueError):
    """The input is of the right form and yet not acceptable; ``mistakes`` says where."""


class UnsupportedError(ProblemError):
    """The study's tuner cannot honour this."""


class NotFoundError(ProblemError, LookupError):
    """There is no such path."""


class StudyNotFoundError(NotFoundError):
    """There is no study of this name."""


class TrialNotFoundError(NotFoundError):
    """There is no trial of this number."""


class TokenNotFoundError(NotFoundError):
    """There is no access token of this id."""


class ConflictError(ProblemError):
    """What is stored does not allow it."""


class StudyExistsError(ConflictError):
    """There is a study of this name with another definition."""


class StudyUnreadableError(ConflictError):
    """This version of the server does not accept the study's stored definition."""


class TrialStateError(ConflictError):
    """The trial's state does not allow it, for example since it has another result; ``trial`` is what is stored."""


class LeaseLostError(ConflictError):
    """Somebody else holds the trial by now: the lease had run out."""


class LeaseRequiredError(ConflictError):
    """Only the lease token can tell who holds the trial, as it was handed out again."""


class ReportConflictError(ConflictError):
    """The trial has another measurement at this step; ``trial`` holds it."""


class NoModelYetError(ConflictError):
    """There are too few results for a model; tell more and try again."""


class StaleError(ProblemError):
    """The study or trial has changed since it was read; read it again."""


class KeyReusedError(ProblemError):
    """The idempotency key was used for another request."""


class UnauthenticatedError(ProblemError, PermissionError):
    """The server wants an access token, or another one: give ``token`` or set HONE_TOKEN."""


class ForbiddenError(ProblemError, PermissionError):
    """The access token lacks a scope, or is limited to other studies."""


class RateLimitedError(ProblemError):
    """The requests come too fast, also after all attempts."""


class UnavailableError(ProblemError):
    """The server is stopping, too busy or out of disk space, also after all attempts."""


class ServerFailedError(ProblemError):
    """The server failed; its log has the details under ``request_id``."""


_BY_CODE: dict[str, type[ProblemError]] = {
    "malformed": MalformedError,
    "bad_request": MalformedError,
    "invalid": RefusedInputError,
    "content_too_large": RefusedInputError,
    "unsupported": UnsupportedError,
    "study_not_found": StudyNotFoundError,
    "trial_not_found": TrialNotFoundError,
    "token_not_found": TokenNotFoundError,
    "study_exists": StudyExistsError,
    "study_unreadable": StudyUnreadableError,
    "trial_state": TrialStateError,
    "report_conflict": ReportConflictError,
    "lease_lost": LeaseLostError,
    "lease_required": LeaseRequiredError,
    "no_model_yet": NoModelYetError,
    "stale": StaleError,
    "key_reused": KeyReusedError,
    "unauthenticated": UnauthenticatedError,
    "forbidden": ForbiddenError,
    "rate_limited": RateLimitedError,
    "unavailable": UnavailableError,
    "storage_full": UnavailableError,
}

_BY_STATUS: dict[int, type[ProblemError]] = {
    400: MalformedError,
    401: UnauthenticatedError,
    403: ForbiddenError,
    404: NotFoundError,
    409: ConflictError,
    412: StaleError,
    422: RefusedInputError,
    429: RateLimitedError,
    502: UnavailableError,
    503: UnavailableError,
    504: UnavailableError,
}


def problem_error(status: int, document: Mapping[str, Any], request: str = "") -> ProblemError:
    """Makes the exception for a problem document.

    Args:
        status: The HTTP status of the answer.
        document: The problem document; fields that are missing take what the status says.
        request: The method and path, for the text.
    """
    code = str(document.get("code", f"http_{status}"))
    kind = _BY_CODE.get(code) or _BY_STATUS.get(status)
    if kind is None:
        kind = ServerFailedError if status >= 500 else ProblemError
    mistakes = [
        InputMistake(str(m.get("pointer", "")), str(m.get("detail", "")), str(m.get("kind", "meaning")))
        for m in document.get("errors", ())
    ]
    title = str(document.get("title", f"HTTP {status}"))
    return kind(
        status,
        code,
        title,
        str(document.get("detail", title)),
        mistakes,
        document.get("trial"),
        document.get("request_id"),
        request,
    )
