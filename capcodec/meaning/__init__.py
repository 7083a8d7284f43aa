"""What the bytes mean: formats, flags, versions, the releases that can have sent them, what a driver makes of them.

Nothing below imports this. A member of a schema names the vocabulary of its values (``meaning``).
"""
