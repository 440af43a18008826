"""Experiments that the model card and the datasheet report: ablations, the learning curve, spread over seeds.

    python -m starcheck.training.experiments ablation [--also FILE]
    python -m starcheck.training.experiments learning-curve [--also FILE] [--plot FILE]
    python -m starcheck.training.experiments seeds --encoders FOLDER [--also FILE]

``--also`` names a file of labelled answers outside the project (one JSON object a line with
``sentences`` and ``labels``) on which every row is measured as well, never trained. ``--encoders`` is
what ``starcheck train --encoder --seeds-to FOLDER`` filled.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from sklearn.base import clone

from starcheck.assets import asset
from starcheck.records import PARTS, Answer, Reading, Sentence, Tagged
from starcheck.tagging import store
from starcheck.tagging.classifier import StarTagger
from starcheck.tagging.encoder import Encoder
from starcheck.training.corpus import LabelledAnswer, parse, read
from starcheck.training.measure import Figures, sentence_figures
from starcheck.training.memory import Logits, remembered, remembered_without
from starcheck.training.prepare import Prepared, prepare
from starcheck.training.stack import fit_tagger, reading_of
from starcheck.training.train import TAGGER, training_answers

ALL_THREE = "encoder, spaCy features and wording"
SHOWN = ("sentence_kappa", "sentence_star_f1", *(f"f1_{p.value}" for p in PARTS))
_CUES = (
    ("reflection", re.compile(r"\b(learn\w*|taught me|lesson|in hindsight|next time|realis\w*)\b", re.I)),
    (
        "result",
        re.compile(
            r"\b(as a result|result\w*|outcome|in the end|achiev\w*|success\w*|increas\w*|reduc\w*|saved)\b", re.I
        ),
    ),
    (
        "task",
        re.compile(r"\b(task\w*|my (goal|job|role|responsibility)|responsible for|needed to|had to|asked to)\b", re.I),
    ),
    (
        "action",
        re.compile(r"\bI (decided|started|created|built|led|made|spoke|asked|organi\w*|developed|used|\w+ed)\b"),
    ),
    ("situation", re.compile(r"\b(when|while|at the time|there was|we were|was working|last year|previous)\b", re.I)),
)


def external(path: Path) -> list[LabelledAnswer]:
    """Labelled answers from outside the project, with sentences and labels side by side."""
    out = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        record = json.loads(line)
        pairs = zip(record["sentences"], record["labels"], strict=True)
        out.append(parse({"id": f"{path.stem}-{number}", "sentences": [{"text": s, "part": p} for s, p in pairs]}))
    return out


class Bench:
    """The data of an experiment: training answers, and the sets to measure on."""

    def __init__(self, model: str, also: Path | None) -> None:
        loaded = store.load(model)
        self.train = prepare(training_answers())
        self.logits = remembered(loaded.folder, self.train)
        self.without = remembered_without(loaded.folder, self.train)
        answers = {"test": [a for a in read([asset("data", "answers")]) if a.split == "test"]}
        if also is not None:
            answers[also.stem] = external(also)
        self.sets = {name: prepare(chosen) for name, chosen in answers.items()}
        self.seen = self._listened(loaded.encoder)

    def _listened(self, encoder: Encoder | None) -> dict[str, list[Logits | None]]:
        return {
            name: [encoder.encode([f.normal for f in p.facts]) if encoder else None for p in rows]
            for name, rows in self.sets.items()
        }

    def with_encoder(self, folder: Path, tagger: StarTagger) -> dict[str, Figures]:
        """The same classifier on what another encoder says."""
        self.seen = self._listened(Encoder(folder))
        return self.fitted(tagger)

    def fitted(self, tagger: StarTagger, rows: Sequence[int] | None = None) -> dict[str, Figures]:
        """Fit on all training answers, or on those given, and measure on every set."""
        fitted = fit_tagger(tagger, self.train, self.logits, None, self.without, rows)
        return self.measured(lambda p, x: reading_of(p, fitted, x))

    def measured(self, read_one: Callable[[Prepared, Logits | None], Reading]) -> dict[str, Figures]:
        """Measure anything that reads an answer."""
        return {
            name: sentence_figures(
                [p.labels for p in rows], [read_one(p, x) for p, x in zip(rows, self.seen[name], strict=True)]
            )
            for name, rows in self.sets.items()
        }


def _told(prepared: Prepared, labels: Sequence[str]) -> Reading:
    """A reading that is sure of given labels, for baselines."""
    names = [p.value for p in PARTS]
    tagged = tuple(
        Tagged(Sentence(s.text, s.start, s.end, i), PARTS[names.index(v)], 1.0, tuple(float(n == v) for n in names))
        for i, (s, v) in enumerate(zip(prepared.answer.sentences, labels, strict=True))
    )
    return Reading(Answer(prepared.answer.text), tagged, prepared.facts, (True,) * len(tagged))


def cue_words(prepared: Prepared, _logits: Logits | None) -> Reading:
    """What most public checkers do: the first cue word decides."""
    texts = [s.text for s in prepared.answer.sentences]
    return _told(prepared, [next((part for part, cue in _CUES if cue.search(t)), "other") for t in texts])


def ablation(model: str = "star-en", also: Path | None = None) -> dict[str, dict[str, Figures]]:
    """Each part of the tagger left out in turn, on the same split and seeds."""
    bench = Bench(model, also)
    chosen = TAGGER.get_params()

    def with_(**changes: object) -> StarTagger:
        return StarTagger(**{**chosen, **changes})

    guide = [i for i, p in enumerate(bench.train) if p.answer.id.startswith("guide-")]
    no_encoder = {"encoder_weight": 0.0}
    syntax = {**no_encoder, "wording_weight": 0.0}
    wording = {**no_encoder, "syntax_weight": 0.0}
    encoder = {"syntax_weight": 0.0, "wording_weight": 0.0}
    nobody = 10**9
    rows: dict[str, dict[str, Figures]] = {
        "cue words": bench.measured(cue_words),
        "place in the answer alone": bench.fitted(with_(**syntax, min_count=nobody)),
        "40 model answers only, spaCy features": bench.fitted(with_(**syntax, min_count=1), guide),
        "+ prose, spaCy features": bench.fitted(with_(**syntax)),
        "+ prose, spaCy features, no decoder": bench.fitted(with_(**syntax, order_weight=0.0)),
        "wording only": bench.fitted(with_(**wording)),
        "spaCy features and wording": bench.fitted(with_(**no_encoder)),
        "encoder only": bench.fitted(with_(**encoder)),
        "encoder and spaCy features": bench.fitted(with_(wording_weight=0.0)),
        ALL_THREE: bench.fitted(with_()),
        f"{ALL_THREE}, no decoder": bench.fitted(with_(order_weight=0.0)),
    }
    return rows


def learning_curve(model: str = "star-en", also: Path | None = None) -> dict[str, dict[str, Figures]]:
    """Train spaCy features on an eighth to all of the training split."""
    bench = Bench(model, also)
    order = np.random.default_rng(5).permutation(len(bench.train))
    rows = {}
    for share in (1 / 8, 1 / 4, 1 / 2, 3 / 4, 1.0):
        n = int(len(order) * share)
        tagger = clone(TAGGER).set_params(encoder_weight=0.0, wording_weight=0.0)
        rows[f"{n} answers"] = bench.fitted(tagger, order[:n].tolist())
    return rows


def seeds(model: str, also: Path | None, encoders: Path) -> dict[str, dict[str, Figures]]:
    """The shipped encoder, the encoders of single seeds, and how far these differ (standard deviation)."""
    bench = Bench(model, also)
    rows = {"shipped, mean of weights": bench.fitted(TAGGER)}
    found = sorted((f for f in encoders.iterdir() if (f / "encoder.onnx").is_file()), key=lambda f: f.name)
    single = {f"seed {folder.name}": bench.with_encoder(folder, TAGGER) for folder in found}
    for name, reduced in (("mean of seeds", statistics.fmean), ("their standard deviation", statistics.stdev)):
        rows[name] = {
            over: {key: reduced([row[over][key] for row in single.values()]) for key in SHOWN} for over in bench.sets
        }
    return rows | single


def as_tables(rows: dict[str, dict[str, Figures]]) -> str:
    """One Markdown table a set."""
    out = []
    for name in next(iter(rows.values())):
        columns = {row: figures[name] for row, figures in rows.items()}
        lines = ["| | " + " | ".join(SHOWN) + " |", "|---" * (len(SHOWN) + 1) + "|"]
        lines += [f"| {row} | " + " | ".join(f"{f[k]:.3f}" for k in SHOWN) + " |" for row, f in columns.items()]
        out.append(f"On {name}:\n\n" + "\n".join(lines) + "\n")
    return "\n".join(out)


def calibration_table(rows: dict[str, dict[str, Figures]], row: str = ALL_THREE) -> str:
    """Expected calibration error of one row, all labels and each, on every set, as Markdown."""
    names = ("ece", *(f"ece_{p.value}" for p in PARTS))
    lines = ["| expected calibration error | all | " + " | ".join(p.value for p in PARTS) + " |", "|---" * 8 + "|"]
    lines += [f"| on {name} | " + " | ".join(f"{f[k]:.3f}" for k in names) + " |" for name, f in rows[row].items()]
    return "\n".join(lines) + "\n"


def plot_curve(rows: dict[str, dict[str, Figures]], path: Path) -> None:
    """Draw the learning curve as SVG."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "starcheck"
    from matplotlib import pyplot as plt

    figure, axis = plt.subplots(figsize=(6, 4))
    sizes = [int(name.split()[0]) for name in rows]
    for name in next(iter(rows.values())):
        axis.plot(sizes, [f[name]["sentence_kappa"] for f in rows.values()], marker="o", label=f"kappa on {name}")
    axis.set_xlabel("training answers")
    axis.set_ylabel("Cohen's kappa, six labels")
    axis.set_ylim(0, 1)
    axis.legend()
    figure.savefig(path, metadata={"Date": None})


def main() -> None:
    """Run one experiment and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("ablation", "learning-curve", "seeds"))
    parser.add_argument("--model", default="star-en")
    parser.add_argument("--also", type=Path)
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--encoders", type=Path, help="folder of the encoders of single seeds")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    given = parser.parse_args()
    if given.what == "seeds":
        if given.encoders is None or not given.encoders.is_dir():
            parser.error("seeds needs --encoders FOLDER, which 'starcheck train --encoder --seeds-to FOLDER' fills")
        rows = seeds(given.model, given.also, given.encoders)
    else:
        rows = (ablation if given.what == "ablation" else learning_curve)(given.model, given.also)
    print(as_tables(rows))
    if given.json:
        given.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    if given.plot and given.what == "learning-curve":
        plot_curve(rows, given.plot)


if __name__ == "__main__":
    main()
