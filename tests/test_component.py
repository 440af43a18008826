import subprocess
import sys
from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc, DocBin

from starcheck.language import pipeline
from starcheck.records import PARTS

EXAMPLE = (Path(__file__).parent.parent / "data/examples/stockroom.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def nlp():
    package = next(p for p in pipeline.PACKAGES if spacy.util.is_package(p))
    loaded = spacy.load(package, exclude=["ner"])
    loaded.add_pipe("starcheck")
    return loaded


def test_the_report_and_the_spans_are_on_the_document(nlp):
    doc = nlp(EXAMPLE)
    assert doc._.star["status"] == "scored"
    assert {span.label_ for span in doc.spans["star"]} <= {p.value for p in PARTS}
    assert len(doc.spans["star"]) == len(doc._.star["sentences"])


def test_plain_data_survives_bytes_and_docbin(nlp):
    doc = nlp(EXAMPLE)
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert again._.star == doc._.star
    kept = DocBin(store_user_data=True)
    kept.add(doc)
    assert next(iter(kept.get_docs(nlp.vocab)))._.star == doc._.star


def test_two_components_keep_their_own_settings():
    package = next(p for p in pipeline.PACKAGES if spacy.util.is_package(p))
    one, two = (spacy.load(package, exclude=["ner"]) for _ in range(2))
    one.add_pipe("starcheck", config={"profile": "swansea"})
    two.add_pipe("starcheck", config={"profile": "washington"})
    assert one(EXAMPLE)._.star["profile"] == "swansea"
    assert two(EXAMPLE)._.star["profile"] == "washington"


def test_a_saved_pipeline_loads_where_starcheck_was_never_imported(nlp, tmp_path):
    nlp.to_disk(tmp_path / "nlp")
    saved = str(tmp_path / "nlp")
    code = f"import spacy; d = spacy.load({saved!r})({EXAMPLE!r}); print(d.user_data['starcheck']['status'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "scored"


def test_the_same_through_several_processes(nlp):
    texts = [EXAMPLE, EXAMPLE[:400], "too short"]
    alone = [doc._.star for doc in nlp.pipe(texts)]
    assert [doc._.star for doc in nlp.pipe(texts, n_process=2, batch_size=1)] == alone
