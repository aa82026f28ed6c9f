"""What another program finds on both clipboards of the screen: `board_reader.py RESULT`, on X11.

It asks the X server as any program would; inside the window's own process the clipboard would answer from memory.
"""

import json
import sys

from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QApplication, QWidget


def main(result):
    """Read, and write both down as JSON."""
    app = QApplication([])
    asks = QWidget()  # the server needs a window to answer to; it is never shown
    asks.winId()
    board = app.clipboard()
    kinds = {"clipboard": QClipboard.Mode.Clipboard, "primary": QClipboard.Mode.Selection}
    with open(result, "w") as file:
        json.dump({name: board.text(kind) for name, kind in kinds.items()}, file)


if __name__ == "__main__":
    main(sys.argv[1])
