"""The cohort in numbers: what ``summary.json`` holds and the page shows."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from starcheck.cohort.duplicates import Group
from starcheck.cohort.files import need
from starcheck.judging.feedback import RULES
from starcheck.judging.rubric import BANDS, profile_named
from starcheck.records import COMPETENCIES, STAR
from starcheck.render.notice import NOTICE

if TYPE_CHECKING:
    from starcheck.cohort.plan import Work
    from starcheck.cohort.run import Options

MOST_QUESTIONS = 30
MOST_FINDINGS = 12
MOST_GROUPS = 200
EXAMPLES = 2
LEVELS_OF_STRENGTH = ("absent", "hinted", "adequate", "strong")


def read_scores(folder: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Some columns of a run's scores."""
    parquet: Any = need("pyarrow.parquet", "Reading Parquet")
    frame: pd.DataFrame = parquet.read_table(folder / "scores.parquet", columns=list(columns)).to_pandas()
    return frame


def summarise(
    folder: Path, groups: Sequence[Group], work: Work, numbers: Sequence[int], options: Options
) -> dict[str, Any]:
    """Count and compare.

    Returns
    -------
    dict
        JSON types only, rounded; the same for the same rows.
    """
    wanted = ["row", "id", "group", "question", "level", "status", "reason", "score", "band", "answer_type", "words"]
    wanted += [f"{p.value}_{what}" for p in STAR for what in ("strength", "share")]
    wanted += [*COMPETENCIES, "quantified_result", "finding_codes", "flags", "known_text", "known_similarity"]
    wanted += ["model", "model_version", "model_sha256"]
    frame = read_scores(folder, wanted)
    good = frame[frame["status"] == "scored"]
    out = {
        "notice": NOTICE,
        "model": _model(frame),
        "profile": options.profile,
        "statuses": _counted(frame["status"]),
        "score": describe(good["score"]),
        "bands": [{"band": b, "words": BANDS[b - 1], "n": int((good["band"] == b).sum())} for b in range(1, 8)],
        "words": describe(good["words"]),
        "parts": {p.value: _part(good, p.value, options.profile) for p in STAR},
        "competencies": {c: _share(good[c]) for c in COMPETENCIES},
        "answer_types": _counted(frame[frame["status"] == "scored"]["answer_type"]),
        "quantified_result": _share(good["quantified_result"]),
        "questions": _by(good, "question"),
        "levels": _by(good, "level"),
        "findings": _findings(good, work, numbers, options),
        "flags": _counted(pd.Series(" ".join(frame["flags"].dropna()).split(), dtype=object)),
        "duplicates": {
            "groups": len(groups),
            "answers": sum(len(g.rows) for g in groups),
            "shown": [{"rows": list(g.rows), "similarity": g.similarity} for g in groups[:MOST_GROUPS]],
        },
        "known_texts": _known(frame),
    }
    if options.choice.group:
        from starcheck.cohort.fairness import audit

        out["fairness"] = audit(options.choice.group, good["group"], good["score"], good["band"])
    return out


def describe(values: pd.Series[Any]) -> dict[str, Any]:
    """n, mean, spread and quartiles of a column."""
    values = values.dropna().astype(float)
    if values.empty:
        return {"n": 0, "mean": None, "sd": None, "quartiles": None}
    quartiles = [round(float(q), 1) for q in values.quantile([0.25, 0.5, 0.75])]
    spread = round(float(values.std()), 1) if len(values) > 1 else None
    return {"n": len(values), "mean": round(float(values.mean()), 1), "sd": spread, "quartiles": quartiles}


def _model(frame: pd.DataFrame) -> dict[str, Any]:
    known = frame.dropna(subset=["model"])
    if known.empty:
        return {"name": None, "version": None, "sha256": None}
    first = known.iloc[0]
    return {"name": first["model"], "version": first["model_version"], "sha256": first["model_sha256"]}


def _counted(values: pd.Series[Any]) -> dict[str, int]:
    counts = Counter(values.dropna())
    return {str(k): counts[k] for k in sorted(counts, key=lambda k: (-counts[k], str(k)))}


def _share(values: pd.Series[Any]) -> float | None:
    known = values.dropna()
    return None if known.empty else round(float(known.astype(float).mean()), 3)


def _part(good: pd.DataFrame, part: str, profile: str) -> dict[str, Any]:
    strength = good[f"{part}_strength"].dropna()
    # The words that a reader uses: 0.5 and above rounds up, as in the reports.
    named = (strength + 0.5).astype(int).clip(upper=3)
    shares = good[f"{part}_share"].dropna()
    least, most = next(b for p, b in profile_named(profile).shares.items() if p.value == part)
    quartiles = [round(float(q), 3) for q in shares.quantile([0.25, 0.5, 0.75])] if len(shares) else None
    within = round(float(shares.between(least, most).mean()), 3) if len(shares) else None
    return {
        "strength": {word: int((named == i).sum()) for i, word in enumerate(LEVELS_OF_STRENGTH)},
        "mean": round(float(strength.mean()), 2) if len(strength) else None,
        "share": {"quartiles": quartiles, "asked": [least, most], "within": within},
    }


def _by(good: pd.DataFrame, column: str) -> list[dict[str, Any]]:
    """Scores and competencies by question or level, most answers first."""
    out = []
    for name, part in good.dropna(subset=[column]).groupby(column, sort=True):
        out.append(
            {
                column: str(name),
                **describe(part["score"]),
                "parts": {p.value: round(float(part[f"{p.value}_strength"].mean()), 2) for p in STAR},
                "competencies": {c: _share(part[c]) for c in COMPETENCIES},
            }
        )
    return sorted(out, key=lambda g: (-g["n"], g[column]))[:MOST_QUESTIONS]


def _findings(good: pd.DataFrame, work: Work, numbers: Sequence[int], options: Options) -> list[dict[str, Any]]:
    """The commonest advice, each with the first answers that got it."""
    lists = good["finding_codes"].fillna("").str.split()
    counts = Counter(code for codes in lists for code in codes if code in RULES and RULES[code].severity != "good")
    commonest = sorted(counts, key=lambda c: (-counts[c], c))[:MOST_FINDINGS]
    examples: dict[str, list[dict[str, Any]]] = {code: [] for code in commonest}
    for row, name, codes in zip(good["row"], good["id"], lists, strict=True):
        for code in codes:
            if code in examples and len(examples[code]) < EXAMPLES:
                examples[code].append({"row": int(row), "id": str(name)})
    told = _messages(work, numbers, {e["row"] for found in examples.values() for e in found}) if options.text else {}
    for code, found in examples.items():
        for example in found:
            example["message"] = told.get((example["row"], code))
    return [
        {
            "code": code,
            "severity": RULES[code].severity,
            "title": RULES[code].title,
            "n": counts[code],
            "share": round(counts[code] / len(good), 3),
            "examples": examples[code],
        }
        for code in commonest
    ]


def _messages(work: Work, numbers: Sequence[int], rows: set[int]) -> Mapping[tuple[int, str], str]:
    """What the findings of these rows say."""
    found: dict[tuple[int, str], str] = {}
    for number in numbers:
        if not rows:
            break
        for row, messages in json.load(work.member(number, "messages.json")).items():
            if int(row) in rows:
                rows.discard(int(row))
                found |= {(int(row), code): message for code, message in messages.items()}
    return found


def _known(frame: pd.DataFrame) -> list[dict[str, Any]]:
    known = frame.dropna(subset=["known_text"]).head(MOST_GROUPS)
    return [
        {"row": int(r), "id": str(i), "text": str(t), "share": float(s)}
        for r, i, t, s in zip(known["row"], known["id"], known["known_text"], known["known_similarity"], strict=True)
    ]
