"""The rules: each with a code, a check, and the change that it asks for.

A rule looks at a :class:`Case` and either says nothing or gives a message with its evidence, quoting
the answer's own words. ``improved`` gives the measures that the answer would have after the edit;
the gain shown is what re-scoring them brings. To add one, see CONTRIBUTING.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starcheck.judging.rubric import Profile
from starcheck.records import STAR, CompetencyScore, Finding, Part, PartScore, Reading, Signals

Seen = tuple[str, tuple[int, ...]] | None
"""What a rule says: message and evidence, or nothing."""


@dataclass(frozen=True, slots=True)
class Case:
    """All that a rule may look at."""

    reading: Reading
    measures: Mapping[str, float]
    parts: Mapping[Part, PartScore]
    competencies: Mapping[str, CompetencyScore]
    signals: Signals
    answer_type: str
    score: float | None
    profile: Profile
    typical: Mapping[str, float]
    """Median measures of corpus answers whose readers called every part adequate or better."""
    relevance: str | None
    pasted: tuple[str, float] | None
    foreign: tuple[int, ...]
    instructions: tuple[int, ...]
    repeats: tuple[int, ...]

    @property
    def story(self) -> bool:
        """Whether advice about the parts makes sense."""
        return self.answer_type == "story" and self.score is not None

    def quote(self, index: int, most: int = 14) -> str:
        """The user's own words, shortened."""
        words = self.reading.tagged[index].sentence.text.split()
        text = " ".join(words[:most]).strip("\"'\u201c\u201d\u2018\u2019")
        dots = "\u2026" if len(words) > most else ""
        return f"\u201c{text}{dots}\u201d"

    def of(self, part: Part) -> tuple[int, ...]:
        """Sentences that count as this part."""
        rows = zip(self.reading.tagged, self.reading.counted, strict=True)
        return tuple(t.sentence.index for t, counted in rows if counted and t.part == part)

    def where(self, part: Part, count: str) -> tuple[int, ...]:
        """Sentences of this part in which something is counted."""
        return tuple(i for i in self.of(part) if self.reading.facts[i].count(count))

    def lifted(self, *prefixes: str) -> dict[str, float]:
        """Measures of these parts raised to what is typical of an adequate answer."""
        return {
            name: max(value, self.typical.get(name, value)) if name.startswith(prefixes) else value
            for name, value in self.measures.items()
        }

    def with_measures(self, **changes: float) -> dict[str, float]:
        """Measures with some set; dots are written as double underscores."""
        return {**self.measures, **{name.replace("__", "."): v for name, v in changes.items()}}


@dataclass(frozen=True, slots=True)
class Rule:
    """One piece of advice that starcheck can give."""

    code: str
    severity: str
    title: str
    why: str
    look: Callable[[Case], Seen]
    improved: Callable[[Case], dict[str, float]] | None = None

    def check(self, case: Case) -> Finding | None:
        """The finding, its gain not yet computed, or None."""
        seen = self.look(case)
        return None if seen is None else Finding(self.code, self.severity, self.title, *seen)


MISSING, THIN = 0.75, 1.5
"""Strengths below which a part is called missing and thin; readers' 1 is hinted, 2 adequate, as reports call
what is 1.5 to one decimal."""
ASKS: Mapping[Part, str] = {
    Part.SITUATION: "Say in one or two sentences where and when it was, who was there and what was wrong.",
    Part.TASK: "Say in one sentence what you had to achieve: the goal, the deadline, or what hung on it.",
    Part.ACTION: "Say step by step what you yourself did, and why you chose it.",
    Part.RESULT: "Say what came of it: what changed, by how much, or what people said afterwards.",
}


def _missing(part: Part) -> Callable[[Case], Seen]:
    def look(case: Case) -> Seen:
        if not case.story or case.parts[part].strength >= MISSING:
            return None
        near = case.of(part)
        if near:
            return f"{case.quote(near[0])} is all there is of it. {ASKS[part]}", near
        return f"No sentence does this yet. {ASKS[part]}", ()

    return look


def _thin(part: Part) -> Callable[[Case], Seen]:
    def look(case: Case) -> Seen:
        strength = case.parts[part].strength
        if not case.story or strength < MISSING or round(strength, 1) >= THIN:
            return None
        near = case.of(part)
        if near:
            return f"{case.quote(near[0])} is a start. {ASKS[part]}", near[:3]
        return f"It can be guessed, but no sentence says it. {ASKS[part]}", ()

    return look


def _strong(part: Part) -> Callable[[Case], Seen]:
    def look(case: Case) -> Seen:
        near = case.of(part)
        if not case.story or case.parts[part].strength < 2.5 or not near:
            return None
        best = max(near, key=lambda i: (case.reading.tagged[i].confidence, -i))
        return f"{case.quote(best)} is specific: keep it.", near[:3]

    return look


def _lift(part: Part) -> Callable[[Case], dict[str, float]]:
    return lambda case: case.lifted(f"{part.value}.")


def _part_rules() -> list[Rule]:
    out = []
    for part in STAR:
        letter, name = part.value[0].upper(), part.value.capitalize()
        out += [
            Rule(
                f"{letter}01", "fix", f"{name} is missing", "each part of STAR is marked", _missing(part), _lift(part)
            ),
            Rule(f"{letter}02", "fix", f"{name} is thin", "a hinted part earns little", _thin(part), _lift(part)),
            Rule(f"{letter}09", "good", f"{name} is strong", "say what to keep", _strong(part)),
        ]
    return out


PART_RULES: dict[str, Rule] = {r.code: r for r in _part_rules()}
