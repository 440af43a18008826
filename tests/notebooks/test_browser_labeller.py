"""The labeller in JupyterLab, in a real browser: a click, then letters, and the file is there."""

from __future__ import annotations

from pathlib import Path

import lab
import nbformat
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from starcheck.training.corpus import read

reason = lab.why_not()
pytestmark = [
    pytest.mark.skipif(reason is not None, reason=str(reason)),
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
CELL = """
from starcheck.notebook import Labeller
Labeller([
    "The ferry was two hours late and sixty cold people stood in the hall of our little caf\u00e9. "
    "As the only manager on duty I had to seat them all before dark. "
    "I opened the terrace, lit both stoves and asked the kitchen for soup. "
    "All sixty got a seat and nobody left angry."
], "mine.jsonl")
"""


def test_letters_label_and_are_saved_and_leave_the_notebook_alone(tmp_path: Path) -> None:
    folder = tmp_path / "notebooks"
    folder.mkdir()
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL.strip())])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    nbformat.write(notebook, folder / "labels.ipynb")
    with lab.serving(folder) as address, lab.browsing(tmp_path / "profile") as driver:
        lab.open_notebook(driver, address, "labels.ipynb")
        lab.command(driver, "Run All Cells")
        lab.wait_until(driver, lambda: lab.shows(driver, ".starcheck-labeller [role=option]"), 120)
        lab.wait_idle(driver)
        cells = len(driver.find_elements(By.CSS_SELECTOR, ".jp-Notebook .jp-Cell"))
        driver.find_elements(By.CSS_SELECTOR, ".starcheck-labeller [role=option]")[0].click()
        inside = "return document.activeElement.closest('.starcheck-labeller') !== null"
        lab.wait_until(driver, lambda: driver.execute_script(inside))
        # Outside a text box A, B and L are commands of the notebook; in here they must be letters only.
        lab.press(driver, *"stlr", Keys.ARROW_UP, "a")
        saved = folder / "mine.jsonl"
        lab.wait_until(driver, lambda: saved.is_file() and '"part": "action"' in saved.read_text(), 60)
        (answer,) = read([saved])
        assert [p.value for p in answer.labels] == ["situation", "task", "action", "result"]
        agreed = ".starcheck-labeller .sl-agreements li"
        lab.wait_until(driver, lambda: lab.shows(driver, agreed))
        assert "of 4 sentences the same" in driver.find_element(By.CSS_SELECTOR, agreed).text
        assert len(driver.find_elements(By.CSS_SELECTOR, ".jp-Notebook .jp-Cell")) == cells
        script = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")
        assert driver.execute_script(script, ".starcheck-labeller", 4.5) == []
        driver.save_screenshot(str(tmp_path / "labeller.png"))
        assert not lab.script_errors(driver)
