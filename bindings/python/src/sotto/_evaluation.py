"""What an evaluation found."""

from __future__ import annotations

from typing import Any


def _frame(columns: dict[str, list[Any]]) -> Any:
    try:
        import pandas
    except ImportError:
        return columns
    return pandas.DataFrame(columns)


class Evaluation:
    """Accuracy of the model (the arm ``fixed``), its float original, its parts and the baselines.

    `str` gives the table that `sotto evaluate` prints.
    """

    def __init__(self, report: dict[str, Any], text: str) -> None:
        self.report = report
        """What `sotto evaluate --json` prints."""
        self._text = text

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"<sotto.Evaluation of {self.report['log']['name']}: {self.report['targets']} targets>"

    @property
    def best_baseline(self) -> str | None:
        """The baseline with the highest NDCG."""
        return self.report.get("best_baseline")

    @property
    def notes(self) -> list[str]:
        """What a reader of the figures must know to judge them."""
        return list(self.report["notes"])

    def __getitem__(self, arm: str) -> dict[str, Any]:
        """Returns all figures of an arm: ``evaluation["fixed"]["ndcg@10"]``."""
        figures: dict[str, Any] = self.report["arms"][arm]
        return figures

    def frame(self) -> Any:
        """Returns a row for each arm: its kind, each metric at each cut-off with its 95 % interval, coverage.

        Returns:
            A pandas.DataFrame with the columns ``arm``, ``kind``, and for each metric such as ``ndcg@10`` the columns
            ``ndcg@10``, ``ndcg@10_low`` and ``ndcg@10_high``. Without pandas: a dict of these columns as lists.
        """
        columns: dict[str, list[Any]] = {"arm": [], "kind": []}
        for arm, figures in self.report["arms"].items():
            columns["arm"].append(arm)
            columns["kind"].append(figures["kind"])
            for metric, (low, high) in figures["intervals"].items():
                columns.setdefault(metric, []).append(figures[metric])
                columns.setdefault(f"{metric}_low", []).append(low)
                columns.setdefault(f"{metric}_high", []).append(high)
            for cutoff, share in figures["coverage"].items():
                columns.setdefault(f"coverage@{cutoff}", []).append(share)
        return _frame(columns)

    def slices(self) -> Any:
        """Returns a row for each arm and part of the targets: by history, popularity of the target, and repeats.

        Returns:
            A pandas.DataFrame with the columns ``arm``, ``dimension``, ``slice``, ``targets``, ``hr@10`` and ``ndcg@10``.
            Without pandas: a dict of these columns as lists.
        """
        columns: dict[str, list[Any]] = {
            name: [] for name in ("arm", "dimension", "slice", "targets", "hr@10", "ndcg@10")
        }
        for arm, figures in self.report["arms"].items():
            for part in figures["slices"]:
                row = (arm, part["dimension"], part["name"], part["targets"], part["hr@10"], part["ndcg@10"])
                for column, value in zip(columns.values(), row):
                    column.append(value)
        return _frame(columns)
