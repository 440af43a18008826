"""For notebooks: a bench to work on one answer, a labeller, plots and tables that can be read aloud.

>>> from starcheck.notebook import Workbench
>>> Workbench(question="Describe a time you dealt with messy data")  # doctest: +SKIP
"""

from __future__ import annotations

from starcheck.notebook.labeller import Labeller
from starcheck.notebook.show import show_plot, show_table
from starcheck.notebook.workbench import Draft, Workbench

__all__ = ["Draft", "Labeller", "Workbench", "show_plot", "show_table"]
