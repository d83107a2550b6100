"""Texts built from a scene, so that what a rewriting must say is known."""

from __future__ import annotations

from dataclasses import dataclass

from training.language.chat import Chat, keep, turns
from training.language.lexicon import Draw
from training.language.tables import COLORS, JOBS, WEEKDAYS

_DEEDS = (
    ("bought a {x}", "buys a {x}", "buying a {x}"),
    ("lost a {x}", "loses a {x}", "losing a {x}"),
    ("found a {x}", "finds a {x}", "finding a {x}"),
    ("painted a {x}", "paints a {x}", "painting a {x}"),
    ("repaired a {x}", "repairs a {x}", "repairing a {x}"),
    ("sold a {x}", "sells a {x}", "selling a {x}"),
    ("drew a {x}", "draws a {x}", "drawing a {x}"),
    ("cleaned the {x}", "cleans the {x}", "cleaning the {x}"),
    ("opened a shop", "opens a shop", "opening a shop"),
    ("wrote a letter", "writes a letter", "writing a letter"),
    ("baked a cake", "bakes a cake", "baking a cake"),
    ("saw a {x}", "sees a {x}", "seeing a {x}"),
    ("met an old friend", "meets an old friend", "meeting an old friend"),
)
_PLACES = (
    "in the garden",
    "at the station",
    "in the park",
    "in the kitchen",
    "at the market",
    "in the library",
    "by the sea",
    "at school",
    "in the old house",
    "on the bridge",
)
_FILLERS = (
    "It was a long day.",
    "The sun was shining.",
    "It rained a little.",
    "Nobody else was there.",
    "The dog was barking.",
    "There was music in the air.",
    "It smelled of coffee.",
    "People walked by.",
    "The bells were ringing.",
)
_MOODS = (
    "very happy",
    "quite tired",
    "a little sad",
    "really surprised",
    "rather proud",
    "so glad",
)


@dataclass(frozen=True)
class Scene:
    """Who did what, where and when, and how it felt."""

    who: str
    job: str
    deed: tuple[str, str, str]
    place: str
    day: str
    mood: str
    fillers: tuple[str, ...]

    @property
    def core(self) -> str:
        """What happened, in the fewest words."""
        return f"{self.who} {self.deed[0]}."

    @property
    def full(self) -> str:
        """What happened, with place and day."""
        return f"On {self.day}, {self.who}, a {self.job}, {self.deed[0]} {self.place}."

    @property
    def story(self) -> str:
        """Three sentences or four."""
        return " ".join((self.full, *self.fillers, f"{self.who} was {self.mood}."))


def draw_scene(draw: Draw) -> Scene:
    """A scene with a hero of its own."""
    rng = draw.rng
    thing = draw.thing() if draw.chance(0.7) else f"{rng.choice(COLORS)} {draw.thing()}"
    deed = tuple(
        form.replace("a {x}", f"{'an' if thing[0] in 'aeiou' else 'a'} {thing}").replace(
            "{x}", thing
        )
        for form in rng.choice(_DEEDS)
    )
    job = rng.choice([job for job in JOBS if job[0] not in "aeiou"])
    fillers = tuple(rng.sample(_FILLERS, rng.choice((0, 1, 1, 2))))
    return Scene(
        draw.name(),
        job,
        (deed[0], deed[1], deed[2]),
        rng.choice(_PLACES),
        rng.choice(WEEKDAYS),
        rng.choice(_MOODS),
        fillers,
    )


_VERB_FIRST = (
    "send me the {x}",
    "open the {x}",
    "close the {x}",
    "bring me a {x}",
    "give me the {x}",
    "call me back",
    "wait for me",
    "help me with the {x}",
    "tell me your name",
    "be quiet",
    "pay the bill",
    "clean the {x}",
    "show me the {x}",
    "answer my question",
    "repair the {x}",
    "stop the noise",
    "move your car",
    "read this",
    "come to the office",
    "turn off the {x}",
)
_ASK = {
    "short": (
        "[Make this shorter|Shorten this|Make it shorter|Say it shorter|Shorten|Cut this "
        "down][:|.] {t}",
        "[Shorter|Make this brief][:|.] {t}",
        "{t} [Make it shorter.|Shorten that.|Say that in fewer words.]",
    ),
    "one": (
        "[Summarize|Summarise|Sum up] [this|the text|the following] in [one|a single|1] "
        "sentence[:|.] {t}",
        "[Summarize|Summary|Sum up|TL;DR|In short][:|.] {t}",
        "{t} [Summarize that.|In one sentence, please.|What happened, in one sentence?|TLDR]",
        "What [happened|is this about]? {t}",
        "[Give me|Write] a [summary|short summary] [of this|][:|.] {t}",
    ),
    "bullets": (
        "[Turn this into|Write this as|Make|As] [bullet points|bullets|a bullet list][:|.] {t}",
        "{t} [As bullets, please.|Make bullet points of it.]",
    ),
    "title": (
        "[Give this|Find|Write|Suggest] a [title|headline] [for this|to this text|for it][:|.] {t}",
        "{t} [What would be a good title?|A title, please.|Title?]",
        "[Title|Headline] for: {t}",
    ),
    "caps": ("[Write|Put] this in [capital letters|capitals|upper case][:|.] {t}",),
    "now": ("[Put|Write|Change] this [in|into|to] [the present|present tense][:|.] {t}",),
    "who": ("Who is [this|the text] about? {t}", "{t} Who did that?"),
    "where": ("Where did [this|it] happen? {t}", "{t} Where was that?"),
    "when": ("When did [this|it] happen? {t}", "{t} When was that?", "On which day was that? {t}"),
    "polite": (
        "[Make this|Say this|Write this] [more polite|politer|more politely|in a polite way|"
        "politely|friendlier|nicer][:|.] {t}",
        "[More polite|Politer][:|,] [please: |]{t}",
        "{t} [Make it polite.|Say that politely.]",
        "[Rewrite|Rephrase] [this|] politely: {t}",
    ),
    "formal": ("[Make this|Write this] [more |]formal[:|.] {t}",),
    "question": ("[Turn|Make|Change] this [into|to] a question: {t}",),
    "exclaim": ("[Make this|Write this] [more exciting|louder|more enthusiastic]: {t}",),
    "not": (
        "[Make this|Turn this|Write this] [negative|into the opposite|into its opposite]: {t}",
        "Negate: {t}",
    ),
}


def rewriting(draw: Draw) -> Chat:
    """A text and what is to be made of it."""
    rng = draw.rng
    scene = draw_scene(draw)
    kind = rng.choice(
        (
            "short",
            "one",
            "one",
            "bullets",
            "title",
            "now",
            "who",
            "where",
            "when",
            "polite",
            "polite",
            "polite",
            "formal",
            "question",
            "exclaim",
            "not",
        )
    )
    if kind in ("polite", "formal"):
        order = rng.choice(_VERB_FIRST).replace("{x}", draw.thing())
        text = f"{order[:1].upper()}{order[1:]}{rng.choice(('.', '!', '!', ' now!', ' now.', ''))}"
        answer = draw.phrase(
            (
                "Could you please {o}?",
                "Would you please {o}?",
                "Please {o}, if you can.",
                "Would you be so kind as to {o}?",
            )
            if kind == "polite"
            else ("I would like to ask you to {o}.", "You are kindly asked to {o}."),
            o=order,
        )
        return _asked(draw, kind, text, answer)
    if kind in ("question", "exclaim", "not"):
        thing, color = draw.thing(), rng.choice(COLORS)
        text = f"The {thing} is {color}."
        answer = {
            "question": f"Is the {thing} {color}?",
            "exclaim": f"The {thing} is so wonderfully {color}!",
            "not": f"The {thing} is not {color}.",
        }[kind]
        return _asked(draw, kind, text, answer)
    if kind == "short":
        return _asked(draw, kind, scene.full, scene.core)
    if kind == "one":
        return _asked(
            draw,
            kind,
            scene.story,
            f"{scene.who} {scene.deed[0]} {scene.place} and was {scene.mood}.",
        )
    if kind == "bullets":
        return _asked(
            draw,
            kind,
            scene.story,
            f"- {scene.who} {scene.deed[0]}\n- place: {scene.place}\n- day: {scene.day}",
        )
    if kind == "title":
        words = scene.deed[2].split()
        return _asked(draw, kind, scene.story, f"{scene.who} and the {words[-1].capitalize()}")
    if kind == "now":
        return _asked(draw, kind, scene.core, f"{scene.who} {scene.deed[1]}.")
    answer = {
        "who": f"{scene.who}, a {scene.job}.",
        "where": f"{scene.place[:1].upper()}{scene.place[1:]}.",
        "when": f"On {scene.day}.",
    }[kind]
    return _asked(draw, kind, scene.story, answer)


def _asked(draw: Draw, kind: str, text: str, answer: str) -> Chat:
    shown = draw.rng.choice(("{}", "{}", '"{}"', "'{}'")).format(text)
    return turns(
        draw.phrase(_ASK[kind]).replace("{t}", keep(shown) if draw.chance(0.8) else shown), answer
    )
