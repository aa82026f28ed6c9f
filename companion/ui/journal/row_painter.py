"""Paints the rows of the timeline and of found entries from theme tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from companion.core.i18n import _
from companion.journal.model import Hit, Summary
from companion.ui.journal.entry_model import Role
from companion.ui.moments import time_words
from companion.ui.moods import MOOD_ICONS, mood_word, title_or_start

if TYPE_CHECKING:
    from companion.ui.kit import Kit

Index = QModelIndex | QPersistentModelIndex


class RowPainter(QStyledItemDelegate):
    """One entry: a day's name over the first of a day, title and time, first words, mood and tags."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.is_covered = False

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """Heights from the fonts in force, so that 200 % text is never cut."""
        px = self._kit.theme.px
        summary = index.data(Role.SUMMARY)
        height = 2 * px(10) + self._line("label")
        if isinstance(summary, Summary):
            if not self._is_closed(summary, index):
                height += self._line("caption") + px(2)
            if self._shows_facts(summary):
                height += self._line("caption") + px(4)
            if index.data(Role.FIRST_OF_DAY):
                height += self._line("caption") + px(14)
        elif isinstance(summary, Hit):
            height += 2 * self._line("caption") + px(6)
        return QSize(px(200), height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        item = index.data(Role.SUMMARY)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRect(option.rect)
        px = self._kit.theme.px
        if isinstance(item, Summary) and index.data(Role.FIRST_OF_DAY):
            head = QRect(rect.left() + px(6), rect.top() + px(8), rect.width() - px(12), self._line("caption"))
            self._text(painter, head, "caption_bold", "text_muted", str(index.data(Role.DAY_WORDS)))
            rect.setTop(head.bottom() + px(6))
        self._paint_ground(painter, rect, option)
        inner = rect.adjusted(px(14), px(10), -px(14), -px(10))
        if isinstance(item, Summary):
            self._paint_summary(painter, inner, item, index)
        elif isinstance(item, Hit):
            self._paint_hit(painter, inner, item, str(index.data(Role.DAY_WORDS)))
        painter.restore()

    # --- parts -----------------------------------------------------------

    def _paint_ground(self, painter: QPainter, rect: QRect, option: QStyleOptionViewItem) -> None:
        theme = self._kit.theme
        state = option.state
        box = QRectF(rect).adjusted(1, 2, -1, -2)
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(theme.colour("accent_soft"))
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRoundedRect(box, theme.px(10), theme.px(10))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(theme.colour("surface_sunken"))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(box, theme.px(10), theme.px(10))

    def _paint_summary(self, painter: QPainter, rect: QRect, item: Summary, index: Index) -> None:
        px = self._kit.theme.px
        top = rect.top()
        time = time_words(item.at)
        width = QFontMetrics(self._kit.theme.font("caption")).horizontalAdvance(time) + px(8)
        first = QRect(rect.left(), top, rect.width() - width, self._line("label"))
        closed = self._is_closed(item, index)
        if item.heavy and not index.data(Role.UNFOLDED):
            self._text(painter, first, "body", "text_muted", _("Marked heavy, so it is folded"))
        else:
            head = item.title or (_("Note") if self.is_covered else title_or_start("", item.excerpt, item.mood))
            self._text(painter, first, "label", "text", head)
        self._text(
            painter,
            QRect(rect.right() - width, top, width, self._line("label")),
            "caption",
            "text_muted",
            time,
            Qt.AlignmentFlag.AlignRight,
        )
        top += self._line("label")
        if not closed:
            top += px(2)
            words = item.excerpt if item.title else ""
            self._text(
                painter, QRect(rect.left(), top, rect.width(), self._line("caption")), "caption", "text_muted", words
            )
            top += self._line("caption")
        if self._shows_facts(item):
            self._paint_facts(painter, QRect(rect.left(), top + px(4), rect.width(), self._line("caption")), item)

    def _paint_facts(self, painter: QPainter, rect: QRect, item: Summary) -> None:
        px = self._kit.theme.px
        left = rect.left()
        if item.mood is not None:
            role = f"mood_{int(item.mood)}"
            size = px(18)
            painter.drawPixmap(
                left,
                rect.top() + (rect.height() - size) // 2,
                self._kit.icons.pixmap(MOOD_ICONS[item.mood], role, 18),
            )
            left += size + px(6)
            word = mood_word(item.mood)
            width = QFontMetrics(self._kit.theme.font("caption_bold")).horizontalAdvance(word) + px(2)
            self._text(painter, QRect(left, rect.top(), width, rect.height()), "caption_bold", f"{role}_on", word)
            left += width + px(10)
        if item.tags:
            words = ", ".join(item.tags)
            self._text(
                painter, QRect(left, rect.top(), rect.right() - left, rect.height()), "caption", "text_muted", words
            )

    def _paint_hit(self, painter: QPainter, rect: QRect, item: Hit, day: str) -> None:
        px, line = self._kit.theme.px, self._line("caption")
        self._text(painter, QRect(rect.left(), rect.top(), rect.width(), line), "caption", "text_muted", day)
        top = rect.top() + line + px(2)
        first = QRect(rect.left(), top, rect.width(), self._line("label"))
        if item.title:
            self._text(painter, first, "label", "text", item.title)
            top += self._line("label") + px(2)
        self._paint_marked(painter, QRect(rect.left(), top, rect.width(), line), item.snippet)

    def _paint_marked(self, painter: QPainter, rect: QRect, snippet: str) -> None:
        """The words around the found ones; found words on honey and bold, so colour is not alone."""
        theme = self._kit.theme
        left = rect.left()
        for n, piece in enumerate(" ".join(snippet.split()).replace("\x03", "\x02").split("\x02")):
            found = n % 2 == 1
            role = "caption_bold" if found else "caption"
            metrics = QFontMetrics(theme.font(role))
            width = metrics.horizontalAdvance(piece)
            room = rect.right() - left
            if room <= 0 or not piece:
                continue
            box = QRect(left, rect.top(), min(width, room), rect.height())
            if found:
                painter.fillRect(box, theme.colour("hope_soft"))
            colour = "hope_soft_text" if found else "text"
            self._text(
                painter, box, role, colour, metrics.elidedText(piece, Qt.TextElideMode.ElideRight, room), cut=False
            )
            left += width

    def _text(
        self,
        painter: QPainter,
        rect: QRect,
        role: str,
        colour: str,
        words: str,
        side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        *,
        cut: bool = True,
    ) -> None:
        font = self._kit.theme.font(role)
        painter.setFont(font)
        painter.setPen(self._kit.theme.colour(colour))
        if cut:
            words = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, int(side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), words)

    def _is_closed(self, item: Summary, index: Index) -> bool:
        return self.is_covered or not item.title or (item.heavy and not index.data(Role.UNFOLDED))

    def _shows_facts(self, item: Summary) -> bool:
        return not self.is_covered and (item.mood is not None or bool(item.tags))

    def _line(self, role: str) -> int:
        return QFontMetrics(self._kit.theme.font(role)).height() + self._kit.theme.px(2)
