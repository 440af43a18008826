"""Run notebooks and keep their outputs: ``python tests/notebooks/store.py [notebook ...]``.

What is kept is what a reader on GitHub should see, the same on every run: no widget without its
kernel (a front end would show an error in its place), no progress bar, no times.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import nbformat
from nbmake.nb_run import NotebookRun

FOLDER = Path(__file__).parents[2] / "notebooks"
LONGEST = 600
"""Seconds for one cell, on a machine that does much else; the tests measure what a notebook needs itself."""
WIDGET = "application/vnd.jupyter.widget-view+json"


def notebooks() -> list[Path]:
    return sorted(FOLDER.glob("*.ipynb"))


def tidy(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Without what differs from run to run or means nothing without a kernel."""
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for number, cell in enumerate(notebook.cells, 1):
        cell.id = f"cell-{number:02}"
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = [kept for output in cell.outputs if (kept := _output(output)) is not None]
    return notebook


def _output(output: nbformat.NotebookNode) -> nbformat.NotebookNode | None:
    if output.output_type == "stream" and output.name == "stderr":
        return None
    if WIDGET in output.get("data", {}):
        del output.data[WIDGET]
        if set(output.data) <= {"text/plain"}:
            return None
    return output


def main(names: list[str]) -> int:
    for path in [Path(n) for n in names] or notebooks():
        began = time.monotonic()
        result = NotebookRun(path.resolve(), LONGEST).execute()
        if result.error is not None:
            print(f"{path.name}: {result.error.summary}\n{result.error.trace}", file=sys.stderr)
            return 1
        nbformat.write(tidy(result.nb), path)
        print(f"{path.name}: {time.monotonic() - began:.0f} s, {path.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
