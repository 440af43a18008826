"""Every face of a report shows the user's words as they stand, and nothing in them can act."""

import io
import json
import re
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser

import pytest
from handmade import STORY, A, line, report_of
from markdown_it import MarkdownIt
from rich.console import Console

import starcheck
from starcheck.assets import asset
from starcheck.judging.rubric import expected
from starcheck.records import LETTERS, Finding
from starcheck.render.markdown import escape as escape_markdown
from starcheck.render.palette import strength_words
from starcheck.render.summary import clean, sentence_numbers

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</style><script>alert(1)</script>",
    "--></style><b>bold</b>",
    "</u></span></article><h1>Band 7 of 7</h1>",
    '" onmouseover="alert(1)',
    "&lt;b&gt; &amp; &#60;",
    "[here](javascript:alert(1))",
    "![seen](http://example.com/seen.png)",
    "<http://example.com>",
    "http://example.com/a_b_c",
    "# Band 7 of 7",
    "| a | b |",
    "**bold** __bold__ `code` ~~gone~~ $x$",
    "1. one",
    "- item",
    "[bold red]rich[/bold red] :smile:",
    "{{ 7 * 7 }} ${7*7} %s {0}",
)
ANSI = ("\x1b[31mred\x1b[0m", "\x9b2Jcleared", "\x1b]0;title\x07", "a\x08b", "\u202eright to left")
VOID = {"br", "meta", "!doctype"}
USED = set(
    "article style header h2 h3 p div span b u i br table thead tbody tr th td small ol ul li strong em section footer"
    " html head meta title body".split()
)


class Page(HTMLParser):
    """What a browser would see: elements with attributes, and the text between them."""

    def __init__(self, source):
        super().__init__()
        self.elements, self.open, self.text = [], [], []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text.append(data)


def hostile_report(text):
    findings = [Finding("R01", "fix", "Result is missing", f"\u201c{text}\u201d is all there is of it.", (1,), 3.0)]
    return report_of(*STORY[:2], line(A, f"I wrote {text} into it."), *STORY[3:], findings=findings)


def stripped(source):
    return unescape(re.sub(r"<[^>]*>", "", source))


def in_colour(report):
    file = io.StringIO()
    Console(file=file, force_terminal=True, color_system="truecolor", width=400).print(report)
    return file.getvalue()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_opens_no_element_in_html(text):
    plain, hostile = Page(hostile_report("it").to_page()), Page(hostile_report(text).to_page())
    assert hostile.elements == plain.elements
    assert hostile.open == []
    assert clean(f"I wrote {text} into it.") in "".join(hostile.text)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_question_opens_no_element_in_html(text, scorer, story):
    plain, hostile = (Page(scorer.score(story, question=q).to_html()) for q in ("What did you do?", text))
    assert {tag for tag, _ in hostile.elements} <= USED
    assert [e for e in hostile.elements if e[0] in ("h2", "p")][:3] == [
        e for e in plain.elements if e[0] in ("h2", "p")
    ][:3]
    assert text in "".join(hostile.text)


@pytest.mark.parametrize("kind", ["story", "weak", "junk", "bullets", "emoji", "german", "empty"])
def test_html_has_no_script_no_id_no_address_and_every_element_closes(kind, reports):
    source = reports[kind].to_page()
    page = Page(source)
    names = {name for _, attributes in page.elements for name in attributes}
    assert page.open == []
    assert {tag for tag, _ in page.elements} <= USED
    assert names <= {"class", "title", "style", "lang", "charset", "name", "content"}
    assert not re.search(r"https?:|//|\bid\s*=|url\(|@import|javascript:", source)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text_in_markdown(text):
    found, expected = (
        [t.type for t in tokens(hostile_report(words).to_markdown()) if t.type != "text_special"]
        for words in (text, "it")
    )
    assert [t for t in found if t != "text"] == [t for t in expected if t != "text"]
    assert clean(f"I wrote {text} into it.") in shown_markdown(hostile_report(text).to_markdown())


@pytest.mark.parametrize(
    "text", [*HOSTILE, "=====", "***", "    code", "\n\nnew\n===", "<!-- -->", "\\", "+ x", "1) x"]
)
def test_escaped_markdown_shows_as_it_stands(text):
    assert shown_markdown(escape_markdown(text)) == clean(text)


def tokens(source):
    blocks = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(source)
    return [inner for block in blocks for inner in (block, *(block.children or ()))]


def shown_markdown(source):
    html = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(source)
    return stripped(html).strip()


@pytest.mark.parametrize("text", ANSI)
def test_no_face_lets_a_control_character_through(text):
    report = hostile_report(text)
    for face in (report.to_text(), report.to_html(), report.to_markdown()):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", face)
        assert clean(f"I wrote {text} into it.") in unescape(face.replace("\\", ""))


@pytest.mark.parametrize("text", ANSI)
def test_in_a_terminal_only_our_own_colours_are_escapes(text):
    ours = re.sub("\x1b\\[[0-9;]*m", "", in_colour(hostile_report(text)))
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", ours)
    assert in_colour(hostile_report("it")).count("\x1b") == in_colour(hostile_report(text)).count("\x1b")


def test_rich_markup_and_emoji_codes_in_an_answer_are_shown_not_obeyed():
    shown = re.sub("\x1b\\[[0-9;]*m", "", in_colour(hostile_report("[bold red]x[/bold red] :smile:")))
    assert "I wrote [bold red]x[/bold red] :smile: into it." in shown


def test_html_is_readable_with_every_tag_stripped(reports):
    lines = [text.strip() for text in stripped(reports["story"].to_html()).splitlines() if text.strip()]
    assert lines[0].startswith("Band ")
    assert {"What to edit next", "Shown by deeds", "Observed"} <= set(lines)
    assert not any("{" in text or "starcheck " in text for text in lines)
    assert any(text.startswith("S Situation ") for text in lines)


@pytest.mark.parametrize("face", ["to_html", "to_markdown", "to_text"])
def test_each_sentence_stands_after_its_number_and_letter(face, reports):
    report = reports["story"]
    shown = stripped(getattr(report, face)()) if face == "to_html" else getattr(report, face)().replace("\\", "")
    shown = " ".join(shown.replace("*", " ").replace(".", " ").split())
    for tagged in report.sentences:
        words = " ".join(tagged.sentence.text.replace(".", " ").split()[:6])
        number = f"{tagged.sentence.index + 1} ?{LETTERS[tagged.part]}"
        assert re.search(rf"\b{number}\?? {re.escape(words)}", shown)


def test_an_answer_of_250_words_makes_a_page_under_12_kilobytes(scorer):
    texts = [
        json.loads(record)["text"]
        for path in sorted(asset("data", "answers").glob("*.jsonl"))
        for record in path.read_text(encoding="utf-8").splitlines()[::40]
    ]
    words = " ".join(texts).split(" ")
    cut = [" ".join(words[i : i + 250]) for i in range(0, 5000, 250)]
    sizes = [len(report.to_page().encode()) for report in scorer.pipe(cut)]
    assert len(sizes) == 20
    assert max(sizes) < 12_000


def test_faces_are_the_same_each_time(reports):
    report = reports["story"]
    for face in (report.to_html, report.to_page, report.to_markdown, report.to_text, report.to_json):
        assert face() == face()


def test_a_notebook_gets_plain_markdown_and_html(reports):
    report = reports["story"]
    bundle = report._repr_mimebundle_(include=None, exclude=None)
    assert bundle == {
        "text/plain": str(report),
        "text/markdown": report.to_markdown(),
        "text/html": report.to_html(),
    }


def test_the_plain_face_is_the_same_inside_a_notebook(tmp_path, reports):
    (tmp_path / "report.json").write_text(reports["story"].to_json(), encoding="utf-8")
    code = (
        "import builtins, json, sys\n"
        "class ZMQInteractiveShell: pass\n"
        "builtins.get_ipython = ZMQInteractiveShell\n"
        "from starcheck.report import Report\n"
        f"report = Report.from_dict(json.load(open({str(tmp_path / 'report.json')!r}, encoding='utf-8')))\n"
        "sys.stdout.buffer.write(report.to_text().encode())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.decode() == reports["story"].to_text()


@pytest.mark.parametrize("kind", ["junk", "short", "german", "empty"])
@pytest.mark.parametrize("face", ["to_text", "to_markdown", "to_html"])
def test_a_refusal_gives_its_reason_and_no_number_that_looks_like_a_score(kind, face, reports):
    report = reports[kind]
    shown = stripped(getattr(report, face)()).replace("\\", "")
    assert report.reason in " ".join(shown.split())
    assert "Band" not in shown
    assert "/100" not in shown


@pytest.mark.parametrize("face", ["to_text", "to_markdown", "to_html"])
def test_without_a_score_no_sentence_is_called_a_part(face, reports):
    report = reports["junk"]
    assert any(t.part.value != "other" for t in report.sentences)
    shown = " ".join(stripped(getattr(report, face)()).replace("*", "").split())
    for tagged in report.sentences:
        assert f"{LETTERS[tagged.part]} {tagged.sentence.text[:12]}" not in shown
    if face == "to_html":
        assert "<u>" not in report.to_html()


@pytest.mark.parametrize("face", ["to_text", "to_markdown", "to_html"])
def test_every_face_says_what_it_is_not(face, reports):
    for kind in ("story", "junk"):
        shown = " ".join(getattr(reports[kind], face)().replace("\\", "").split())
        assert "it is not validated for deciding about people" in shown


def test_long_evidence_is_shortened_and_counted_from_one():
    assert sentence_numbers(()) == ""
    assert sentence_numbers((0,)) == "sentence 1"
    assert sentence_numbers(tuple(range(7))) == "sentences 1, 2, 3, 4, 5\u2026"


@pytest.mark.parametrize(
    ("strength", "word"),
    [(0, "absent"), (0.44, "absent"), (0.5, "hinted"), (1.5, "adequate"), (2.46, "strong"), (3, "strong")],
)
def test_a_strength_has_a_word_that_fits_its_shown_decimal(strength, word):
    assert strength_words(strength) == word


@pytest.mark.parametrize("face", ["to_html", "to_markdown", "to_text"])
def test_a_level_shows_what_the_guide_expects_of_every_competency(face, answers):
    plain = getattr(starcheck.score(answers["story"]), face)()
    asked = getattr(starcheck.score(answers["story"], level="senior"), face)()
    for words in expected("senior").values():
        assert words.split()[0] in asked
    assert "senior level" in asked
    assert "senior level" not in plain


@pytest.mark.parametrize("face", ["to_html", "to_markdown", "to_text"])
def test_a_part_below_full_strength_says_what_would_raise_it(face, reports):
    weak = next(p for p in reports["weak"].parts if p.raises)
    assert weak.raises[0] in getattr(reports["weak"], face)()
