"""Plots carry words, tables a caption, and both are the same bytes each time."""

from __future__ import annotations

from typing import Any

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from starcheck.errors import InputError
from starcheck.notebook import show_plot, show_table


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    out: list[dict[str, Any]] = []
    monkeypatch.setattr("IPython.display.display", lambda data, **more: out.append({"data": data, **more}))
    return out


def test_a_plot_is_shown_with_its_words_and_closed(shown: list[dict[str, Any]]) -> None:
    for _ in range(2):
        figure, axes = plt.subplots()
        axes.plot([1, 2], [3, 4])
        show_plot(figure, "A line that rises <fast>.")
    assert not plt.get_fignums()
    picture, caption, again, _ = shown
    assert picture["metadata"] == {"image/png": {"alt": "A line that rises <fast>."}}
    assert picture["data"] == again["data"]
    assert "rises &lt;fast&gt;." in caption["data"]["text/html"]


def test_a_plot_without_words_is_refused() -> None:
    with pytest.raises(InputError, match="no words"):
        show_plot(None, "  ")


def test_a_table_is_the_same_bytes_each_time() -> None:
    frame = pd.DataFrame({"n": [1.25, None]}, index=["a", "b"])
    one, two = (show_table(frame, "Two rows", "{:.1f}").to_html() for _ in range(2))
    assert one == two
    assert "<caption>Two rows</caption>" in one
    assert "1.2" in one
    assert "nan" not in one


def test_a_table_without_a_caption_is_refused() -> None:
    with pytest.raises(InputError, match="no caption"):
        show_table(pd.DataFrame(), "")
