"""Two drafts compared: what was gained and lost, part by part, on reports made by hand and on real ones."""

import io
import json
import re
from dataclasses import replace
from html import unescape

import pytest
from handmade import STORY, A, L, R, S, T, line, report_of
from rich.console import Console

from starcheck.comparison import Comparison
from starcheck.errors import InputError
from starcheck.records import Finding, Part
from starcheck.report import Report

FIX = Finding("R01", "fix", "Result is missing", "Say what came of it.", (), 9.0)
TIP = Finding("L01", "tip", "No lesson drawn", "End with one honest sentence.", ())
GOOD = Finding("A09", "good", "Action is strong", "Keep it.", (2,))
HOSTILE = "<script>alert(1)</script> [b]x[/b] *y* \x1b[31mred"


def part(comparison, name):
    return next(p for p in comparison.parts if p.part is name)


@pytest.fixture
def drafts():
    """A draft without a result, and the whole story after it."""
    before = report_of(*STORY[:4], score=40.0, strengths={R: 0.0, A: 2.5}, findings=[FIX, GOOD])
    return before, report_of(*STORY, score=65.5, strengths={R: 2.25, A: 2.4}, findings=[TIP])


def test_scores_bands_and_strengths_stand_side_by_side(drafts):
    found = drafts[1].compare(drafts[0])
    assert (found.score_before, found.score_after, found.change) == (40.0, 65.5, 25.5)
    assert (found.band_before, found.band_after) == (drafts[0].band, drafts[1].band)
    assert [p.part for p in found.parts] == [S, T, A, R, L]
    assert (part(found, R).before, part(found, R).after, part(found, R).change) == (0.0, 2.25, 2.25)
    assert part(found, A).change == -0.1
    assert (part(found, L).before, part(found, L).after, part(found, L).change) == (None, None, None)


def test_sentences_gained_and_lost_go_to_their_part(drafts):
    found = drafts[1].compare(drafts[0])
    assert part(found, R).gained == (STORY[4].text,)
    assert part(found, L).gained == (STORY[5].text,)
    assert [p.lost for p in found.parts] == [()] * 5
    back = drafts[0].compare(drafts[1])
    assert part(back, R).lost == (STORY[4].text,)
    assert [p.gained for p in back.parts] == [()] * 5


def test_findings_are_solved_new_earned_and_forgone(drafts):
    found = drafts[1].compare(drafts[0])
    assert (found.solved, found.new, found.earned, found.forgone) == ((FIX,), (TIP,), (), (GOOD,))
    back = drafts[0].compare(drafts[1])
    assert (back.solved, back.new, back.earned, back.forgone) == ((TIP,), (FIX,), (GOOD,), ())


def test_a_sentence_read_as_another_part_is_lost_there_and_gained_here():
    moved = replace(STORY[3], part=R)
    found = report_of(*STORY[:3], moved, *STORY[4:]).compare(report_of(*STORY))
    assert part(found, A).lost == part(found, R).gained == (moved.text,)


def test_case_and_white_space_are_no_change_but_repeats_are():
    loud = replace(STORY[2], text=STORY[2].text.upper().replace(" ", "  "))
    assert all(not p.gained and not p.lost for p in report_of(*STORY[:2], loud).compare(report_of(*STORY[:3])).parts)
    twice = report_of(*STORY[:3], STORY[2]).compare(report_of(*STORY[:3]))
    assert part(twice, A).gained == (STORY[2].text,)


def test_a_draft_without_a_score_has_no_strengths_and_solves_nothing(drafts):
    refused = report_of(STORY[0], score=None, reason="The answer has 8 words.")
    worse = refused.compare(drafts[0])
    assert (worse.change, worse.reason_after, worse.solved, worse.forgone) == (None, "The answer has 8 words.", (), ())
    assert {p.after for p in worse.parts} == {None}
    better = drafts[0].compare(refused)
    assert (better.change, better.reason_before, better.new, better.earned) == (
        None,
        "The answer has 8 words.",
        (FIX,),
        (GOOD,),
    )


@pytest.mark.parametrize(("field", "value"), [("sha256", "1" * 64), ("profile", "swansea")])
def test_reports_that_do_not_compare_are_refused(field, value):
    with pytest.raises(InputError, match="score both drafts with one"):
        report_of().compare(report_of(**{field: value}))


def test_a_comparison_is_frozen_and_equal_to_its_like(drafts):
    assert drafts[1].compare(drafts[0]) == drafts[1].compare(drafts[0])
    with pytest.raises(AttributeError):
        drafts[1].compare(drafts[0]).parts = ()


def test_the_dict_is_json_and_says_the_same(drafts):
    found = drafts[1].compare(drafts[0])
    told = json.loads(found.to_json())
    assert told == found.to_dict()
    assert told["schema"] == "starcheck.comparison/1"
    assert told["score"] == {"before": 40.0, "after": 65.5, "change": 25.5}
    assert list(told["parts"]) == ["situation", "task", "action", "result", "reflection"]
    assert told["parts"]["result"]["gained"] == [STORY[4].text]
    assert {name: [f["code"] for f in found] for name, found in told["findings"].items()} == {
        "solved": ["R01"], "new": ["L01"], "earned": [], "forgone": ["A09"],
    }  # fmt: skip


def faces(comparison):
    """Each face as the words that a reader sees."""
    html = unescape(re.sub(r"<[^>]*>", "", comparison.to_html()))
    shown = (comparison.to_text(), comparison.to_markdown().replace("\\", ""), html)
    return [" ".join(text.split()) for text in shown]


def test_every_face_tells_score_strengths_sentences_and_findings(drafts):
    for shown in faces(drafts[1].compare(drafts[0])):
        assert "Score 40 to 66 of 100: +26 (band 3 to 5)" in shown
        assert "0.0 absent" in shown
        assert "2.2 adequate" in shown
        assert "+2.2" in shown
        assert "\u22120.1" in shown
        assert f"R {STORY[4].text}" in shown
        assert f"L {STORY[5].text}" in shown
        assert "Fix: Result is missing" in shown
        assert "Tip: No lesson drawn" in shown
        assert "not validated for deciding about people" in shown
        assert "Sentences lost" not in shown


def test_two_equal_drafts_show_no_change(drafts):
    for shown in faces(drafts[1].compare(drafts[1])):
        assert "Score 66 to 66 of 100: no change (band 5)" in shown
        assert shown.count("no change") == 5
        assert "gained" not in shown


def test_a_refused_draft_is_told_with_its_reason(drafts):
    refused = report_of(STORY[0], score=None, reason="The answer has 8 words.")
    for shown in faces(refused.compare(drafts[0])):
        assert "No comparison of scores: the later draft got none" in shown
        assert "Later draft: The answer has 8 words." in shown
        assert "no score" in shown


def test_hostile_text_is_only_text():
    found = report_of(line(A, f"I wrote {HOSTILE}.")).compare(report_of(line(S, "I read.")))
    assert "<script" not in found.to_page()
    assert "\\<script\\>" in found.to_markdown()
    file = io.StringIO()
    Console(file=file, force_terminal=True, color_system="truecolor", width=200).print(found)
    assert "[b]x[/b]" in file.getvalue()
    for shown in (found.to_text(), found.to_page(), found.to_markdown()):
        assert "\x1b" not in shown
    for shown in faces(found):
        assert "alert" in shown


def test_html_has_no_script_no_id_and_no_address(drafts):
    source = drafts[1].compare(drafts[0]).to_page()
    assert not re.search(r"<script|https?:|\bid\s*=|\bon\w+\s*=", source)
    assert source.startswith("<!doctype html>")
    assert len(source.encode()) < 12_000


def test_a_notebook_gets_every_face(drafts):
    found = drafts[1].compare(drafts[0])
    assert found._repr_mimebundle_(include=None) == {
        "text/plain": str(found),
        "text/markdown": found.to_markdown(),
        "text/html": found.to_html(),
    }


def test_real_drafts_compare(scorer, story):
    paragraphs = story.split("\n\n")
    before, after = scorer.pipe(["\n\n".join(paragraphs[:-1]), story])
    found = after.compare(before)
    assert isinstance(found, Comparison)
    assert found.change == round(after.score - before.score, 1)
    for change in found.parts:
        assert set(change.gained) <= {t.sentence.text for t in after.sentences if t.part is change.part}
        assert set(change.lost) <= {t.sentence.text for t in before.sentences if t.part is change.part}
    gained = {text for change in found.parts for text in change.gained}
    told = [t for t in after.sentences if t.sentence.text in paragraphs[-1] and t.part is not Part.OTHER]
    assert {t.sentence.text for t in told} <= gained
    assert Report.from_dict(after.to_dict()).compare(Report.from_dict(before.to_dict())) == found
