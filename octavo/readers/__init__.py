"""Readers: the bytes of a transcript in, a Transcript out; one file a format.

A reader is a function of the shape of ``Reader``; ``FORMATS`` names them. All of them
report every fault that they find, and none alters a word.
"""

from octavo.readers.dump import dump_transcript
from octavo.readers.formats import FORMATS, Reader, read_transcript
from octavo.readers.labels import Labels, fold_label
from octavo.readers.script import Script
from octavo.readers.survey import Found, Survey, survey

__all__ = [
    "FORMATS",
    "Found",
    "Labels",
    "Reader",
    "Script",
    "Survey",
    "dump_transcript",
    "fold_label",
    "read_transcript",
    "survey",
]
