"""Role words and their MARC relator codes, which the EPUB's metadata is written in.

Source: MARC Code List for Relators, Library of Congress. A role that the list has no
code for is "other" (oth) to a machine and keeps its word in print.
"""

from collections.abc import Mapping

ROLES: Mapping[str, str] = {
    "actor": "act",
    "annotator": "ann",
    "artist": "art",
    "author": "aut",
    "author of afterword": "aft",
    "author of introduction": "aui",
    "chair": "oth",
    "commentator": "cmm",
    "compiler": "com",
    "contributor": "ctb",
    "correspondent": "crp",
    "cover designer": "cov",
    "editor": "edt",
    "host": "hst",
    "illustrator": "ill",
    "interviewee": "ive",
    "interviewer": "ivr",
    "judge": "jud",
    "member": "oth",
    "moderator": "mod",
    "narrator": "nrt",
    "other": "oth",
    "panelist": "pan",
    "photographer": "pht",
    "presenter": "pre",
    "president": "oth",
    "producer": "pro",
    "proofreader": "pfr",
    "publisher": "pbl",
    "recordist": "rcd",
    "reporter": "rpt",
    "researcher": "res",
    "respondent": "rsp",
    "speaker": "spk",
    "teacher": "tch",
    "transcriber": "trc",
    "translator": "trl",
    "voice actor": "vac",
    "witness": "wit",
}
"""Code by word; the words that ``role`` may be."""


def relator(role: str) -> str:
    """Return the MARC relator code of a role word, e.g. ``ivr`` for ``interviewer``."""
    return ROLES[role]
