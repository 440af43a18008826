"""Names, gender and spelling convention are hidden, one word for one word."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from starcheck.language.normalise import NAME, neutral_words, us_spelling

WORDS = st.lists(
    st.one_of(st.text(min_size=1, max_size=8), st.sampled_from(["I", "met", "Priya", ".", "\n", "he", "Dr."]))
)
few = settings(max_examples=50, deadline=None)


def neutral(text):
    return " ".join(neutral_words(text.split(" ")))


@few
@given(WORDS)
def test_the_number_of_words_is_kept(words):
    assert len(neutral_words(words)) == len(words)


@few
@given(WORDS)
def test_no_word_becomes_empty_or_gains_white_space(words):
    for before, after in zip(words, neutral_words(words), strict=True):
        assert after
        assert after == before or not any(c.isspace() for c in after)


@few
@given(st.text(alphabet="abcdefghilmnorstuyz", min_size=1, max_size=12))
def test_us_spelling_is_stable(word):
    once = us_spelling(word)
    assert us_spelling(once) == once


@pytest.mark.parametrize(
    "name", ["Priya", "Tom", "Zo\u00eb", "McDonald", "O'Brien", "O\u2019Neill", "D'Souza", "Priya's"]
)
def test_a_name_in_mid_sentence_is_hidden(name):
    assert neutral(f"Then I called {name} about it .") == f"Then I called {NAME} about it ."


def test_a_first_and_a_last_name_are_both_hidden():
    assert neutral("I met Priya Patel today .") == f"I met {NAME} {NAME} today ."


@pytest.mark.parametrize("text", ["I met Priya . Priya agreed .", "Priya agreed . I thanked Priya ."])
def test_a_name_seen_in_mid_sentence_is_hidden_at_sentence_start_too(text):
    assert "Priya" not in neutral(text)


def test_a_capital_at_sentence_start_alone_is_not_taken_for_a_name():
    assert neutral("Costs fell . Customers stayed .") == "Costs fell . Customers stayed ."


@pytest.mark.parametrize("opening", ["-", "\u2022", "*", "Situation :", "I said : \u201c", "\n", "1 )"])
def test_the_first_word_after_a_bullet_heading_quote_or_line_break_is_not_a_name(opening):
    words = [*opening.split(" "), "Reduced", "costs"]
    assert neutral_words(words)[-2:] == ["Reduced", "costs"]


@pytest.mark.parametrize("word", "Python Excel Tableau Monday January Manager Agile AWS GitHub SQL iPhone I".split())
def test_tools_days_job_words_and_acronyms_are_kept(word):
    assert neutral(f"so I used {word} there .") == f"so I used {word} there ."


def test_a_new_sentence_without_a_full_stop_is_not_taken_for_a_name():
    text = "the site was down Then We fixed it ."
    assert neutral(text) == text


def test_extra_spaces_in_mid_sentence_do_not_hide_a_name_from_being_seen():
    assert neutral_words(["I", "met", "  ", "Priya", "."]) == ["I", "met", "  ", NAME, "."]


@pytest.mark.parametrize("title", ["Dr.", "Prof."])
def test_a_name_after_a_title_with_a_full_stop_is_hidden(title):
    assert neutral(f"I met {title} Smith .") == f"I met {title} {NAME} ."


@pytest.mark.parametrize("title", ["Mr", "Mrs", "Ms", "Miss", "Mr.", "Mrs.", "Ms."])
@pytest.mark.parametrize("form", ["I met {} Smith .", "{} Smith met us ."])
def test_a_title_that_tells_gender_is_hidden_with_its_name(title, form):
    assert neutral(form.format(title)) == form.format(NAME).replace("Smith", NAME)


def test_milliseconds_are_not_a_title():
    assert neutral("the call took 200 ms less .") == "the call took 200 ms less ."


@pytest.mark.parametrize(
    ("words", "same"),
    [
        ("he she He She HE SHE", "they they They They THEY THEY"),
        ("himself herself", "themselves themselves"),
    ],
)
def test_gendered_pronouns_become_they(words, same):
    assert neutral(words) == same


@pytest.mark.parametrize(
    ("him", "her"), [("him", "her"), ("his", "her"), ("his", "hers"), ("His", "Her"), ("HIM", "HER")]
)
@pytest.mark.parametrize("after", [".", "report", "own", "first", "that", "and", "him", "hers", "\n", "3", ""])
def test_him_and_her_become_the_same_word_whatever_follows(him, her, after):
    form = f"I saw {{}} {after}".rstrip(" ")
    assert neutral(form.format(him)) == neutral(form.format(her)) != form.format(her)


@pytest.mark.parametrize(
    ("given_text", "same"),
    [
        ("I told him .", "I told them ."),
        ("I told her that it broke .", "I told them that it broke ."),
        ("I read her report .", "I read their report ."),
        ("it was his own idea .", "it was their own idea ."),
        ("His manager agreed .", "Their manager agreed ."),
    ],
)
def test_him_and_her_become_them_or_their_by_what_follows(given_text, same):
    assert neutral(given_text) == same


@pytest.mark.parametrize("word", "I me my we our you it they them their".split())
def test_other_pronouns_are_unchanged(word):
    assert neutral(f"then {word} won") == f"then {word} won"


UK_US = """
organise organize, organised organized, organising organizing, organisation organization,
organisational organizational, organisers organizers, behaviour behavior, behavioural behavioral,
colour color, colourised colorized, favourite favorite, labour labor, neighbours neighbors,
honoured honored, analyse analyze,
analysed analyzed, analysing analyzing, catalysed catalyzed, centre center, centred centered, programme program,
programmes programs, prioritised prioritized, prioritisation prioritization, summarise summarize,
categorised categorized, characterise characterize, optimising optimizing, realised realized,
recognisable recognizable, minimise minimize, criticised criticized, licence license, modelling modeling,
cancelled canceled, travelling traveling, fulfil fulfill, defence defense, practise practice, practised practiced,
judgement judgment, catalogue catalog, learnt learned, whilst while, grey gray
"""
PAIRS = [tuple(pair.split()) for pair in UK_US.split(",")]


@pytest.mark.parametrize(("uk", "us"), PAIRS)
def test_both_spellings_map_to_the_same_word(uk, us):
    assert us_spelling(uk) == us_spelling(us) == us


@pytest.mark.parametrize(("uk", "us"), [("Organised", "Organized"), ("ORGANISED", "ORGANIZED"), ("Centre", "Center")])
@pytest.mark.parametrize("form", ["{} it .", "we {} it ."])
def test_both_spellings_map_to_the_same_word_whatever_the_capitals(uk, us, form):
    assert neutral(form.format(uk)) == neutral(form.format(us))


UNCHANGED = """
promise promised promising exercise exercised supervise supervised supervising unsupervised advise advised
advisable revise revised raise raised raising praise rise rising arise surprise surprised unsurprising compromise
comprised concise precise imprecise wise otherwise likewise stepwise clockwise noise noisy expertise enterprise
franchise merchandise improvise disguise devise despise televised liaise liaised fundraising appraised bruised
surmise poised premises cruise paradise treatise crisis basis analysis hypothesis distance visited finished
assistance listened our hour four pour tour your course source resource journey
""".split()


@pytest.mark.parametrize("word", UNCHANGED)
def test_words_that_are_written_alike_everywhere_are_unchanged(word):
    assert us_spelling(word) == word
