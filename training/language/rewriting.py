"""Texts built from a scene, so that what a rewriting must say is known."""

from __future__ import annotations

from dataclasses import dataclass

from training.language.articles import fitted, with_article
from training.language.chat import Chat, keep, turns
from training.language.lexicon import Draw
from training.language.phrasings import phrasings
from training.language.scenes import draw_joined, draw_texts, orders, scenes
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
        job = with_article(self.job)
        return f"On {self.day}, {self.who}, {job}, {self.deed[0]} {self.place}."

    @property
    def story(self) -> str:
        """Three sentences or four."""
        return " ".join((self.full, *self.fillers, f"{self.who} was {self.mood}."))


def draw_scene(draw: Draw) -> Scene:
    """A scene with a hero of its own."""
    rng = draw.rng
    thing = draw.thing() if draw.chance(0.7) else f"{rng.choice(COLORS)} {draw.thing()}"
    deed = tuple(fitted(form, {"x": thing}).replace("{x}", thing) for form in rng.choice(_DEEDS))
    job = rng.choice(JOBS)
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


_WANTED = {
    "short": (
        "[Shorten|Please shorten|Can you shorten|Cut|Condense] [this|this text|the text|the "
        "following|it][:|.|?] {t}",
        "[Make|Please make|Can you make] [this|this text|the sentence] [shorter|much shorter|as "
        "short as possible][:|.|?] {t}",
        "{t} [Shorter, please.|Make that shorter.|Too long. Cut it.|How can I say that shorter?]",
        "[Say|Tell me] [this|that] in [a few words|fewer words|as few words as you can][:|.] {t}",
        "[The short version|Short version|In brief|In short|A shorter version][, please|][:|.] {t}",
        "{t}\n\n[Shorten this.|Shorter.|TL;DR]",
        "How [can|would|do] [I|you] say this shorter? {t}",
        "[Summarize|Summarise|Sum up] [this|the text|what happened][| in a few words| for me]"
        "[:|.] {t}",
    ),
    "sentence": (
        "[Put|Write|Turn|Make|Merge|Join] [this|these sentences|it|all of this] [into|in] [one|a "
        "single|just one] sentence[:|.] {t}",
        "[Make|Write|Form] one sentence [of|out of|from] [this|it|these][:|.] {t}",
        "[Combine|Connect|Join] [these sentences|the sentences|this|them][:|.] {t}",
        "{t} [Put that into one sentence.|In one sentence, please.|As one sentence.|Make it one "
        "sentence.]",
        "[One sentence|A single sentence][, please|][:|.] {t}",
        "[Can|Could] you [say|write|put] [this|that] in one sentence? {t}",
        "[Summarize|Sum up] this in one sentence[:|.] {t}",
    ),
    "title": (
        "[Give|Find|Write|Suggest] [this|this text|the text|it] a [title|headline][:|.] {t}",
        "[Write|Find|Suggest|Give me|I need|Think of] a [short |good |]{h} for [this|this text|the "
        "text|this story|my text|the following][:|.] {t}",
        "{t} [Give it a title.|What would be a good headline?|A title, please.|Title?|Headline?]",
        "[What|Which] [title|headline] [would fit|fits|suits|goes with|could I give] [this|this "
        "text][?|:] {t}",
        "{t}\n\n[Title:|Headline:|Find a title.]",
        "[How would you call|How should I call] this text? {t}",
        "[Title|Headline] for this[:|, please:] {t}",
    ),
    "bullets": (
        "[Turn|Make|Change] [this|this text|it] into [bullet points|bullets|a bullet list|a "
        "list][:|.] {t}",
        "{t} [As bullet points, please.|Bullet points.|Make a list of that.|The main points?]",
        "[List|Give me|What are] the [main points|key points|points|most important points] [of "
        "this|here|in bullets][:|.|?] {t}",
        "[Bullets|Bullet points|Key points][, please|][:|.] {t}",
        "[Write|Put] this as [notes|bullets|bullet points|a list with dashes][:|.] {t}",
    ),
    "mood": (
        "Is [this|this text|the following|that] [positive or negative|positive, negative or "
        "neutral|good or bad news]? {t}",
        "{t} [Positive or negative?|Is that positive or negative?|Positive, negative or neutral?]",
        "[What is|Tell me] the [mood|sentiment|feeling|tone] [of this|of the text|here][?|.|:] {t}",
        "[Sentiment|Mood][?|:] {t}",
        "[Classify|Judge|Rate] [this|the text|the sentiment] as positive, negative or neutral[:|.] "
        "{t}",
        "Does [this|that] sound [positive or negative|good or bad]? {t}",
    ),
    "who": ("Who is [this|the text|it] about? {t}", "{t} Who is it about?"),
    "where": (
        "Where [was|is|did] [this|it|that][| happen| take place]? {t}",
        "{t} Where [was|is] that?",
    ),
    "when": ("When [was|is] [this|it|that]? {t}", "{t} When [was|is] that?"),
    "what": (
        "What [happened|is this about|is it about|does the text say]? {t}",
        "{t} [What happened?|What is it about?|What does that say?]",
    ),
    "sure": (
        "[Answer|Reply] [with |]yes or no[.|:] {t} {q}",
        "{t} {q} [Yes or no?|Answer yes or no.|]",
        "{q} {t}",
        "{t}\n\n{q}[| Yes or no?]",
        "[Read this|Text|Look at this][:|.] {t} [Question:|My question:|] {q}",
        "[Yes or no|yes/no][:|?|.] {t} {q}",
    ),
    "polite": (
        "[Make|Say|Write|Put] [this|that|it] [more politely|politely|in a polite way|in a nicer "
        "way|kindly][:|.] {t}",
        "How [can|do|could|would] [I|you] [say|write|put] [this|that] [more politely|politely|in a "
        "nicer way|in a friendly way|better]? {t}",
        "{t} [How do I say that politely?|More politely, please.|Make that polite.|Say it nicely.]",
        "[Rewrite|Rephrase|Reword|Change] [this|it|that] [politely|to sound polite|so that it is "
        "polite|to be nicer][:|.] {t}",
        "[What is|Give me|I need] [a polite way|a politer way|a nicer way] to say [this|that]"
        "[?|:|.] {t}",
        "[Make|Can you make] [this|this sentence|my message] [polite|politer|more polite|friendlier"
        "|nicer][:|.|?] {t}",
        "[Be polite|A polite version|The polite form][:|, please:] {t}",
    ),
    "formal": (
        "[Make|Write|Say|Put] [this|it|that] [formally|in a formal way|in formal English][:|.] {t}",
        "[Make|Can you make] [this|my message] [more |]formal[:|.|?] {t}",
        "{t} [Formal, please.|Say that formally.|How would you write that in a formal letter?]",
        "[A formal version|Formal style|For a letter to the authorities][:|, please:] {t}",
    ),
}
"""Requests for what a scene or an order tells."""
_MANY = (
    *("short", "sentence", "title") * 3,
    *("bullets", "mood", "sure") * 2,
    *("who", "where", "when", "what"),
)


def rewriting(draw: Draw) -> Chat:
    """A text and what is to be made of it."""
    if draw.held_out or draw.chance(0.25):
        return _put_together(draw)
    if draw.chance(0.15):
        return _wanted(draw, "sentence", *draw_joined(draw))
    if draw.chance(0.25):
        texts = draw_texts(draw, draw.rng.choice(orders()))
        kind = draw.rng.choice(("polite", "polite", "polite", "formal"))
        return _wanted(draw, kind, texts["rude"], texts[kind])
    texts = draw_texts(draw, draw.rng.choice(scenes()))
    kind = draw.rng.choice(_MANY)
    if kind == "sure" and {"yes", "no"} <= set(texts):
        answer = draw.rng.choice(("yes", "no"))
        said = f"{answer.capitalize()}{draw.rng.choice(('.', '.', ''))}"
        return _wanted(draw, kind, texts["text"], said, q=texts[answer])
    if kind not in texts:
        kind = draw.rng.choice(("short", "title"))
    answer = texts[kind].replace(" / ", "\n") if kind == "bullets" else texts[kind]
    if kind == "mood":
        answer = draw.phrase(("{l}.", "{l}.", "That is {l}."), l=answer)
        answer = answer[:1].upper() + answer[1:]
    return _wanted(draw, kind, texts["text"], answer)


def _wanted(draw: Draw, kind: str, text: str, answer: str, *, q: str = "") -> Chat:
    """A request for something that is known of a text."""
    shown = draw.rng.choice(("{}", "{}", "{}", '"{}"', "'{}'")).format(text)
    kept = keep(shown) if draw.chance(0.8) else shown
    heading = draw.rng.choice(("title", "headline"))
    known = phrasings(kind) if draw.chance(0.6) else _WANTED[kind]
    asked = draw.phrase(known, h=heading).replace("{q}", q).replace("{t}", kept)
    return turns(asked.strip(), answer)


def _put_together(draw: Draw) -> Chat:
    """A text from a scheme, and what is to be made of it."""
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
        order, thing = rng.choice(_VERB_FIRST), draw.thing()
        order = fitted(order, {"x": thing}).replace("{x}", thing)
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
        "who": f"{scene.who}, {with_article(scene.job)}.",
        "where": f"{scene.place[:1].upper()}{scene.place[1:]}.",
        "when": f"On {scene.day}.",
    }[kind]
    return _asked(draw, kind, scene.story, answer)


def _asked(draw: Draw, kind: str, text: str, answer: str) -> Chat:
    shown = draw.rng.choice(("{}", "{}", '"{}"', "'{}'")).format(text)
    return turns(
        draw.phrase(_ASK[kind]).replace("{t}", keep(shown) if draw.chance(0.8) else shown), answer
    )
