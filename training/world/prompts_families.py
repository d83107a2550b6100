"""The kinds of prompt: plain, list, sentences, scenery first, and the course's own style."""

from __future__ import annotations

from training.language.articles import with_article
from training.world.phrases_filler import FIGURE_ADJECTIVES, FIGURES, REQUESTS
from training.world.prompts_wording import Wording
from training.world.scene import NOTHING, Scene

LESSON_SENTENCE = (
    "A whimsical illustration of a fashionably dressed llama proudly holding a worn, vintage "
    "cookbook, with a warm cup of tea and a few freshly baked treats scattered around, set "
    "against a cozy background of rustic wood and blooming flowers."
)
LESSON_SAID = {
    "animal": "llama",
    "background": "rustic wood",
    "held": "cookbook",
    "flowers": "yes",
    "treats": "yes",
    "tea": "yes",
}


def fits_lesson(scene: Scene) -> bool:
    """Whether every word of the course's prompt is true of a scene."""
    return (
        (scene.animal, scene.background, scene.held) == ("llama", "rustic wood", "cookbook")
        and NOTHING not in (scene.clothing, scene.hat)
        and scene.flowers
        and scene.treats
        and scene.tea
    )


def plain(w: Wording) -> str:
    """ "a penguin in a red scarf holding a balloon in the snow"."""
    subject = _subject(w)
    groups = _worn_groups(w)
    held_first = bool(groups) and w.has("held") and w.chance(0.25)
    if w.has("held"):
        groups.insert(0 if held_first else len(groups), w.holding())
    groups += w.negations()
    if w.has("background"):
        place = w.place()
        if w.chance(0.15):
            place = f"{w.rng.choice(('standing', 'standing', 'posing', 'waiting'))} {place}"
        groups.insert(0 if w.chance(0.15) else len(groups), place)
    ground = _ground_group(w)
    if ground:
        groups.append(ground)
    dangling = any(group.startswith("and ") for group in groups)
    if len(groups) > 1 and not dangling and w.chance(0.08):
        w.rng.shuffle(groups)
    return f"{_figure(w)}{subject}{_chain(w, groups, commas=held_first or w.chance(0.55))}"


def listing(w: Wording) -> str:
    """ "penguin, red scarf, balloon, snow"."""
    w.telegram = w.chance(0.7)
    head = [w.a(w.animal())] if w.has("animal") else []
    items = w.worn()
    if w.has("held"):
        items.append(w.a(w.held()) if w.chance(0.7) else w.holding(verb="holding"))
    if w.has("background"):
        items.append(w.setting() if w.chance(0.75) else w.place())
    for key in ("flowers", "treats", "tea"):
        if w.has(key):
            noun = getattr(w, key)()
            items.append(f"{noun} {w.around([noun])}" if key == "tea" or w.chance(0.3) else noun)
    items += w.negations(short=True)
    if w.chance(0.5):
        w.rng.shuffle(items)
    if w.chance(0.15):
        items = [*items, *head]
        w.rng.shuffle(items)
    else:
        items = [*head, *items]
    return w.rng.choices((", ", ",", " ", "; ", " | ", " + "), (86, 3, 4, 3, 2, 2))[0].join(items)


def sentences(w: Wording) -> str:
    """ "A penguin is holding a balloon. It wears a red scarf."."""
    w.telegram = False
    name = w.animal() if w.has("animal") else "animal"
    does = _predicates(w)
    w.rng.shuffle(does)
    opening = "There is" if not does or w.chance(0.12) else ""
    first = 0 if opening else 1 if w.chance(0.6) else min(2, len(does))
    article = "the" if not opening and w.chance(0.15) else "a"
    subject = f"the {name}" if article == "the" else with_article(name)
    said = [f"{opening} {subject} {' and '.join(does[:first])}".strip()]
    rest = does[first:]
    while rest:
        count = 1 if len(rest) == 1 or w.chance(0.5) else 2
        pronoun = "it" if w.chance(0.8) else f"the {name.split()[-1]}"
        said.append(f"{pronoun} {' and '.join(rest[:count])}")
        rest = rest[count:]
    said += _remarks(w)
    return ". ".join(text[0].upper() + text[1:] for text in said)


def scenery_first(w: Wording) -> str:
    """ "In the snow, a penguin with a red scarf is holding a balloon"."""
    subject = _subject(w)
    worn, tail = _worn_groups(w), ""
    if w.has("held"):
        held = w.holding(verb=w.rng.choice(("holding", "holding", "carrying")))
        tail = f" {'is ' if w.chance(0.4) else ''}{held}"
    negations = w.negations()
    body = f"{subject}{_chain(w, worn, commas=False)}{tail}"
    if negations:
        body += ", " + w.join(negations)
    draw = w.rng.random()
    ground = _ground_group(w, with_only=True)
    ground = f", {ground}" if ground else ""
    if draw < 0.55:
        comma = "," if w.chance(0.7) else ""
        return f"{w.place()}{comma} {body}{ground}"
    body = body.replace(" is holding", " holding").replace(" is carrying", " carrying")
    if draw < 0.8:
        setting = w.setting()
        mass = setting in ("rustic wood", "night", "stars", "snow", "winter", "clouds", "grass",
                           "moonlight", "countryside", "blue sky")  # fmt: skip
        lead = setting if mass else w.a(setting)
        return f"{lead} {w.rng.choice(('with', 'and'))} {body}{ground}"
    place = w.place()
    return f"{place} there is {body}{ground}"


def lesson(w: Wording) -> str:
    """The style of the course's prompt, with every animal, object and background."""
    w.telegram = False
    figure = "whimsical illustration"
    if w.chance(0.5):
        figure = f"{w.rng.choice(FIGURE_ADJECTIVES)} {w.pick(FIGURES, 0.3)}"
    text = f"{with_article(figure)} of {_dressed_subject(w)}"
    if w.has("held"):
        verb = w.pick(("proudly holding", "holding", "happily holding", "carefully holding"))
        text += f" {w.holding(verb=verb)}"
    negations = w.negations()
    if negations:
        text += ", " + w.join(negations)
    blooming = w.has("flowers") and w.has("background") and w.chance(0.75)
    ground = [getattr(w, key)() for key in ("tea", "treats") if w.has(key)]
    if w.has("flowers") and not blooming:
        ground.append(w.flowers())
    if ground:
        where = "scattered around" if len(ground) > 1 else "nearby"
        text += f", with {w.join(ground)} {where if w.chance(0.7) else w.around(ground)}"
    if w.has("background"):
        set_against = w.pick(("set against", "against", "placed against", "in front of"))
        cozy = w.rng.choice(("a cozy", "a cozy", "a", "a beautiful", "a charming", "a peaceful"))
        text += f", {set_against} {cozy} background of {w.backdrop()}"
        if blooming:
            w.said["flowers"] = "yes"
            text += f" and {w.pick(('blooming flowers', 'flowers', 'colorful flowers'), 0.6)}"
    return text + "."


def _dressed_subject(w: Wording) -> str:
    scene = w.scene
    both = NOTHING not in (scene.clothing, scene.hat)
    if both and w.chance(0.55):
        manner = w.pick(("fashionably dressed", "elegantly dressed", "well-dressed"), 0.6)
        subject = with_article(w.animal(adjective=manner))
        if w.chance(0.45):
            w.mentioned -= {"clothing", "hat"}
    else:
        subject = with_article(w.animal())
    worn = w.worn()
    if worn:
        verb = w.pick(("wearing", "with", "in", "dressed in"), 0.5)
        if verb != "wearing" and "glasses" in w.said:
            verb = "with"
        subject += f" {verb} {w.join(worn)}"
    return subject


def _subject(w: Wording) -> str:
    noun = w.animal() if w.has("animal") else "animal"
    return f"the {noun}" if w.chance(0.06) else w.a(noun)


def _figure(w: Wording) -> str:
    """ "a watercolor painting of " and the like, or nothing."""
    draw = w.rng.random()
    if draw < 0.65:
        return ""
    if draw < 0.75:
        return f"{w.rng.choice(REQUESTS)} "
    figure = w.pick(FIGURES, 0.25)
    if w.chance(0.35):
        figure = f"{w.rng.choice(FIGURE_ADJECTIVES)} {figure}"
    return f"{w.a(figure)} of "


def _worn_groups(w: Wording) -> list[str]:
    """Clothing, hat and glasses in one, two or three phrases."""
    clothes = []
    if w.has("clothing"):
        clothes.append(w.a(w.clothing()))
    if w.has("hat"):
        clothes.append(w.a(w.hat()))
    w.rng.shuffle(clothes)
    glasses = [w.glasses()] if w.has("glasses") else []
    if not clothes:
        return [f"{w.rng.choice(('with', 'with', 'wearing', 'in'))} {noun}" for noun in glasses]
    draw = w.rng.random()
    if draw < 0.35:
        worn = [*clothes, *glasses]
        w.rng.shuffle(worn)
        return [f"{w.pick(('wearing', 'with'), 0.6)} {w.join(worn)}"]
    verb = w.rng.choice(("in", "in", "wearing", "dressed in", "with"))
    separate = [f"{'wearing' if verb == 'with' else 'with'} {noun}" for noun in glasses]
    if draw < 0.8 or len(clothes) == 1:
        return [f"{verb} {w.join(clothes)}", *separate]
    other = "and" if w.chance(0.3) else "with" if verb != "with" else "wearing"
    return [f"{verb} {clothes[0]}", f"{other} {clothes[1]}", *separate]


def _ground_group(w: Wording, *, with_only: bool = False) -> str:
    items = w.ground()
    if not items:
        return ""
    if not with_only and "tea" not in w.said and w.chance(0.25):
        return f"{w.rng.choice(('surrounded by', 'next to', 'among'))} {w.join(items)}"
    return f"with {w.join(items)} {w.around(items)}"


def _chain(w: Wording, groups: list[str], *, commas: bool) -> str:
    """Put the phrases behind the subject, with spaces or commas between them."""
    text = ""
    commas = commas and len(groups) > 1
    for number, group in enumerate(groups):
        if not number and group.startswith("wearing ") and w.chance(0.06):
            group = f"that wears {group.removeprefix('wearing ')}"
        followed = number and commas and not group.startswith("and ")
        if number and group.startswith("holding ") and not commas and w.chance(0.3):
            group = f"and {group}"
        text += f"{',' if followed else ''} {group}"
    return text


def _predicates(w: Wording) -> list[str]:
    """What the animal does, as verbs: "wears a red scarf", "is holding a balloon"."""
    does = []
    worn = w.worn()
    if len(worn) > 1 and w.chance(0.25):
        does.append(f"has {worn.pop()}")
    if worn:
        does.append(f"{w.pick(('wears', 'is wearing', 'has'))} {w.join(worn)}")
    if w.has("held"):
        verb = w.pick(("holding", "carrying"), 0.8)
        third = f"{'holds' if verb == 'holding' else 'carries'}"
        phrase = w.holding(verb=verb)
        does.append(f"is {phrase}" if w.chance(0.5) else f"{third}{phrase.removeprefix(verb)}")
    if w.has("background") and w.chance(0.6):
        does.append(f"{w.pick(('is', 'stands', 'is standing'), 0.4)} {w.place()}")
    w.mentioned -= {"background"} if "background" in w.said else set()
    return does


def _remarks(w: Wording) -> list[str]:
    """Sentences about the rest of the picture."""
    remarks = []
    ground = w.ground()
    if ground:
        several = not ground[0].startswith("a ") or ground[0].startswith("a few")
        there = "there are" if several else "there is"
        remarks.append(f"{there} {w.join(ground)} {w.around(ground)}")
    if w.has("background"):
        verb = w.pick(("shows", "is"))
        remarks.append(f"the background {verb} {w.backdrop()}")
    if w.absent:
        texts = {"hat": "it wears no hat", "glasses": "it wears no glasses",
                 "clothing": "it wears no clothes", "held": "it holds nothing",
                 "flowers": "there are no flowers", "treats": "there are no treats",
                 "tea": "there is no tea"}  # fmt: skip
        remarks += [texts[key] for key in sorted(w.absent)]
        w.negations()
    w.rng.shuffle(remarks)
    return remarks
