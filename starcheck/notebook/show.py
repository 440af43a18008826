"""Plots and tables for notebooks: readable without running, and without seeing.

The words of a plot are stored as its alternative text and shown below it, because JupyterLab drops
the alternative text of a stored picture.
"""

from __future__ import annotations

import base64
import io
from html import escape
from typing import Any

from starcheck.errors import InputError

PLOT_STYLE: dict[str, Any] = {
    "figure.dpi": 110,
    "figure.facecolor": "white",
    "font.size": 10,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e3e3e0",
    "svg.hashsalt": "starcheck",
}
"""Settings for ``matplotlib.rcParams.update``."""


def show_plot(figure: Any, words: str) -> None:
    """Show a matplotlib figure with a description, and close it.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    words : str
        What a reader should see in it, in a sentence or two.

    Raises
    ------
    InputError
        If ``words`` is blank: a plot without words is lost on some readers.
    """
    if not words.strip():
        raise InputError("This plot has no words: say in a sentence what a reader should see in it.")
    import matplotlib.pyplot as plt
    from IPython.display import display

    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", bbox_inches="tight", metadata={"Software": None})
    plt.close(figure)
    picture = base64.b64encode(buffer.getvalue()).decode("ascii")
    display({"image/png": picture, "text/plain": words}, raw=True, metadata={"image/png": {"alt": words}})
    caption = f'<p style="max-width:46rem"><small>In words: {escape(words)}</small></p>'
    display({"text/html": caption, "text/plain": f"In words: {words}"}, raw=True)


def show_table(table: Any, caption: str, formats: str | dict[str, str] | None = None) -> Any:
    """A DataFrame as a table with a caption, the same bytes each time.

    Parameters
    ----------
    table : pandas.DataFrame
    caption : str
        Says what the rows are.
    formats : str or dict, optional
        How to write numbers, as ``pandas.DataFrame.style.format`` takes them.

    Returns
    -------
    pandas.io.formats.style.Styler
        Can be styled further.
    """
    if not caption.strip():
        raise InputError("This table has no caption: say what its rows are.")
    # Left aligned and marked up as headers; the id is derived, since pandas' own is random.
    look = [
        {
            "selector": "caption",
            "props": "caption-side:top;text-align:left;white-space:nowrap;font-weight:600;padding:.3rem 0",
        },
        {"selector": "th,td", "props": "text-align:left;vertical-align:top;max-width:34rem;white-space:normal"},
    ]
    style = table.style.set_uuid(_slug(caption)).set_caption(caption).set_table_styles(look)
    return style if formats is None else style.format(formats, na_rep="")


def faces(plain: str, html: str, front: Any) -> dict[str, Any]:
    """What a cell shows: the widget where one can run, static HTML elsewhere, text in a console."""
    bundle: dict[str, Any] = {"text/plain": plain, "text/html": html}
    if front is not None:
        widget = front._repr_mimebundle_()
        shown = widget[0] if isinstance(widget, tuple) else widget or {}
        bundle |= {kind: data for kind, data in shown.items() if kind not in bundle}
    return bundle


def _slug(text: str) -> str:
    return "".join(c if c.isalnum() and c.isascii() else "-" for c in text.lower())[:40]
