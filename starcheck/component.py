"""starcheck as a component of anybody's spaCy pipeline: ``nlp.add_pipe("starcheck")``.

Needs a parser before it. Plain data only is left on the document (a dict in ``doc.user_data``, a span
group), so it survives ``to_bytes``, ``DocBin`` and several processes; ``doc._.star`` reads it.
"""

from __future__ import annotations

from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span

KEY = "starcheck"


def star_of(doc: Doc) -> dict[str, Any] | None:
    """The report of a document as JSON types, or None where the component has not run."""
    report: dict[str, Any] | None = _listed(doc.user_data.get(KEY))
    return report


def _listed(value: Any) -> Any:
    """Lists again where spaCy's serialisation made tuples of them."""
    if isinstance(value, dict):
        return {k: _listed(v) for k, v in value.items()}
    return [_listed(v) for v in value] if isinstance(value, list | tuple) else value


if not Doc.has_extension("star"):
    Doc.set_extension("star", getter=star_of)


@Language.factory(  # type: ignore[untyped-decorator]
    "starcheck", default_config={"model": "star-en", "profile": "balanced"}, requires=["token.dep"]
)
def make_component(nlp: Language, name: str, model: str, profile: str) -> StarComponent:  # noqa: ARG001
    """Make the component; arguments are JSON types.

    Parameters
    ----------
    nlp : spacy.language.Language
        Given by spaCy to every factory, as is ``name``; nothing of either is needed.
    name : str
    model : str
        "star-en" or the path of a model folder.
    profile : str
        Shares of words to compare with.
    """
    return StarComponent(model, profile)


class StarComponent:
    """Scores each document that passes."""

    def __init__(self, model: str, profile: str) -> None:
        self.model = model
        self.profile = profile

    def __call__(self, doc: Doc) -> Doc:
        """Leave the report in ``doc.user_data`` and the parts in ``doc.spans["star"]``."""
        from starcheck.scorer import load

        report = load(self.model).report_of_doc(doc, self.profile).to_dict()
        doc.user_data[KEY] = report
        spans = (
            doc.char_span(s["start"], s["end"], label=s["part"], alignment_mode="expand") for s in report["sentences"]
        )
        doc.spans["star"] = [span for span in spans if isinstance(span, Span)]
        return doc

    def to_bytes(self, **_: Any) -> bytes:
        """Nothing to keep: the factory's arguments say all."""
        return b""

    def from_bytes(self, _data: bytes, **_: Any) -> StarComponent:
        """The inverse of :meth:`to_bytes`."""
        return self

    def to_disk(self, _path: Any, **_: Any) -> None:
        """Nothing to keep."""

    def from_disk(self, _path: Any, **_: Any) -> StarComponent:
        """Nothing to read."""
        return self
