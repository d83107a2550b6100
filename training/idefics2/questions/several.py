"""Questions about two or three pictures together."""

from __future__ import annotations

import random
from collections.abc import Sequence

from training.idefics2.names import Values, listed, present, sentence
from training.idefics2.questions.describe import short_description
from training.idefics2.questions.phrases import Exchange
from training.language.articles import with_article
from training.language.wording import vary

ORDINALS = ("first", "second", "third")


def exchange_about_several(pictures: Sequence[Values], rng: random.Random) -> Exchange | None:
    """A question about two or three pictures together; None where something is not certain."""
    if not all(present(values, "animal") for values in pictures):
        return None
    animals = [values["animal"] for values in pictures]
    names = listed([with_article(animal) for animal in animals])
    draw = rng.random()
    which = rng.randrange(len(pictures))
    ordinal, values = ORDINALS[which], pictures[which]
    if draw < 0.4:
        return Exchange(
            vary(rng, "[What|Which] animals [are in these pictures|do you see|are these|"
                 "are in the pictures|do the images show]?"),
            sentence(names),
        )  # fmt: skip
    if draw < 0.65:
        caption = short_description(values)
        if caption is None:
            return None
        question = vary(rng, "[What is in|Describe|What do you see in] the {which} "
                        "[picture|image][?|.|]", which=ordinal)  # fmt: skip
        return Exchange(question, caption)
    if draw < 0.85 and animals.count(values["animal"]) == 1:
        question = vary(rng, "[In which picture is the|Where is the|Which picture shows the] "
                        "{animal}?", animal=values["animal"])  # fmt: skip
        return Exchange(question, f"In the {ordinal} picture.")
    same = "Yes, " if len(set(animals)) == 1 else "No, "
    return Exchange("Is it the same animal in all pictures?", f"{same}{names}.")
