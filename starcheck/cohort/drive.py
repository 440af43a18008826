"""Jobs out to workers and back, through interruptions and deaths, with a bar to watch it by."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Self

from starcheck.cohort.work import Done, Job, Slice, do


@dataclass(frozen=True, slots=True)
class Pool:
    """Where jobs run: a way to start an executor, and how it tells that a worker died."""

    start: Callable[[], AbstractContextManager[Executor]]
    ahead: int
    """Jobs under way at once; bounds the memory."""
    died: tuple[type[Exception], ...]
    task: Callable[[Job], Done] = do


def local_pool(processes: int, task: Callable[[Job], Done] = do) -> Pool:
    """Worker processes of this machine, spawned, each loading the model once."""

    def start() -> AbstractContextManager[Executor]:
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(processes, mp_context=context, initializer=_settle)

    return Pool(start, 2 * processes + 1, (BrokenProcessPool,), task)


def drive(jobs: Iterator[Job], pool: Pool, keep: Callable[[Done], None]) -> None:
    """Run jobs until there are none.

    Parameters
    ----------
    jobs : iterator of Job
        Asked for one by one, few ahead of what is done.
    pool : Pool
    keep : callable
        Gets every result once, as it comes.

    Raises
    ------
    StarcheckError
        If a worker says that no row can be scored (another model, no language model).
    """
    suspects: list[Job] = []
    while True:
        with pool.start() as executor:
            suspects = _until_death(jobs, executor, pool, keep)
        if not suspects:
            return
        # A worker died and took jobs of others with it. Each is tried alone, so that the blame is sure.
        with _Alone(pool) as alone:
            for job in sorted(suspects, key=lambda j: j.number):
                keep(_carefully(job, alone))


def _until_death(jobs: Iterator[Job], executor: Executor, pool: Pool, keep: Callable[[Done], None]) -> list[Job]:
    """Run jobs; the result is those that were under way when a worker died."""
    under_way: dict[Future[Done], Job] = {}
    try:
        while True:
            while len(under_way) < pool.ahead:
                job = next(jobs, None)
                if job is None:
                    break
                try:
                    under_way[executor.submit(pool.task, job)] = job
                except pool.died:
                    return [*under_way.values(), job]
            if not under_way:
                return []
            finished, _ = wait(under_way, return_when=FIRST_COMPLETED)
            dead = _collect(finished, under_way, pool, keep)
            if dead:
                return dead + _rescue(under_way, pool, keep)
    except BaseException:
        executor.shutdown(wait=True, cancel_futures=True)
        raise


def _collect(
    finished: set[Future[Done]], under_way: dict[Future[Done], Job], pool: Pool, keep: Callable[[Done], None]
) -> list[Job]:
    dead = []
    for future in sorted(finished, key=lambda f: under_way[f].number):
        job = under_way.pop(future)
        try:
            result = future.result()
        except pool.died:
            dead.append(job)
        else:
            keep(result)
    return dead


def _rescue(under_way: dict[Future[Done], Job], pool: Pool, keep: Callable[[Done], None]) -> list[Job]:
    """What is left under way after a death: results that come all the same are kept."""
    dead = []
    for future, job in list(under_way.items()):
        if future.cancel():
            dead.append(job)
            continue
        try:
            keep(future.result())
        except pool.died:
            dead.append(job)
    return dead


class _Alone:
    """One job at a time; the worker is kept until it dies, since starting one costs seconds."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._stack = ExitStack()
        self._executor: Executor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def attempt(self, job: Job) -> Done | None:
        """The result, or None if the worker died of it."""
        if self._executor is None:
            self._executor = self._stack.enter_context(self._pool.start())
        try:
            return self._executor.submit(self._pool.task, job).result()
        except self._pool.died:
            self._stack.close()
            self._executor = None
            return None


def _carefully(job: Job, alone: _Alone) -> Done:
    """A suspect job alone; if the worker dies again, the rows that kill it are found by halving."""
    result = alone.attempt(job)
    if result is not None:
        return result
    numbers = _numbers(job)
    lost = _killers(job, alone, numbers, frozenset(numbers))
    result = alone.attempt(replace(job, lost=job.lost | lost))
    # If even the rest kills workers now, no row of it can be trusted to come back.
    return result or do(replace(job, lost=frozenset(numbers)))


def _killers(job: Job, alone: _Alone, suspects: tuple[int, ...], everyone: frozenset[int]) -> frozenset[int]:
    """Those of the suspects that bring a worker down by themselves."""
    if alone.attempt(replace(job, lost=everyone - set(suspects))) is not None:
        return frozenset()
    if len(suspects) == 1:
        return frozenset(suspects)
    half = len(suspects) // 2
    return _killers(job, alone, suspects[:half], everyone) | _killers(job, alone, suspects[half:], everyone)


def _numbers(job: Job) -> tuple[int, ...]:
    if isinstance(job.rows, Slice):
        first = job.rows.first + job.rows.start
        return tuple(range(first, first + job.rows.count))
    return tuple(row.number for row in job.rows)


def _settle() -> None:
    """A worker's first act: leave Ctrl-C to the parent, and end with it even if it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        # Without this a worker waits for ever on the queue of a parent that was killed with -9.
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: Any) -> None:
    parent.join()
    os._exit(1)


class Progress:
    """A bar with rate and time left; nothing where nobody watches.

    Parameters
    ----------
    total, done : int
        Rows in all, and rows that an earlier run finished.
    quiet : bool
        Show nothing.
    """

    def __init__(self, total: int, done: int, quiet: bool) -> None:
        self._bar: Any = None
        if quiet:
            return
        from rich import progress
        from rich.console import Console

        self._bar = progress.Progress(
            progress.TextColumn("Scoring"),
            progress.BarColumn(),
            progress.MofNCompleteColumn(),
            _rate_column(),
            progress.TimeRemainingColumn(),
            console=Console(stderr=True),
            speed_estimate_period=60,
        )
        self._task = self._bar.add_task("", total=total, completed=done)

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def advance(self, rows: int) -> None:
        """So many rows more are done."""
        if self._bar is not None:
            self._bar.update(self._task, advance=rows)


def _rate_column() -> Any:
    from rich.progress import ProgressColumn, Task
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:.0f} rows/s" if task.speed else "starting", style="dim")

    return Rate()
