"""What the language floor says about sentences, from the real spaCy pipeline."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from starcheck.language import pipeline
from starcheck.language.read import describe, facts_of_spans, parse
from starcheck.language.segment import LONG
from starcheck.records import COUNTS

few = settings(max_examples=40, deadline=None)
ANSWERS = [
    "In 2021 I joined a small shop. Dr. Smith asked me to cut the waste. I built a rota and we saved \u00a3400 a week.",
    "Situation:\r\nThe site was slow.\r\n\r\nAction:\r\n- Measured the queries\r\n- Rewrote 3 of them",
    "so basically the server went down in the night and i was the one on call so i got up and i looked at the logs "
    "and i saw that the disk was full then i deleted the old backups and i restarted everything and the next day i "
    "wrote a small script that warns us before it happens again and we never had that problem after that",
    "Short.",
    "",
    " \n ",
    "I told Priya that he would learn. She organised it \U0001f389! It fell from 12% to 3%... and stayed there.",
]


def facts(text):
    return next(parse([text]))[1]


def only(text):
    (found,) = facts(text)
    return found


def bounds(sentences):
    return [(s.start, s.end) for s in sentences]


@few
@given(st.text(max_size=300))
def test_any_text_is_parsed_with_one_fact_record_a_sentence(text):
    ((sentences, found),) = parse([text])
    assert len(sentences) == len(found)
    for sentence, fact in zip(sentences, found, strict=True):
        assert text[sentence.start : sentence.end] == sentence.text
        assert len(fact.counts) == len(COUNTS)
        assert fact.words == len(sentence.text.split()) > 0


@pytest.mark.parametrize("batch_size", [1, 2, 3, 64])
def test_the_batch_size_changes_nothing(batch_size):
    alone = [next(parse([text])) for text in ANSWERS]
    assert list(parse(ANSWERS, batch_size=batch_size)) == alone


def test_the_order_of_the_texts_changes_nothing():
    assert list(parse(ANSWERS[::-1])) == list(parse(ANSWERS))[::-1]


def test_texts_are_parsed_lazily():
    def endless():
        while True:
            yield ANSWERS[0]

    found = parse(endless(), batch_size=2)
    assert next(found) == next(found)


def test_facts_of_given_bounds_equal_those_of_parsing():
    read = list(parse(ANSWERS))
    found = facts_of_spans(ANSWERS, [bounds(sentences) for sentences, _ in read])
    assert list(found) == [f for _, f in read]


def test_bounds_may_be_other_than_the_parsers():
    text = "I planned it and we built it."
    (found,) = facts_of_spans([text], [[(0, 12), (13, len(text))]])
    assert [f.normal for f in found] == ["I planned it", "and we built it."]
    assert [f.count("we") for f in found] == [0, 1]


def test_a_long_run_on_is_cut_with_help_of_the_parser():
    sentences, _ = next(parse([ANSWERS[2]]))
    assert len(ANSWERS[2].split()) > LONG
    assert [s.text.split()[:3] for s in sentences[:2]] == [["so", "basically", "the"], ["so", "i", "got"]]


SAME_BUT_NAMES = "Then {0} asked me for help. {0} was pleased with {0}'s report, and I thanked {0} Patel."


@pytest.mark.parametrize("name", ["Olga", "Mohammed", "Tom", "Siobhan", "McDonald", "O'Brien"])
def test_another_name_gives_equal_facts(name):
    assert facts(SAME_BUT_NAMES.format(name)) == facts(SAME_BUT_NAMES.format("Priya"))


@pytest.mark.parametrize("name", ["Mrs. Brown", "Ms Brown", "Mr Khan"])
def test_another_title_gives_equal_facts(name):
    form = "I spoke to {} first. The plan that {} wrote was late."
    assert facts(form.format(name, name)) == facts(form.format("Mr. Jones", "Mr. Jones"))


@pytest.mark.parametrize(
    ("he", "she"),
    [
        ("He said he'd call.", "She said she'd call."),
        ("I saw that he did his work himself.", "I saw that she did her work herself."),
        ("His report was late, so I helped him.", "Her report was late, so I helped her."),
        ("I asked him about his plan. It was his.", "I asked her about her plan. It was hers."),
    ],
)
def test_he_or_she_gives_equal_facts(he, she):
    assert facts(he) == facts(she)


def test_uk_or_us_spelling_gives_equal_facts():
    uk = "I organised the programme and analysed customer behaviour at the centre."
    us = "I organized the program and analyzed customer behavior at the center."
    assert facts(uk) == facts(us)


def test_the_normal_text_hides_names_and_keeps_the_rest():
    assert (
        only("Then I told Priya that she organised it well.").normal == "Then I told Sam that they organized it well."
    )


@pytest.mark.parametrize(
    ("text", "count", "expected"),
    [
        ("I built a rota and I trained the team.", "deeds", 2),
        ("Built a rota for the team.", "deeds", 1),
        ("The rota was built by my manager.", "deeds", 0),
        ("We built a rota.", "deeds", 0),
        ("I would build a rota.", "hypothetical", 1),
        ("It took 3 people 12 days.", "figures", 2),
        ("I joined the shop in 2019.", "figures", 0),
        ("It was one of those days.", "figures", 0),
        ("I trained seventeen people.", "figures", 1),
        ("I cut the cost by 20%.", "measures", 1),
        ("We saved \u00a3400.", "measures", 1),
        ("Complaints fell from twelve to three.", "measures", 1),
        ("I trained 6 people.", "measures", 0),
        ("I improved it over time.", "measures", 0),
        ("I met Priya and Tom there.", "named", 2),
        ("I said my idea was mine.", "i", 3),
        ("We did our best, all of us.", "we", 3),
        ("I left because it was late, so I slept.", "reasons", 2),
        ("However, it failed.", "contrast", 1),
        ("My task was the deadline.", "duty", 2),
        ("I learned a lesson.", "lesson", 2),
        ("I explained it and he agreed.", "speech", 2),
        ("I planned it and wrote it.", "past", 2),
        ("She plans it and they write it.", "present", 2),
    ],
)
def test_counts_on_a_sentence_made_for_them(text, count, expected):
    assert only(text).count(count) == expected


def test_the_figures_themselves_are_kept():
    assert only("In 2019 it took 3 people 12.5 days.").numbers == ("3", "12.5")


@pytest.mark.parametrize(
    ("text", "feature"),
    [
        ("The rota was built.", "passive"),
        ("I did not build it.", "negated"),
        ("I would build it.", "modal=would"),
        ("I built it.", "subject=i"),
        ("I built it.", "root=VBD"),
        ("Why was it late?", "ends=?"),
        ("no stop here", "ends=bare"),
    ],
)
def test_syntax_features_hold_where_they_should(text, feature):
    assert feature in only(text).syntax


def test_a_callers_own_parse_gives_the_same_facts_where_nothing_is_hidden():
    text = "I built a rota in three days. The team saved 20% of its time."
    assert describe(pipeline.load()(text)) == next(parse([text]))


def test_a_callers_own_parse_hides_names_too():
    _, (found,) = describe(pipeline.load()("Then I told Priya about it."))
    assert found.normal == "Then I told Sam about it."
    assert found.count("named") == 1


def test_a_callers_empty_document_has_no_sentences():
    assert describe(pipeline.load()("")) == ((), ())
