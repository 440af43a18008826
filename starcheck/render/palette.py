"""Colours of the six parts, shared by every report, page and plot.

From the colour-blind-safe set of Okabe and Ito (2008), darkened until white text on each has a
contrast of at least 4.5 to 1 (WCAG AA). Colour is never the only sign: a letter goes with it.
"""

from __future__ import annotations

from starcheck.records import Part

COLOURS: dict[Part, str] = {
    Part.SITUATION: "#0067a3",
    Part.TASK: "#9a3f7f",
    Part.ACTION: "#00735a",
    Part.RESULT: "#b34a00",
    Part.REFLECTION: "#7a5c00",
    Part.OTHER: "#5f6368",
}
COMPETENCY_NAMES: dict[str, str] = {
    "technical_depth": "Technical depth",
    "statistical_thinking": "Statistical thinking",
    "problem_solving": "Problem solving",
    "communication": "Communication",
    "stakeholder_management": "Stakeholder management",
    "ethical_awareness": "Ethical awareness",
    "leadership_potential": "Leadership potential",
}
SEVERITY_NAMES: dict[str, str] = {"fix": "Fix", "tip": "Tip", "good": "Keep"}
TYPE_NAMES: dict[str, str] = {
    "story": "one past event",
    "pseudo_story": "what usually happens, not one event",
    "self_description": "a self-description",
    "opinion": "views or plans",
    "non_behavioural": "an explanation or a question",
}


def strength_words(strength: float) -> str:
    """A reader's word for a strength of 0 to 3, from the one decimal that is shown beside it."""
    return ("absent", "hinted", "adequate", "strong")[min(3, int(round(strength, 1) + 0.5))]
