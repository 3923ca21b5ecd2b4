"""How requests travel."""

from .address import Address
from .retry_policy import NO_RETRIES, RetryPolicy
from .transport import Transport, path_of

__all__ = ["NO_RETRIES", "Address", "RetryPolicy", "Transport", "path_of"]
