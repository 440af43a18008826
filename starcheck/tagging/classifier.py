"""The tagger: a scikit-learn estimator from an answer's evidence to the part of each sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.utils.validation import check_is_fitted

from starcheck.records import PARTS
from starcheck.tagging.decode import learn_transitions, marginals, viterbi
from starcheck.tagging.features import Evidence, dense, words_of

Array = NDArray[np.float64]


class StarTagger(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Logistic regression over sentence features, decoded as a sequence.

    One sample is one answer: ``X`` is a sequence of :class:`Evidence`, ``y`` a sequence of label
    sequences, so cross-validation splits answers and never sentences.

    Parameters
    ----------
    C : float, default=0.1
        Inverse strength of the L2 penalty.
    min_count : int, default=5
        Sentences in which a named feature must occur to be used.
    syntax_weight : float, default=0.3
        Scale of the named features against the encoder's; 0 leaves them out.
    use_encoder : bool, default=True
        Whether the encoder's logits are used.
    order_weight : float, default=0.5
        Weight of the learned transitions in decoding; 0 decides sentence by sentence.
    prior_weight : float, default=0.5
        How much of the parts' prior is divided out again, since transitions hold it too.
    temperature : float, default=1.75
        Flattens the probabilities that are reported (never the decoding): above 1 less certain. Answers by
        real people are harder than the corpus, where 1 would be right; 1.75 is set on the development set.

    Attributes
    ----------
    classes_ : ndarray of shape (6,)
        Part names, in the order of ``PARTS``.
    vocabulary_ : dict of str to int
        Named features and their column.
    coef_ : ndarray of shape (6, n_features)
        Weights: named features first, then places, then the encoder's view.
    intercept_ : ndarray of shape (6,)
    start_, transitions_ : ndarray of shape (6,) and (6, 6)
        Log scores that decoding adds.

    Examples
    --------
    >>> tagger = StarTagger(use_encoder=False).fit(evidence, labels)  # doctest: +SKIP
    >>> tagger.predict(evidence[:1])  # doctest: +SKIP
    """

    def __init__(
        self,
        C: float = 0.1,
        min_count: int = 5,
        syntax_weight: float = 0.3,
        use_encoder: bool = True,
        order_weight: float = 0.5,
        prior_weight: float = 0.5,
        temperature: float = 1.75,
    ) -> None:
        self.C = C
        self.min_count = min_count
        self.syntax_weight = syntax_weight
        self.use_encoder = use_encoder
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
            If ``X`` and ``y`` do not match, or a label is unknown.
        """
        known = {p.value: i for i, p in enumerate(PARTS)}
        if len(X) != len(y) or any(len(a) != len(b) for a, b in zip(X, y, strict=True)):
            raise ValueError("X and y must hold as many answers, and as many sentences in each.")
        if unknown := {str(v) for labels in y for v in labels} - set(known):
            raise ValueError(f"Unknown labels {sorted(unknown)}: use {', '.join(known)}.")
        codes = [np.array([known[str(v)] for v in labels], dtype=np.int64) for labels in y]
        self.classes_ = np.array(list(known))
        vectoriser = CountVectorizer(analyzer=_as_is, binary=True, min_df=self.min_count)
        names = [n for evidence in X for n in words_of(evidence)]
        vectoriser.fit(names)
        order = sorted(vectoriser.vocabulary_)
        self.vocabulary_ = {name: column for column, name in enumerate(order)}
        weights = None
        if sample_weight is not None:
            weights = np.repeat(np.asarray(sample_weight, dtype=float), [len(e) for e in X])
        model = LogisticRegression(C=self.C, max_iter=2000, tol=1e-5)
        model.fit(self._matrix(X), np.concatenate(codes), sample_weight=weights)
        self.coef_ = np.zeros((len(PARTS), model.coef_.shape[1]))
        self.intercept_ = np.full(len(PARTS), -10.0)
        self.coef_[model.classes_] = model.coef_
        self.intercept_[model.classes_] = model.intercept_
        start, moves, prior = learn_transitions(codes, len(PARTS), smoothing=1.0)
        self.start_ = start - prior * self.prior_weight
        self.transitions_ = moves - prior * self.prior_weight
        return self

    def _matrix(self, X: Sequence[Evidence]) -> Any:
        names = [n for evidence in X for n in words_of(evidence)]
        vectoriser = CountVectorizer(analyzer=_as_is, binary=True, vocabulary=self.vocabulary_)
        named = vectoriser.transform(names).astype(float) * self.syntax_weight
        numeric = np.vstack([dense(e, self.use_encoder) for e in X])
        return sparse.hstack([named, sparse.csr_matrix(numeric)], format="csr")

    def emissions(self, evidence: Evidence) -> Array:
        """Log probabilities of each part for each sentence, before decoding.

        Returns
        -------
        ndarray of shape (n_sentences, 6)
        """
        check_is_fitted(self)
        n_named = len(self.vocabulary_)
        scores = dense(evidence, self.use_encoder) @ self.coef_[:, n_named:].T + self.intercept_
        if self.syntax_weight:
            for i, names in enumerate(words_of(evidence)):
                columns = [c for n in set(names) if (c := self.vocabulary_.get(n)) is not None]
                scores[i] += self.coef_[:, sorted(columns)].sum(axis=1) * self.syntax_weight
        scores -= scores.max(axis=1, keepdims=True)
        normal: Array = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        # Rounded before any decision, so that another processor's last bits cannot flip one.
        return np.log(np.maximum(np.round(np.exp(normal), 4), 1e-4))

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


def _as_is(names: list[str]) -> list[str]:
    return names
