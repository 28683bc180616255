"""Opening, saving and handing on models."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
import sotto


def test_a_model_opens_from_a_path_and_from_bytes(model: sotto.Model, trained: Path) -> None:
    assert len(model) == 41 == len(model.item_ids)
    assert len(model.fingerprint) == 16
    assert model.info["training"]["log"]["name"] == "log.csv"
    assert sotto.load(trained.read_bytes()).fingerprint == model.fingerprint
    assert sotto.load(bytearray(model.to_bytes())).to_bytes() == model.to_bytes()
    assert model.tier in ("reference", "avx2", "avx512-vnni")
    assert model.temperature > 0


def test_items_are_known_by_id(model: sotto.Model) -> None:
    item = model.item("1004")
    assert item == sotto.Item("1004", 'Article 4, "new"', "shelf 0|all", 1.0, None)
    nothing = model.item("1000")
    assert nothing is not None and nothing.price is None
    assert model.item("no such item") is None


def test_saving_and_opening_gives_the_same_pair(model: sotto.Model, trained: Path, tmp_path: Path) -> None:
    model.save(tmp_path / "copy.safetensors")
    assert (tmp_path / "copy.float.safetensors").read_bytes() == trained.with_name("shop.float.safetensors").read_bytes()
    sotto.load(trained.read_bytes()).save(tmp_path / "alone.safetensors")
    assert not (tmp_path / "alone.float.safetensors").exists()
    with pytest.raises(sotto.SottoError) as failure:
        model.save(tmp_path / "missing folder" / "copy.safetensors")
    assert failure.value.code == "io"
    note = tmp_path / "note.txt"
    note.write_text("keep me")
    with pytest.raises(sotto.SottoError, match="add force to replace it"):
        model.save(note)
    assert note.read_text() == "keep me"
    model.save(note, force=True)
    assert note.read_bytes() == model.to_bytes()


def test_bad_files_are_named_by_their_code(trained: Path, tmp_path: Path) -> None:
    def code_of(source: Path | bytes) -> str:
        with pytest.raises(sotto.SottoError) as failure:
            sotto.load(source)
        return failure.value.code

    bytes_ = trained.read_bytes()
    assert code_of(tmp_path / "missing.safetensors") == "io"
    assert code_of(b"") == "truncated"
    assert code_of(bytes_[:1000]) in ("truncated", "malformed")
    assert code_of(b"<html>" + bytes_) == "malformed"
    assert code_of(trained.with_name("shop.float.safetensors")) == "wrong_type"
    assert code_of(trained.with_name("shop.float.safetensors").read_bytes()) == "wrong_type"
    with pytest.raises(sotto.SottoError) as failure:
        sotto.load(trained, float_model=trained)
    assert failure.value.code == "wrong_type"


def test_models_and_errors_can_be_pickled(model: sotto.Model) -> None:
    copy = pickle.loads(pickle.dumps(model))
    assert copy.to_bytes() == model.to_bytes()
    error = pickle.loads(pickle.dumps(sotto.SottoError("io", "what is wrong")))
    assert (error.code, str(error)) == ("io", "what is wrong")
