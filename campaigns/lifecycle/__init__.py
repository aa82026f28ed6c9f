"""What can happen to a vault besides saving, each as: prepare, act (in the child), judge what a kill left."""

from __future__ import annotations

from campaigns.lifecycle import contents, copies, devices, keys
from campaigns.lifecycle.case import Case

CASES: dict[str, Case] = {**keys.CASES, **devices.CASES, **copies.CASES, **contents.CASES}
