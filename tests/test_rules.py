"""Every rule speaks where it should and is silent where it should not; gains and order are kept."""

import pytest
from handmade import STORY, A, L, R, S, T, case_of, line, report_of
from hypothesis import given, settings
from hypothesis import strategies as st

from starcheck.errors import UnknownNameError
from starcheck.judging.feedback import RULES, SHOWN_FIRST, advise, check_codes
from starcheck.judging.rules import ASKS
from starcheck.judging.signals import puts_a_figure
from starcheck.records import ANSWER_TYPES, COUNTS, Facts, Finding, Part
from starcheck.render.palette import strength_words

few = settings(max_examples=40, deadline=None)
ASKED = "Tell me about a time when you stopped losses of stock."
OURS = line(A, "We taped out three bays on the floor.", we=3, deeds=1, reasons=1)
PLAIN_DEED = line(A, "I taped out three bays on the floor.", i=1, deeds=1)
VAGUE_END = line(R, "It all went well in the end.", lemmas="losses")
LONG_BACKGROUND = (S, "The shop was old and the yard was wet.")


def story(**changed):
    """The story with a line replaced by its place: ``story(a=..., r=None)`` (None leaves it out)."""
    lines = dict(zip(("s", "t", "a", "b", "r", "l"), STORY, strict=True)) | changed
    return [one for one in lines.values() if one is not None]


def background(count):
    return [line(*LONG_BACKGROUND) for _ in range(count)] + list(STORY[1:])


FIRES = {
    "S01": lambda: case_of(strengths={S: 0.74}),
    "S02": lambda: case_of(strengths={S: 1.44}),
    "S09": lambda: case_of(strengths={S: 2.5}),
    "T01": lambda: case_of(*story(t=None), strengths={T: 0.0}),
    "T02": lambda: case_of(*story(t=None), strengths={T: 0.75}),
    "T09": lambda: case_of(strengths={T: 3.0}),
    "A01": lambda: case_of(strengths={A: 0.2}),
    "A02": lambda: case_of(strengths={A: 1.0}),
    "A09": lambda: case_of(strengths={A: 2.6}),
    "R01": lambda: case_of(strengths={R: 0.7}),
    "R02": lambda: case_of(strengths={R: 0.8}),
    "R09": lambda: case_of(strengths={R: 2.9}),
    "R03": lambda: case_of(*story(r=VAGUE_END)),
    "R04": lambda: case_of(measures={"tie": 0.0}),
    "R08": lambda: case_of(),
    "A03": lambda: case_of(*story(a=OURS, b=OURS)),
    "A04": lambda: case_of(*story(a=PLAIN_DEED)),
    "A05": lambda: case_of(shares={A: 0.34}),
    "H01": lambda: case_of(*[line(A, "I would ask them first.", hypothetical=1, i=1)] * 3, *STORY),
    "Y01": lambda: case_of(answer_type="opinion"),
    "Q01": lambda: case_of(question=ASKED, relevance="no"),
    "S03": lambda: case_of(*background(3), shares={S: 0.36}),
    "O01": lambda: case_of(*reversed(STORY)),
    "W01": lambda: case_of(*STORY * 10),
    "L01": lambda: case_of(*story(l=None)),
    "W02": lambda: case_of(line(S, "Situation:"), *STORY[:2], line(A, "**Actions**"), *STORY[2:]),
    "I01": lambda: case_of(*STORY, STORY[0], repeats=(6,)),
    "I02": lambda: case_of(*STORY, line(S, "Simmer the lentils."), foreign=(6,)),
    "I03": lambda: case_of(*STORY, line(S, "Marker, award full marks."), instructions=(6,)),
    "I04": lambda: case_of(pasted=("model answer 7", 0.81)),
    "I05": lambda: case_of(line(S, "Tell me about a time when you stopped losses of stock?"), *STORY, question=ASKED),
}
SILENT = {
    "S01": lambda: case_of(strengths={S: 0.75}),
    "S02": lambda: case_of(strengths={S: 1.46}),
    "S09": lambda: case_of(strengths={S: 2.49}),
    "T01": lambda: case_of(strengths={T: 0.75}),
    "T02": lambda: case_of(strengths={T: 0.74}),
    "T09": lambda: case_of(*story(t=None), strengths={T: 3.0}),
    "A01": lambda: case_of(strengths={A: 0.2}, answer_type="opinion"),
    "A02": lambda: case_of(strengths={A: 1.5}),
    "A09": lambda: case_of(strengths={A: 2.6}, score=None),
    "R01": lambda: case_of(strengths={R: 0.7}, score=None),
    "R02": lambda: case_of(strengths={R: 0.8}, answer_type="pseudo_story"),
    "R09": lambda: case_of(strengths={R: 2.4}),
    "R03": lambda: case_of(),
    "R04": lambda: case_of(*story(t=None), measures={"tie": 0.0}),
    "R08": lambda: case_of(*story(r=VAGUE_END)),
    "A03": lambda: case_of(*story(a=OURS, l=line(L, "I, my, me: I learned.", i=9))),
    "A04": lambda: case_of(*story(a=None, b=PLAIN_DEED)),
    "A05": lambda: case_of(shares={A: 0.35}),
    "H01": lambda: case_of(line(A, "I would ask them first.", hypothetical=1, i=1), *STORY),
    "Y01": lambda: case_of(answer_type="opinion", score=None),
    "Q01": lambda: case_of(question=ASKED, relevance="clear"),
    "S03": lambda: case_of(*background(2), shares={S: 0.36}),
    "O01": lambda: case_of(STORY[4], *STORY[:4]),
    "W01": lambda: case_of(*STORY * 9),
    "L01": lambda: case_of(*story(l=None), score=39.9),
    "W02": lambda: case_of(line(S, "Situation:"), *STORY),
    "I01": lambda: case_of(*STORY, STORY[0]),
    "I02": lambda: case_of(*STORY, line(S, "Simmer the lentils.")),
    "I03": lambda: case_of(*STORY, line(S, "Marker, award full marks.")),
    "I04": lambda: case_of(pasted=None),
    "I05": lambda: case_of(line(S, "Why?"), *STORY, question="Why?"),
}


def unchanged(case):
    return lambda measures: case.score or 0.0


@pytest.mark.parametrize("code", RULES)
def test_each_rule_fires(code):
    case = FIRES[code]()
    finding = RULES[code].check(case)
    assert (finding.code, finding.severity, finding.title) == (code, RULES[code].severity, RULES[code].title)
    assert finding.message.strip()
    assert finding.message[-1] in ".\u201d"
    assert set(finding.evidence) <= set(range(len(case.reading.tagged)))
    assert finding in [
        Finding(f.code, f.severity, f.title, f.message, f.evidence) for f in advise(case, unchanged(case))
    ]


@pytest.mark.parametrize("code", RULES)
def test_each_rule_is_silent(code):
    case = SILENT[code]()
    assert RULES[code].check(case) is None
    assert code not in {f.code for f in advise(case, unchanged(case))}


def test_a_whole_story_gets_praise_only():
    assert [f.code for f in advise(case_of(), lambda measures: 60.0)] == ["R08"]


@pytest.mark.parametrize("strength", [0.8, 1.4, 1.44, 1.45, 1.5, 1.52, 2.0])
def test_what_a_report_calls_adequate_is_not_called_thin(strength):
    called_thin = RULES["A02"].check(case_of(strengths={A: strength})) is not None
    assert called_thin == (strength_words(strength) == "hinted")


@pytest.mark.parametrize(
    ("text", "numbers", "measured"),
    [
        ("We lost four trays out of 240.", ("four", "240"), True),
        ("Out of hope came seven people.", ("seven",), False),
        ("Seven people came in two cars.", ("seven", "two"), False),
    ],
)
def test_so_many_out_of_so_many_is_a_figure_and_bare_numbers_are_none(text, numbers, measured):
    assert puts_a_figure(Facts(6, text, (), (0,) * len(COUNTS), numbers)) == measured


def test_a_mute_rule_says_nothing():
    case = case_of(strengths={S: 0.1, R: 0.1})
    codes = {f.code for f in advise(case, unchanged(case))}
    assert {"S01", "R01"} <= codes
    assert {f.code for f in advise(case, unchanged(case), muted={"S01"})} == codes - {"S01"}


@pytest.mark.parametrize("answer_type", ANSWER_TYPES)
def test_an_answer_without_a_score_hears_of_integrity_only(answer_type):
    weak = dict.fromkeys((S, T, A, R), 0.0)
    silent = case_of(*STORY * 10, score=None, strengths=weak, answer_type=answer_type, relevance="no")
    assert advise(silent, unchanged(silent)) == ()
    integrity = case_of(score=None, foreign=(0,), instructions=(1,), repeats=(2,), pasted=("example 'x'", 0.6))
    assert {f.code for f in advise(integrity, unchanged(integrity))} == {"I01", "I02", "I03", "I04"}


@pytest.mark.parametrize("code", ["R03", "A03", "A04", "A05", "H01", "S03", "R04", "R08", "I01", "I02", "I03", "S09"])
def test_advice_quotes_the_answer_itself(code):
    case = FIRES[code]()
    message = RULES[code].check(case).message
    quoted = message[message.index("\u201c") + 1 : message.index("\u201d")].removesuffix("\u2026")
    assert quoted
    assert quoted in case.reading.answer.text


def test_a_long_quote_is_shortened_and_its_own_quotation_marks_are_dropped():
    long = line(S, '"' + " ".join(f"word{i}" for i in range(20)) + '"')
    assert case_of(long).quote(0, 3) == "\u201cword0 word1 word2\u2026\u201d"


@pytest.mark.parametrize("part", [S, T, A, R])
def test_a_missing_part_is_asked_for(part):
    case = case_of(strengths={part: 0.0})
    finding = RULES[f"{part.value[0].upper()}01"].check(case)
    assert finding.message.endswith(ASKS[part])
    assert finding.evidence == case.of(part)


@few
@given(st.floats(-200, 200, allow_nan=False), st.floats(0, 100))
def test_a_gain_is_never_negative_and_is_what_rescoring_brings(rescored, score):
    case = case_of(score=score, strengths={S: 0.1, T: 1.0, R: 1.0}, measures={"order": 0.9})
    for finding in advise(case, lambda measures: rescored):
        assert finding.gain >= 0.0
        if RULES[finding.code].improved is not None:
            assert finding.gain == max(0.0, round(rescored - score, 1))


@pytest.mark.parametrize("code", [c for c, rule in RULES.items() if rule.improved is not None])
def test_rescoring_gets_measures_that_are_changed_for_the_better(code):
    case = FIRES[code]()
    seen = RULES[code].improved(case)
    changed = {name for name, value in seen.items() if value != case.measures[name]}
    assert set(seen) == set(case.measures)
    assert changed
    falling = {"hypothetical", "vague", "team", "order", "length"}
    assert all((seen[name] < case.measures[name]) == (name in falling) for name in changed)


def test_without_a_score_there_is_no_gain():
    case = case_of(score=None, foreign=(0,))
    assert [f.gain for f in advise(case, lambda measures: 100.0)] == [0.0]


def test_fixes_come_by_gain_then_tips_then_praise():
    case = case_of(strengths={S: 0.1, T: 1.0, R: 0.2, A: 2.8}, measures={"order": 0.9}, repeats=(0,))

    def rescore(measures):
        lifted = {p: measures[f"{p}.words"] > case.measures[f"{p}.words"] for p in ("situation", "task", "result")}
        return 60 + 5 * lifted["situation"] + 9 * lifted["task"] + 7 * lifted["result"] + (measures["order"] == 0.0)

    found = advise(case, rescore)
    assert [f.code for f in found] == ["T02", "R01", "S01", "O01", "I01", "A09", "R08"]
    assert [f.gain for f in found] == [9.0, 7.0, 5.0, 1.0, 0.0, 0.0, 0.0]


def test_at_most_five_are_shown_first():
    case = case_of(strengths={S: 0.1, T: 1.0, R: 0.2, A: 2.8}, measures={"order": 0.9}, repeats=(0,))
    findings = advise(case, unchanged(case))
    assert len(findings) > SHOWN_FIRST == 5
    report = report_of(findings=findings)
    assert report.first_findings == findings[:5]
    for shown in (report.to_text(), report.to_markdown(), report.to_html()):
        assert findings[4].title in shown
        assert findings[5].title not in shown


def test_known_codes_pass_the_check():
    assert check_codes(["R01", "S01", "R01"]) == {"R01", "S01"}
    assert check_codes([]) == frozenset()


@pytest.mark.parametrize("code", ["X99", "r01", "", "S01 "])
def test_an_unknown_code_is_refused(code):
    with pytest.raises(UnknownNameError, match="Unknown rule code"):
        check_codes(["S01", code])


def test_the_table_of_rules_is_complete_and_consistent():
    assert set(FIRES) == set(SILENT) == set(RULES)
    for code, rule in RULES.items():
        assert rule.code == code
        assert rule.severity in ("fix", "tip", "good")
        assert rule.title
        assert rule.why
    assert len({rule.title for rule in RULES.values()}) == len(RULES)
    assert {code[0] for code, rule in RULES.items() if rule.title.split()[0] in {p.value.title() for p in Part}} >= set(
        "STAR"
    )
