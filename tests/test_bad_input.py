"""Whatever is given: one clear sentence and a fitting status or exit code 2, never a traceback or a score."""

import os
from time import perf_counter

import pytest
from typer.testing import CliRunner

import starcheck
from starcheck.cli import app
from starcheck.errors import InputError, ModelError, UnknownNameError
from starcheck.judging.rubric import FEWEST_WORDS, MOST_WORDS
from starcheck.language.segment import segment
from starcheck.records import Answer

TEN = "I went to the shop and then I came back. "
BAD_BYTES = {
    "latin-1": "Le caf\u00e9 \u00e9tait ferm\u00e9.".encode("latin-1"),
    "utf-16": "I fixed it.".encode("utf-16"),
    "png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "random": bytes(range(256)) * 8,
    "cut short": "It was \u20ac5".encode()[:-2],
}


def texts(german, story):
    """Text, its status, and what the reason must speak of."""
    return {
        "nothing": ("", "empty", "empty"),
        "white space": (" \n\t\r\n\u00a0\u2003 ", "empty", "empty"),
        "a word": ("dont know", "insufficient_evidence", "2 words"),
        "39 words": (TEN * 3 + "I was glad to see that it worked then", "insufficient_evidence", "39 words"),
        "no words": ("12 34 !!! ... 56 " * 40, "insufficient_evidence", "0 words"),
        "German": (german, "not_english", "English"),
        "Greek": ("\u03ba\u03b1\u03bb\u03b7\u03bc\u03ad\u03c1\u03b1 " * 60, "not_english", "English"),
        "lorem ipsum": ("lorem ipsum dolor sit amet consectetur adipiscing elit " * 10, "not_english", "English"),
        "binary": ("".join(map(chr, range(256))) * 8, "insufficient_evidence", "binary"),
        "undecodable": ("\ufffd\ufffdPNG\ufffd" * 30, "insufficient_evidence", "binary"),
        "NUL bytes": (story.replace(" ", "\0"), "insufficient_evidence", "control"),
        "a megabyte": (TEN * 25_000, "insufficient_evidence", f"{MOST_WORDS:,}"),
        "a megabyte without spaces": ("a" * 1_000_000, "insufficient_evidence", "characters"),
        "a megabyte of stops": (TEN * 5 + "." * 1_000_000, "insufficient_evidence", "characters"),
        "one sentence again and again": (TEN * 30, "insufficient_evidence", "repeats"),
    }


KINDS = tuple(texts("", ""))


@pytest.fixture(params=KINDS)
def bad(request, german, story):
    return texts(german, story)[request.param]


def run(*arguments, **settings):
    return CliRunner().invoke(app, [str(a) for a in arguments], **settings)


def is_one_sentence(text):
    return text.endswith(".") and "\n" not in text and "Traceback" not in text and 20 < len(text) < 300


def refused(result):
    """The sentence that a refusal prints."""
    assert result.exit_code == 2
    assert result.stdout == ""
    assert isinstance(result.exception, SystemExit)
    (sentence,) = result.stderr.splitlines()
    assert sentence.startswith("starcheck: ")
    return sentence


def test_a_bad_text_has_a_status_a_reason_and_no_score(bad, scorer):
    text, status, speaks_of = bad
    report = scorer.score(text)
    assert (report.status, report.score, report.band) == (status, None, None)
    assert speaks_of in report.reason
    assert is_one_sentence(report.reason) or ". " in report.reason


def test_a_bad_text_in_a_file_is_told_in_the_report(bad, tmp_path):
    text, status, _ = bad
    path = tmp_path / "answer.txt"
    path.write_bytes(text.encode())
    result = run("score", path, "--format", "json")
    assert result.exit_code == 0
    assert f'"status": "{status}"' in result.stdout
    assert '"score": null' in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize("run_on", [".", "?!", '."', ".)"])
def test_a_long_run_of_stops_is_cut_in_linear_time(run_on):
    begun = perf_counter()
    assert segment(f"It stopped. {run_on * 200_000}x and went on.")[0].text == "It stopped."
    assert perf_counter() - begun < 20


def test_forty_words_are_enough(scorer):
    words = "I saw that the shop was short of bread so I rang the baker and asked for more".split()
    words += "because we had many people in that day and they were not happy at all until it came at four".split()
    assert len(words) < FEWEST_WORDS
    report = scorer.score(" ".join([*words, "and", "then", "they", "thanked", "me"]))
    assert report.signals.words >= FEWEST_WORDS
    assert report.status == "scored"


def test_a_few_control_characters_in_a_long_answer_do_not_matter(scorer, story):
    assert scorer.score(story + "\0").status == scorer.score(story).status == "scored"


def test_lone_surrogates_can_be_scored_and_written(scorer, story):
    report = scorer.score(Answer(story + " \ud800", id="\udfff", question="What \udc80?"))
    assert report.to_json().encode("utf-8").decode("utf-8") == report.to_json()
    assert report.status == "scored"


@pytest.mark.parametrize("text", [None, 7, b"bytes", ["I fixed it."], {"text": "x"}])
def test_what_is_no_text_is_refused(text, scorer):
    with pytest.raises(InputError, match=f"must be text, found {type(text).__name__}"):
        scorer.score(text)


@pytest.mark.parametrize("field", ["id", "question"])
def test_an_id_or_a_question_that_is_no_text_is_refused(field, scorer, story):
    with pytest.raises(InputError, match=f"The {field} of an answer must be text or None, found float"):
        scorer.score(Answer(story, **{field: float("nan")}))


def test_unknown_names_are_refused_with_what_there_is(scorer, story):
    with pytest.raises(UnknownNameError, match=r"profile 'swanse'.*Did you mean 'swansea'\?"):
        scorer.score(story, profile="swanse")
    with pytest.raises(UnknownNameError, match=r"level 'boss'.*graduate, associate, senior, executive"):
        scorer.score(story, level="boss")
    with pytest.raises(UnknownNameError, match=r"rule code 'X99'.*R01"):
        scorer.score(story, mute=["X99"])


def test_an_unknown_level_in_a_stream_is_refused_whatever_the_processes(scorer, story):
    answers = [Answer(story), Answer(story, level="boss")]
    for processes in (1, 2):
        with pytest.raises(UnknownNameError, match="level 'boss'"):
            list(scorer.pipe(answers, n_process=processes))


@pytest.mark.parametrize("name", ["star-de", "no/such/folder", "model.zip", "x" * 5000, "nul\0byte"])
def test_an_unknown_model_is_refused_by_name(name):
    with pytest.raises(ModelError, match="There is no model"):
        starcheck.load(name)


@pytest.mark.parametrize("kind", BAD_BYTES)
def test_a_file_that_is_not_utf_8_is_refused(kind, tmp_path):
    path = tmp_path / "answer.txt"
    path.write_bytes(BAD_BYTES[kind])
    sentence = refused(run("score", path))
    assert "is not UTF-8 text (byte " in sentence
    assert str(path) in sentence


@pytest.mark.parametrize("kind", BAD_BYTES)
def test_standard_input_that_is_not_utf_8_is_refused(kind):
    assert "'-' is not UTF-8 text" in refused(run("score", "-", input=BAD_BYTES[kind]))


def test_a_byte_order_mark_is_no_part_of_the_answer(tmp_path, story):
    path = tmp_path / "answer.txt"
    path.write_bytes(b"\xef\xbb\xbf" + story.encode())
    assert run("score", path).stdout == starcheck.score(story).to_text()


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    assert "There is no file" in refused(run("score", tmp_path / "none.txt"))
    assert "is a folder" in refused(run("score", tmp_path))
    assert "cannot be read" in refused(run("score", "x" * 5000))


def test_a_place_that_cannot_be_written_is_refused(tmp_path, story):
    answer = tmp_path / "answer.txt"
    answer.write_text(story, encoding="utf-8")
    assert "Cannot write" in refused(run("score", answer, "-o", tmp_path))
    assert "Cannot write" in refused(run("score", answer, "-o", tmp_path / "none" / "report.txt"))


@pytest.mark.parametrize(
    ("command", "option", "value", "says"),
    [
        ("score", "--profile", "swanse", "Did you mean 'swansea'?"),
        ("score", "--level", "boss", "Unknown level 'boss'"),
        ("score", "--mute", "X99", "Unknown rule code 'X99'"),
        ("score", "--model", "star-de", "There is no model 'star-de'"),
        ("compare", "--profile", "swanse", "Did you mean 'swansea'?"),
        ("compare", "--mute", "X99", "Unknown rule code 'X99'"),
        ("compare", "--model", "star-de", "There is no model 'star-de'"),
    ],
)
def test_unknown_names_on_the_command_line_are_refused(command, option, value, says, tmp_path, story):
    answer = tmp_path / "answer.txt"
    answer.write_text(story, encoding="utf-8")
    sources = [answer] * (2 if command == "compare" else 1)
    assert says in refused(run(command, *sources, option, value))


def test_an_unknown_format_is_a_usage_error(tmp_path):
    result = run("score", tmp_path / "answer.txt", "--format", "pdf")
    assert result.exit_code == 2
    assert "'pdf' is not one of 'text', 'html', 'markdown', 'json'" in " ".join(
        result.stderr.replace("\u2502", "").split()
    )


def test_a_question_with_broken_bytes_is_written_all_the_same(tmp_path, story):
    answer = tmp_path / "answer.txt"
    answer.write_text(story, encoding="utf-8")
    result = run("score", answer, "--format", "json", "--question", os.fsdecode(b"Why \xff?"))
    assert result.exit_code == 0
    assert '"question": "Why ??"' in result.stdout
