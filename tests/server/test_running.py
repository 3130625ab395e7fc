"""The server as a process on a socket: what a connection may do to it."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from tests.loopback import Loopback

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def running(url: str, tmp_path: Path) -> Iterator[tuple[str, int]]:
    server = Loopback(url, tmp_path)
    server.start()
    host, port = server.url.removeprefix("http://").split(":")
    yield host, int(port)
    server.close()


def test_a_head_that_does_not_end_ends_the_connection(running: tuple[str, int]) -> None:
    with socket.create_connection(running, timeout=10) as made:
        made.sendall(b"GET /healthz HTTP/1.1\r\nHost: here\r\nX-Long: ")
        with pytest.raises(OSError):
            made.sendall(b"a" * 50_000_000)


def test_a_connection_serves_one_request_after_the_other(running: tuple[str, int]) -> None:
    with socket.create_connection(running, timeout=10) as made:
        for _turn in range(3):
            made.sendall(b"GET /healthz HTTP/1.1\r\nHost: here\r\nX-Long: " + b"a" * 30_000 + b"\r\n\r\n")
            answer = b""
            while not answer.endswith(b'{"ok":true}'):
                answer += made.recv(10_000)
            assert answer.startswith(b"HTTP/1.1 200")
