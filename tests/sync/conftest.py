"""The real server over a real PostgreSQL, and workstations with real desks that reach it through a wire with faults."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.server.conftest import cluster, server, url  # noqa: F401 - fixtures are found by being here.
from tests.sync.stations import Office

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.server.serving import Server


@pytest.fixture
def office(server: Server, tmp_path: Path) -> Iterator[Office]:  # noqa: F811 - the fixture above.
    made = Office(server, tmp_path / "desks")
    yield made
    made.close()
