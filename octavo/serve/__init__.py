"""The finished book handed out to phones and e-readers: ``dist/`` and nothing else.

Comes in: the folder. Goes out: an address that answers while the process lives. The one
decision: nothing is made here; a well-kept server hands out files that are whole, or refuses.
"""
