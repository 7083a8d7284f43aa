"""Real C headers and their history: read, judged for growth, harvested into the data of ``capsets``.

Needs the extra ``upstream``, a C compiler, and git for histories.
"""
