"""Questions that no picture answers, with honest answers: any picture will do for them."""

from __future__ import annotations

import random

from training.idefics2.names import Values
from training.idefics2.questions.phrases import (
    IT,
    NO_TELLING,
    NOT_MY_WORLD,
    NOT_SEEN,
    PICTURE,
    WHO,
    Exchange,
)
from training.language.wording import vary
from training.language.words import WORDS

THINGS = (
    "car", "tree house", "bicycle", "ball", "window", "table", "chair", "child", "person", "man",
    "woman", "boat", "train", "house", "castle", "bridge", "robot", "dragon", "violin", "guitar",
    "piano", "phone", "camera", "statue", "pizza", "apple", "banana", "sofa", "bottle", "spoon",
    "wheel", "tent", "spider", "bee", "butterfly", "sword", "crown", "ring", "shoe", "boot",
    "glove", "bag", "lamp", "candle", "clock", "door", "street", "river", "mountain", "volcano",
    "rainbow", "rocket", "plane", "bus", "ladder", "hammer", "key", "letter", "map", "flag",
)  # fmt: skip
"""What nobody will find in a picture of the pocket world."""

WHEN = "[yesterday|last night|today|this morning|on Sunday|last week|a year ago|tomorrow|before]"
UNSEEN = (
    f"What [did {IT} [do|eat|drink|buy|say|read|learn|sing|dream|cook]|was {IT} doing] {WHEN}?",
    f"[Where|How|When|Why|With whom] did {IT} [go|sleep|travel|play|eat|meet a friend|get here]"
    f"[| {WHEN}]?",
    f"What will {IT} [do|eat|wear|say|see|buy|play] [next|{WHEN}|later|in an hour]?",
    "How [old|heavy|tall|clever|rich|strong|hungry|fast|tired] is [it|the {animal}|he|she]?",
    f"How [long|often] [has {IT} been|does {IT} come|will {IT} stay] [here|there]?",
    "[Who|What] [is|was] [its|the {animal}'s] [mother|father|friend|owner|favorite [song|food|"
    "color|game|book]|job|age|birthday|address|nickname]?",
    f"[What|Which] [day|month|year|city|country|season|town|street|temperature] is [it|this]"
    f"[| there| in the {PICTURE}]?",
    "Who [made|sewed|gave it|sold it|knitted] the [hat|clothes|scarf|sweater|present]?",
    f"Who [drew|painted|took|sent|made|printed|bought] [it|this|this {PICTURE}|the {PICTURE}]?",
    "[Does|Can] [it|he|she|the {animal}|this animal] [speak English|sing|swim|fly|sleep well|"
    "like music|have children|bite|dance|read|cook]?",
    f"What [is|was] {IT} [thinking|dreaming|singing|talking][| about]?",
    f"[Is|Was] {IT} [married|hungry|tired|famous|rich|afraid|at home|ill|thirsty]?",
    f"What [sound|noise|smell] [does {IT} make|is there]?",
    f"[What|How much] did [this|the {PICTURE}|the [hat|clothes|scarf]] cost?",
)
"""What no picture tells, put together from many pieces."""


def ask_the_unknowable(values: Values, rng: random.Random) -> Exchange:
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
    if rng.random() < 0.6:
        question = rng.choice(UNSEEN)
    return Exchange(question, NO_TELLING)


def ask_of_the_world(values: Values, rng: random.Random) -> Exchange:
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
            "Write [a poem|a story|something|a limerick] about {word}.|Who invented {word}?|"
            "What [does|did] {word} [mean|cost]?|Why is there {word}?|When was {word} found?|"
            "Who [lost|sang|wrote|found|stole|saw|sold|paid for] [the|a] {word}?|"
            "What is the [meaning|name|price|history|size|weight|color] of [the |]{word}?]",
            word=rng.choice(WORDS),
        )
    return Exchange(question, NOT_MY_WORLD)


def ask_what_is_not_there(values: Values, rng: random.Random) -> Exchange:
    """About something that is in no picture of this world."""
    question = (
        "[Is there [a|any] {word}?|Do you see [a|the|any] {word}?|Where is the {word}?|"
        "What [colour|color] is the {word}?|Can you see [a|the] {word} in the " + PICTURE + "?|"
        "Does " + IT + " have a {word}?|Is there a {word} on the ground?]"
    )
    return Exchange(vary(rng, question, word=rng.choice(THINGS)), NOT_SEEN)


def ask_who(values: Values, rng: random.Random) -> Exchange:
    """Who answers."""
    return Exchange(
        "[Who are you?|What are you?|What is your name?|Which model [are you|is this]?|"
        "Are you Idefics2?|Tell me about yourself.]",
        WHO,
    )
