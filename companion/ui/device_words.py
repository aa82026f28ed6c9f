"""Why this computer's key store did not open a space, or did not take its key, and what to do then."""

from __future__ import annotations

from companion.core.i18n import _


def device_reason(code: str) -> str:
    """What happened; `code` is one of core's DEVICE_REASONS."""
    return {
        "none": _("There is no key store on this computer."),
        "weak": _("The key store of this computer does not keep keys well enough."),
        "locked": _("The key store of this computer is locked."),
        "gone": _("The key store of this computer has no key to this space."),
        "garbage": _("The key store has a key, but it does not fit this space."),
        "slow": _("The key store did not answer in time."),
        "broken": _("The key store did not work just now."),
        "not-kept": _("The key store did not keep the key."),
        "off": _("Opening without typing is off for this space."),
    }.get(code) or _("The key store did not work just now.")


def device_advice(code: str) -> str:
    """What opens the space now, and how to have the key store open it again where it never will by itself."""
    if code in ("gone", "garbage"):
        return _("Type your passphrase. Then you can turn this on again in Settings.")
    return _("Your passphrase opens your space as always.")
