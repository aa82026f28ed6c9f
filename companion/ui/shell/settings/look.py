"""Look and reading: text, colours, motion and pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QFontDatabase

from companion.core.i18n import _
from companion.ui.shell.look import palette_choices, scale_choices
from companion.ui.shell.settings.section import Changes, Section

if TYPE_CHECKING:
    from companion.ui.kit import Kit

# Faces that the app ships; every installed one can be chosen too (OpenDyslexic, if it is there).
_SHIPPED = ("Atkinson Hyperlegible", "Lexend", "Literata")


class LookSection(Section):
    """Everything here shows at once, so the page is its own sample."""

    key = "look"
    icon = "type"

    def __init__(self, kit: Kit, changes: Changes) -> None:
        super().__init__(kit, changes)
        self._scale = self.choices(_("Text size"), "text_scale", scale_choices(), float)
        self._font = self.choices(_("Font"), "font", font_choices(self._current.font))
        spacings = [("normal", _("Normal")), ("wide", _("Wide")), ("wider", _("Wider"))]
        self._spacing = self.choices(_("Line and word spacing"), "spacing", spacings)
        self._palette = self.choices(_("Colours"), "palette", palette_choices())
        motions = [("system", _("Like this computer")), ("reduced", _("Nothing moves"))]
        self._motion = self.choices(_("Motion"), "motion", motions)
        self._pictures = self.switch(_("Pictures"), "pictures")
        self._build()

    def title(self) -> str:
        """The word in the list of pages."""
        return _("Look and reading")

    def refresh(self) -> None:
        """Show what is set now."""
        current = self._current
        self._scale.choose(str(current.text_scale))
        self._font.choose(current.font)
        self._spacing.choose(current.spacing)
        self._palette.choose(current.palette)
        self._motion.choose(current.motion)
        self._pictures.setChecked(current.pictures)

    def _build(self) -> None:
        kit = self._kit
        text = kit.card(spacing=0)
        self.head(text, "type", _("Text"))
        self.rows(
            text,
            self.row("a-large-small", _("Text size"), _("Ctrl and + or - do it too."), self._scale),
            self.row("case-sensitive", _("Font"), _("Pick what feels easy."), self._font),
            self.row(
                "list-indent-increase", _("Line and word spacing"), _("More room helps some people."), self._spacing
            ),
        )
        note = _(
            "Some people like a special font. Studies don't show that it helps most readers. Pick what feels easy."
        )
        text.body.addWidget(kit.label(note, "small"))
        colours = kit.card(spacing=0)
        self.head(colours, "palette", _("Colours and motion"))
        self.rows(
            colours,
            self.row("contrast", _("Colours"), _("Light, dark, or high contrast."), self._palette),
            self.row("circle-pause", _("Motion"), _("Nothing here flashes or makes a sound."), self._motion),
            self.row("image", _("Pictures"), _("The hills. There are none in high contrast."), self._pictures),
        )
        sample = kit.card("sunken", padding=20, spacing=4)
        sample.body.addWidget(kit.label(_("A sample"), "small_bold", tone="text_muted"))
        words = _("The rain stopped at four. I went out, and it was enough. Tomorrow I might go as far as the bridge.")
        sample.body.addWidget(kit.label(words, "reading"))
        for card in (text, colours, sample):
            self.column.addWidget(card)


def font_choices(current: str) -> list[tuple[str, str]]:
    """The app's own faces, the system's, then every installed one that can be drawn at any size."""
    items = [
        ("Atkinson Hyperlegible", _("Atkinson Hyperlegible (usual)")),
        ("Lexend", "Lexend"),
        ("Literata", "Literata"),
        ("", _("The font of this computer")),
    ]
    known = {key for key, _label in items}
    installed = [
        family
        for family in QFontDatabase.families(QFontDatabase.WritingSystem.Latin)
        if QFontDatabase.isSmoothlyScalable(family) and not QFontDatabase.isPrivateFamily(family)
    ]
    more = sorted({*installed, current} - known - {"Fraunces"}, key=str.casefold)
    return [*items, *((family, family) for family in more)]
