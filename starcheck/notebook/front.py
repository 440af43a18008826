"""The part that runs in the browser, by anywidget; importing this needs ``starcheck[notebook]``.

One front serves both tools: Python sends ``view`` (all that is to be shown), the script sends short
messages (what the user did). No state lives in the browser only, so a view can be opened twice,
closed, and opened again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import anywidget
import traitlets

_HERE = Path(__file__).parent


class Front(anywidget.AnyWidget):  # type: ignore[misc]
    """A view that Python fills, and the messages that come back from it."""

    view = traitlets.Dict().tag(sync=True)

    def __init__(self, answer: Callable[[Mapping[str, Any]], None], view: Mapping[str, Any]) -> None:
        super().__init__(view=dict(view))
        self.on_msg(lambda _, content, __: answer(content))


class WorkbenchFront(Front):
    """Front of :class:`starcheck.notebook.Workbench`."""

    _esm = _HERE / "workbench.js"
    _css = _HERE / "workbench.css"


class LabellerFront(Front):
    """Front of :class:`starcheck.notebook.Labeller`."""

    _esm = _HERE / "labeller.js"
    _css = _HERE / "labeller.css"
