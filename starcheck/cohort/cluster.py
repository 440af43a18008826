"""The same jobs on a Dask cluster: another executor, nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any

from starcheck.cohort.drive import Pool
from starcheck.cohort.files import need
from starcheck.errors import InputError

WAIT = 10
"""Seconds until a scheduler that does not answer is given up."""


def cluster_pool(address: str) -> Pool:
    """The workers of a Dask scheduler.

    Parameters
    ----------
    address : str
        Such as ``tcp://scheduler:8786``.

    Returns
    -------
    Pool

    Raises
    ------
    InputError
        If nobody answers there, or it has no workers.
    """
    distributed = need("distributed", "--dask", "dask")

    @contextmanager
    def start() -> Iterator[Executor]:
        with _client(distributed, address) as client:
            # Results depend on the job alone, but equal jobs must not be merged into one.
            yield client.get_executor(pure=False)

    with _client(distributed, address) as client:
        threads = sum(client.nthreads().values())
    if not threads:
        raise InputError(
            f"The Dask scheduler at {address} has no workers: start some with  dask worker {address} --nthreads 1"
        )
    return Pool(start, 2 * threads + 1, (distributed.KilledWorker, distributed.client.FutureCancelledError))


def _client(distributed: Any, address: str) -> Any:
    try:
        return distributed.Client(address, timeout=WAIT, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise InputError(
            f"No Dask scheduler answers at {address} ({type(error).__name__}): start one with  dask scheduler  "
            "and give its address."
        ) from None
