"""Made-up books of shapes that the small ones do not have: a play, a long hearing, two languages.

    .venv/bin/python tests/made_books.py FOLDER

Comes in: a folder. Goes out: an edition a shape in it, the same at every run. The
sentences are made up; nobody said them.
"""

import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ENGLISH = """
The harbour was never empty in those years, and nobody locked a door.
I remember the committee asking for figures that no one had kept.
We carried everything by hand: the nets, the barrels, even the doctor’s piano.
"Is that so?" he said, and put the letter back into its envelope.
My sister’s school stood where the bakery is now; it had one stove and forty children.
You have to understand that a storm like that comes once in a lifetime.
That is a question for the engineers, not for those who paid for the bridge.
Before 1932 the road ended at the mill, and after it there was only sand.
They wrote to us twice, once in spring and once when it was far too late.
The well-known difficulty was the water: too much of it in March, none in August.
I would rather not say who told me, but it was somebody who was there.
There were misunderstandings, of course, and extraordinarily complicated responsibilities.
""".strip().split("\n")
GERMAN = """
Der Hafen war in jenen Jahren nie leer, und niemand schloss die Haustür ab.
Ich erinnere mich an die Verwaltungsangestellte, die nach den Zahlen fragte.
"Ist das wahr?" fragte er und steckte den Brief in den Umschlag zurück.
Wir trugen alles mit der Hand: die Netze, die Fässer, sogar das Klavier des Arztes.
Die Schule meiner Schwester stand dort, wo heute die Bäckerei ist.
So ein Sturm kommt in einem Menschenleben nur einmal, das müssen Sie bedenken.
Die Straßenbaubehörde hat uns zweimal geschrieben, einmal im Frühjahr und einmal zu spät.
Vor 1932 endete der Weg an der Mühle, danach kam nur noch Sand.
Natürlich gab es Missverständnisse und außerordentlich verwickelte Zuständigkeiten.
Wer es mir gesagt hat, möchte ich nicht sagen; er war jedenfalls dabei.
""".strip().split("\n")
FRENCH = """
Le port n'était jamais vide en ce temps-là, et personne ne fermait sa porte.
Je me souviens de l'employée qui demandait des chiffres que nul n'avait gardés.
"Est-ce bien vrai?" dit-il, et il remit la lettre dans son enveloppe.
Nous portions tout à la main: les filets, les tonneaux, et même le piano du médecin!
L'école de ma sœur se trouvait là où il y a maintenant la boulangerie.
Une tempête pareille n'arrive qu'une fois dans une vie; il faut le comprendre.
On nous a écrit deux fois, une fois au printemps, une fois beaucoup trop tard.
Avant 1932, la route s'arrêtait au moulin; après, il n'y avait que du sable.
Il y eut, naturellement, des malentendus et d'extraordinaires complications administratives.
Qui me l'a raconté? Je préfère ne pas le dire, mais cette personne y était.
""".strip().split("\n")


@dataclass(frozen=True, slots=True)
class Made:
    """The shape of a made-up book."""

    name: str
    title: str
    language: str
    sentences: tuple[str, ...]
    speakers: tuple[str, ...]
    chapters: int
    turns: int
    """In a chapter."""
    longest: int
    """Sentences of a turn at most."""
    paragraph: int
    """Sentences of a paragraph at most."""


PLAYERS = (
    "Anna Bo Clara Dmitri Eve Felix Gwendoline Harold Ines The_Postman The_Second_Fisherman Zoe"
)
BOOKS = (
    Made("play", "The Piano on the Quay", "en", tuple(ENGLISH),
         tuple(name.replace("_", " ") for name in PLAYERS.split()), 3, 160, 1, 1),
    Made("hearing", "Hearing on the Bridge", "en-GB", tuple(ENGLISH),
         ("The Chairman", "Mr. Oakes", "Mrs. Lind", "Dr. Falk"), 14, 54, 16, 5),
    Made("deutsch", "Am Hafen", "de", tuple(GERMAN), ("Frage", "Tom"), 1, 60, 9, 4),
    Made("francais", "Au port", "fr", tuple(FRENCH), ("Question", "Tom"), 1, 60, 9, 4),
)  # fmt: skip


def write_book(made: Made, folder: Path) -> Path:
    """Write edition and transcripts of *made* below *folder*; return the edition's folder."""
    chance = random.Random(made.name)
    seeds, book = folder / made.name / "seeds", folder / made.name / "book"
    for place in (seeds, book):
        place.mkdir(parents=True, exist_ok=True)
    tables = [f'[book]\nname = "{made.name}"\ntitle = "{made.title}"\nlanguage = "{made.language}"']
    tables[0] += f'\nidentifier = "urn:example:{made.name}"\n'
    for number in range(made.chapters):
        text = "\n\n".join(_turns(made, chance)) + "\n"
        (seeds / f"{number + 1:02}.txt").write_text(text, encoding="utf-8")
        heading = f'title = "{made.title}, {number + 1}"\n' if made.chapters > 1 else ""
        tables.append(f'[[transcript]]\nsource = "../seeds/{number + 1:02}.txt"\n{heading}')
    for number, speaker in enumerate(made.speakers):
        two = len(made.speakers) == 2
        role = ("interviewer", "interviewee")[number] if two else "speaker"
        tables.append(f'[[speaker]]\nlabel = "{speaker}"\nname = "{speaker}"\nrole = "{role}"\n')
    (book / "book.toml").write_text("\n".join(tables), encoding="utf-8")
    words = [word for sentence in made.sentences[:2] for word in sentence.split() if len(word) > 5]
    names = [word.strip(".,") for word in words[:3]]
    entries = (f'[[entry]]\nheading = "{word}"\nmatch = ["{word}"]\n' for word in names)
    (book / "index.toml").write_text("\n".join(entries), encoding="utf-8")
    return book


def _turns(made: Made, chance: random.Random) -> Iterator[str]:
    before = ""
    for _ in range(made.turns):
        speaker = chance.choice([name for name in made.speakers if name != before])
        before = speaker
        sentences = [chance.choice(made.sentences) for _ in range(chance.randint(1, made.longest))]
        paragraphs = []
        while sentences:
            size = chance.randint(1, made.paragraph)
            paragraphs.append(" ".join(sentences[:size]))
            sentences = sentences[size:]
        yield f"{speaker}: " + "\n\n".join(paragraphs)


if __name__ == "__main__":
    for shape in BOOKS:
        sys.stdout.write(f"{write_book(shape, Path(sys.argv[1]))}\n")
