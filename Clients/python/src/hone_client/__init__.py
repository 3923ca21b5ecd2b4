"""Python client of Hone, a service for hyperparameter and black-box optimisation.

from hone_client import Client, Float, Integer

with Client("http://127.0.0.1:8080") as client:
    study = client.create_study(
        "parabola", {"x": Float(-5, 5), "depth": Integer(1, 8)}, direction="minimize"
    )
    study.optimize(lambda trial: (trial.params["x"] - 2) ** 2 + trial.params["depth"], n_trials=20)
    print(study.best_params, study.best_value)
"""

from .ask_answer import AskAnswer
from .budget import Budget
from .checkpoint import Checkpoint
from .client import Client
from .decision import Decision
from .errors import (
    ConflictError,
    ConnectionFailedError,
    ForbiddenError,
    HoneError,
    InputMistake,
    InvalidInputError,
    KeyReusedError,
    LeaseLostError,
    LeaseRequiredError,
    MalformedError,
    MissingExtraError,
    NoModelYetError,
    NotFoundError,
    NoTrialAvailableError,
    ProblemError,
    RateLimitedError,
    RefusedInputError,
    ReportConflictError,
    ServerFailedError,
    SpaceMismatchError,
    StaleError,
    StudyExistsError,
    StudyNotFoundError,
    StudyUnreadableError,
    TokenNotFoundError,
    TrialNotFoundError,
    TrialStateError,
    UnauthenticatedError,
    UnavailableError,
    UnexpectedAnswerError,
    UnsupportedError,
)
from .importance import ImportanceReport, InteractionImportance, ParameterImportance
from .improvement import Improvement
from .measurement import Measurement
from .objective import Objective
from .outcome_constraint import OutcomeConstraint
from .prediction import Prediction, Predictions
from .result import Result
from .resume import Resume
from .space import Boolean, Categorical, Float, Integer, Ordinal, Parameter, SearchSpace
from .study import Study
from .study_definition import StudyDefinition
from .study_event import StudyEvent
from .study_record import StudyRecord
from .told_trial import ToldTrial
from .transport import RetryPolicy
from .trial import Trial
from .trial_pruned import TrialInfeasible, TrialPruned
from .trial_record import TrialRecord
from .trial_state import TrialState
from .version import __version__

__all__ = [
    "AskAnswer",
    "Boolean",
    "Budget",
    "Categorical",
    "Checkpoint",
    "Client",
    "ConflictError",
    "ConnectionFailedError",
    "Decision",
    "Float",
    "ForbiddenError",
    "HoneError",
    "ImportanceReport",
    "Improvement",
    "InputMistake",
    "Integer",
    "InteractionImportance",
    "InvalidInputError",
    "KeyReusedError",
    "LeaseLostError",
    "LeaseRequiredError",
    "MalformedError",
    "Measurement",
    "MissingExtraError",
    "NoModelYetError",
    "NoTrialAvailableError",
    "NotFoundError",
    "Objective",
    "Ordinal",
    "OutcomeConstraint",
    "Parameter",
    "ParameterImportance",
    "Prediction",
    "Predictions",
    "ProblemError",
    "RateLimitedError",
    "RefusedInputError",
    "ReportConflictError",
    "Result",
    "Resume",
    "RetryPolicy",
    "SearchSpace",
    "ServerFailedError",
    "SpaceMismatchError",
    "StaleError",
    "Study",
    "StudyDefinition",
    "StudyEvent",
    "StudyExistsError",
    "StudyNotFoundError",
    "StudyRecord",
    "StudyUnreadableError",
    "TokenNotFoundError",
    "ToldTrial",
    "Trial",
    "TrialInfeasible",
    "TrialNotFoundError",
    "TrialPruned",
    "TrialRecord",
    "TrialState",
    "TrialStateError",
    "UnauthenticatedError",
    "UnavailableError",
    "UnexpectedAnswerError",
    "UnsupportedError",
    "__version__",
]
