"""What everything that shows itself has in common: print, and the faces that a notebook picks from."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any


class Shown:
    """Base of what has a text, a Markdown and an HTML face."""

    __slots__ = ()

    @abstractmethod
    def to_text(self) -> str:
        """Plain text, as ``print`` shows it."""

    @abstractmethod
    def to_markdown(self) -> str:
        """Markdown, escaped."""

    @abstractmethod
    def to_html(self) -> str:
        """A self-contained HTML fragment."""

    def __str__(self) -> str:
        return self.to_text()

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {
            "text/plain": self.to_text(),
            "text/markdown": self.to_markdown(),
            "text/html": self.to_html(),
        }
