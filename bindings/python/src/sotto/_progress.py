"""The progress of long work, as plain text."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any, TextIO


def _is_notebook() -> bool:
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return type(shell).__name__ == "ZMQInteractiveShell"


def epoch_in_words(epoch: dict[str, Any]) -> str:
    """Returns the line that stands for a finished epoch where no line can be rewritten."""
    training = "final training: " if epoch["final_training"] else ""
    text = f"{training}epoch {epoch['epoch']}/{epoch['max_epochs']}: loss {epoch['loss']:.4f}"
    if "validation" in epoch:
        text += f", validation {epoch['metric']} {epoch['validation']:.4f} (best {epoch['best_validation']:.4f})"
    return f"{text}, {epoch['events_per_second']:.0f} events/s"


class Progress:
    """Writes to stderr: one line that is rewritten in a terminal or a notebook, else a line for each epoch.

    It is what `tell` calls while the core works.
    """

    def __init__(self, shown: bool, callback: Callable[[dict[str, Any]], object] | None = None) -> None:
        self._stream: TextIO | None = sys.stderr if shown else None
        self._in_place = shown and self._stream is not None and (self._stream.isatty() or _is_notebook())
        self._callback = callback
        self._width = 0

    def __call__(self, kind: str, text: str) -> None:
        if kind == "epoch":
            epoch = json.loads(text)
            if self._stream is not None and not self._in_place:
                print(epoch_in_words(epoch), file=self._stream, flush=True)
            if self._callback is not None:
                self._callback(epoch)
        elif kind == "line":
            self._rewrite(text)
        elif kind == "clear":
            self.clear()
        elif kind == "end" and self._width > 0:
            self._write("\n")
            self._width = 0

    def clear(self) -> None:
        """Removes the line, if there is one."""
        if self._width > 0:
            self._rewrite("")
            self._write("\r")

    def _rewrite(self, text: str) -> None:
        if self._in_place:
            self._write("\r" + text.ljust(self._width))
            self._width = len(text)

    def _write(self, text: str) -> None:
        if self._stream is not None:
            self._stream.write(text)
            self._stream.flush()
