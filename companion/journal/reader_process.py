"""Starts the process that reads a foreign file, listens to it, and ends it."""

from __future__ import annotations

import base64
import contextlib
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import companion
from companion.core.errors import InputRefused, Stopped
from companion.journal.importers.confine import DEFAULT_MEMORY
from companion.journal.importers.messages import refusal_from_json
from companion.journal.importers.names import shown
from companion.journal.importers.protocol import MESSAGE, FrameReader, NoProgress, ProtocolBroken

NO_PROGRESS_S = 120.0
_KEPT_FROM_ENVIRONMENT = ("LD_LIBRARY_PATH", "TZ", "TZDIR", "SYSTEMROOT")
_START = (
    "import sys; sys.path.append(sys.argv[1]); from companion.journal.importers.child import main; sys.exit(main())"
)
_log = logging.getLogger(__name__)


def reader_command() -> list[str]:
    """The command that starts a reading process; a frozen build puts its own here.

    It runs isolated: no user site, no PYTHON* variables, nothing from the current folder.
    """
    root = Path(companion.__file__).resolve().parent.parent
    return [sys.executable, "-I", "-X", "utf8", "-c", _START, str(root)]


@dataclass(frozen=True, slots=True)
class Request:
    """What the process is asked: `wanted` a format or None for any, `zone` the local one or ""."""

    path: Path
    wanted: str | None
    zone: str
    want_media: bool
    memory_bytes: int = DEFAULT_MEMORY

    def to_bytes(self) -> bytes:
        """The request as one line."""
        fields = {
            "path": base64.b64encode(os.fsencode(os.path.abspath(self.path))).decode("ascii"),
            "format": self.wanted,
            "zone": self.zone,
            "media": self.want_media,
            "memory": self.memory_bytes,
        }
        return json.dumps(fields).encode("ascii") + b"\n"


class ReaderProcess:
    """One reading process. Every method but `stop` belongs to the thread that reads."""

    def __init__(self, request: Request, command: Callable[[], list[str]], no_progress_s: float) -> None:
        self._request = request
        self._command = command
        self._no_progress_s = no_progress_s
        self._lock = threading.Lock()
        self._stopped = False
        self._process: subprocess.Popen[bytes] | None = None
        self._frames: FrameReader | None = None

    def start(self) -> None:
        """Start it with nothing but the request. Raises Stopped, InputRefused("reader-failed")."""
        environment = {name: os.environ[name] for name in _KEPT_FROM_ENVIRONMENT if name in os.environ}
        with self._lock:
            if self._stopped:
                raise Stopped
            try:
                process = self._process = subprocess.Popen(
                    self._command(),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=environment,
                    cwd="/",
                    start_new_session=True,
                )
            except OSError as error:
                raise self.failed("not started") from error
        if process.stdin is None or process.stdout is None:
            raise self.failed("no pipes")
        self._frames = FrameReader(process.stdout.fileno(), self._no_progress_s)
        # The path goes by standard input: other programs can see arguments. A reader
        # that is already gone is found at the first read.
        with contextlib.suppress(OSError):
            process.stdin.write(self._request.to_bytes())
            process.stdin.close()

    def stop(self) -> None:
        """End it at once, from any thread; reading raises Stopped from then on."""
        with self._lock:
            self._stopped = True
            if self._process is not None:
                self._process.kill()

    def close(self) -> None:
        """End it and wait until it is gone."""
        process = self._process
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def message(self) -> dict[str, Any]:
        """The next frame, which has to be a message. Raises InputRefused, Stopped."""
        kind, raw = self.frame()
        if kind != MESSAGE:
            raise self.failed("piece out of order")
        return self.opened(raw)

    def opened(self, raw: bytes) -> dict[str, Any]:
        """The content of a message frame. Raises InputRefused: what the reader refused, or "reader-failed"."""
        if self._frames is None:
            raise self.failed("not started")
        with self.checked():
            message = self._frames.message(raw)
            if message["type"] == "refused":
                raise InputRefused(*refusal_from_json(message))
        return message

    def frame(self) -> tuple[bytes, bytes]:
        """Kind and content of the next frame. Raises InputRefused("reader-failed"), Stopped."""
        if self._frames is None:
            raise self.failed("not started")
        try:
            frame = self._frames.next()
        except (EOFError, OSError, NoProgress, ProtocolBroken) as error:
            if self._stopped:
                raise Stopped from error
            raise self.failed(type(error).__name__) from error
        if self._stopped:
            raise Stopped
        return frame

    @contextlib.contextmanager
    def checked(self) -> Iterator[None]:
        """Turns a broken rule of the protocol into InputRefused("reader-failed")."""
        try:
            yield
        except ProtocolBroken as error:
            raise self.failed(str(error)) from error

    def failed(self, what: str) -> InputRefused:
        """The refusal for a reader that died or did what no reader of ours does."""
        code = self._process.poll() if self._process else None
        _log.warning("the reader of an import ended: %s (%s)", what, code)
        return InputRefused("reader-failed", shown(self._request.path.name))
