"""Every notebook runs from top to bottom in time, and its stored outputs can be read without running."""

from __future__ import annotations

import json
import resource
import shutil
from pathlib import Path

import nbformat
import pytest
from nbmake.nb_run import NotebookRun

from starcheck.render.notice import NOTICE

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
CELL = 600
"""Seconds for one cell on a machine that does much else; what a notebook needs itself is measured below."""
LONGEST = 120
"""Seconds of processor time: two minutes on one core, less on two."""

pytestmark = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)


@pytest.fixture
def notebook(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, 4)


def outputs(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [o for cell in notebook.cells if cell.cell_type == "code" for o in cell.outputs]


def _processor_time() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.filterwarnings("default")  # of the notebook's own machinery; the kernel is another process
def test_it_runs_in_time(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(FOLDER.parent))
    copy = Path(shutil.copy(path, tmp_path))
    began = _processor_time()
    result = NotebookRun(copy, CELL).execute()
    assert result.error is None, f"{result.error.summary}\n{result.error.trace}"
    assert _processor_time() - began < LONGEST
    assert sorted(tmp_path.iterdir()) == [copy], "a notebook leaves no file beside itself"
    for output in outputs(result.nb):
        # A report that also prints itself would be shown twice.
        assert not (output.output_type == "display_data" and NOTICE in str(output.data.get("text/plain")))


def test_its_outputs_are_stored(notebook: nbformat.NotebookNode) -> None:
    run = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in run] == list(range(1, len(run) + 1)), "run from top to bottom, once"
    assert not [o for o in outputs(notebook) if o.output_type == "error"]
    assert len(outputs(notebook)) >= 5


def test_a_stored_widget_has_a_static_face(notebook: nbformat.NotebookNode) -> None:
    stored = json.dumps(notebook)
    # Without its kernel a front end shows an error in the place of a stored widget.
    assert "widget-view" not in stored
    assert "widgets" not in notebook.metadata


def test_its_plots_say_in_words_what_they_show(notebook: nbformat.NotebookNode) -> None:
    pictures = [o for o in outputs(notebook) if "image/png" in o.get("data", {})]
    for picture in pictures:
        words = picture.metadata["image/png"]["alt"]
        assert len(words) > 60
        assert picture.data["text/plain"] == words
        assert any(f"In words: {words}" == o.get("data", {}).get("text/plain") for o in outputs(notebook))


def test_it_says_what_it_is_and_where_to_go_next(notebook: nbformat.NotebookNode) -> None:
    told = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert told.startswith("# ")
    assert "**The question of this notebook:" in told
    assert ".ipynb)" in notebook.cells[-1].source
    for target in [part.split(")")[0] for part in told.split("](")[1:]]:
        assert (FOLDER / target).exists(), f"the link to {target} leads nowhere"


def test_it_stores_nothing_of_the_machine_it_ran_on(notebook: nbformat.NotebookNode) -> None:
    stored = json.dumps(outputs(notebook))
    for trace in (str(FOLDER.parent), str(Path.home()), "/tmp/", "Traceback"):
        assert trace not in stored
