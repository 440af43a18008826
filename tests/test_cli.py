"""The command line: every command helps, every format prints, and help is light."""

import json
import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

import starcheck
from starcheck.cli import app
from starcheck.judging.feedback import RULES

HEAVY = ("spacy", "sklearn", "onnxruntime", "pandas", "numpy", "scipy", "tokenizers")


def commands(group, path=()):
    yield path
    for name, command in getattr(group, "commands", {}).items():
        yield from commands(command, (*path, name))


COMMANDS = list(commands(typer.main.get_command(app)))


def run(*arguments, **settings):
    result = CliRunner().invoke(app, [str(a) for a in arguments], **settings)
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture
def answer(tmp_path, story):
    path = tmp_path / "answer.txt"
    path.write_bytes(story.encode())
    return path


def test_the_commands_are_there():
    assert {("score",), ("compare",), ("rules",), ("batch",), ("train",), ("evaluate",), ("corpus", "check")} <= set(
        COMMANDS
    )


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_has_help(path):
    shown = " ".join(run(*path, "--help").stdout.split())
    assert "Usage:" in shown
    command = typer.main.get_command(app)
    for name in path:
        command = command.commands[name]
    assert " ".join((command.help or "").split())[:60] in shown.replace("\u2502 ", "")
    assert command.help


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_help_imports_nothing_heavy(path):
    code = (
        f"import sys; sys.argv = {['starcheck', *path, '--help']!r}\n"
        "from starcheck.cli import main\n"
        "try: main()\n"
        "except SystemExit as end: assert end.code == 0\n"
        f"print('loaded:', [m for m in {HEAVY!r} if m in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "loaded: []"


def test_the_version_is_printed():
    assert run("--version").stdout == f"starcheck {starcheck.__version__}\n"


def test_without_a_command_the_help_is_shown():
    result = CliRunner().invoke(app, [])
    assert result.exit_code == 2
    assert "Usage:" in result.output


FACES = {"text": "to_text", "html": "to_page", "markdown": "to_markdown", "json": "to_json"}


@pytest.mark.parametrize("form", FACES)
def test_each_format_is_the_face_of_the_report(form, answer, reports):
    expected = getattr(reports["story"], FACES[form])()
    assert run("score", answer, "--format", form).stdout_bytes.decode() == expected
    assert run("score", answer, "-f", form).stdout_bytes.decode() == expected


def test_text_is_the_format_where_none_is_named(answer, reports):
    assert run("score", answer).stdout_bytes.decode() == reports["story"].to_text()


@pytest.mark.parametrize("form", FACES)
def test_a_file_gets_the_same_bytes_as_the_screen(form, answer, tmp_path, reports):
    output = tmp_path / "report"
    result = run("score", answer, "--format", form, "-o", output)
    assert result.stdout == ""
    assert output.read_bytes() == getattr(reports["story"], FACES[form])().encode()


def test_a_dash_reads_standard_input(story, reports):
    assert run("score", "-", input=story.encode()).stdout_bytes.decode() == reports["story"].to_text()


def test_a_muted_rule_leaves_the_report(answer):
    def codes(*arguments):
        return {f["code"] for f in json.loads(run("score", answer, "-f", "json", *arguments).stdout)["findings"]}

    assert "I04" in codes()
    assert codes("--mute", "I04") == codes() - {"I04"}
    assert codes(*(word for code in RULES for word in ("--mute", code))) == set()


def test_question_level_and_profile_reach_the_report(answer):
    options = ("--question", "Why?", "--level", "senior", "--profile", "swansea")
    told = json.loads(run("score", answer, "-f", "json", *options).stdout)
    assert (told["answer"]["question"], told["answer"]["level"], told["profile"]) == ("Why?", "senior", "swansea")


def test_a_model_folder_can_be_named(answer, model_folder):
    assert json.loads(run("score", answer, "-f", "json", "--model", model_folder).stdout)["model"]["name"] == "small"


def test_the_table_of_rules_names_every_rule():
    lines = run("rules", env={"COLUMNS": "200"}).stdout.splitlines()
    for code, rule in RULES.items():
        assert [line for line in lines if line.startswith(f"{code} ") and rule.title in line and rule.severity in line]
    assert len(lines) == len(RULES) + 1


@pytest.mark.parametrize("form", FACES)
def test_two_drafts_are_compared_in_each_format(form, answer, tmp_path, story, scorer):
    old, output = tmp_path / "old.txt", tmp_path / "comparison"
    old.write_text(story.split("\n\n")[0] + "\n\n" + story.split("\n\n")[1], encoding="utf-8")
    before, after = scorer.score(old.read_text(encoding="utf-8")), scorer.score(story)
    expected = getattr(after.compare(before), FACES[form])()
    assert run("compare", old, answer, "-f", form).stdout_bytes.decode() == expected
    run("compare", old, answer, "-f", form, "-o", output)
    assert output.read_bytes() == expected.encode()


def test_the_module_runs_as_a_program(answer, reports):
    done = subprocess.run([sys.executable, "-m", "starcheck.cli", "score", str(answer)], capture_output=True)
    assert done.returncode == 0
    assert done.stdout.decode() == reports["story"].to_text()


@pytest.mark.parametrize("form", ["json", "text"])
def test_a_reader_that_has_gone_is_no_error(form, answer):
    command = [sys.executable, "-m", "starcheck.cli", "score", str(answer), "--format", form]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 0
