"""Bringing another journal in: choose, look first, bring in, done; with Stop and one-step undo."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from companion.core.errors import CompanionError, Stopped
from companion.core.events import Changed, Kind
from companion.core.i18n import _, ngettext, number_words
from companion.core.stopping import StopSwitch
from companion.journal.model import ImportReport, Undone
from companion.ui.announce import announce
from companion.ui.journal.bring_in_report import PreviewPage, failure_line, report_lines
from companion.ui.widgets.filling import clear, fill

if TYPE_CHECKING:
    from companion.core.clock import Clock
    from companion.journal.service import JournalService
    from companion.ui.changes import Changes
    from companion.ui.kit import Kit
    from companion.ui.tasks import Tasks
    from companion.ui.widgets.progress import Progress
    from companion.ui.widgets.sheet import SheetHost
    from companion.vault.session import Session

HOLD = "import"


class BringIn(QWidget):
    """Four steps on one page; nothing in the vault changes before the third."""

    left = Signal()

    def __init__(
        self,
        kit: Kit,
        clock: Clock,
        journal: JournalService,
        tasks: Tasks,
        session: Session,
        changes: Changes,
        sheets: SheetHost,
    ) -> None:
        super().__init__()
        self._kit, self._clock, self._journal = kit, clock, journal
        self._tasks, self._session, self._changes, self._sheets = tasks, session, changes, sheets
        self._path: Path | None = None
        self._report: ImportReport | None = None
        self._stop = StopSwitch()
        self._is_working = False
        self._build()

    def begin(self) -> None:
        """From the first step on."""
        self.stop()
        self._path = self._report = None
        self._trouble.hide()
        self._go("choose")

    def stop(self) -> None:
        """Stop reading or bringing in; nothing of it is kept, and what it still answers is not heard."""
        self._stop.stop()
        self._stop = StopSwitch()
        self._release()

    @property
    def is_working(self) -> bool:
        """Whether a file is being read or brought in."""
        return self._is_working

    def say_stopped(self) -> None:
        """Back after Lock or Hide in the middle of it; what was in by then is known and is not added twice."""
        self._tell(_("Bringing in stopped when this locked. You can begin again. Nothing is added twice."))

    def focus_first(self) -> None:
        """Put the focus where this step begins."""
        self._choose_file.setFocus(Qt.FocusReason.TabFocusReason)

    # --- building --------------------------------------------------------

    def _build(self) -> None:
        kit = self._kit
        self._steps = kit.steps([_("Choose"), _("Look first"), _("Bring in"), _("Done")])
        self._trouble = kit.notice("", tone="warn")
        self._trouble.hide()
        self._names: dict[str, QWidget] = {}
        self._bars: dict[str, Progress] = {}
        self._stops: dict[str, QWidget] = {}
        for name, page in (
            ("choose", self._choose_page()),
            ("reading", self._work_page("reading", _("Reading what is there. Nothing changes."))),
            ("preview", self._preview_page()),
            ("bringing", self._work_page("bringing", _("Bringing your notes in."))),
            ("done", self._done_page()),
        ):
            self._names[name] = page
            if name != "choose":  # which is not told to show: it would be a window until it has its place
                page.hide()
        # Not a stack: each page is as high as it is, and a short one does not scroll because a long one could.
        pages = [(page, 1) for page in self._names.values()]
        fill(kit.column(self, spacing=14), self._steps, self._trouble, *pages)

    def _choose_page(self) -> QWidget:
        kit = self._kit
        card = kit.card(padding=28, spacing=12)
        card.body.addWidget(kit.label(_("Bring in a journal you already have"), "h2"))
        for line in (
            _("From Day One: the zip or JSON that it exports. Photos and other files come along."),
            _("From jrnl: a text file, a folder, or its JSON."),
            _("From Companion: the JSON or zip that it wrote."),
            _("You look first. Nothing is added until you say so, and you can take it all back."),
        ):
            card.body.addWidget(kit.label(line))
        row = kit.flow()
        self._choose_file = kit.button(_("Choose a file"), kind="primary", icon="file")
        self._choose_file.clicked.connect(partial(self._on_choose, False))
        self._choose_folder = kit.button(_("Choose a folder"), icon="folder")
        self._choose_folder.clicked.connect(partial(self._on_choose, True))
        back = kit.button(_("Not now"), kind="ghost")
        back.clicked.connect(self.left)
        row.addWidget(self._choose_file)
        row.addWidget(self._choose_folder)
        row.addWidget(back)
        card.body.addLayout(row)
        return _top(card)

    def _work_page(self, name: str, words: str) -> QWidget:
        kit = self._kit
        card = kit.card(padding=28, spacing=12)
        card.body.addWidget(kit.label(words, "h3"))
        progress = kit.progress(words)
        card.body.addWidget(progress)
        stop = kit.button(_("Stop"), kind="outline")
        stop.clicked.connect(self._on_stop)
        card.body.addWidget(stop, 0, Qt.AlignmentFlag.AlignLeft)
        self._bars[name], self._stops[name] = progress, stop
        return _top(card)

    def _preview_page(self) -> QWidget:
        self._preview = PreviewPage(self._kit, lambda: self._clock.now().date())
        self._preview.another_requested.connect(self.begin)
        self._preview.left.connect(self._on_leave)
        self._preview.bring_in_requested.connect(self._on_bring_in)
        return self._preview

    def _done_page(self) -> QWidget:
        kit = self._kit
        card = kit.card(padding=28, spacing=12)
        self._done_title = kit.label("", "h2")
        card.body.addWidget(self._done_title)
        self._done_lines = QVBoxLayout()
        card.body.addLayout(self._done_lines)
        row = kit.flow()
        self._see = kit.button(_("See my notes"), kind="primary")
        self._see.clicked.connect(self._on_leave)
        self._undo = kit.button(_("Take it all back"), icon="undo-2")
        self._undo.clicked.connect(self._on_undo)
        row.addWidget(self._see)
        row.addWidget(self._undo)
        card.body.addLayout(row)
        return _top(card)

    # --- steps -----------------------------------------------------------

    def _go(self, name: str) -> None:
        self._steps.set_current({"choose": 0, "reading": 1, "preview": 1, "bringing": 2, "done": 3}[name])
        for other, page in self._names.items():
            if other != name:
                page.hide()
        self._names[name].show()

    def _on_choose(self, folder: bool) -> None:
        dialog = QFileDialog(self.window(), _("Choose what to bring in"))
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog, True)
        dialog.setDirectory(str(self._path.parent if self._path else _downloads()))
        dialog.setFileMode(QFileDialog.FileMode.Directory if folder else QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.look_at)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def look_at(self, path: str) -> None:
        """Read this file or folder and show what would come in."""
        self._path = Path(path)
        self._trouble.hide()
        self._start("reading")
        job = partial(
            self._journal.importing.preview,
            self._path,
            progress=self._progress_to("reading"),
            stop=self._stop,
            on_vault=self._tasks.on_vault,
        )
        self._tasks.in_background(self, job, self._answer_to(self._on_previewed), self._answer_to(self._on_failed))

    def _on_previewed(self, report: ImportReport) -> None:
        self._release()
        self._report = report
        self._preview.show_report(report)
        self._go("preview")
        self._preview.focus_first()

    def _on_bring_in(self) -> None:
        if self._path is None or self._is_working:
            return
        self._start("bringing")
        job = partial(
            self._journal.importing.bring_in,
            self._path,
            progress=self._progress_to("bringing"),
            stop=self._stop,
            on_vault=self._tasks.on_vault,
        )
        self._tasks.in_background(self, job, self._answer_to(self._on_brought_in), self._answer_to(self._on_failed))

    def _on_brought_in(self, report: ImportReport) -> None:
        self._release()
        self._report = report
        words = ngettext("{count} note is in.", "{count} notes are in.", report.new)
        words = words.format(count=number_words(report.new))
        self._done_title.setText(words)
        announce(self._done_title, words)
        self._fill_done(report_lines(report))
        self._undo.setVisible(report.batch is not None and report.new > 0)
        self._go("done")
        self._see.setFocus(Qt.FocusReason.TabFocusReason)
        self._changes.changed.emit(Changed(Kind.JOURNAL))

    def _on_undo(self) -> None:
        if self._report is None or self._report.batch is None:
            return
        self._done_title.setText(_("Taking them back…"))
        self._fill_done([])
        self._see.setFocus(Qt.FocusReason.TabFocusReason)
        self._undo.hide()
        job = partial(self._journal.importing.undo, self._report.batch)
        self._tasks.run(self, job, self._on_undone, self._on_failed)

    def _on_undone(self, undone: Undone) -> None:
        words = ngettext("{count} note was taken back.", "{count} notes were taken back.", undone.removed)
        self._done_title.setText(words.format(count=number_words(undone.removed)))
        kept = undone.kept_because_edited
        stays = ngettext("{count} that you changed stays.", "{count} that you changed stay.", kept)
        stays = stays.format(count=number_words(kept))
        self._fill_done([stays if kept else _("Everything is as it was before.")])
        self._see.setFocus(Qt.FocusReason.TabFocusReason)
        self._changes.changed.emit(Changed(Kind.JOURNAL))

    def _on_stop(self) -> None:
        self._stop.stop()

    def _on_leave(self) -> None:
        self.stop()
        self.left.emit()

    def _on_failed(self, error: CompanionError) -> None:
        self._release()
        self._go("choose")
        if isinstance(error, Stopped):
            self._tell(_("Stopped. Nothing was added."))
        else:
            self._tell(failure_line(error))
        self.focus_first()

    # --- inside ----------------------------------------------------------

    def _start(self, page: str) -> None:
        self._stop = StopSwitch()
        self._is_working = True
        self._session.hold(HOLD)
        self._bars[page].show_words(_("Opening…"))
        self._go(page)
        self._stops[page].setFocus(Qt.FocusReason.TabFocusReason)

    def _tell(self, words: str) -> None:
        self._trouble.set_text(words)
        self._trouble.show()
        announce(self._trouble, words)

    def _answer_to(self, receive: Callable[[Any], None]) -> Callable[[Any], None]:
        """Receive only while the work that is begun now is still the one on the screen."""
        begun = self._stop

        def take(answer: Any) -> None:
            if self._stop is begun:
                receive(answer)

        return take

    def _release(self) -> None:
        if self._is_working:
            self._is_working = False
            self._session.release(HOLD)

    def _progress_to(self, page: str) -> Callable[[int, int], None]:
        """From the working thread to the bar on this one."""
        bar = self._bars[page]

        # The first reading counted them; the second one only tells how far it is.
        known = self._report.found if page == "bringing" and self._report is not None else 0

        def told(done_and_total: tuple[int, int]) -> None:
            done, total = done_and_total[0], done_and_total[1] or known
            if total:
                words = _("{done} of {total} notes")
                bar.show_progress(done, total, words.format(done=number_words(done), total=number_words(total)))
            else:
                words = ngettext("{count} note so far", "{count} notes so far", done)
                bar.show_words(words.format(count=number_words(done)))

        told_now = self._answer_to(told)
        return lambda done, total: self._tasks.tell(self, told_now, (done, total))

    def _fill_done(self, lines: list[str]) -> None:
        clear(self._done_lines)
        for line in lines:
            self._done_lines.addWidget(self._kit.label(line))


def _downloads() -> Path:
    """Where an export most likely is."""
    folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation))
    return folder if folder.is_dir() else Path.home()


def _top(card: QWidget) -> QWidget:
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(card)
    layout.addStretch(1)
    return page
