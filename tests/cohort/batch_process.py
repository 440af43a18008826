"""A batch in a process of its own, in small ranges, so that a test can kill it: INPUT OUTPUT PROCESSES [scheduler]."""

from __future__ import annotations

import sys
from pathlib import Path

from starcheck.cohort.run import Options, run

if __name__ == "__main__":
    given, output, processes, *dask = sys.argv[1:]
    options = Options(Path(output), processes=int(processes), range_rows=3, dask=dask[0] if dask else None)
    print(run([given], options, print))
