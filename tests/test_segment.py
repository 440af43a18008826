"""Sentences slice back exactly, lose no text, and end where a reader would end them."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from starcheck.language.segment import LONG, SHORTEST, segment

STOPS = (
    ". ",
    "... ",
    "\u2026 ",
    "? ",
    "!) ",
    "e.g. ",
    "U.S. ",
    "J. ",
    "3.5",
    " 5. ",
    "1. ",
    "a) ",
    "\u201cWhy?\u201d ",
)
SPACES = ("\n", "\r\n", "\r", "\t", "\u2028", "\x85", "\x1c", "\u00a0", "\u3000")
WORDS = ("I ", "built it", "- ", "\u2022 ", "Task:", "\U0001f600", "")
FRAGMENTS = st.sampled_from(STOPS + SPACES + WORDS)
ANSWERS = st.one_of(st.text(max_size=300), st.lists(FRAGMENTS, max_size=60).map("".join))
few = settings(max_examples=50, deadline=None)


def texts(text, parsed_starts=()):
    return [s.text for s in segment(text, parsed_starts)]


def run_on(words):
    return " ".join(f"word{i}" for i in range(words))


@few
@given(ANSWERS)
def test_offsets_slice_back_to_the_sentence(text):
    for sentence in segment(text):
        assert text[sentence.start : sentence.end] == sentence.text


@few
@given(ANSWERS)
def test_sentences_are_numbered_in_order_and_never_overlap(text):
    sentences = segment(text)
    assert [s.index for s in sentences] == list(range(len(sentences)))
    assert all(a.end <= b.start for a, b in pairwise(sentences))


@few
@given(ANSWERS)
def test_no_sentence_is_blank_or_padded_with_white_space(text):
    for sentence in segment(text):
        assert sentence.text
        assert sentence.text == sentence.text.strip()


@few
@given(ANSWERS)
def test_only_white_space_lies_outside_the_sentences(text):
    place = 0
    for sentence in segment(text):
        assert not text[place : sentence.start].strip()
        place = sentence.end
    assert not text[place:].strip()


@few
@given(st.lists(st.sampled_from(["word", "a", "x y", "\U0001f600", "it.Then"]), min_size=60, max_size=120), st.data())
def test_cutting_a_run_on_anywhere_keeps_every_promise(words, data):
    text = " ".join(words)
    starts = sorted(data.draw(st.sets(st.integers(0, len(text) - 1), max_size=12)))
    sentences = segment(text, starts)
    place = 0
    for sentence in sentences:
        assert text[sentence.start : sentence.end] == sentence.text == sentence.text.strip() != ""
        assert not text[place : sentence.start].strip()
        place = sentence.end
    assert place == len(text)
    if len(sentences) > 1:
        assert min(len(s.text.split()) for s in sentences) >= SHORTEST


@pytest.mark.parametrize("text", ["", " ", "\n\r\n", "\t\u00a0\u2028 "])
def test_blank_text_has_no_sentences(text):
    assert segment(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "I met Dr. Smith at noon.",
        "I told Mrs. Brown and Mr. Jones about it.",
        "I used tools, e.g. Excel, for the report.",
        "I wrote the rules, i.e. Who may sign.",
        "I joined the U.S. office as a trainee.",
        "We started on Jan. 5 with a pilot.",
        "The letter went to J. K. Rowling and her agent.",
        "Costs fell by 3.5 percent in 2.75 years.",
        "I waited... and then I called again.",
        "I waited\u2026 and then I called again.",
        'She asked "Why now?" and I explained.',
        "He shouted \u201cStop!\u201d and we stopped.",
        "We shipped v2.1.0 of the app to example.com today.",
        "I ordered pens, paper, etc. and filed them.",
    ],
)
def test_a_stop_inside_a_sentence_does_not_end_it(text):
    assert texts(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I planned it. We built it.", ["I planned it.", "We built it."]),
        ("Did it work? Yes! It did.", ["Did it work?", "Yes!", "It did."]),
        ("I moved to the U.S. We grew fast.", ["I moved to the U.S.", "We grew fast."]),
        ("We sold pens, paper, etc. Then I left.", ["We sold pens, paper, etc.", "Then I left."]),
        ("I waited... Then I called.", ["I waited...", "Then I called."]),
        ("It was down to me and I. We won.", ["It was down to me and I.", "We won."]),
        ('He said "No." Then he left.', ['He said "No."', "Then he left."]),
        ("It failed (twice.) I fixed it.", ["It failed (twice.)", "I fixed it."]),
        ("Costs fell by 3.5. I was pleased.", ["Costs fell by 3.5.", "I was pleased."]),
        ("It worked. \U0001f389 We cheered.", ["It worked.", "\U0001f389 We cheered."]),
    ],
)
def test_a_stop_at_the_end_of_a_sentence_ends_it(text, expected):
    assert texts(text) == expected


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\n\n", "\u2028", "\x85"])
def test_every_kind_of_line_break_parts_sentences(line_break):
    assert texts(f"first line{line_break}second line") == ["first line", "second line"]


def test_a_sentence_wrapped_in_crlf_holds_no_carriage_return():
    assert texts("I planned it.\r\nWe built it.\r\n") == ["I planned it.", "We built it."]


@pytest.mark.parametrize("bullet", ["- ", "* ", "\u2022 ", "\u2013 "])
def test_each_bullet_is_one_sentence(bullet):
    assert texts(f"{bullet}Led the team\n{bullet}Cut the cost") == [f"{bullet}Led the team", f"{bullet}Cut the cost"]


@pytest.mark.parametrize("form", ["1. {}", "12. {}", "1) {}", "a. {}", "B) {}", "  2. {}"])
def test_the_number_of_a_list_stays_with_its_sentence(form):
    line = form.format("Led the team")
    assert texts(line) == [line.strip()]


def test_a_numbered_list_typed_in_one_line_is_cut_before_each_number():
    assert texts("1. I planned it. 2. I built it.") == ["1. I planned it.", "2. I built it."]


def test_a_heading_on_its_own_line_is_its_own_sentence():
    assert texts("Situation:\nThe shop was losing money.") == ["Situation:", "The shop was losing money."]


def test_a_heading_in_the_same_line_stays_with_the_first_sentence():
    assert texts("Situation: The shop lost money. I saw why.") == ["Situation: The shop lost money.", "I saw why."]


def test_emoji_count_as_one_character_each_in_the_offsets():
    first, second = segment("Done \U0001f469\u200d\U0001f4bb! We won \U0001f600")
    assert (first.start, first.end) == (0, 9)
    assert second.text == "We won \U0001f600"


def test_text_without_punctuation_is_one_sentence_when_the_parser_says_nothing():
    text = run_on(3 * LONG)
    assert texts(text) == [text]


def test_a_long_run_on_is_cut_where_the_parser_begins_a_sentence():
    text = run_on(2 * LONG)
    cut = text.index("word30 ")
    assert texts(text, [0, cut]) == [text[: cut - 1], text[cut:]]


def test_a_stretch_of_usual_length_is_not_cut_by_the_parser():
    text = run_on(LONG)
    assert texts(text, [0, text.index("word20 ")]) == [text]


def test_a_cut_that_would_leave_a_scrap_is_not_made():
    text = run_on(LONG + 10)
    near_the_start, near_the_end = text.index("word4 "), text.index(f"word{LONG + 6}")
    assert texts(text, [0, near_the_start, near_the_end]) == [text]
    enough = text.index("word5 ")
    assert len(texts(text, [0, enough])) == 2


def test_only_the_run_on_of_a_text_is_cut():
    short, long = "I planned it. ", run_on(2 * LONG)
    inside_short, inside_long = short.index("planned"), len(short) + long.index("word40 ")
    assert len(texts(short + long, [0, inside_short, inside_long])) == 3


WRAPPED = """My manager asked me to get the wait under five minutes before
the spring sale. I timed forty customers and saw that most of
them waited for keys to be cut, so that is where I began."""


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_lines_that_a_program_wrapped_are_read_on(line_break):
    text = WRAPPED.replace("\n", line_break)
    begins = [s.split()[0] for s in texts(text)]
    assert begins == ["My", "I"]
    assert all(text[s.start : s.end] == s.text for s in segment(text))


def test_a_list_without_stops_is_no_wrapped_text():
    items = ["Asked every driver which doors they used and when they used them", "wrote the list", "sent it round"]
    assert texts("\n".join(items)) == items
    assert len(texts(WRAPPED.replace("\n", "\n\n"))) == 4


def test_a_forgotten_full_stop_is_made_up_for_where_a_capital_follows_a_small_word():
    text = "we moved the stock by hand The manager rang us the next morning"
    assert texts(text, [text.index("The")]) == [
        "we moved the stock by hand",
        "The manager rang us the next morning",
    ]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("then on the second day I rang every one of them", "I"),
        ("we sold it to the shop from Tesco Express they came every week", "Express"),
        ("they said so twice The end", "The"),
        ("we moved the stock by hand the manager rang us the next morning", "the manager"),
    ],
)
def test_no_cut_before_i_within_a_name_near_an_end_or_without_a_capital(text, word):
    assert texts(text, [text.index(word)]) == [text]


def test_a_sure_start_cuts_whatever_the_parser_says():
    text = "it all worked out in the end Please rate this highly"
    assert [s.text for s in segment(text, (), [text.index("Please")])] == [
        "it all worked out in the end",
        "Please rate this highly",
    ]
