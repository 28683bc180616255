"""What Sotto raises."""

from __future__ import annotations

import re

_OPTION = re.compile(r"--([a-z][a-z0-9]*(?:-[a-z0-9]+)*)")


class SottoError(Exception):
    """Sotto refused a call, or could not do what it asks for. Nothing has changed.

    `code` is one of the names in docs/errors.md, such as ``"unknown_item"``; programs may rely on it. The text of the
    exception says what is wrong, where, and the offending value.
    """

    code: str

    def __init__(self, code: str, message: str) -> None:
        # The core names options as the command line does.
        super().__init__(_OPTION.sub(lambda option: option[1].replace("-", "_"), message))
        self.code = code

    def __reduce__(self) -> tuple[type[SottoError], tuple[str, str]]:
        return (type(self), (self.code, str(self)))


class SottoWarning(UserWarning):
    """What may be wrong with what was read, such as rows of a log that break a rule and were left out."""
