"""Shows an entry's Markdown for reading: selectable, keyboard-scrollable, with pictures from the vault only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QImage, QTextBlockFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser

from companion.core.markup import ATTACHMENT, to_html

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from companion.ui.theme import Theme


LINE_HEIGHT_PERCENT = 122


class MarkdownView(QTextBrowser):
    """As tall as its text; the scroll area around it scrolls."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._markdown = ""
        self._pictures: dict[int, QImage] = {}
        self.setProperty("kind", "reading")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)
        self.document().setDocumentMargin(0)
        theme.changed.connect(self._show)
        self.document().documentLayout().documentSizeChanged.connect(self._on_size_changed)

    def show_markdown(self, markdown: str) -> None:
        """Show this text, without pictures until `show_picture` brings them."""
        self._markdown = markdown
        self._pictures.clear()
        self._show()

    def show_picture(self, position: int, picture: QImage) -> None:
        """The entry's file at this 1-based position, decrypted and scaled down."""
        self._pictures[position] = picture
        self._show()

    def clear_all(self) -> None:
        """Forget text and pictures."""
        self.show_markdown("")

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Pictures come from memory; nothing is ever read from a disk or fetched."""
        found = ATTACHMENT.match(name.toString() if isinstance(name, QUrl) else name)
        if kind == QTextDocument.ResourceType.ImageResource.value and found is not None:
            picture = self._pictures.get(int(found.group(1)))
            if picture is not None:
                return self._fitted(picture)
            return QImage(1, 1, QImage.Format.Format_ARGB32)
        return None

    def sizeHint(self) -> QSize:
        """The height of the whole text at this width."""
        return QSize(super().sizeHint().width(), int(self.document().size().height()) + 4)

    def minimumSizeHint(self) -> QSize:
        """As `sizeHint`: the text is never cut."""
        return QSize(0, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A new width makes a new height."""
        super().resizeEvent(event)
        self.updateGeometry()

    def _fitted(self, picture: QImage) -> QImage:
        room = max(80, self.viewport().width() - 8)
        if picture.width() <= room:
            return picture
        return picture.scaledToWidth(room, Qt.TransformationMode.SmoothTransformation)

    def _show(self) -> None:
        self.document().setDefaultFont(self._theme.font("reading"))
        self.setHtml(to_html(self._markdown))
        self._space_lines()
        self.updateGeometry()

    def _space_lines(self) -> None:
        # Rich text knows no line height for a document; each paragraph gets it.
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        spacing = QTextBlockFormat()
        spacing.setLineHeight(LINE_HEIGHT_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        cursor.mergeBlockFormat(spacing)

    def _on_size_changed(self) -> None:
        self.updateGeometry()
