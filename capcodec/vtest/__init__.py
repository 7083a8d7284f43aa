"""The vtest protocol, by which a guest's driver asks a host through a Unix socket and needs no virtual machine.

:class:`VtestClient` asks a server for capsets. :class:`VtestServer` is a host for real drivers; it keeps a
:class:`Session` for each guest. The messages are in :mod:`capcodec.vtest.protocol`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .client import VtestClient
    from .server import VtestServer
    from .session import Session

__all__ = ["Session", "VtestClient", "VtestServer"]

_MODULES = {"Session": "session", "VtestClient": "client", "VtestServer": "server"}


def __getattr__(name: str) -> object:
    """The classes, imported when they are first asked for: whoever needs the messages alone needs no sockets."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found: object = getattr(import_module(f".{_MODULES[name]}", __name__), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
