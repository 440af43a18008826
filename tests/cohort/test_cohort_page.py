from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import browser, missing
from material import answers, write_csv

from starcheck.cohort.columns import Choice
from starcheck.cohort.run import Options, run

HOSTILE = [
    "<script>document.title='owned'</script>",
    "<img src=x onerror=\"document.title='owned'\">",
    '"><svg onload="document.title=\'owned\'">',
    "</td></table></script><script>document.title='owned'</script>",
    "{{ 7 * 7 }} ${7*7} javascript:document.title='owned'",
]


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cohort of real answers, some twice, some hostile in every field."""
    folder = tmp_path_factory.mktemp("page")
    chosen = answers()[:24]
    rows = [
        [a["id"], f"Question {i % 3}: tell me about a time", "graduate", f"Centre {i % 2}", a["text"]]
        for i, a in enumerate(chosen)
    ]
    rows += [["copy", rows[0][1], "", "Centre 1", rows[0][4] + " Thank you."], ["nothing", "", "", "", ""]]
    rows += [[h, h, "", h, f"{rows[i][4]} {h} {h}"] for i, h in enumerate(HOSTILE)]
    write_csv(folder / "in.csv", [["id", "question", "level", "centre", "answer"], *rows])
    run([str(folder / "in.csv")], Options(folder / "out", Choice(group="centre")))
    return folder / "out"


def test_the_page_holds_itself_together(cohort: Path) -> None:
    page = (cohort / "index.html").read_text()
    assert not re.search(r"""(src|href|action|xlink:href)\s*=\s*["']?\s*(https?:|//|javascript:|data:)""", page)
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)
    assert [h for h in HOSTILE[:4] if h in page] == []
    assert "7 * 7" in page
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids)), "ids stand twice"
    assert page.count('role="img" aria-label="') == 4


@pytest.fixture(params=[(1280, 900), (375, 740)], ids=["desktop", "phone"])
def window(request: pytest.FixtureRequest, cohort: Path) -> Iterator[Any]:
    """The page, opened from disk with the network cut."""
    if reason := missing():
        pytest.skip(reason)
    with browser(*request.param) as driver:
        driver.execute_cdp_cmd("Network.enable", {})
        driver.execute_cdp_cmd(
            "Network.emulateNetworkConditions",
            {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0},
        )
        driver.get((cohort / "index.html").as_uri())
        yield driver
        # Whatever a test did, the console stayed empty and no word of an answer ran.
        assert driver.get_log("browser") == []
        assert driver.title != "owned"


def column(driver: Any, number: int) -> list[str]:
    """What the visible rows show in a column."""
    return driver.execute_script(  # type: ignore[no-any-return]
        "return [...document.querySelectorAll('#answers tbody tr:not([hidden])')].map(r => "
        "r.cells[arguments[0]].innerText.trim())",
        number,
    )


def head(driver: Any, name: str) -> Any:
    from selenium.webdriver.common.by import By

    return next(b for b in driver.find_elements(By.CSS_SELECTOR, "#answers thead button") if b.text == name)


def test_the_page_fits_the_window_and_shows_every_row(window: Any) -> None:
    wide, inner = window.execute_script("return [document.documentElement.scrollWidth, innerWidth]")
    assert wide <= inner
    assert column(window, 0) == [str(i) for i in range(1, 32)]
    boxes = window.execute_script(
        "return [...document.querySelectorAll('figure svg')].map(s => s.getBoundingClientRect()).map(r => "
        "[r.width, r.height, r.right])"
    )
    assert len(boxes) == 4
    assert all(w > 250 and h > 100 and right <= inner for w, h, right in boxes)
    small = window.execute_script(
        "return Math.min(...[...document.querySelectorAll('figure svg text')].map(t => "
        "t.getBoundingClientRect().height))"
    )
    assert small >= 8, "type in a chart is too small to read"


def test_the_table_sorts_both_ways(window: Any) -> None:
    button = head(window, "Score")
    for order, reverse in (("ascending", False), ("descending", True)):
        button.click()
        assert (
            window.execute_script("return document.querySelector('th[aria-sort]').getAttribute('aria-sort')") == order
        )
        shown = [float(x.replace("\u2013", "-1")) for x in column(window, 2)]
        assert shown == sorted(shown, reverse=reverse)
        assert len(set(shown)) > 3
    head(window, "Answer").click()
    ids = [i.split("\n")[0] for i in column(window, 1)]
    assert ids.index("copy") < ids.index("nothing")


def test_the_table_filters_and_says_how_many_are_left(window: Any) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import Select

    find = window.find_element(By.ID, "find")
    find.send_keys("copy near")
    assert [i.split("\n")[0] for i in column(window, 1)] == ["copy"]
    assert window.find_element(By.ID, "shown").text == "1 of 31 shown"
    find.clear()
    find.send_keys(" ")
    Select(window.find_element(By.ID, "status")).select_by_value("empty")
    assert [i.split("\n")[0] for i in column(window, 1)] == ["nothing"]


def test_an_answer_opens_its_own_report(window: Any) -> None:
    from selenium.webdriver.common.by import By

    link = window.find_element(By.CSS_SELECTOR, "#answers tbody tr th a")
    name = link.get_attribute("href").rsplit("/", 1)[1]
    link.click()
    assert window.current_url.endswith(f"reports/{name}")
    shown = " ".join(window.find_element(By.CSS_SELECTOR, "article.starcheck").text.split())
    assert answers()[0]["text"].split(". ")[0] in shown


def test_hostile_text_is_shown_and_nothing_of_it_runs(window: Any, cohort: Path) -> None:
    ids = [i.split("\n")[0] for i in column(window, 1)]
    assert ids[-len(HOSTILE) :] == HOSTILE
    handlers = "document.querySelectorAll('[onload],[onerror]')"
    counts = f"return [document.scripts.length, document.images.length, {handlers}.length]"
    assert window.execute_script(counts) == [1, 0, 0]
    for report in sorted(cohort.glob("reports/*.html"))[-len(HOSTILE) :]:
        window.get(report.as_uri())
        assert window.execute_script(counts) == [0, 0, 0]
        assert window.title != "owned"
