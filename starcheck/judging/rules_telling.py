"""Rules about how the answer is told: evidence, ownership, shares, order, length, honesty."""

from __future__ import annotations

from starcheck.judging.measures import scale
from starcheck.judging.rules import THIN, Case, Rule, Seen
from starcheck.judging.signals import OUT_OF_ORDER, puts_a_figure
from starcheck.records import Part


def _unmeasured(case: Case) -> Seen:
    results = case.of(Part.RESULT)
    if not case.story or case.signals.quantified_result or not results:
        return None
    return (
        f"{case.quote(results[0])} could be measured. If you know a figure (how many, how much, how long, "
        f"before and after), add it; if not, say what somebody did or said because of it.",
        results[:3],
    )


def _team(case: Case) -> Seen:
    ours = tuple(
        i for i in case.of(Part.ACTION) if case.reading.facts[i].count("we") and not case.reading.facts[i].count("i")
    )
    if not case.story or case.signals.ownership_we <= case.signals.ownership_i or not ours:
        return None
    return f"{case.quote(ours[0])} tells what the team did. Say which of it was yours.", ours[:3]


def _would(case: Case) -> Seen:
    rows = tuple(i for i, f in enumerate(case.reading.facts) if f.count("hypothetical") and case.reading.counted[i])
    if case.score is None or case.signals.hypothetical_share < 0.3 or not rows:
        return None
    return (
        f"{case.quote(rows[0])} says what you would do. Tell one time when you did it.",
        rows[:3],
    )


def _not_a_story(case: Case) -> Seen:
    kinds = {
        "pseudo_story": "tells what you usually do, not one event",
        "self_description": "describes you rather than something you did",
        "opinion": "gives views rather than something you did",
        "non_behavioural": "explains or asks rather than tells something you did",
    }
    if case.score is None or case.answer_type == "story":
        return None
    return (
        f"The answer seems to be one that {kinds[case.answer_type]}. If you were asked for an example, pick one "
        f"day or project and tell what happened, what you did and how it ended.",
        (),
    )


def _unasked(case: Case) -> Seen:
    if case.score is None or case.relevance != "no":
        return None
    question = case.reading.answer.question or ""
    return f"It does not seem to speak of \u201c{question}\u201d. Say in the first sentence how your example fits.", ()


def _background(case: Case) -> Seen:
    most = case.profile.shares[Part.SITUATION][1]
    share = case.parts[Part.SITUATION].share
    rows = case.of(Part.SITUATION)
    if not case.story or share <= most + 0.15 or len(rows) < 3:
        return None
    return (
        f"Background takes {share:.0%} of the words; the {case.profile.name} profile gives it at most {most:.0%}. "
        f"Try cutting {case.quote(rows[len(rows) // 2])}",
        rows,
    )


def _little_action(case: Case) -> Seen:
    least = case.profile.shares[Part.ACTION][0]
    share = case.parts[Part.ACTION].share
    rows = case.of(Part.ACTION)
    if not case.story or share >= least - 0.15 or not rows or case.parts[Part.ACTION].strength < THIN:
        return None
    return (
        f"What you did takes {share:.0%} of the words; the {case.profile.name} profile asks for at least {least:.0%}. "
        f"After {case.quote(rows[0])} add how you went about it.",
        rows[:3],
    )


def _unordered(case: Case) -> Seen:
    if not case.story or case.measures["order"] < OUT_OF_ORDER:
        return None
    return (
        f"The parts come in the order {case.signals.order}. A listener follows best when the situation comes first, "
        f"then what you did, then the outcome.",
        (),
    )


def _long(case: Case) -> Seen:
    if case.score is None or case.signals.seconds_to_say <= 180:
        return None
    return (
        f"It takes about {case.signals.seconds_to_say / 60:.1f} minutes to say; two are usual, three the limit. "
        f"Cut what the outcome does not need.",
        (),
    )


def _reasons(case: Case) -> Seen:
    actions = case.of(Part.ACTION)
    if not case.story or len(actions) < 2 or case.where(Part.ACTION, "reasons"):
        return None
    return (
        f"{case.quote(actions[0])} \u2013 why that, and what else did you weigh? One reason shows judgement.",
        actions[:1],
    )


def _lesson(case: Case) -> Seen:
    if not case.story or case.signals.reflection or case.score is None or case.score < 40:
        return None
    return "End with one honest sentence on what you took from it or do differently now.", ()


def _untied(case: Case) -> Seen:
    tasks, results = case.of(Part.TASK), case.of(Part.RESULT)
    if not case.story or not tasks or not results or case.measures["tie"] > 0.0:
        return None
    return (
        f"You set out with {case.quote(tasks[0])}; say whether {case.quote(results[0], 8)} met it.",
        (tasks[0], results[0]),
    )


def _measured_well(case: Case) -> Seen:
    rows = tuple(i for i in case.of(Part.RESULT) if puts_a_figure(case.reading.facts[i]))
    if not case.story or not rows:
        return None
    return f"{case.quote(rows[0])} puts a figure on the outcome: keep it.", rows[:2]


def _headings(case: Case) -> Seen:
    rows = tuple(
        i
        for i, t in enumerate(case.reading.tagged)
        if t.sentence.text.strip(" *#-:.").lower() in ("situation", "task", "action", "actions", "result", "results")
    )
    if len(rows) < 2:
        return None
    return "Headings help you write; drop them before you say it aloud or paste it into a form.", rows


TELLING_RULES: dict[str, Rule] = {
    r.code: r
    for r in (
        Rule(
            "R03", "fix", "Outcome without a figure", "quantified outcomes are rated higher", _unmeasured,
            lambda c: c.with_measures(result__measured=max(c.measures["result.measured"], scale(1)),
                                      result__figures=max(c.measures["result.figures"], scale(1))),
        ),
        Rule(
            "A03", "tip", "Your own part is unclear", "assessors ask what you did; advice is bounded, sources differ",
            _team, lambda c: c.with_measures(team=min(c.measures["team"], c.typical["team"])),
        ),
        Rule(
            "A04", "tip", "No reason given for what you did", "reasons show judgement", _reasons,
            lambda c: c.with_measures(action__reasons=max(c.measures["action.reasons"], scale(1))),
        ),
        Rule(
            "A05", "tip", "Little of the answer is what you did", "profiles give Action half or more", _little_action,
            lambda c: c.lifted("action."),
        ),
        Rule(
            "H01", "fix", "Would instead of did", "past behaviour is asked for", _would,
            lambda c: c.with_measures(hypothetical=0.0),
        ),
        Rule("Y01", "fix", "Not an example", "only 23 % of replies are stories (Bangerter 2014)", _not_a_story),
        Rule("Q01", "tip", "The question may not be answered", "an example must fit what was asked", _unasked),
        Rule("S03", "tip", "Much background", "one or two sentences of Situation are asked for", _background),
        Rule(
            "O01", "tip", "The order is hard to follow", "listeners follow STAR order best", _unordered,
            lambda c: c.with_measures(order=0.0),
        ),
        Rule("W01", "tip", "Long to say aloud", "60 to 120 seconds are usual", _long),
        Rule(
            "L01", "tip", "No lesson drawn", "lessons learnt are welcome (UK public sector)", _lesson,
            lambda c: c.lifted("reflection."),
        ),
        Rule(
            "R04", "tip", "Outcome and goal do not meet", "the outcome should answer the task", _untied,
            lambda c: c.with_measures(tie=max(c.measures["tie"], c.typical["tie"])),
        ),
        Rule("R08", "good", "Measured outcome", "say what to keep", _measured_well),
        Rule("W02", "tip", "Headings in the answer", "spoken answers have none", _headings),
    )
}  # fmt: skip
