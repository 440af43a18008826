"""From judgements to advice: every rule asked in turn, gains computed, best first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from starcheck.errors import UnknownNameError
from starcheck.judging.rules import PART_RULES, Case, Rule
from starcheck.judging.rules_integrity import INTEGRITY_RULES
from starcheck.judging.rules_telling import TELLING_RULES
from starcheck.records import Finding

RULES: dict[str, Rule] = {**PART_RULES, **TELLING_RULES, **INTEGRITY_RULES}

SHOWN_FIRST = 5
"""More than five pieces of advice at once are read by nobody."""

_RANK = {"fix": 0, "tip": 1, "good": 2}


def check_codes(codes: Iterable[str]) -> frozenset[str]:
    """Refuse to mute a rule that does not exist.

    Raises
    ------
    UnknownNameError
        With the codes there are.
    """
    wanted = frozenset(codes)
    for code in sorted(wanted):
        if code not in RULES:
            raise UnknownNameError("rule code", code, RULES)
    return wanted


def advise(
    case: Case, rescore: Callable[[dict[str, float]], float], muted: Collection[str] = ()
) -> tuple[Finding, ...]:
    """Ask every rule that is not muted.

    Parameters
    ----------
    case : Case
        The answer with all that was judged of it.
    rescore : callable
        Score of changed measures; a gain is this minus the score that the answer has.
    muted : collection of str
        Codes to leave out.

    Returns
    -------
    tuple of Finding
        What needs fixing by gain, largest first; then tips; then what is good.
    """
    found = []
    for code, rule in RULES.items():
        if code in muted:
            continue
        finding = rule.check(case)
        if finding is None:
            continue
        gain = 0.0
        if case.score is not None and rule.improved is not None:
            gain = max(0.0, round(rescore(rule.improved(case)) - case.score, 1))
        found.append(replace(finding, gain=gain))
    return tuple(sorted(found, key=lambda f: (_RANK[f.severity], -f.gain, f.code)))
