"""Three opinions of the same sentences: what the encoder, the syntax and the wording say of each.

Each is a logistic regression over its own view of an answer, and place in the answer belongs to all
three. They err in different ways: an encoder is the surest on answers like those it learnt from, plain words
carry over to strangers. So none learns to lean on another, as one regression over everything would.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from starcheck.records import PARTS
from starcheck.tagging.features import N_HEARD, N_PLACES, Evidence, encoder_view, places, words_of

Array = NDArray[np.float64]

NEIGHBOURS = 0.4
"""Weight of the words of the sentences before and after against a sentence's own."""
FEWEST_SENTENCES = 4
"""Sentences in which a word, or two together, must occur to be used."""
_WORD = r"[a-z']+|[%$\u00a3\u20ac]|\d+"


class View(Protocol):
    """What an expert looks at."""

    names: Sequence[str]
    """Of its first columns, as they are stored; empty where a view needs none."""

    @property
    def width(self) -> int:
        """Number of features."""
        ...

    def learn(self, X: Sequence[Evidence], /) -> Self:
        """Find out which names there are."""
        ...

    def matrix(self, X: Sequence[Evidence]) -> Any:
        """Features of all sentences of all answers, sparse, of shape (n_sentences, n_features)."""
        ...


class Heard:
    """The encoder's logits of each sentence and of the two around it."""

    names: Sequence[str] = ()
    width = N_PLACES + N_HEARD

    def learn(self, _X: Sequence[Evidence], /) -> Self:
        """Nothing to find out."""
        return self

    def matrix(self, X: Sequence[Evidence]) -> Any:
        """Places and the encoder's view, of shape (n_sentences, width)."""
        if any(e.logits is None for e in X):
            raise ValueError("The encoder's view needs the encoder's logits: give them, or encoder_weight=0.")
        heard = [encoder_view(e.logits) for e in X if e.logits is not None]
        return sparse.csr_matrix(np.hstack([np.vstack([places(len(e)) for e in X]), np.vstack(heard)]))


class Syntax:
    """Named features of the parse.

    Parameters
    ----------
    min_count : int
        Sentences in which a name must occur to be used.
    scale : float
        Value of a name that holds; the smaller, the more a name must show before it counts.
    names : sequence of str, default=()
        Where they are known already.
    """

    def __init__(self, min_count: int, scale: float, names: Sequence[str] = ()) -> None:
        self.min_count = min_count
        self.scale = scale
        self.names = names
        self._column = {name: column for column, name in enumerate(names)}

    @property
    def width(self) -> int:
        """Names and places."""
        return len(self.names) + N_PLACES

    def learn(self, X: Sequence[Evidence], /) -> Self:
        """The names that hold in enough sentences."""
        counts = Counter(name for e in X for words in words_of(e) for name in set(words))
        return type(self)(self.min_count, self.scale, sorted(n for n, c in counts.items() if c >= self.min_count))

    def matrix(self, X: Sequence[Evidence]) -> Any:
        """Names that hold and places, sparse, of shape (n_sentences, width)."""
        rows = [
            sorted({c for n in words if (c := self._column.get(n)) is not None}) for e in X for words in words_of(e)
        ]
        ends = np.cumsum([0, *map(len, rows)])
        columns = np.array([c for row in rows for c in row], dtype=np.int64)
        shape = (len(rows), len(self.names))
        named = sparse.csr_matrix((np.full(len(columns), self.scale), columns, ends), shape=shape)
        return sparse.hstack([named, _places(X)], format="csr")


class Wording:
    """Words, and two together, of each sentence and of the two around it, by tf-idf.

    Parameters
    ----------
    names : sequence of str, default=()
        Where they are known already, with their ``idf``.
    idf : ndarray of shape (n_names,), optional
    """

    def __init__(self, names: Sequence[str] = (), idf: Array | None = None) -> None:
        self.names = names
        self.idf = np.zeros(0) if idf is None else idf
        self._vectoriser: Any = None
        if len(names):
            self._vectoriser = _vectoriser(vocabulary={name: column for column, name in enumerate(names)})
            self._vectoriser.idf_ = self.idf

    @property
    def width(self) -> int:
        """Words of a sentence, of the one before it and of the one after it; places."""
        return 3 * len(self.names) + N_PLACES

    def learn(self, X: Sequence[Evidence], /) -> Self:
        """The words that stand in enough sentences, and how rare they are."""
        texts = _texts(X)
        try:
            fitted = _vectoriser(min_df=min(FEWEST_SENTENCES, len(texts))).fit(texts)
        except ValueError:  # scikit-learn's way to say that no word is left
            return type(self)()
        return type(self)(fitted.get_feature_names_out().tolist(), fitted.idf_)

    def matrix(self, X: Sequence[Evidence]) -> Any:
        """Weights of words and places, sparse, of shape (n_sentences, width)."""
        if self._vectoriser is None:
            return _places(X)
        own = self._vectoriser.transform(_texts(X))
        before, after = (shift @ own * NEIGHBOURS for shift in _shifts([len(e) for e in X]))
        return sparse.hstack([own, before, after, _places(X)], format="csr")


class Expert:
    """A logistic regression over one view.

    Parameters
    ----------
    view : View
        That has learnt its names.
    coef : ndarray of shape (6, n_features)
    intercept : ndarray of shape (6,)
    """

    def __init__(self, view: View, coef: Array, intercept: Array) -> None:
        self.view = view
        self.coef = coef
        self.intercept = intercept

    def log_probabilities(self, evidence: Evidence) -> Array:
        """Of each part for each sentence of an answer, (n_sentences, 6)."""
        if not len(evidence):
            return np.zeros((0, len(PARTS)))
        scores = np.asarray(self.view.matrix([evidence]) @ self.coef.T) + self.intercept
        scores -= scores.max(axis=1, keepdims=True)
        probabilities = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        # Rounded before any decision, so that another processor's last bits cannot flip one.
        rounded: Array = np.log(np.maximum(np.round(probabilities, 4), 1e-4))
        return rounded


def expert_from(view: View, X: Sequence[Evidence], codes: NDArray[np.int64], C: float, weights: Array) -> Expert:
    """Fit an expert.

    Parameters
    ----------
    view : View
        Its parameters; what it learns goes into the expert's own.
    X : sequence of Evidence
    codes : ndarray of shape (n_sentences,)
        Index in ``PARTS`` of each sentence's part.
    C : float
        Inverse strength of the L2 penalty.
    weights : ndarray of shape (n_sentences,)

    Returns
    -------
    Expert
    """
    learnt = view.learn(X)
    model = LogisticRegression(C=C, max_iter=2000, tol=1e-4)
    model.fit(learnt.matrix(X), codes, sample_weight=weights)
    coef = np.zeros((len(PARTS), model.coef_.shape[1]))
    intercept = np.full(len(PARTS), -10.0)
    coef[model.classes_] = model.coef_
    intercept[model.classes_] = model.intercept_
    return Expert(learnt, coef, intercept)


def _vectoriser(**known: Any) -> Any:
    return TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=_WORD, **known)


def _texts(X: Sequence[Evidence]) -> list[str]:
    return [facts.normal for e in X for facts in e.facts]


def _places(X: Sequence[Evidence]) -> Any:
    return sparse.csr_matrix(np.vstack([places(len(e)) for e in X]))


def _shifts(lengths: Sequence[int]) -> tuple[Any, Any]:
    """Matrices that give each sentence what the one before it has, and the one after it, within its answer."""
    answer = np.repeat(np.arange(len(lengths)), lengths)
    second = np.flatnonzero(answer[1:] == answer[:-1]) + 1
    before = sparse.csr_matrix((np.ones(len(second)), (second, second - 1)), shape=(len(answer), len(answer)))
    return before, before.T.tocsr()
