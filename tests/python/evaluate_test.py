"""Model.evaluate: the figures of sotto evaluate."""

from __future__ import annotations

import builtins
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sotto
from conftest import command_line


def figures(report: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in report.items() if name not in ("seconds", "model")}


def test_the_figures_are_those_of_the_command_line(model: sotto.Model, trained: Path, log_file: Path) -> None:
    printed = json.loads(
        command_line("evaluate", "--model", trained, "--interactions", log_file, "--json", "--at", "5,10").stdout
    )
    evaluation = model.evaluate(log_file, progress=False, at=[5, 10])
    assert figures(evaluation.report) == figures(printed)
    assert evaluation["fixed"]["ndcg@10"] == printed["arms"]["fixed"]["ndcg@10"]
    assert evaluation.best_baseline == printed["best_baseline"]
    assert "NDCG@10" in str(evaluation)
    from_frame = model.evaluate(pd.read_csv(log_file), progress=False, at=[5, 10], name="log.csv")
    assert figures(from_frame.report) == figures(printed)


def test_a_trained_model_is_evaluated_before_it_is_saved(log_file: Path) -> None:
    model = sotto.train(log_file, progress=False, embedding_dim=8, hidden_dim=8, epochs=1)
    frame = model.evaluate(log_file, progress=False).frame()
    assert isinstance(frame, pd.DataFrame)
    assert {"fixed", "float", "lstm", "popularity"} <= set(frame.arm)
    row = frame.set_index("arm").loc["fixed"]
    assert row["kind"] == "model"
    assert row["ndcg@10_low"] <= row["ndcg@10"] <= row["ndcg@10_high"]
    slices = model.evaluate(log_file, progress=False).slices()
    assert set(slices.dimension) == {"history", "popularity", "repeat"}


def test_without_pandas_frames_are_columns(
    model: sotto.Model, log_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluation = model.evaluate(log_file, progress=False)
    original = builtins.__import__

    def without_pandas(name: str, *arguments: Any, **named: Any) -> Any:
        if name == "pandas":
            raise ImportError(name)
        return original(name, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", without_pandas)
    columns = evaluation.frame()
    assert columns["arm"][:2] == ["float", "fixed"]
    assert len(columns["ndcg@10"]) == len(columns["arm"])


def test_events_that_were_trained_on_are_refused(log_file: Path) -> None:
    model = sotto.train(log_file, progress=False, embedding_dim=8, hidden_dim=8, epochs=1, split="none")
    with pytest.raises(sotto.SottoError, match="refused: .*allow_trained_events") as failure:
        model.evaluate(log_file, progress=False)
    assert failure.value.code == "invalid_argument"
    evaluation = model.evaluate(log_file, progress=False, allow_trained_events=True)
    assert any("mean little" in note for note in evaluation.notes)


def test_the_page_is_written(model: sotto.Model, log_file: Path, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    model.evaluate(log_file, progress=False, html=page)
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    before = log_file.read_bytes()
    with pytest.raises(sotto.SottoError, match="is what interactions reads"):
        model.evaluate(log_file, progress=False, html=log_file)
    assert log_file.read_bytes() == before
