"""Text size and colours: shown at once, and kept for the next start where the disk allows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from companion.core.errors import StorageTrouble
from companion.core.i18n import _

if TYPE_CHECKING:
    from companion.services import SettingsStore
    from companion.ui.theme import Theme


def change_look(settings: SettingsStore, theme: Theme, **changes: Any) -> bool:
    """Show these settings now. False when they could not be kept and end with this window."""
    try:
        settings.change(**changes)
    except StorageTrouble:
        return False
    finally:
        theme.apply(settings.current)
    return True


def scale_choices() -> list[tuple[str, str]]:
    """The seven text sizes, as key and words."""
    return [
        ("0.875", _("Smaller")),
        ("1.0", _("Normal")),
        ("1.15", _("A little bigger")),
        ("1.3", _("Bigger")),
        ("1.5", _("Big")),
        ("1.75", _("Very big")),
        ("2.0", _("Biggest")),
    ]


def palette_choices() -> list[tuple[str, str]]:
    """The palettes, as key and words."""
    return [
        ("system", _("Like this computer")),
        ("light", _("Light")),
        ("dark", _("Dark")),
        ("hc_light", _("High contrast, light")),
        ("hc_dark", _("High contrast, dark")),
    ]
