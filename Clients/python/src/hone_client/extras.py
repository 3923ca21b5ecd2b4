"""Packages that only some parts of this one need."""

from __future__ import annotations

from importlib import import_module

from .errors import MissingExtraError


def require(extra: str, *modules: str) -> None:
    """Makes sure that an optional part can work.

    Args:
        extra: The name of the extra of this package.
        modules: The modules that it needs.

    Raises:
        MissingExtraError: One cannot be imported; says how to install it.
    """
    for module in modules:
        try:
            import_module(module)
        except ImportError as error:
            raise MissingExtraError(
                f"hone_client.{extra} needs {module.partition('.')[0]}, which cannot be imported ({error}). Install it "
                f"with: pip install 'hone-client[{extra}]'"
            ) from error
