"""What capsets mean: names of formats and flags, the release of the host, what is wrong, what a guest makes of it.

A field names the vocabulary of its numbers (``meaning=`` in its declaration); :mod:`capcodec.meaning.vocabularies` has
them. What a person knows about capsets stands in rules; see :mod:`capcodec.meaning.rules`.
"""
