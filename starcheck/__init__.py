"""starcheck reads a free-text interview answer and shows where its evidence is.

>>> import starcheck
>>> report = starcheck.score("...")  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from starcheck.records import Answer
    from starcheck.report import Report
    from starcheck.scorer import Scorer, load, score

__all__ = ["Answer", "Report", "Scorer", "__version__", "load", "score"]

_HOMES = {"Answer": "records", "Report": "report", "Scorer": "scorer", "load": "scorer", "score": "scorer"}


def __getattr__(name: str) -> Any:
    """Load spaCy and scikit-learn only when something that needs them is asked for."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"starcheck.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'starcheck' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
