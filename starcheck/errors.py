"""Errors that teach: what was found, what is allowed, what to type next.

Every error a user can cause is a :class:`StarcheckError`; the command line prints it as one
sentence and leaves with exit code 2, and never shows a traceback for one.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class StarcheckError(Exception):
    """Base of all errors that starcheck raises on purpose."""


class InputError(StarcheckError, ValueError):
    """The text, file or table given cannot be read as an answer."""


class UnknownNameError(StarcheckError, ValueError):
    """A profile, level, part or rule code was named that does not exist."""

    def __init__(self, what: str, found: object, allowed: Iterable[str]) -> None:
        names = list(allowed)
        near = difflib.get_close_matches(str(found), names, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        super().__init__(f"Unknown {what} {found!r}: choose one of {', '.join(names)}.{hint}")


class ModelError(StarcheckError, RuntimeError):
    """A model folder is missing, damaged, or of another format."""


class LanguageModelError(StarcheckError, RuntimeError):
    """No usable English spaCy pipeline is installed, or its files were changed."""


class CorpusError(StarcheckError, ValueError):
    """A labelled answer breaks the corpus format; the message names file and line."""
