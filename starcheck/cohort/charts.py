"""The page's charts: matplotlib's SVG, inline, each with its numbers as words for who cannot see it."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from starcheck.cohort.files import need
from starcheck.cohort.summary import LEVELS_OF_STRENGTH
from starcheck.records import COMPETENCIES, STAR
from starcheck.render.palette import COLOURS, COMPETENCY_NAMES

_INK, _QUIET, _ACCENT = "#1b1c1e", "#5f6368", "#0067a3"
_STRENGTHS = ("#b34a00", "#e2a76f", "#8fbfa9", "#00735a")
"""From absent to strong; apart in lightness too, so that grey print keeps the order."""
_STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "starcheck",
    "font.family": "sans-serif",
    "font.size": 11,
    "text.color": _INK,
    "axes.edgecolor": "#b9bcc0",
    "axes.labelcolor": _QUIET,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": _QUIET,
    "ytick.color": _INK,
    "figure.autolayout": False,
}
_FEWEST = 5
"""Answers from which a question or level has a column of its own."""
_SHORT = {"graduate": "Grad.", "associate": "Assoc.", "senior": "Senior", "executive": "Exec."}
_WIDTH = 5.2
"""Inches; narrow, so that the type is still read at phone width."""


def bands(summary: Mapping[str, Any]) -> str:
    """How many answers are in each band."""
    rows = summary["bands"]
    counts = [r["n"] for r in rows]
    with _Figure(2.6) as (figure, axes):
        bars = axes.bar([str(r["band"]) for r in rows], counts, color=_ACCENT, width=0.72)
        axes.bar_label(bars, labels=[str(c) if c else "" for c in counts], padding=2)
        axes.set_xlabel("Band (1 not demonstrated, 4 acceptable, 7 outstanding)")
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        words = "; ".join(f"band {r['band']}: {r['n']}" for r in rows)
        return _svg(figure, "bands", f"Bar chart of answers by band. {words}.")


def parts(summary: Mapping[str, Any]) -> str:
    """Which parts are missing: answers by strength of each part."""
    words = []
    with _Figure(2.5) as (figure, axes):
        for y, part in enumerate(reversed(STAR)):
            strengths = summary["parts"][part.value]["strength"]
            total = sum(strengths.values()) or 1
            left = 0.0
            for colour, name in zip(_STRENGTHS, LEVELS_OF_STRENGTH, strict=True):
                share = strengths[name] / total * 100
                axes.barh(y, share, left=left, color=colour, height=0.66)
                if share >= 8:
                    ink = "white" if name in ("absent", "strong") else _INK
                    axes.text(left + share / 2, y, f"{share:.0f}%", ha="center", va="center", color=ink, fontsize=10)
                left += share
            words.append(f"{part.value}: " + ", ".join(f"{n} {strengths[n]}" for n in LEVELS_OF_STRENGTH))
        axes.set_yticks(range(4), [p.value.capitalize() for p in reversed(STAR)])
        _percent(axes, 100)
        handles = [axes.barh(0, 0, color=c) for c in _STRENGTHS]
        axes.legend(
            handles,
            LEVELS_OF_STRENGTH,
            ncols=4,
            loc="lower center",
            bbox_to_anchor=(0.45, 1.0),
            frameon=False,
            fontsize=10,
            handlelength=1,
            columnspacing=1,
        )
        return _svg(figure, "parts", f"Stacked bars of answers by strength of each part. {'; '.join(words)}.")


def shares(summary: Mapping[str, Any]) -> str:
    """Share of words that each part takes, against what the profile asks."""
    words = []
    with _Figure(2.5) as (figure, axes):
        for y, part in enumerate(reversed(STAR)):
            share = summary["parts"][part.value]["share"]
            least, most = (100 * b for b in share["asked"])
            axes.barh(y, most - least, left=least, color="#dfe3e8", height=0.7)
            if share["quartiles"] is None:
                continue
            low, middle, high = (100 * q for q in share["quartiles"])
            axes.plot([low, high], [y, y], color=COLOURS[part], linewidth=4, solid_capstyle="butt")
            axes.plot([middle], [y], "o", color=COLOURS[part], markersize=9, markeredgecolor="white")
            words.append(
                f"{part.value}: median {middle:.0f}%, middle half {low:.0f}% to {high:.0f}%, asked {least:.0f}% "
                f"to {most:.0f}%"
            )
        axes.set_yticks(range(4), [p.value.capitalize() for p in reversed(STAR)])
        _percent(axes, 80)
        axes.set_xlabel("Grey: asked. Line: middle half of the answers. Dot: median.", fontsize=10)
        return _svg(figure, "shares", f"Share of words of each part against the profile. {'; '.join(words)}.")


def competencies(summary: Mapping[str, Any]) -> str:
    """Heat map of competencies, over the questions or levels where there are some."""
    columns = _columns(summary)
    values = [[part[c] for _, part in columns] for c in COMPETENCIES]
    pyplot = need("matplotlib.pyplot", "The page")
    with _Figure(3.4) as (figure, axes):
        filled = [[0.0 if v is None else v for v in row] for row in values]
        axes.pcolormesh(filled, cmap=pyplot.get_cmap("Blues"), vmin=0, vmax=1, edgecolors="white", linewidth=1.5)
        for y, row in enumerate(values):
            for x, value in enumerate(row):
                shown = "\u2013" if value is None else f"{value:.0%}".removesuffix("%")
                axes.text(
                    x + 0.5,
                    y + 0.5,
                    shown,
                    ha="center",
                    va="center",
                    color="white" if (value or 0) > 0.55 else _INK,
                    fontsize=10,
                )
        axes.set_yticks([i + 0.5 for i in range(len(COMPETENCIES))], [COMPETENCY_NAMES[c] for c in COMPETENCIES])
        axes.set_xticks([i + 0.5 for i in range(len(columns))], [name for name, _ in columns])
        axes.invert_yaxis()
        axes.xaxis.tick_top()
        axes.tick_params(length=0)
        for spine in axes.spines.values():
            spine.set_visible(False)
        words = "; ".join(
            f"{COMPETENCY_NAMES[c]} {'/'.join('none' if v is None else f'{v:.0%}' for v in row)}"
            for c, row in zip(COMPETENCIES, values, strict=True)
        )
        return _svg(figure, "competencies", f"Heat map: per cent of answers whose deeds show each competency. {words}.")


def competency_key(summary: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the columns of the heat map stand for."""
    return [(f"Q{i}", q["question"]) for i, q in enumerate(_questions(summary), 1)]


def _questions(summary: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Questions with answers enough for a share to mean something; one alone is the same as all."""
    often = [q for q in summary["questions"] if q["n"] >= _FEWEST][:7]
    return often if len(often) > 1 else []


def _columns(summary: Mapping[str, Any]) -> list[tuple[str, Mapping[str, float | None]]]:
    columns = [("All", summary["competencies"])]
    questions = _questions(summary)
    columns += [(f"Q{i}", q["competencies"]) for i, q in enumerate(questions, 1)]
    if not questions:
        columns += [
            (_SHORT.get(level["level"], level["level"]), level["competencies"])
            for level in summary["levels"]
            if level["n"] >= _FEWEST
        ]
    return columns


def agreement(pairs: Sequence[tuple[int, int]]) -> str:
    """The coach's band against the program's, as circles by how many."""
    counts: dict[tuple[int, int], int] = {}
    for pair in pairs:
        counts[pair] = counts.get(pair, 0) + 1
    with _Figure(4.2) as (figure, axes):
        axes.plot([0.5, 7.5], [0.5, 7.5], color="#b9bcc0", linewidth=1, zorder=0)
        most = max(counts.values(), default=1)
        for (coach, program), n in sorted(counts.items()):
            axes.scatter(coach, program, s=60 + 700 * n / most, color=_ACCENT, alpha=0.8, linewidths=0)
            axes.text(coach, program, str(n), ha="center", va="center", color="white", fontsize=9)
        axes.set(xlim=(0.4, 7.6), ylim=(0.4, 7.6), xticks=range(1, 8), yticks=range(1, 8))
        axes.set_xlabel("Band by the coach")
        axes.set_ylabel("Band by starcheck")
        words = "; ".join(f"coach {c}, program {p}: {n}" for (c, p), n in sorted(counts.items()))
        return _svg(figure, "agreement", f"Bands by coach and program, number of answers. {words}.")


def _percent(axes: Any, most: int) -> None:
    axes.set_xlim(0, most)
    axes.set_xticks(range(0, most + 1, 20), [f"{x}%" for x in range(0, most + 1, 20)], fontsize=10)
    axes.spines["left"].set_visible(False)
    axes.tick_params(length=0)


class _Figure:
    """A figure with our style that is never shown and always closed."""

    def __init__(self, height: float) -> None:
        self._height = height

    def __enter__(self) -> tuple[Any, Any]:
        matplotlib = need("matplotlib", "The page")
        figures = need("matplotlib.figure", "The page")
        self._context = matplotlib.rc_context(_STYLE)
        self._context.__enter__()
        # A bare Figure needs no display and no pyplot state.
        figure = figures.Figure(figsize=(_WIDTH, self._height), layout="constrained")
        return figure, figure.add_subplot()

    def __exit__(self, *error: object) -> None:
        self._context.__exit__(None, None, None)


def _svg(figure: Any, name: str, words: str) -> str:
    """The figure as an inline element: no address, no date, ids of its own, a description."""
    buffer = io.StringIO()
    figure.savefig(
        buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
    )
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(\bid=")', rf"\1{name}-", svg)
    svg = re.sub(r'(url\(#|href="#)', rf"\1{name}-", svg)
    size = re.search(r'viewBox="0 0 ([\d.]+) [\d.]+"', svg)
    width = f' style="max-width:{float(size[1]) * 1.25:.0f}px"' if size else ""
    box = size[0] if size else ""
    svg = re.sub(
        r"<svg[^>]*>",
        f'<svg {box} role="img" aria-label="{escape(words)}"{width}><title>{escape(words)}</title>',
        svg,
        count=1,
    )
    return re.sub(r"xlink:href", "href", svg)
