"""Notebook 1 in JupyterLab, in a real browser, by the keyboard only."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lab
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

reason = lab.why_not()
if reason:
    print(f"The browser tests are skipped: {reason}")
pytestmark = [
    pytest.mark.skipif(reason is not None, reason=str(reason)),
    # Sockets of the driver and the server are closed by their own clean-up, not always before collection.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]

NO_RESULT = (
    "In May I was the only cook on the late shift at a ferry canteen when the card machine failed. "
    "Sixty people were queuing and the boat left in forty minutes. I had to get all of them fed before it did. "
    "I wrote each order on a numbered slip, asked two passengers to hand out cold plates, "
    "and took names and seat numbers so that people could pay on board."
)
RESULT = " All sixty had eaten when we cast off, and only two of the slips, nine pounds in all, were never paid."
PATIENCE = 120
"""Seconds for the kernel to load the model and run the notebook, on a machine that does much else."""


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("lab")
    notebooks = folder / "notebooks"
    shutil.copytree(lab.REPOSITORY / "notebooks", notebooks)
    with lab.serving(notebooks) as address, lab.browsing(folder / "profile") as browser:
        lab.open_notebook(browser, address, "01-score-an-answer.ipynb")
        assert not lab.script_errors(browser)
        lab.command(browser, "Run All Cells")
        # The bench is shown once its cell has run, and holds two drafts once the cell after it has.
        lab.wait_until(browser, lambda: len(_all(browser, ".sw-drafts li")) == 2, PATIENCE)
        yield browser
        browser.save_screenshot(str(folder / "end.png"))


def _all(driver: Any, selector: str) -> list[Any]:
    return list(driver.find_elements(By.CSS_SELECTOR, f".starcheck-bench :is({selector})"))


def _texts(driver: Any, selector: str) -> list[str]:
    """Texts at one moment: an element found first and read later may have been drawn anew."""
    script = "return [...document.querySelectorAll(arguments[0])].map((e) => e.innerText)"
    return list(driver.execute_script(script, f".starcheck-bench :is({selector})"))


def _focused(driver: Any, selector: str) -> bool:
    script = "return document.activeElement.matches(arguments[0])"
    return bool(driver.execute_script(script, f".starcheck-bench :is({selector})"))


def _tab_to(driver: Any, selector: str, key: str = Keys.TAB) -> None:
    """Press Tab until the focus is there, as a person without a mouse would."""
    for _ in range(80):
        if _focused(driver, selector):
            return
        lab.press(driver, key)
    raise AssertionError(f"The Tab key never reached {selector}.")


def _enter_bench(driver: Any) -> None:
    """From the notebook's cells into the bench: the arrow keys choose its cell, Tab goes into it."""
    if _focused(driver, "*"):
        _tab_to(driver, "textarea", Keys.TAB if _focused(driver, "select") else Keys.SHIFT + Keys.TAB)
        return
    lab.press(driver, Keys.ESCAPE)
    for _ in range(40):
        if driver.execute_script("return !!document.querySelector('.jp-Cell.jp-mod-active .starcheck-bench')"):
            break
        lab.press(driver, Keys.ARROW_UP)
    _tab_to(driver, "textarea")


def _type(driver: Any, text: str, instead: bool) -> None:
    _enter_bench(driver)
    keys = lab.webdriver.ActionChains(driver)
    if instead:
        keys.key_down(Keys.CONTROL).send_keys("a").key_up(Keys.CONTROL)
    else:
        keys.key_down(Keys.CONTROL).send_keys(Keys.END).key_up(Keys.CONTROL)
    keys.send_keys(text).perform()
    lab.wait_until(driver, lambda: _shown(driver).endswith(text.split()[-1]), PATIENCE)


def _shown(driver: Any) -> str:
    """The marked-up answer, as the report shows it."""
    return " ".join(_texts(driver, ".answer u"))


def _score(driver: Any) -> float:
    found = re.search(r"\((\d+)/100\)", _texts(driver, ".sw-verdict")[0])
    assert found, "the verdict names no score"
    return float(found[1])


def test_a_missing_result_is_found_and_adding_it_raises_the_score(driver: Any) -> None:
    _type(driver, NO_RESULT, instead=True)
    first = _texts(driver, "ol.findings > li strong")
    assert any("Result" in title for title in first), first
    before = _score(driver)
    _type(driver, RESULT, instead=False)
    assert _score(driver) > before
    assert not any("Result is missing" in title for title in _texts(driver, "ol.findings > li strong"))
    assert not lab.script_errors(driver)


def test_a_finding_lights_up_its_sentence_and_says_so_without_colour(driver: Any) -> None:
    # A sentence said twice is found whatever the model thinks of the rest.
    _type(driver, f"{NO_RESULT}{RESULT} {NO_RESULT.split('. ')[1]}.", instead=True)
    _tab_to(driver, ".sw-look")
    button = driver.switch_to.active_element
    wanted = [int(n) for n in re.findall(r"\d+", button.text)]
    lab.press(driver, Keys.ENTER)
    lit = _texts(driver, ".s.lit")
    assert [int(n) for text in lit for n in re.findall(r"^\u25b6 (\d+)[STARLO]", text)] == wanted
    assert button.get_attribute("aria-pressed") == "true"
    lab.press(driver, Keys.ENTER)
    assert not _all(driver, ".s.lit")


def test_a_draft_is_kept_and_called_back_by_keys(driver: Any) -> None:
    _type(driver, NO_RESULT, instead=True)
    before = len(_all(driver, ".sw-drafts li"))
    keys = lab.webdriver.ActionChains(driver)
    keys.key_down(Keys.CONTROL).send_keys(Keys.ENTER).key_up(Keys.CONTROL).perform()
    lab.wait_until(driver, lambda: len(_all(driver, ".sw-drafts li")) == before + 1)
    _type(driver, RESULT, instead=False)
    _tab_to(driver, f".sw-drafts li:nth-child({before + 1}) button")
    lab.press(driver, Keys.ENTER)
    lab.wait_until(driver, lambda: _all(driver, "textarea")[0].get_attribute("value") == NO_RESULT)
    assert _all(driver, ".sw-drafts svg[aria-label^='Score of the drafts']")


def test_every_control_has_a_name(driver: Any) -> None:
    for control in _all(driver, "textarea, select, button"):
        assert control.accessible_name.strip(), control.get_attribute("outerHTML")
    assert {c.accessible_name for c in _all(driver, "select")} == {"Question", "Level", "Profile of shares"}


def test_text_stands_out_from_its_ground(driver: Any) -> None:
    script = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")
    poor = driver.execute_script(script, ".starcheck-bench", 4.5)
    assert poor == []
    assert driver.execute_script(script, ".starcheck-bench", 22), "the measure itself must be able to fail"


def test_nothing_went_wrong_in_the_console(driver: Any) -> None:
    assert not lab.script_errors(driver)
