"""Rules about what must not count: named for a person to look at, never an accusation."""

from __future__ import annotations

from starcheck.judging.rules import Case, Rule, Seen


def _repeats(case: Case) -> Seen:
    rows = case.repeats
    return (f"{case.quote(rows[0])} was said before; it counts once.", rows) if rows else None


def _foreign(case: Case) -> Seen:
    rows = case.foreign
    if not rows:
        return None
    return f"{case.quote(rows[0])} does not seem to belong to this answer; it was left out of the count.", rows


def _instructions(case: Case) -> Seen:
    rows = case.instructions
    if not rows:
        return None
    return f"{case.quote(rows[0])} speaks to whoever marks the answer; it was left out of the count.", rows


def _pasted(case: Case) -> Seen:
    if case.pasted is None:
        return None
    name, share = case.pasted
    return (
        f"{share:.0%} of starcheck's {name} stands here word for word. Only a story of your own can speak for you.",
        (),
    )


def _question_copied(case: Case) -> Seen:
    question = " ".join((case.reading.answer.question or "").lower().split()).strip(" .?!")
    if len(question.split()) < 4:
        return None
    rows = tuple(
        i
        for i, t in enumerate(case.reading.tagged)
        if " ".join(t.sentence.text.lower().split()).strip(" .?!") == question
    )
    return ("The question is repeated; it does not count and costs time to say.", rows) if rows else None


INTEGRITY_RULES: dict[str, Rule] = {
    r.code: r
    for r in (
        Rule("I01", "tip", "Said twice", "repetition adds no evidence", _repeats),
        Rule("I02", "fix", "A passage that does not belong", "text from elsewhere adds no evidence", _foreign),
        Rule("I03", "fix", "Words to the marker", "instructions are not part of an answer", _instructions),
        Rule("I04", "tip", "Known text", "a model answer shows nothing about you", _pasted),
        Rule("I05", "tip", "Question copied", "restating the question is no evidence", _question_copied),
    )
}
