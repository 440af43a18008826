from __future__ import annotations

import json
import os
import re
import resource
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from material import MIXED_ROWS, mixed_folder, read_csv, texts, write_csv

from starcheck.cohort.columns import Choice
from starcheck.cohort.drive import drive, local_pool
from starcheck.cohort.files import csv_line, fused
from starcheck.cohort.rows import Row
from starcheck.cohort.run import Options, run
from starcheck.cohort.work import DIED, Done, How, Job, do, model_file
from starcheck.errors import InputError

HERE = Path(__file__).parent
HOSTILE = ["=1+1", "+1", "-2", "@x", "\tz", "'quoted"]


def cli(*args: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "starcheck.cli", *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload,no-any-return]


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return mixed_folder(tmp_path_factory.mktemp("mixed") / "in")


@pytest.fixture(scope="module")
def whole(mixed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The outputs of one uninterrupted run, by the command line."""
    out = tmp_path_factory.mktemp("whole") / "out"
    done = cli("batch", mixed, "-o", out, "-j", "2")
    assert done.returncode == 0, done.stderr
    counts = re.search(r"(\d+) rows in = (\d+) scored \+ (\d+) unscored \+ (\d+) failed", done.stderr)
    assert counts is not None, done.stderr
    rows, scored, unscored, failed = map(int, counts.groups())
    assert rows == MIXED_ROWS == scored + unscored + failed
    assert unscored >= 4, "four answers are empty"
    assert failed == 4
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stderr, "a bar was drawn although nobody watches"
    return out


def test_every_row_comes_out_once_in_the_order_of_the_input(whole: Path) -> None:
    rows = read_csv(whole / "scores.csv")
    assert [int(r["row"]) for r in rows] == list(range(1, MIXED_ROWS + 1))
    sources = [r["source"] for r in rows]
    assert (
        sources
        == ["a.csv"] * 8 + ["b.tsv"] * 5 + ["c.xlsx"] * 6 + ["d.jsonl"] * 7 + ["e.parquet"] * 10 + ["documents"] * 6
    )
    failures = read_csv(whole / "failures.csv")
    assert [r["row"] for r in failures] == [r["row"] for r in rows if r["status"] != "scored"]
    assert [(r["source"], r["place"]) for r in failures if r["status"] == "failed"] == [
        ("a.csv", "row 8"),
        ("c.xlsx", "row 7"),
        ("d.jsonl", "line 6"),
        ("documents", "i.docx"),
    ]
    assert all(r["reason"] for r in failures)
    assert all(r["score"] == r["band"] == r["situation_strength"] == "" for r in rows if r["status"] != "scored")


def test_parquet_and_csv_say_the_same_and_sentences_slice_the_answers(whole: Path, mixed: Path) -> None:
    import pyarrow.parquet

    rows = read_csv(whole / "scores.csv")
    table = pyarrow.parquet.read_table(whole / "scores.parquet").to_pylist()
    # Through our own writer both are the same text, or a column lies in one of them.
    assert [csv_line(r.values()) for r in table] == (whole / "scores.csv").read_text().splitlines(keepends=True)[1:]
    assert table[0]["id"] == rows[0]["id"] == "a0"
    sentences = pyarrow.parquet.read_table(whole / "sentences.parquet").to_pylist()
    mine = [s for s in sentences if s["row"] == 1]
    assert all(texts(1)[0][s["start"] : s["end"]] == s["text"] for s in mine)
    assert len(mine) > 2


def test_outputs_are_for_the_owner_alone_and_nothing_else_is_left(whole: Path) -> None:
    assert {p.name for p in whole.iterdir()} == {
        *("scores.parquet", "scores.csv", "sentences.parquet", "failures.csv", "summary.json", "index.html", "reports"),
    }
    for path in whole.rglob("*"):
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path
    for row in read_csv(whole / "scores.csv"):
        assert bool(row["report"]) == (row["status"] not in ("failed",))
        assert not row["report"] or (whole / row["report"]).is_file()


def test_a_finished_run_is_not_run_again(whole: Path, mixed: Path) -> None:
    before = {p: p.stat().st_mtime_ns for p in whole.rglob("*")}
    done = cli("batch", mixed, "-o", whole, "-j", "1")
    assert done.returncode == 0
    assert "finished already" in done.stderr
    assert f"{MIXED_ROWS} rows in" in done.stderr
    assert {p: p.stat().st_mtime_ns for p in whole.rglob("*")} == before


def test_killed_twice_and_resumed_it_gives_the_same_bytes(whole: Path, mixed: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, str(HERE / "batch_process.py"), str(mixed), str(out), "2"]
    for how in (signal.SIGKILL, signal.SIGINT):
        wanted = len(list(out.glob(".work/*.zip"))) + 1
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            wait_for(lambda n=wanted: len(list(out.glob(".work/*.zip"))) >= n, process)
            children = psutil.Process(process.pid).children(recursive=True)
            process.send_signal(how)
            process.wait(300)
            _, alive = psutil.wait_procs(children, timeout=120)
            assert not alive, "workers outlived the run"
        assert not (out / "summary.json").exists()
    done = len(list(out.glob(".work/*.zip")))
    assert wanted <= done < 16
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "Going on with an unfinished run" in result.stdout
    same(whole, out)


def wait_for(condition: object, process: subprocess.Popen[bytes], seconds: float = 600) -> None:
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.01)


def same(one: Path, other: Path) -> None:
    """Byte for byte, the reports too."""
    names = sorted(p.relative_to(one) for p in one.rglob("*") if p.is_file())
    assert names == sorted(p.relative_to(other) for p in other.rglob("*") if p.is_file())
    assert [n for n in names if (one / n).read_bytes() != (other / n).read_bytes()] == []


def test_a_damaged_checkpoint_is_scored_again(mixed: Path, whole: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, str(HERE / "batch_process.py"), str(mixed), str(out), "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        wait_for(lambda: len(list(out.glob(".work/*.zip"))) >= 3, process)
        process.kill()
        process.wait()
    first, second, *_ = sorted(out.glob(".work/*.zip"))
    first.write_bytes(first.read_bytes()[:-30])
    damaged = bytearray(second.read_bytes())
    damaged[len(damaged) // 2] ^= 0xFF
    second.write_bytes(damaged)
    subprocess.run(command, capture_output=True, check=True)
    same(whole, out)


def test_a_killed_worker_costs_nothing_but_time(mixed: Path, whole: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, str(HERE / "batch_process.py"), str(mixed), str(out), "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        wait_for(lambda: len(list(out.glob(".work/*.zip"))) >= 2, process)
        workers = [c for c in psutil.Process(process.pid).children() if "spawn_main" in " ".join(c.cmdline())]
        assert len(workers) == 2
        workers[0].kill()
        process.communicate(timeout=600)
        assert process.returncode == 0
    same(whole, out)


def dies_of_poison(job: Job) -> Done:
    """The real work, but a row of poison ends the process, as a crash in native code would."""
    if any("POISON" in row.text for row in job.rows if row.number not in job.lost):  # type: ignore[union-attr]
        os._exit(9)
    return do(job)


def test_rows_that_kill_their_worker_are_found_and_listed(tmp_path: Path) -> None:
    how = How("star-en", model_file("star-en"), "balanced", full=False, text=True, reports=0)
    rows = [Row(n, "t", f"row {n}", str(n), "POISON" if n in (3, 6) else "short") for n in range(1, 9)]
    kept: dict[int, Done] = {}
    drive(
        iter([Job(0, tuple(rows[:4]), how), Job(1, tuple(rows[4:]), how)]),
        local_pool(1, dies_of_poison),
        lambda d: kept.update({d.number: d}),
    )
    assert [dict(kept[i].counts) for i in (0, 1)] == [{"scored": 0, "unscored": 3, "failed": 1}] * 2
    assert DIED.encode() in kept[0].pack


def test_a_row_that_breaks_the_scorer_fails_alone_and_its_words_are_not_told(tmp_path: Path) -> None:
    how = How("star-en", model_file("star-en"), "balanced", full=False, text=True, reports=0)
    rows = [
        Row(1, "t", "row 1", "1", "short"),
        Row(2, "t", "row 2", "2", 3, level=None),
        Row(3, "t", "row 3", "3", "short"),
    ]  # type: ignore[arg-type]
    assert dict(do(Job(0, tuple(rows), how)).counts) == {"scored": 0, "unscored": 2, "failed": 1}


def test_a_csv_needs_only_the_base_packages(tmp_path: Path) -> None:
    write_csv(tmp_path / "in.csv", [["id", "answer"], ["1", texts(1)[0]], ["2", ""], *[[x, "short"] for x in HOSTILE]])
    blocked = (
        "pyarrow",
        "openpyxl",
        "docx",
        "datasketch",
        "matplotlib",
        "statsmodels",
        "dask",
        "distributed",
        "jinja2",
    )
    code = f"import sys; sys.modules.update(dict.fromkeys({blocked})); from starcheck.cli import main; main()"
    command = [sys.executable, "-c", code, "batch", "in.csv", "-j", "1", "-o"]
    done = subprocess.run([*command, "out.csv"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "8 rows in = 1 scored + 7 unscored + 0 failed" in done.stderr
    rows = read_csv(tmp_path / "out.csv")
    assert [r["status"] for r in rows[:3]] == ["scored", "empty", "insufficient_evidence"]
    assert all(r["status"] == "scored" or r["reason"] for r in rows)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.csv", "out.csv"]
    refused = subprocess.run([*command, "folder"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "pip install 'starcheck[cohort]'" in refused.stderr


def test_cells_that_a_spreadsheet_would_run_are_defused_and_read_back(tmp_path: Path) -> None:
    write_csv(tmp_path / "in.csv", [["id", "answer"], *[[x, "short"] for x in HOSTILE]])
    run([str(tmp_path / "in.csv")], Options(tmp_path / "out.csv"))
    cells = [r["id"] for r in read_csv(tmp_path / "out.csv")]
    assert all(c[0] not in "=+-@\t" for c in cells)
    assert [fused(c) for c in cells] == [x.strip() for x in HOSTILE]


def test_without_text_no_word_of_an_answer_is_in_any_output(tmp_path: Path) -> None:
    marks = ["zyxwordone", "zyxwordtwo"]
    rows = [
        ["id", "answer"],
        *[
            [str(i), t + f" I told {m} that it worked out well in the end."]
            for i, (t, m) in enumerate(zip(texts(2), marks, strict=True))
        ],
    ]
    write_csv(tmp_path / "in.csv", [*rows, ["2", "ragged zyxwordthree", "x"]])
    for text in (True, False):
        out = tmp_path / f"out{text}"
        run([str(tmp_path / "in.csv")], Options(out, text=text))
        import pyarrow.parquet

        told = "".join(p.read_text() for p in out.rglob("*") if p.suffix in (".csv", ".json", ".html"))
        told += str(pyarrow.parquet.read_table(out / "sentences.parquet").to_pylist())
        assert [m in told for m in marks] == [text, text]
        assert "zyxwordthree" not in told
        assert (out / "reports").exists() == text


def test_nothing_of_an_answer_is_logged(tmp_path: Path) -> None:
    write_csv(tmp_path / "in.csv", [["id", "answer"], ["1", texts(1)[0]], ["2", "short private words"], ["3"]])
    done = cli("batch", tmp_path / "in.csv", "-o", tmp_path / "out.csv", "-j", "1")
    assert done.returncode == 0
    said = done.stdout + done.stderr
    assert "private" not in said
    assert texts(1)[0][:30] not in said


@pytest.mark.parametrize("change", ["input", "profile", "columns"])
def test_another_run_does_not_write_into_a_folder(tmp_path: Path, change: str) -> None:
    path, out = write_csv(tmp_path / "in.csv", [["id", "answer", "other"], ["1", "short", "brief"]]), tmp_path / "out"
    run([str(path)], Options(out))
    options = Options(out)
    if change == "input":
        write_csv(path, [["id", "answer", "other"], ["1", "shorter", "brief"]])
    elif change == "profile":
        options = Options(out, profile="swansea")
    else:
        options = Options(out, choice=Choice(("other",)))
    with pytest.raises(InputError, match=f"another folder|other {change}|another {change}"):
        run([str(path)], options)


def test_places_that_cannot_be_written_are_refused_before_any_work(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "in.csv", [["answer"], ["short"]])
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("precious")
    (tmp_path / "file").write_text("x")
    for output, words in (
        (tmp_path / "full", "files of something else"),
        (tmp_path / "file", "is a file"),
        (tmp_path / "file" / "below", "Cannot write"),
        (Path("/proc/nowhere"), "Cannot write"),
        (path, "one of the inputs"),
    ):
        done = cli("batch", path, "-o", output, "-j", "1")
        assert done.returncode == 2, output
        assert words in done.stderr
        assert "Traceback" not in done.stderr
    assert path.read_text() == "answer\nshort\n".replace("\n", "\r\n") or path.read_text() == "answer\nshort\n"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "full", "in.csv"]


def test_a_full_disk_stops_plainly_and_the_run_goes_on_later(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "in.csv", [["id", "answer"], *[[str(i), t] for i, t in enumerate(texts(4))]])
    out = tmp_path / "out"

    def small_files() -> None:
        # A limit of the system on the size of files fails the same write calls as a full disk does.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, resource.RLIM_INFINITY))

    done = cli("batch", path, "-o", out, "-j", "1", preexec_fn=small_files)
    assert done.returncode == 2
    assert "No room left" in done.stderr
    assert "run the same command again" in done.stderr
    assert "Traceback" not in done.stderr
    assert cli("batch", path, "-o", out, "-j", "1").returncode == 0
    assert json.loads((out / "summary.json").read_text())["counts"] == {
        "rows": 4,
        "scored": 4,
        "unscored": 0,
        "failed": 0,
    }


def test_ctrl_c_says_how_to_go_on(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "in.csv", [["answer"], *[[t] for t in texts(30) * 60]])
    command = [sys.executable, "-m", "starcheck.cli", "batch", str(path), "-o", str(tmp_path / "out"), "-j", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        wait_for(lambda: (tmp_path / "out" / ".work" / "00000000.zip").exists(), process)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=600)[1].decode()
    assert process.returncode == 130
    assert "run the same command again and it goes on" in said
    assert "Traceback" not in said


def test_where_no_row_can_be_scored_the_command_says_so_and_fails(tmp_path: Path) -> None:
    path = tmp_path / "ragged.csv"
    path.write_text("id,answer\n1,I ran,far\n2,I sat,down\n", encoding="utf-8")
    done = cli("batch", path, "-o", tmp_path / "scores.csv")
    assert done.returncode == 1, done.stderr
    assert "not one answer could be scored" in done.stderr
    assert "2 rows in = 0 scored + 0 unscored + 2 failed" in done.stderr
