"""The bench without a browser: what it scores, keeps, exports, shows, and refuses."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pytest

from starcheck.errors import InputError, UnknownNameError
from starcheck.notebook import Workbench
from starcheck.notebook.workbench import questions
from starcheck.render.notice import NOTICE

BEGINNING = (
    "Last March I ran the parcel desk at a small railway station and the scanner broke on a Friday evening. "
    "Forty people were waiting and the last train left at nine. I had to get every parcel to its owner before then. "
    "I wrote the numbers on paper slips, asked my colleague to sort the shelf by name, "
    "and called people up in groups of five. "
)
ENDING = (
    "By ten to nine all forty had their parcels, and the station kept my paper slips as its plan "
    "for the next breakdown."
)
WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def bench() -> Workbench:
    return Workbench(BEGINNING, question=questions()[4], level="associate")


def test_setting_the_text_scores_it_again(bench: Workbench) -> None:
    before = bench.report
    bench.text = BEGINNING + ENDING
    assert bench.report.answer.text == BEGINNING + ENDING
    assert bench.report.part("result").strength > before.part("result").strength
    assert bench.report.answer.question == questions()[4]


def test_a_draft_is_kept_once(bench: Workbench) -> None:
    first = bench.keep()
    assert bench.keep() is None
    bench.text = BEGINNING + ENDING
    second = bench.keep()
    assert bench.drafts == (first, second)
    assert [d.report.answer.text for d in bench.drafts] == [BEGINNING, BEGINNING + ENDING]
    assert BEGINNING.startswith(bench.drafts[0].label.removesuffix("\u2026"))


def test_an_empty_bench_keeps_and_exports_nothing(tmp_path: Path) -> None:
    bench = Workbench()
    assert bench.keep() is None
    with pytest.raises(InputError, match="type an answer first"):
        bench.export(tmp_path / "a.html")
    assert not list(tmp_path.iterdir())


def test_export_takes_the_next_free_name(bench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert [bench.export().name, bench.export().name] == ["starcheck-report-1.html", "starcheck-report-2.html"]
    page = (tmp_path / "starcheck-report-1.html").read_text(encoding="utf-8")
    assert "paper slips" in page
    assert NOTICE in page


def test_export_to_a_place_that_cannot_be_written_says_so(bench: Workbench, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="choose another place"):
        bench.export(tmp_path / "missing" / "a.html")


@pytest.mark.parametrize("change", [{"level": "boss"}, {"profile": "mine"}])
def test_a_wrong_choice_changes_nothing(bench: Workbench, change: dict[str, str]) -> None:
    before = bench.report
    with pytest.raises(UnknownNameError, match="choose one of"):
        bench.update(**change)
    assert bench.report is before
    bench.text = BEGINNING + ENDING
    assert bench.report.answer.level == "associate"


def test_an_unknown_setting_is_refused_by_name(bench: Workbench) -> None:
    with pytest.raises(InputError, match="colour"):
        bench.update(colour="red")


def test_messages_from_the_browser_do_what_they_say(bench: Workbench) -> None:
    changes = {"text": BEGINNING + ENDING, "question": "", "level": "", "profile": "swansea"}
    bench._on_message({"do": "update", "serial": 3, "changes": changes})
    assert (bench.report.answer.question, bench.report.answer.level, bench.report.profile) == (None, None, "swansea")
    bench._on_message({"do": "keep", "serial": 4, "changes": changes})
    bench._on_message({"do": "update", "serial": 5, "changes": {**changes, "text": BEGINNING}})
    bench._on_message({"do": "recall", "serial": 6, "draft": 1})
    assert bench.text == BEGINNING + ENDING
    assert bench._view()["serial"] == 6


def test_a_refusal_becomes_a_line_of_status() -> None:
    bench = Workbench()
    bench._on_message({"do": "export", "serial": 1})
    assert "type an answer first" in bench._view()["status"]


def test_the_view_is_json_and_its_evidence_points_at_sentences(bench: Workbench) -> None:
    view = json.loads(json.dumps(bench._view()))
    assert len(view["questions"]) == 40
    assert len(view["evidence"]) == len(bench.report.first_findings)
    assert all(i < len(bench.report.sentences) for rows in view["evidence"] for i in rows)


def test_hostile_text_is_escaped_wherever_it_is_shown() -> None:
    hostile = BEGINNING + '<img src=x onerror="alert(1)"> <script>alert(2)</script>'
    bench = Workbench(hostile, question="<script>alert(3)</script>")
    bundle = bench._repr_mimebundle_()
    for html in (bundle["text/html"], bench._view()["html"]):
        assert "<script" not in html
        assert "<img" not in html
        assert "alert(2)" in html


def test_a_static_face_goes_with_the_widget(bench: Workbench) -> None:
    bundle = bench._repr_mimebundle_(include=None, exclude=None)
    assert WIDGET in bundle
    assert NOTICE in bundle["text/html"]
    assert bundle["text/plain"].startswith("Workbench(")


def test_without_widgets_the_static_face_remains(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "starcheck.notebook.front", raising=False)
    monkeypatch.setitem(sys.modules, "anywidget", None)
    bench = Workbench(BEGINNING)
    bench.text = BEGINNING + ENDING
    bundle = bench._repr_mimebundle_()
    assert WIDGET not in bundle
    assert "paper slips" in bundle["text/html"]


def test_scoring_again_takes_under_300_milliseconds() -> None:
    words = (BEGINNING + ENDING).split()
    text = " ".join((words * 3)[:249]) + "."
    bench = Workbench(text)
    took = []
    for n in range(5):
        began = time.process_time()
        bench.text = f"{text} Then we closed at {n}."
        took.append(time.process_time() - began)
    # The processor's time, best of five: what the code needs, not what else the machine does.
    assert min(took) < 0.3
