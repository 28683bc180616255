"""In a notebook: a real kernel of Jupyter runs the cells, as a notebook's server asks it to."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

PATIENCE = 120  # seconds: only a kernel that hangs takes so long


class Notebook:
    """Cells that are run one after the other."""

    def __init__(self, kernel: KernelManager, client: BlockingKernelClient) -> None:
        self.kernel = kernel
        self._client = client

    def start(self, cell: str) -> str:
        # An error of this cell leaves those after it alone. A kernel else gives up, for a moment that it
        # does not tell the end of, every cell that it was sent.
        return str(self._client.execute(cell, stop_on_error=False))

    def until(self, message: str, kind: str, name: str = "") -> str:
        """Waits for an output of a cell; returns the text of its stream up to then."""
        text = ""
        while True:
            output = self._client.get_iopub_msg(timeout=PATIENCE)
            if output["parent_header"].get("msg_id") != message:
                continue
            content = output["content"]
            if output["msg_type"] == "stream" and content["name"] == (name or "stderr"):
                text += content["text"]
                if kind == "stream":
                    return str(text)
            if output["msg_type"] == "status" and content["execution_state"] == "idle":
                return str(text)

    def reply(self, message: str) -> dict[str, Any]:
        while True:
            reply = self._client.get_shell_msg(timeout=PATIENCE)
            if reply["parent_header"].get("msg_id") == message:
                return dict(reply["content"])

    def run(self, cell: str, name: str = "stderr") -> str:
        message = self.start(cell)
        text = self.until(message, "idle", name)
        reply = self.reply(message)
        assert reply["status"] == "ok", reply
        return text


@pytest.fixture(scope="module")
def notebook() -> Iterator[Notebook]:
    kernel = KernelManager(kernel_name="python3", transport="ipc")
    kernel.start_kernel(env=dict(os.environ))
    client = kernel.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=PATIENCE)
        yield Notebook(kernel, client)
    finally:
        client.stop_channels()
        kernel.shutdown_kernel(now=True)


def test_progress_is_one_line_that_is_written_again(notebook: Notebook, log_file: Path) -> None:
    shown = notebook.run(
        f"import sotto\nmodel = sotto.train({str(log_file)!r}, epochs=3, embedding_dim=8, hidden_dim=8, seed=7)"
    )
    lines = shown.split("\n")
    epochs = [part for line in lines for part in line.split("\r") if part.startswith("epoch 1/3")]
    assert epochs, shown
    assert not any(line.startswith("epoch 2/3") for line in lines), shown
    assert "left" in shown


def test_a_model_and_its_figures_show_themselves(notebook: Notebook, log_file: Path) -> None:
    shown = notebook.run(f"print(model)\nprint(model.evaluate({str(log_file)!r}, progress=False))", "stdout")
    assert "Model" in shown
    assert "ndcg" in shown.lower()


def test_the_stop_button_ends_a_training_and_the_notebook_goes_on(notebook: Notebook, log_file: Path) -> None:
    message = notebook.start(
        f"sotto.train({str(log_file)!r}, epochs=10_000, patience=10_000, embedding_dim=8, hidden_dim=8)"
    )
    notebook.until(message, "stream")
    time.sleep(0.2)
    notebook.kernel.interrupt_kernel()
    reply = notebook.reply(message)
    assert (reply["status"], reply.get("ename")) == ("error", "KeyboardInterrupt")
    assert notebook.run("print(1 + 1)", "stdout") == "2\n"
