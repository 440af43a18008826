"""The model card, written from figures that commands printed; nothing in it is typed by hand.

    python -m starcheck.training.card models/star-en

reads ``model.json`` and ``metrics.json`` of the folder and writes its ``README.md`` and
``reliability.svg``. ``python -m starcheck.training.card models/star-en --add NAME FILE`` first keeps the
figures of a JSON file (of ``evaluate.py``, an ablation, the trust tests) under a name.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from starcheck.assets import package_text
from starcheck.judging.strength import LENGTH_COSTS, LENGTH_FREE, ORDER_COSTS, PADDING_COSTS
from starcheck.records import PARTS
from starcheck.tagging.classifier import EXPERTS
from starcheck.training.recipe import Recipe

RECIPE = Recipe()


def card(folder: Path) -> str:
    """The card of a model folder, as Markdown."""
    meta = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    about = meta["about"]
    return package_text("training", "card.md").format(
        name=meta["name"],
        version=meta["version"],
        layers=RECIPE.layers,
        recipe=", ".join(f"{f.name} {getattr(RECIPE, f.name)}" for f in fields(RECIPE) if f.name != "base"),
        order=f"{ORDER_COSTS:g}",
        long=f"{LENGTH_COSTS:g}",
        free=f"{LENGTH_FREE:g}",
        padding=f"{PADDING_COSTS:g}",
        shares=", ".join(f"{name} {meta['parameters'][f'{name}_weight']}" for name in EXPERTS),
        temperature=meta["parameters"]["temperature"],
        answers=about["answers"],
        digest=about["corpus"][:16],
        unsure=meta["judges"]["unsure"],
        tables="\n".join(_section(name, figures) for name, figures in metrics.items()),
    )


TITLES: Mapping[str, str] = {
    "cross_validation": "Cross-validation on the training split, grouped by story",
    "test": "Test split of the corpus (stories never trained on)",
    "outside": "Outside answers: 75 answers by real people, two readers (`evaluate.py`), never trained on",
    "trust": "Trust tests on the corpus's test split",
    "ablation": "Ablation",
    "seeds": "Spread over seeds: the same training with other order, dropout and variation",
    "tried": "What was tried",
    "speed": "Speed and memory",
    "reliability": "Reliability (corpus, cross-validated): confidence against accuracy",
}


def _section(name: str, figures: Any) -> str:
    title = f"## {TITLES.get(name, name)}\n"
    if isinstance(figures, str):
        return f"{title}\n{figures}\n"
    if name in ("ablation", "seeds"):
        from starcheck.training.experiments import as_tables, calibration_table

        calibration = f"\n{calibration_table(figures)}" if name == "ablation" else ""
        return f"{title}\n{as_tables(figures)}{calibration}"
    if name == "reliability":
        rows = "\n".join(
            f"| {r['from']:.1f} | {r['n']} | {r['confidence']:.3f} | {r['accuracy']:.3f} |" for r in figures
        )
        head = "![Reliability diagram](reliability.svg)\n\n| from | n | confidence | accuracy |\n|---|---|---|---|"
        return f"{title}\n{head}\n{rows}\n"
    lines = ["| figure | value | n |", "|---|---|---|"]
    for key, value in figures.items():
        n = ""
        if isinstance(value, dict):
            value, n = value["value"], value["n"]
        lines.append(f"| {key} | {value:.3f} | {n} |")
    return title + "\n" + "\n".join(lines) + "\n"


def draw_reliability(rows: list[dict[str, float]], path: Path) -> None:
    """The reliability diagram as SVG, the same bytes for the same figures."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "starcheck"
    from matplotlib import pyplot as plt

    figure, axis = plt.subplots(figsize=(4.5, 4))
    axis.plot([0, 1], [0, 1], color="#999999", linestyle="--", label="perfect")
    axis.plot(
        [r["confidence"] for r in rows], [r["accuracy"] for r in rows], marker="o", color="#0067a3", label="model"
    )
    axis.set_xlabel("confidence")
    axis.set_ylabel("share right")
    axis.set_title(f"{len(PARTS)} parts, all sentences")
    axis.legend()
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def main() -> None:
    """Write the card."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--add", nargs=2, action="append", default=[], metavar=("NAME", "FILE"))
    given = parser.parse_args()
    path = given.folder / "metrics.json"
    metrics = json.loads(path.read_text(encoding="utf-8"))
    for name, file in given.add:
        text = Path(file).read_text(encoding="utf-8")
        metrics[name] = json.loads(text) if file.endswith(".json") else text.strip()
    path.write_text(json.dumps(metrics, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if "reliability" in metrics:
        draw_reliability(metrics["reliability"], given.folder / "reliability.svg")
    (given.folder / "README.md").write_text(card(given.folder), encoding="utf-8")


if __name__ == "__main__":
    main()
