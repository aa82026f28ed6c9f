from collections.abc import Iterator
from pathlib import Path

import pytest

from companion.journal.service import JournalService
from companion.vault.keyslots import Cost
from companion.vault.vault import Vault
from tests.fakes import FakeClock

PASSPHRASE = "lantern gravel seven otters"
CHEAP = Cost(8192, 1, 1)


@pytest.fixture
def vault(tmp_path: Path, clock: FakeClock) -> Iterator[Vault]:
    made = Vault(tmp_path / "one.vault", clock, cost=CHEAP)
    made.create(PASSPHRASE)
    yield made
    made.lock()


@pytest.fixture
def journal(vault: Vault, clock: FakeClock) -> JournalService:
    return JournalService(vault, clock)
