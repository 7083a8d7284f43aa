"""For other people's tests: real capsets, golden files and strategies.

``pip install 'capcodec[test-kit]'`` brings what this needs. The pytest plugin then gives

* ``capset_capture``: runs a test once for each real capset of :mod:`capcodec.captures`, as a :class:`Capture`; the mark
  ``capset_captures(capset_id=2, releases=["1.3.0"])`` asks for some of them;
* ``capset_golden``: ``capset_golden(caps)`` compares an instance with the file that was written by ``pytest
  --update-capsets``, and says which fields differ;
* ``assert a == b`` of two instances that says which fields differ;
* the full text of an instance to the snapshots of syrupy and of pytest-regressions.

:mod:`capcodec.testing.strategies` has strategies for Hypothesis.
"""

from .captured import Capture

__all__ = ["Capture"]
