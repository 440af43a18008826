"""The tagger: a scikit-learn estimator from an answer's evidence to the part of each sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from starcheck.records import PARTS
from starcheck.tagging.decode import learn_transitions, marginals, viterbi
from starcheck.tagging.experts import Array, Heard, Syntax, View, Wording, expert_from
from starcheck.tagging.features import Evidence

EXPERTS = ("encoder", "syntax", "wording")


class StarTagger(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Three experts whose opinions are averaged, decoded as a sequence.

    One sample is one answer: ``X`` is a sequence of :class:`Evidence`, ``y`` a sequence of label
    sequences, so cross-validation splits answers and never sentences.

    Parameters
    ----------
    encoder_weight, syntax_weight, wording_weight : float, default=0.56, 0.22 and 0.22
        Weight of each expert in the average of log probabilities; 0 leaves one out. Chosen on answers from
        another hand (``data/answers/pilot.jsonl``) that neither encoder nor experts had learnt from, since
        cross-validation within one hand trusts the encoder too much; see the model card.
    encoder_C, syntax_C, wording_C : float, default=0.1, 0.3 and 3.0
        Inverse strength of each expert's L2 penalty.
    min_count : int, default=5
        Sentences in which a named feature of syntax must occur to be used.
    syntax_scale : float, default=0.5
        Value of a named feature of syntax that holds, beside places between 0 and 1.
    order_weight : float, default=0.5
        Weight of the learned transitions in decoding; 0 decides sentence by sentence.
    prior_weight : float, default=0.5
        How much of the parts' prior is divided out again, since transitions hold it too.
    temperature : float, default=1.2
        Flattens the probabilities that are reported (never the decoding): above 1 less certain. Answers by
        real people are harder than the corpus, and these figures say 1.2 in both places.

    Attributes
    ----------
    classes_ : ndarray of shape (6,)
        Part names, in the order of ``PARTS``.
    experts_ : dict of str to Expert
        By the names in ``EXPERTS``, those that have a weight.
    start_, transitions_ : ndarray of shape (6,) and (6, 6)
        Log scores that decoding adds.

    Examples
    --------
    >>> tagger = StarTagger(encoder_weight=0.0).fit(evidence, labels)  # doctest: +SKIP
    >>> tagger.predict(evidence[:1])  # doctest: +SKIP
    """

    def __init__(
        self,
        encoder_weight: float = 0.56,
        syntax_weight: float = 0.22,
        wording_weight: float = 0.22,
        encoder_C: float = 0.1,
        syntax_C: float = 0.3,
        wording_C: float = 3.0,
        min_count: int = 5,
        syntax_scale: float = 0.5,
        order_weight: float = 0.5,
        prior_weight: float = 0.5,
        temperature: float = 1.2,
    ) -> None:
        self.encoder_weight = encoder_weight
        self.syntax_weight = syntax_weight
        self.wording_weight = wording_weight
        self.encoder_C = encoder_C
        self.syntax_C = syntax_C
        self.wording_C = wording_C
        self.min_count = min_count
        self.syntax_scale = syntax_scale
        self.order_weight = order_weight
        self.prior_weight = prior_weight
        self.temperature = temperature

    def fit(self, X: Sequence[Evidence], y: Sequence[Sequence[str]], sample_weight: Any = None) -> Self:
        """Learn weights and transitions.

        Parameters
        ----------
        X : sequence of Evidence
            One per answer.
        y : sequence of sequence of str
            Part names, one per sentence of each answer.
        sample_weight : sequence of float, optional
            One per answer.

        Returns
        -------
        StarTagger
            Itself.

        Raises
        ------
        ValueError
            If ``X`` and ``y`` do not match, a label is unknown, or no expert has a weight.
        """
        known = {p.value: i for i, p in enumerate(PARTS)}
        if len(X) != len(y) or any(len(a) != len(b) for a, b in zip(X, y, strict=True)):
            raise ValueError("X and y must hold as many answers, and as many sentences in each.")
        if unknown := {str(v) for labels in y for v in labels} - set(known):
            raise ValueError(f"Unknown labels {sorted(unknown)}: use {', '.join(known)}.")
        if not self.shares():
            raise ValueError("All experts have the weight 0: give encoder_weight, syntax_weight or wording_weight.")
        codes = [np.array([known[str(v)] for v in labels], dtype=np.int64) for labels in y]
        each = [1.0] * len(X) if sample_weight is None else [float(w) for w in sample_weight]
        weights = np.repeat(each, [len(e) for e in X])
        self.classes_ = np.array(list(known))
        self.experts_ = {
            name: expert_from(self.view(name), X, np.concatenate(codes), getattr(self, f"{name}_C"), weights)
            for name in self.shares()
        }
        start, moves, prior = learn_transitions(codes, len(PARTS), 1.0, each)
        self.start_ = start - prior * self.prior_weight
        self.transitions_ = moves - prior * self.prior_weight
        return self

    def shares(self) -> dict[str, float]:
        """The experts that have a weight, and their shares in the average, which sum to 1."""
        weights = {name: float(getattr(self, f"{name}_weight")) for name in EXPERTS}
        total = sum(weights.values())
        return {name: weight / total for name, weight in weights.items() if weight > 0}

    def view(self, name: str, names: Sequence[str] = (), idf: Array | None = None) -> View:
        """What the expert of a name looks at, with the names of its features where they are known."""
        if name == "encoder":
            return Heard()
        return Syntax(self.min_count, self.syntax_scale, names) if name == "syntax" else Wording(names, idf)

    def emissions(self, evidence: Evidence) -> Array:
        """Log scores of each part for each sentence, before decoding: the average of the experts.

        Returns
        -------
        ndarray of shape (n_sentences, 6)
        """
        check_is_fitted(self)
        opinions = [self.experts_[name].log_probabilities(evidence) * w for name, w in self.shares().items()]
        total: Array = np.sum(opinions, axis=0)
        return total

    def predict_proba(self, X: Sequence[Evidence]) -> list[Array]:
        """Probability of each part for each sentence, given the whole answer.

        Returns
        -------
        list of ndarray of shape (n_sentences, 6)
        """
        start, moves = self._order()
        return [self._flat(marginals(self.emissions(e), start, moves)) for e in X]

    def predict(self, X: Sequence[Evidence]) -> list[NDArray[np.str_]]:
        """Most likely sequence of parts of each answer.

        Returns
        -------
        list of ndarray of str
        """
        start, moves = self._order()
        return [self.classes_[viterbi(self.emissions(e), start, moves)] for e in X]

    def read(self, evidence: Evidence) -> tuple[NDArray[np.int64], Array]:
        """Part indices and probabilities of one answer, from one pass over its features."""
        start, moves = self._order()
        scores = self.emissions(evidence)
        return viterbi(scores, start, moves), self._flat(marginals(scores, start, moves))

    def _flat(self, probabilities: Array) -> Array:
        flat: Array = np.maximum(probabilities, 1e-6) ** (1 / self.temperature)
        normal: Array = flat / flat.sum(axis=1, keepdims=True)
        return normal

    def _order(self) -> tuple[Array, Array]:
        check_is_fitted(self)
        return self.start_ * self.order_weight, self.transitions_ * self.order_weight

    def score(self, X: Sequence[Evidence], y: Sequence[Sequence[str]], sample_weight: Any = None) -> float:
        """Macro-F1 over the six parts, all sentences pooled."""
        from sklearn.metrics import f1_score

        gold = [str(v) for labels in y for v in labels]
        found = [str(v) for labels in self.predict(X) for v in labels]
        weights = None if sample_weight is None else np.repeat(np.asarray(sample_weight), [len(e) for e in X])
        names = list(self.classes_)
        return float(f1_score(gold, found, labels=names, average="macro", sample_weight=weights, zero_division=0))
