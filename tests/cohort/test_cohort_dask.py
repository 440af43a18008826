"""A real scheduler and two worker processes on loopback, one of them killed in the middle."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pyarrow
import pyarrow.parquet
import pytest
from material import texts

from starcheck.cohort.cluster import cluster_pool
from starcheck.cohort.run import Options, run
from starcheck.errors import InputError

HERE = Path(__file__).parent


def partitioned(folder: Path) -> Path:
    """Parquet in three files, as a cluster's job before us would leave it."""
    folder.mkdir()
    for part in range(3):
        rows = texts(12, part * 12)
        table = pyarrow.table({"id": [f"p{part}-{i}" for i in range(12)], "answer": [*rows[:11], None]})
        pyarrow.parquet.write_table(table, folder / f"part-{part}.parquet", row_group_size=5)
    return folder


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and two workers, each a process of its own."""
    from distributed import Client

    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    running: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        with (folder / f"{len(running)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *arguments], stdout=log, stderr=log, env=environment, cwd=folder
            )
        running.append(process)
        return process

    try:
        start(
            "distributed.cli.dask_scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--no-dashboard",
            "--scheduler-file",
            "scheduler.json",
        )
        until(lambda: (folder / "scheduler.json").exists() and (folder / "scheduler.json").stat().st_size > 100)
        for name in ("one", "two"):
            # No nanny: what is killed stays dead, which is the harder case.
            start(
                *("distributed.cli.dask_worker", "--scheduler-file", "scheduler.json", "--nthreads", "1", "--no-nanny"),
                *("--no-dashboard", "--host", "127.0.0.1", "--name", name, "--local-directory", name),
            )
        with Client(scheduler_file=str(folder / "scheduler.json"), set_as_default=False) as client:
            client.wait_for_workers(2, timeout=90)
            address = client.scheduler.address
        yield address, running[1:]
    finally:
        for process in reversed(running):
            process.kill()
            process.wait()


def until(condition: Any, seconds: float = 600) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_two_workers_one_killed_give_the_same_bytes_as_one_machine(tmp_path: Path) -> None:
    source = partitioned(tmp_path / "in")
    counts = run([str(source)], Options(tmp_path / "here", processes=2, range_rows=3))
    assert (counts.rows, counts.scored + counts.unscored, counts.failed) == (36, 36, 0)
    (tmp_path / "cluster").mkdir()
    with cluster(tmp_path / "cluster") as (address, workers):
        command = [sys.executable, str(HERE / "batch_process.py"), str(source), str(tmp_path / "there"), "1", address]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            until(lambda: len(list((tmp_path / "there").glob(".work/*.zip"))) >= 2 or process.poll() is not None)
            assert process.poll() is None, process.communicate()
            workers[0].kill()
            said, errors = process.communicate(timeout=600)
        assert process.returncode == 0, errors
        assert str(counts) in said
        memory = psutil.Process(workers[1].pid).memory_info().rss
    assert memory < 2 * 2**30
    names = sorted(p.relative_to(tmp_path / "here") for p in (tmp_path / "here").rglob("*") if p.is_file())
    assert names == sorted(p.relative_to(tmp_path / "there") for p in (tmp_path / "there").rglob("*") if p.is_file())
    assert [n for n in names if (tmp_path / "here" / n).read_bytes() != (tmp_path / "there" / n).read_bytes()] == []


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("starcheck.cohort.cluster.WAIT", 1)
    with pytest.raises(InputError, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        cluster_pool("tcp://127.0.0.1:9")
