"""The types that pass between the floors: frozen, slotted, tuples inside, no behaviour.

Offsets are in characters of the answer as given: ``answer.text[s.start:s.end] == s.text``.
Every judgement names the sentences (by index) that it rests on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Part(StrEnum):
    """What a sentence does in an answer (see ``data/CODEBOOK.md``)."""

    SITUATION = "situation"
    TASK = "task"
    ACTION = "action"
    RESULT = "result"
    REFLECTION = "reflection"
    OTHER = "other"


PARTS: tuple[Part, ...] = tuple(Part)
STAR: tuple[Part, ...] = PARTS[:4]
LETTERS = dict(zip(PARTS, "STARLO", strict=True))

COMPETENCIES: tuple[str, ...] = (
    "technical_depth",
    "statistical_thinking",
    "problem_solving",
    "communication",
    "stakeholder_management",
    "ethical_awareness",
    "leadership_potential",
)
LEVELS: tuple[str, ...] = ("graduate", "associate", "senior", "executive")
ANSWER_TYPES: tuple[str, ...] = (
    "story",
    "pseudo_story",
    "self_description",
    "opinion",
    "non_behavioural",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to read, with what is known about it."""

    text: str
    id: str | None = None
    question: str | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of the answer that gets one part."""

    text: str
    start: int
    end: int
    index: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What the language floor saw in one sentence: counts and syntax, no spaCy objects."""

    words: int
    normal: str
    """Text as the encoder reads it: names, pronouns and spelling normalised."""
    syntax: tuple[str, ...]
    """Names of the syntax features that hold (subject, tense, modal, root, negation ...)."""
    counts: tuple[int, ...]
    """Counts in the order of ``COUNTS``."""
    numbers: tuple[str, ...] = ()
    """The figures in the sentence that could measure an outcome."""

    def count(self, name: str) -> int:
        """One of the counts by its name in ``COUNTS``."""
        return self.counts[COUNTS.index(name)]


COUNTS: tuple[str, ...] = (
    "i",
    "we",
    "past",
    "present",
    "hypothetical",
    "deeds",
    "figures",
    "measures",
    "named",
    "reasons",
    "contrast",
    "hedges",
    "duty",
    "outcome",
    "lesson",
    "speech",
    "time",
    "verbs",
)


@dataclass(frozen=True, slots=True)
class Tagged:
    """A sentence with its part; probabilities are in the order of ``PARTS``."""

    sentence: Sentence
    part: Part
    confidence: float
    probabilities: tuple[float, ...]
    competencies: tuple[float, ...] = ()
    """Probability that the sentence evidences each of ``COMPETENCIES``."""
    foreign: float = 0.0
    """Probability that the sentence does not belong to the answer at all."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer as read: what every judgement, and every counterfactual one, starts from."""

    answer: Answer
    tagged: tuple[Tagged, ...]
    facts: tuple[Facts, ...]
    counted: tuple[bool, ...]
    """False for sentences that must not count: repeats, foreign passages, instructions."""


@dataclass(frozen=True, slots=True)
class PartScore:
    """How strong one part is: ``strength`` 0-3, ``score`` 0-100, ``share`` of words 0-1."""

    part: Part
    strength: float
    score: float
    share: float
    evidence: tuple[int, ...] = ()
    moved: tuple[tuple[str, float], ...] = ()
    """Features that moved the strength, largest first: (name, points of strength)."""
    raises: tuple[str, ...] = ()
    """What to add to gain a point of strength, or all that is left to gain; largest first."""


@dataclass(frozen=True, slots=True)
class CompetencyScore:
    """Whether deeds in the answer evidence a competency, and which sentences do."""

    id: str
    covered: bool
    score: float
    evidence: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One piece of advice; ``gain`` is in points of the 0-100 score, computed by re-scoring."""

    code: str
    severity: str
    title: str
    message: str
    evidence: tuple[int, ...] = ()
    gain: float = 0.0


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Which model judged: name, version and the SHA-256 over its files."""

    name: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Signals:
    """Plain observations about the whole answer."""

    words: int
    seconds_to_say: float
    ownership_i: int
    ownership_we: int
    quantified_result: bool
    order: str
    """Parts in the order in which they appear, as letters, runs collapsed: ``"STAR"``."""
    in_order: bool
    past_share: float
    hypothetical_share: float
    reflection: bool
    unsure: tuple[int, ...] = field(default=())
    """Sentences whose part the model is not sure of."""
