"""Where the shipped data and models lie: in a wheel, an editable install or a checkout."""

from __future__ import annotations

from pathlib import Path

from starcheck.errors import ModelError

_PACKAGE = Path(__file__).resolve().parent


def asset(*parts: str) -> Path:
    """Find a shipped file or folder, for example ``asset("models", "star-en")``.

    Parameters
    ----------
    *parts : str
        Path below ``data`` or ``models``, one name each.

    Returns
    -------
    pathlib.Path
        An existing path: ``starcheck/_assets/...`` in an installed wheel, the folder beside the
        package in a checkout.

    Raises
    ------
    ModelError
        If the path is in neither place.
    """
    for root in (_PACKAGE / "_assets", _PACKAGE.parent):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    name = "/".join(parts)
    raise ModelError(
        f"The shipped file {name!r} was not found beside the package: install starcheck again "
        f"(pip install --force-reinstall starcheck), or run it from a complete checkout."
    )


def text_of(*parts: str) -> str:
    """The text of a shipped UTF-8 file."""
    return asset(*parts).read_text(encoding="utf-8")


def package_text(*parts: str) -> str:
    """The text of a UTF-8 file that lies beside the code, such as the style sheet."""
    return _PACKAGE.joinpath(*parts).read_text(encoding="utf-8")
