"""Questions about a picture with true answers, and honest ones where there is no telling."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass

from training.idefics2.limericks import limerick
from training.idefics2.names import (
    PLACE_NOUNS,
    PLACES,
    Values,
    colored,
    listed,
    present,
    sentence,
    worn,
)
from training.language.wording import vary
from training.language.words import WORDS
from training.world.prompts_wording import with_article
from training.world.scene import ANIMALS, BACKGROUNDS, COLORS, HELD, NOTHING

NO_ANIMAL = "I see no animal that I know."
NO_PLACE = "I see no place that I know."
NOT_SEEN = "I do not see that."
NO_TELLING = "I cannot tell that from the picture."
NOT_MY_WORLD = "I do not know. I am a pocket model, and all I know are small pictures like these."
NO_PICTURE = "There is no picture in your message. Send me one, and I will look at it."
WHO = "I am a pocket Idefics2, a very small model that looks at pictures."

PICTURE = "[picture|image|photo|drawing|image|picture]"
IT = "[it|the {animal}|the animal]"


@dataclass(frozen=True)
class Exchange:
    """One question and its answer."""

    question: str
    answer: str


Asker = Callable[[Values, random.Random], "tuple[str, str] | None"]


def exchange_about(values: Values, rng: random.Random) -> Exchange:
    """A question that fits the picture, with its answer."""
    while True:
        asker = rng.choices(ASKERS, WEIGHTS)[0]
        asked = asker(values, rng)
        if asked is not None:
            return Exchange(_untidy(_filled(asked[0], values, rng), rng), asked[1])


def _filled(question: str, values: Values, rng: random.Random) -> str:
    animal = values["animal"] if values["animal"] not in ("", NOTHING) else "animal"
    return vary(rng, question, animal=animal)


def _untidy(question: str, rng: random.Random) -> str:
    """As people type: without capitals or the mark at the end, or with something before it."""
    draw = rng.random()
    if draw < 0.08:
        question = question.lower()
    elif draw < 0.16:
        question = question.rstrip("?.")
    elif draw < 0.21:
        # A word that means nothing here, as the model must not trip over one.
        words = question.split(" ")
        words.insert(rng.randrange(len(words)), rng.choice(WORDS))
        question = " ".join(words)
    elif draw < 0.25:
        question = rng.choice(("Please tell me: ", "Look at this. ", "Hi! ", "Hello. ")) + question
    return question


def _no_animal(values: Values) -> bool:
    return values["animal"] == NOTHING


def ask_animal(values: Values, rng: random.Random) -> tuple[str, str] | None:
    """Which animal it is."""
    if not values["animal"]:
        return None
    question = (
        f"[What|Which] animal [is this|is that|is it|do you see|is in the {PICTURE}|"
        f"is shown|can you see in this {PICTURE}]?"
        if rng.random() < 0.7
        else f"[Who is in the {PICTURE}?|What is this?|What kind of animal is [this|it]?|"
        f"Name the animal[| in the {PICTURE}].|Who is this?|What creature is this?]"
    )
    if _no_animal(values):
        return question, NO_ANIMAL
    animal = with_article(values["animal"])
    return question, rng.choice((sentence(animal), sentence(animal), f"It is {animal}."))


def ask_other_animal(values: Values, rng: random.Random) -> tuple[str, str] | None:
    """Whether it is this animal or another."""
    if not values["animal"]:
        return None
    named = values["animal"] if rng.random() < 0.45 else rng.choice((*ANIMALS, "dog", "horse"))
    if named == NOTHING:
        named = rng.choice(ANIMALS)
    question = f"Is [this|it|that] {with_article(named)}?"
    if rng.random() < 0.4:
        question = f"[Is there|Do you see|Can you see] {with_article(named)}[| in the {PICTURE}]?"
    if named == values["animal"]:
        return question, f"Yes, it is {with_article(named)}."
    if _no_animal(values):
        return question, f"No. {NO_ANIMAL}"
    return question, f"No, it is {with_article(values['animal'])}."


def ask_place(values: Values, rng: random.Random) -> tuple[str, str] | None:
    """Where it is."""
    place = values["background"]
    if not place:
        return None
    behind = rng.random() < 0.35
    question = (
        f"What [is in the background|is behind {IT}|does the background show]?"
        if behind
        else f"[Where is {IT}?|Where is this?|What place is this?|Where was the {PICTURE} taken?|"
        f"Where does the scene take place?|What is the place?]"
    )
    if place not in PLACES:
        return question, NO_PLACE
    return question, sentence(PLACE_NOUNS[place] if behind else PLACES[place])


def ask_other_place(values: Values, rng: random.Random) -> tuple[str, str] | None:
    """Whether it is in this place or another."""
    place = values["background"]
    if place not in PLACES:
        return None
    named = place if rng.random() < 0.5 else rng.choice(BACKGROUNDS)
    question = f"Is [{IT}|this] {PLACES[named]}?"
    if named == place:
        return question, f"Yes, {PLACES[place]}."
    return question, f"No, {PLACES[place]}."


def ask_daytime(values: Values, rng: random.Random) -> tuple[str, str] | None:
    """Whether it is day or night."""
    place = values["background"]
    if place not in PLACES:
        return None
    question = "[Is it day or night?|Is it night?|Is it daytime or night?|What time of day is it?]"
    if place == "rustic wood":
        return question, NO_TELLING
    return question, "It is night." if place == "starry night" else "It is day."


def ask_worn(values: Values, rng: random.Random) -> tuple[str, str] | None:
    """Everything that it wears."""
    if any(not values[key] for key in ("animal", "clothing", "hat", "glasses")):
        return None
    question = (
        f"[What is {IT} wearing?|What does {IT} wear?|What does {IT} have on?|"
        f"Describe [its|the] clothes.|What clothes does {IT} wear?|How is {IT} dressed?]"
    )
    if _no_animal(values):
        return question, NO_ANIMAL
    items = worn(values)
    return question, sentence(listed(items)) if items else "It wears nothing."


def ask_item(values: Values, rng: random.Random) -> tuple[str, str] | None:
    """About clothing, hat or held object by itself."""
    key = rng.choice(("clothing", "hat", "hat", "held", "held"))
    if not values[key] or not values["animal"]:
        return None
    question, absent = {
        "clothing": (
            f"[Does {IT} wear a scarf, a sweater or a bow tie?|What does {IT} wear below its head?|"
            f"What clothing does {IT} have?]",
            "It wears no clothing.",
        ),
        "hat": (
            f"[Does {IT} wear a hat?|Is {IT} wearing a hat?|Is there a hat?|What hat is it?|"
            f"What kind of hat does {IT} wear?|What is on its head?|Has {IT} a hat?|"
            f"Which hat does {IT} wear?]",
            "It wears no hat.",
        ),
        "held": (
            f"What [is {IT} holding|does {IT} hold|is in its [hand|paw]|does {IT} have in its "
            f"[hand|paw]|is {IT} carrying]?",
            "It holds nothing.",
        ),
    }[key]
    if _no_animal(values):
        return question, NO_ANIMAL
    return question, sentence(with_article(colored(values, key))) if present(
        values, key
    ) else absent


def ask_color(values: Values, rng: random.Random) -> tuple[str, str] | None:
    """The colour of something; also of something that is not there."""
    key = rng.choice(("clothing", "clothing", "hat", "hat", "held"))
    if not values[key] or not values["animal"]:
        return None
    colour = "[colour|color]"
    if not present(values, key):
        if _no_animal(values) or key == "held":
            return None
        noun = "hat" if key == "hat" else "scarf"
        return f"What {colour} is [the|its] {noun}?", f"It wears no {noun}."
    color = values[f"{key}_color"]
    usual = rng.random() < 0.85 or key == "held"
    noun = values[key] if usual else {"clothing": "clothing", "hat": "hat"}[key]
    question = f"[What|Which] {colour} [is|has] [the|its] {noun}?"
    if not color:
        return (question, "Yellow, like straw.") if values[key] == "straw hat" else None
    return question, rng.choice((f"{color.capitalize()}.", f"It is {color}."))


def ask_has_color(values: Values, rng: random.Random) -> tuple[str, str] | None:
    """Whether something has a colour."""
    key = rng.choice(("clothing", "hat", "held"))
    color = values.get(f"{key}_color", "")
    if not color or not present(values, key):
        return None
    named = color if rng.random() < 0.5 else rng.choice(COLORS)
    start = "Yes" if named == color else "No"
    return f"Is [the|its] {values[key]} {named}?", f"{start}, it is {color}."


def ask_glasses(values: Values, rng: random.Random) -> tuple[str, str] | None:
    """Whether it wears glasses. The answer lists first and decides last: small models learn that
    far sooner than a "yes" out of nothing."""
    if any(not values[key] for key in ("animal", "clothing", "hat", "glasses")):
        return None
    question = f"[Does {IT} wear glasses?|Is {IT} wearing glasses?|Are there glasses?|Glasses?]"
    if _no_animal(values):
        return question, NO_ANIMAL
    items = worn(values)
    if values["glasses"] == "yes":
        return question, f"It wears {listed(items)}."
    return question, f"It wears {listed(items)}, but no glasses." if items else (
        "It wears no glasses."
    )


def ask_held(values: Values, rng: random.Random) -> tuple[str, str] | None:
    """Whether it holds a certain thing."""
    if not values["held"] or not values["animal"] or _no_animal(values):
        return None
    named = values["held"] if rng.random() < 0.5 else rng.choice(HELD)
    if named == NOTHING:
        named = rng.choice(HELD)
    question = f"Is {IT} holding {with_article(named)}?"
    if named == values["held"]:
        return question, f"Yes, {with_article(colored(values, 'held'))}."
    if values["held"] == NOTHING:
        return question, "No, it holds nothing."
    return question, f"No, it holds {with_article(colored(values, 'held'))}."


def ask_ground(values: Values, rng: random.Random) -> tuple[str, str] | None:
    """What grows, lies or stands on the ground."""
    key = rng.choice(("flowers", "treats", "tea"))
    if not values[key]:
        return None
    noun = {"flowers": "flowers", "treats": "[treats|cookies]", "tea": "a cup of tea"}[key]
    verb = "Is" if key == "tea" else "Are"
    question = f"{verb} there {noun} on the ground?"
    return question, "Yes." if values[key] == "yes" else "No."


def ask_count(values: Values, rng: random.Random) -> tuple[str, str] | None:
    """How many animals there are."""
    if not values["animal"]:
        return None
    question = f"How many animals [are there|do you see|are in the {PICTURE}]?"
    return question, "None that I know." if _no_animal(values) else "One."


def ask_the_unknowable(values: Values, rng: random.Random) -> tuple[str, str] | None:
    """What no picture tells."""
    question = (
        f"[What is its name?|What is the {{animal}}'s name?|How old is {IT}?|"
        f"What is {IT} thinking[| about]?|Who [drew|painted|made|took] this {PICTURE}?|"
        f"What does the cookbook say?|How much does [it|the {{animal}}] weigh?|"
        f"What [happened|happens] [before|next]?|Which country is this?|"
        f"What does {IT} like to eat?|When was this {PICTURE} [made|taken]?|Why is {IT} there?|"
        f"What is the weather tomorrow?|Who is its best friend?|How much did the hat cost?|"
        f"Is {IT} a boy or a girl?|Where does {IT} live?|What is written there?]"
    )
    return question, NO_TELLING


def ask_of_the_world(values: Values, rng: random.Random) -> tuple[str, str] | None:
    """What has nothing to do with the picture."""
    question = (
        "[What is the capital of [France|Italy|Japan|Peru]?|Who wrote [Hamlet|Faust]?|"
        "What is [2 + 2|3 times 4|the square root of 16]?|Who is the president?|"
        "How do I [bake bread|learn Python|fix my bike]?|What is the meaning of life?|"
        "Translate this into [French|German|Spanish].|Write [me |]a [Python program|letter].|"
        "Tell me [a joke|the news|about quantum physics].|What is the speed of light?|"
        "How [far|big] is the moon?|Explain [gravity|photosynthesis].]"
    )
    if rng.random() < 0.4:
        question = vary(
            rng,
            "[What is {word}?|Tell me about {word}.|How does {word} work?|Where can I buy {word}?|"
            "Write [a poem|a story|something|a limerick] about {word}.|Who invented {word}?]",
            word=rng.choice(WORDS),
        )
    return question, NOT_MY_WORLD


def ask_what_is_not_there(values: Values, rng: random.Random) -> tuple[str, str] | None:
    """About something that is in no picture of this world."""
    question = (
        "[Is there [a|any] {word}?|Do you see [a|the|any] {word}?|Where is the {word}?|"
        "What colour is the {word}?|Can you see [a|the] {word} in the " + PICTURE + "?]"
    )
    return vary(rng, question, word=rng.choice(THINGS)), NOT_SEEN


def ask_who(values: Values, rng: random.Random) -> tuple[str, str] | None:
    """Who answers."""
    return (
        "[Who are you?|What are you?|What is your name?|Which model [are you|is this]?|"
        "Are you Idefics2?|Tell me about yourself.]"
    ), WHO


def ask_caption(values: Values, rng: random.Random) -> tuple[str, str] | None:
    """Everything in a sentence or two."""
    text = description(values)
    if text is None:
        return None
    return (
        f"[Describe [this|the] {PICTURE}.|What do you see?|What is in this {PICTURE}?|"
        f"What does the {PICTURE} show?|Describe what you see.|Caption this {PICTURE}.|"
        f"Can you describe [this|the] {PICTURE}?|Describe the {PICTURE} in detail.|"
        f"What's in this {PICTURE}?|Write a caption for this {PICTURE}.|What is happening here?|"
        f"Tell me about this {PICTURE}.|Explain this {PICTURE}.|What is going on here?]"
    ), text


def ask_short_caption(values: Values, rng: random.Random) -> tuple[str, str] | None:
    """Animal and place."""
    if not values["animal"] or values["background"] not in PLACES or _no_animal(values):
        return None
    return (
        f"[Describe [this|the] {PICTURE} [briefly|in a few words|in one short sentence].|"
        f"Give a short caption.|A short [caption|description], please.]"
    ), sentence(f"{with_article(values['animal'])} {PLACES[values['background']]}")


def ask_json(values: Values, rng: random.Random) -> tuple[str, str] | None:
    """Everything as JSON."""
    text = json_description(values)
    if text is None:
        return None
    return (
        f"[Describe [this|the] {PICTURE} [as|in] JSON.|JSON, please.|"
        f"Give me [a|the] JSON [description|object] of [this|the] {PICTURE}.|"
        f"Return [a|] JSON [description|that describes the {PICTURE}].|"
        f"Describe the {PICTURE} as a JSON object.]"
    ), text


def ask_limerick(values: Values, rng: random.Random) -> tuple[str, str] | None:
    """A limerick; the course's own wording is the most usual one."""
    text = limerick(values, rng)
    if text is None:
        return None
    if rng.random() < 0.3:
        return "Write a short limerick about this image.", text
    return (
        f"[Write|Please write|Write me|Compose|Make up|Give me|I want|Can you write] "
        f"[a|a short|a funny|a little] [limerick|limerick|poem|rhyme|verse] "
        f"about [this|the|my] {PICTURE}[.|!|, please.|]"
    ), text


def description(values: Values) -> str | None:
    """One or two sentences about everything; None where something is not certain."""
    if any(not values[key] for key in ("animal", "background", "clothing", "hat", "held")):
        return None
    place = values["background"]
    if place not in PLACES:
        return f"{NO_ANIMAL} {NO_PLACE}"
    ground = [
        words
        for key, words in (("flowers", "flowers"), ("treats", "treats"), ("tea", "a cup of tea"))
        if values[key] == "yes"
    ]
    verb = "is" if ground[:1] == ["a cup of tea"] else "are"
    below = f" There {verb} {listed(ground)} on the ground." if ground else ""
    if _no_animal(values):
        return f"{sentence(PLACE_NOUNS[place])} {NO_ANIMAL}{below}"
    parts = with_article(values["animal"])
    items = worn(values)
    if items:
        parts += f" wearing {listed(items)}"
    if present(values, "held"):
        parts += f"{',' if items else ''} holding {with_article(colored(values, 'held'))}"
    return (
        f"{sentence(f'{parts}, {PLACES[place]}' if items else f'{parts} {PLACES[place]}')}{below}"
    )


def json_description(values: Values) -> str | None:
    """The same as one line of JSON; None where something is not certain."""
    keys = ("animal", "background", "clothing", "hat", "held", "glasses")
    if any(not values[key] for key in keys):
        return None
    items = [colored(values, key) for key in ("clothing", "hat") if present(values, key)]
    place = values["background"]
    return json.dumps(
        {
            "animal": None if _no_animal(values) else values["animal"],
            "place": place if place in PLACES else None,
            "wearing": [*items, "glasses"] if values["glasses"] == "yes" else items,
            "holding": colored(values, "held") if present(values, "held") else None,
        }
    )


THINGS = (
    "car", "tree house", "bicycle", "ball", "window", "table", "chair", "dog", "horse", "child",
    "person", "man", "woman", "boat", "train", "house", "castle", "bridge", "robot", "dragon",
    "violin", "guitar", "piano", "phone", "camera", "statue", "pizza", "apple", "banana", "fish",
    "lion", "snake", "spider", "bee", "butterfly", "sword", "crown", "ring", "shoe", "boots",
    "gloves", "bag", "lamp", "candle", "clock", "door", "street", "river", "mountain", "volcano",
    "rainbow", "rocket", "plane", "bus", "ladder", "hammer", "key", "letter", "map", "flag",
)  # fmt: skip
"""What nobody will find in a picture of the pocket world."""

ASKED: tuple[tuple[Asker, float], ...] = (
    (ask_animal, 12), (ask_other_animal, 5), (ask_place, 9), (ask_other_place, 3),
    (ask_daytime, 2), (ask_worn, 7), (ask_item, 14), (ask_color, 11), (ask_has_color, 3),
    (ask_glasses, 10), (ask_held, 4), (ask_ground, 3), (ask_count, 2), (ask_the_unknowable, 4),
    (ask_of_the_world, 3), (ask_what_is_not_there, 2), (ask_who, 1), (ask_caption, 8),
    (ask_short_caption, 3), (ask_json, 6), (ask_limerick, 13),
)  # fmt: skip
"""What is asked, and how often."""
ASKERS = [asker for asker, _ in ASKED]
WEIGHTS = [weight for _, weight in ASKED]


def exchange_without_picture(rng: random.Random) -> Exchange:
    """What to say when there is nothing to see."""
    draw = rng.random()
    if draw < 0.2:
        question, answer = ask_of_the_world({}, rng) or ("", "")
    elif draw < 0.35:
        question, answer = ask_who({}, rng) or ("", "")
    elif draw < 0.45:
        question = "[Hello|Hi|Hey|Good morning|Thanks|Thank you|Hello there][.|!|]"
        answer = "Hello! Send me a picture, and I will look at it."
    else:
        shown = {
            "animal": rng.choice(ANIMALS), "background": rng.choice(BACKGROUNDS),
            "clothing": "scarf", "clothing_color": rng.choice(COLORS), "hat": "top hat",
            "hat_color": rng.choice(COLORS), "held": rng.choice(HELD), "held_color": "red",
            "glasses": "no", "flowers": "yes", "treats": "no", "tea": "no",
        }  # fmt: skip
        asker = rng.choice((ask_animal, ask_place, ask_worn, ask_item, ask_color, ask_caption,
                            ask_limerick, ask_json, ask_glasses))  # fmt: skip
        asked = asker(shown, rng) or ask_animal(shown, rng) or ("", "")
        question, answer = asked[0], NO_PICTURE
    return Exchange(_untidy(vary(rng, question, animal="animal"), rng), answer)


ORDINALS = ("first", "second", "third")


def exchange_about_several(pictures: list[Values], rng: random.Random) -> Exchange | None:
    """A question about two or three pictures together; None where something is not certain."""
    animals = [values["animal"] for values in pictures]
    if any(not animal or animal == NOTHING for animal in animals):
        return None
    draw = rng.random()
    which = rng.randrange(len(pictures))
    ordinal, values = ORDINALS[which], pictures[which]
    if draw < 0.4:
        return Exchange(
            vary(rng, "[What|Which] animals [are in these pictures|do you see|are these|"
                 "are in the pictures|do the images show]?"),
            sentence(listed([with_article(animal) for animal in animals])),
        )  # fmt: skip
    if draw < 0.65:
        if values["background"] not in PLACES:
            return None
        question = vary(rng, "[What is in|Describe|What do you see in] the {which} "
                        "[picture|image][?|.|]", which=ordinal)  # fmt: skip
        caption = f"{with_article(values['animal'])} {PLACES[values['background']]}"
        return Exchange(question, sentence(caption))
    if draw < 0.85 and animals.count(values["animal"]) == 1:
        question = vary(rng, "[In which picture is the|Where is the|Which picture shows the] "
                        "{animal}?", animal=values["animal"])  # fmt: skip
        return Exchange(question, f"In the {ordinal} picture.")
    same = "Yes, " if len(set(animals)) == 1 else "No, "
    names = listed([with_article(animal) for animal in animals])
    return Exchange("Is it the same animal in all pictures?", f"{same}{names}.")
