"""Live parties that give a capset. A source returns bytes and remarks on them, and knows no layout.

:mod:`capcodec.sources.virglrenderer` asks the host library itself, :mod:`capcodec.sources.render_node` the kernel of
the guest that this runs in. :class:`capcodec.vtest.VtestClient` asks a vtest server.
"""

from __future__ import annotations

from .answer import Answer

__all__ = ["Answer"]
