"""Every screen of the shell with words 40 % longer, from right to left, and with the widest spacing: nothing is cut."""

from __future__ import annotations

import gettext
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from companion.core import i18n
from companion.core.errors import WrongSecret
from companion.ui.shell.first_run import FirstRun
from companion.ui.shell.help_now import HelpNow
from companion.ui.shell.hide import HideCover
from companion.ui.shell.unlock import LockScreen
from tests.ui.stage import WIDE, Stage, cut, open_sheet, staged


class Stretched(gettext.NullTranslations):
    """Doubles most vowels, and leaves placeholders alone."""

    def gettext(self, message: str) -> str:
        depth, letters = 0, []
        for letter in message:
            depth += (letter == "{") - (letter == "}")
            letters.append(letter * 2 if depth == 0 and letter in "aeou" else letter)
        return "".join(letters)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@pytest.fixture
def stage(qapp: QApplication, tmp_path: Path) -> Iterator[Stage]:
    yield from staged(qapp, tmp_path)
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def lock(stage: Stage) -> QWidget:
    screen = LockScreen(*stage.parts)
    screen.set_spaces([("a", "Space 1"), ("b", "Space 2")], "a")
    screen.show_error(WrongSecret())
    screen.lines.cards[0].set_open(True)
    return screen


def forgot(stage: Stage) -> QWidget:
    screen = LockScreen(*stage.parts)
    screen.card.show_forgot()
    return screen


def help_with_all_lines(stage: Stage) -> QWidget:
    content = HelpNow(*stage.parts)
    content.lines.show_rest()
    return content


def page(name: str) -> Callable[[Stage], QWidget]:
    def make(stage: Stage) -> QWidget:
        screen = FirstRun(*stage.parts)
        screen.show_page(getattr(screen, name))
        return screen

    return make


SCREENS: dict[str, Callable[[Stage], QWidget]] = {
    "lock": lock,
    "forgot": forgot,
    "help": help_with_all_lines,
    "cover": lambda stage: HideCover(stage.kit),
    **{name: page(name) for name in ("hello", "where", "choice", "passphrase", "recovery", "others", "one_thing")},
}


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("way", ["longer words", "right to left", "widest spacing"])
@pytest.mark.parametrize("name", SCREENS)
def test_nothing_is_cut(stage: Stage, monkeypatch: pytest.MonkeyPatch, name: str, way: str, scale: float) -> None:
    if way == "longer words":
        monkeypatch.setattr(i18n, "_catalogue", Stretched())
    elif way == "right to left":
        stage.app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    else:
        stage.settings.change(spacing="wider")
        stage.theme.apply(stage.settings.current)
    screen = SCREENS[name](stage)
    if isinstance(screen, HelpNow):
        window = stage.show(QWidget(), WIDE, scale)
        open_sheet(window, stage, screen, "Help right now")
    else:
        window = stage.show(screen, WIDE, scale)
    assert cut(window) == []
