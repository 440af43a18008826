"""Near-duplicates, groups, and agreement with a coach: on data whose right result is known."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from material import answers, read_csv, write_csv

from starcheck.assets import asset
from starcheck.cohort.agree import agreement
from starcheck.cohort.duplicates import NEAR, Group, groups, sketch
from starcheck.cohort.fairness import FEWEST, audit
from starcheck.cohort.table import SCORES
from starcheck.errors import InputError


def grouped(texts: list[str], people: list[str] | None = None) -> list[Group]:
    known = [(i, s) for i, t in enumerate(texts) if (s := sketch(t)) is not None]
    rows = [i for i, _ in known]
    return groups(rows, np.array([s for _, s in known]), [people[i] if people else str(i) for i in rows])


def test_copies_and_light_edits_are_found_and_others_are_not() -> None:
    texts = [a["text"] for a in answers()[:12]]
    edited = texts[3].replace(" and ", " & ", 1) + " Thank you for reading."
    assert [g.rows for g in grouped([*texts, texts[0], edited, texts[0].upper(), "too short"])] == [
        (0, 12, 14),
        (3, 13),
    ]
    assert grouped([*texts, texts[0]], [*map(str, range(12)), "0"]) == [], "one person's two answers are no finding"
    assert grouped(texts[:1]) == grouped([]) == []


def test_a_thousand_copies_are_one_group() -> None:
    assert [len(g.rows) for g in grouped([answers()[0]["text"]] * 1000)] == [1000]


def test_honest_answers_are_almost_never_called_alike() -> None:
    rows = [
        json.loads(line)
        for path in sorted(asset("data", "answers").glob("*.jsonl"))
        for line in path.read_text().splitlines()
    ]
    flagged = {row for g in grouped([r["text"] for r in rows]) for row in g.rows}
    assert len(rows) > 800
    assert len(flagged) / len(rows) <= 0.02


def test_the_estimate_is_near_the_share_of_common_word_runs() -> None:
    texts = [" ".join(a["text"].split()[:80]) for a in answers()[:6]]
    mixed = [f"{a} {b}" for a, b in combinations(texts, 2)]

    def runs(text: str) -> set[str]:
        words = text.lower().split()
        return {" ".join(words[i : i + 3]) for i in range(len(words) - 2)}

    for a, b in combinations(mixed, 2):
        exact = len(runs(a) & runs(b)) / len(runs(a) | runs(b))
        left, right = sketch(a), sketch(b)
        assert left is not None
        assert right is not None
        assert abs(float(np.mean(left == right)) - exact) < 0.25
        assert (exact > 0.85) <= (float(np.mean(left == right)) >= NEAR)


def frame(**groups_of: list[float]) -> dict[str, Any]:
    rows = [
        (g if g != "none" else None, float(s), 5 if s >= 50 else 3) for g, scores in groups_of.items() for s in scores
    ]
    table = pd.DataFrame(rows, columns=["group", "score", "band"])
    return audit("centre", table["group"], table["score"], table["band"])


def test_groups_that_differ_are_marked_and_groups_that_do_not_are_not() -> None:
    same = [40.0, 45, 50, 55, 60, 65, 70, 48, 52, 58] * 4
    found = frame(big=[*same, 50.0], alike=same, low=[s - 25 for s in same], tiny=[90.0] * 3, none=[50.0] * 2)
    by = {g["group"]: g for g in found["groups"]}
    assert list(by) == ["big", "alike", "low"]
    assert found["reference"] == "big"
    assert found["small_groups"] == {"groups": 1, "answers": 3}
    assert found["without_group"] == 2
    assert "tiny" not in json.dumps(found)
    assert (by["alike"]["look_into"], by["low"]["look_into"]) == (False, True)
    low = by["low"]
    assert low["difference"] == pytest.approx(-25, abs=0.5)
    assert low["interval"][0] < -25 < low["interval"][1] < 0
    assert low["smd"] < -2
    assert low["p"] < 0.001
    assert low["four_fifths"]["ratio"] == 0
    assert by["alike"]["p"] == 1.0
    assert by["big"]["difference"] is None
    assert found["overall"]["p"] < 0.001
    assert len(found["cautions"]) >= 4


def test_ratios_and_intervals_agree_with_the_textbook() -> None:
    # 48 of 80 and 12 of 40: the four-fifths guidelines' own kind of example, ratio 0.5.
    found = frame(a=[60.0] * 48 + [40.0] * 32, b=[60.0] * 12 + [40.0] * 28)
    ratio = found["groups"][1]["four_fifths"]
    assert (found["groups"][0]["four_fifths"]["rate"], ratio["rate"], ratio["ratio"]) == (0.6, 0.3, 0.5)
    # Katz's interval: exp(log 0.5 -+ 1.96 * sqrt(1/12 - 1/40 + 1/48 - 1/80)).
    error = 1.959964 * np.sqrt(1 / 12 - 1 / 40 + 1 / 48 - 1 / 80)
    assert ratio["interval"] == pytest.approx([0.5 * np.exp(-error), 0.5 * np.exp(error)], abs=0.002)
    assert ratio["p"] < 0.02


def test_too_few_answers_are_not_shown_at_all() -> None:
    found = frame(a=[50.0] * (FEWEST - 1), b=[60.0])
    assert (found["groups"], found["reference"], found["small_groups"]) == ([], None, {"groups": 2, "answers": FEWEST})


def scores_csv(folder: Path, bands: list[int | None]) -> Path:
    rows = []
    for i, band in enumerate(bands):
        line: dict[str, Any] = {
            **dict.fromkeys(SCORES, ""),
            "row": i + 1,
            "id": f"p{i}",
            "status": "scored" if band else "empty",
        }
        line |= {
            "band": band or "",
            "group": "ab"[i % 2],
            **{f"{p}_strength": 1.4 for p in ("situation", "task", "action", "result")},
        }
        rows.append([line[c] for c in SCORES])
    return write_csv(folder / "scores.csv", [list(SCORES), *rows])


def test_agreement_matches_values_worked_out_by_hand(tmp_path: Path) -> None:
    scores = scores_csv(tmp_path, [1, 2, 3, 4, 5, 6, 7, 4, None])
    marks = write_csv(
        tmp_path / "marks.csv",
        [["id", "Band", "Task"], *[[f"p{i}", m, 1] for i, m in enumerate([1, 2, 3, 4, 5, 6, 7, 6, 4])], ["zz", 4, 1]],
    )
    text = agreement(scores, marks, None, None, tmp_path / "plot.html")
    line = next(row.split() for row in text.splitlines() if row.startswith("Band"))
    # Seven of eight the same; one two bands off: QWK = 1 - 4/8 divided by the mean squared difference by chance.
    coach, program = np.array([1, 2, 3, 4, 5, 6, 7, 6]), np.array([1, 2, 3, 4, 5, 6, 7, 4])
    chance = np.mean((coach[:, None] - program[None, :]) ** 2)
    assert line[:3] == ["Band", "all", "8"]
    assert float(line[8]) == pytest.approx(1 - 0.5 / chance, abs=0.005)
    assert float(line[9]) == pytest.approx(np.corrcoef(coach, program)[0, 1], abs=0.005)
    assert (line[6], line[7]) == ("88%", "88%")
    smd = (program.mean() - coach.mean()) / np.sqrt((coach.var(ddof=1) + program.var(ddof=1)) / 2)
    assert float(line[5]) == pytest.approx(smd, abs=0.005)
    task = next(row.split() for row in text.splitlines() if row.startswith("Task"))
    assert task[2:8] == ["8", "1.00", "1.40", "-", "100%", "100%"]
    assert "1 marks have no answer" in text
    assert "1 marks are of answers that got no score" in text
    page = (tmp_path / "plot.html").read_text()
    assert "coach 6, program 4: 1" in page


def test_agreement_by_group_and_what_does_not_fit(tmp_path: Path) -> None:
    scores = scores_csv(tmp_path, [1 + i % 7 for i in range(40)])
    marks = write_csv(
        tmp_path / "marks.csv", [["id", "overall"], *[[f"p{i}", min(7, 2 + i % 7)] for i in range(40)], ["p1", 99]]
    )
    command = [sys.executable, "-m", "starcheck.cli", "agree", str(scores), str(marks)]
    done = subprocess.run([*command, "--group", "group"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [row.split()[1] for row in done.stdout.splitlines() if row.startswith("Band")] == ["all", "a", "b"]
    assert "SMD" in done.stdout.splitlines()[1], "a coach one band above is outside the limits"
    for change, words in ((["--id", "who"], "Unknown column"), (["--group", "sex"], "Neither table")):
        wrong = subprocess.run([*command, *change], capture_output=True, text=True, check=False)
        assert (wrong.returncode, words in wrong.stderr, "Traceback" in wrong.stderr) == (2, True, False)
    with pytest.raises(InputError, match="no table of scores"):
        agreement(marks, marks, None, None, None)
    with pytest.raises(InputError, match="has no marks"):
        agreement(scores, write_csv(tmp_path / "m.csv", [["id", "comment"], ["p1", "nice"]]), None, None, None)


def test_closeness_to_a_shipped_text_is_reported(tmp_path: Path) -> None:
    from starcheck.cohort.run import Options, run

    example = (asset("data", "examples") / "stockroom.txt").read_text()
    write_csv(
        tmp_path / "in.csv", [["id", "answer"], ["mine", answers()[0]["text"]], ["theirs", example + " That was all."]]
    )
    run([str(tmp_path / "in.csv")], Options(tmp_path / "out"))
    rows = read_csv(tmp_path / "out" / "scores.csv")
    assert [r["known_text"] for r in rows] == ["", "example 'stockroom'"]
    assert "known_text" in rows[1]["flags"].split()
