"""Search spaces and their parameters."""

from .boolean_parameter import Boolean
from .categorical_parameter import Categorical
from .float_parameter import Float
from .integer_parameter import Integer
from .ordinal_parameter import Ordinal
from .parameter import Choice, Condition, Parameter
from .search_space import ParameterLike, SearchSpace, SpaceLike, read_parameter, read_parameters

__all__ = [
    "Boolean",
    "Categorical",
    "Choice",
    "Condition",
    "Float",
    "Integer",
    "Ordinal",
    "Parameter",
    "ParameterLike",
    "SearchSpace",
    "SpaceLike",
    "read_parameter",
    "read_parameters",
]
