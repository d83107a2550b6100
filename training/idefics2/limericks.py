"""Limericks about what a picture shows: two long lines, two short ones, a long one; AABBA.

Inside a line ``[a|b]`` chooses a wording, ``{animal}`` is "owl", ``{an}`` "an owl", ``{c}`` a
colour and ``{ac}`` the same with its article; every line gets a capital letter. A test checks
every rhyme with a dictionary.
"""

from __future__ import annotations

import random

from training.idefics2.names import Values, present
from training.language.articles import with_article
from training.language.wording import vary
from training.world.scene import NOTHING

Lines = tuple[str, ...]

FRAMES: dict[str, tuple[Lines, ...]] = {
    "rustic wood": (
        ("There once was {an} by the wall,", "[whose|its] boards were of wood, brown and tall;",
         "the [happiest|merriest] {animal} of all."),
        ("{an} in a house made of wood", "stood [straight|happy] and still, as it should;",
         "and felt [wonderfully|perfectly|really quite] good."),
        ("By planks of old wood, side by side,", "{an} was standing with pride;",
         "and there it was smiling so wide."),
    ),
    "starry night": (
        ("There once was {an} in the night,", "with stars [shining|gleaming] silver and bright;",
         "and [danced|smiled] in the moon's gentle light."),
        ("One night {an} looked at the stars,", "at Venus, at Saturn, at Mars;",
         "[far off from|and heard not] the noise of the cars."),
        ("The stars were all out on the hill,", "{an} was awake there and still;",
         "the night sky had [given|brought] it a thrill."),
    ),
    "field": (
        ("There once was {an} on the green,", "the [prettiest|loveliest] field ever seen;",
         "and felt like a king or a queen."),
        ("{an} took a stroll through the grass,", "in a field where the butterflies pass;",
         "[a creature|an animal] of style and of class."),
        ("In fields where the [green|soft] grasses sway,", "{an} was spending the day;",
         "and nothing could chase it away."),
    ),
    "snow": (
        ("There once was {an} in the snow,", "its nose had a [rosy|bright] little glow;",
         "the [merriest|happiest] {animal} I know."),
        ("In snow that was sparkling and white", "{an} was a [marvellous|wonderful] sight;",
         "its heart was all happy and light."),
        ("Where snow covered tree after tree,", "{an} was happy and free;",
         "as cheerful as cheerful can be."),
    ),
    "beach": (
        ("There once was {an} by the sea,", "on a beach [where|as] the wind blew so free;",
         "as happy as happy can be."),
        ("{an} took a walk on the sand,", "the beach was so sunny and grand;",
         "the [luckiest|happiest] {animal} in the land."),
        ("On a beach where the gentle waves play,", "{an} was spending the day;",
         "and wished it [forever|for ever] could stay."),
    ),
    "sky": (
        ("There once was {an} in the sky,", "[and saw|who watched] how the white clouds went by;",
         "so happy, so free and so high."),
        ("On clouds in a sky of bright blue", "{an} was enjoying the view;",
         "and hummed there the whole morning through."),
        ("Where clouds in the sky gently roam,", "{an} felt completely at home;",
         "on pillows as soft as white foam."),
    ),
}  # fmt: skip
"""By place: first, second and fifth line. Each frame names the animal and the place."""

COUPLETS: dict[str, tuple[Lines, ...]] = {
    "cookbook": (("It held up a book", "and wanted to cook,"),
                 ("With a cookbook in hand", "a big meal was planned,")),
    "cup of tea": (("A cup of hot tea", "it drank full of glee,"),
                   ("With tea in a cup", "it warmed itself up,")),
    "flower": (("Its {c} flower, held tight,", "brought lots of delight,"),
               ("It held up a flower", "for hour after hour,")),
    "balloon": (("Its {c} balloon", "flew up to the moon,"),
                ("With balloon and with song", "it danced all day long,")),
    "laptop": (("With a laptop to write", "it typed with delight,"),
               ("Its laptop was on", "from evening till dawn,")),
    "sweater": (("In {ac} sweater", "no one looked better,"),
                ("Its {c} sweater was warm", "in wind and in storm,")),
    "scarf": (("Its scarf, {c} and long,", "was knitted so strong,"),
              ("{ac} scarf, what a treat,", "looked cosy and neat,")),
    "bow tie": (("Its {c} bow tie", "caught everyone's eye,"),
                ("In {ac} bow tie", "it nodded to say hi,")),
    "top hat": (("Its {c} top hat", "looked splendid at that,"),
                ("With a top hat so tall", "it impressed one and all,")),
    "party hat": (("Its {c} party hat", "looked funny at that,"),
                  ("With a party hat on", "it sang until dawn,")),
    "beanie": (("Its beanie felt warm", "in wind and in storm,"),
               ("With its {c} beanie on", "it sang until dawn,")),
    "straw hat": (("Its straw hat was wide", "and gave it some pride,"),
                  ("A straw hat of gold,", "both charming and old,")),
    "glasses": (("Its glasses were round,", "the best to be found,"),
                ("With glasses to see", "it laughed full of glee,")),
    NOTHING: (("It hummed a small tune", "one fine afternoon,"),
              ("It jumped up and down,", "the talk of the town,")),
}  # fmt: skip
"""By what the picture shows: third and fourth line."""

STRANGE = (
    "There once was a picture so strange,",
    "its colours and shapes seemed to change;",
    "I looked left and right,",
    "no animal in sight,",
    "it must be quite out of my range.",
)
EMPTY = (
    "I looked at the picture with care:",
    "{place}, and nobody there;",
    "I looked left and right,",
    "no animal in sight,",
    "just quiet and plenty of air.",
)
EMPTY_PLACES = {
    "rustic wood": "a wooden wall",
    "starry night": "a starry night",
    "field": "a field",
    "snow": "the snow",
    "beach": "a beach",
    "sky": "the sky",
}


def limerick(values: Values, rng: random.Random) -> str | None:
    """A limerick of five lines; None where animal or place are not certain."""
    animal, place = values["animal"], values["background"]
    if not animal or not place:
        return None
    if place not in FRAMES:
        return _capitals(STRANGE)
    if animal == NOTHING:
        return _capitals(tuple(line.replace("{place}", EMPTY_PLACES[place]) for line in EMPTY))
    first, second, fifth = rng.choice(FRAMES[place])
    topic, color = _topic(values, rng)
    third, fourth = rng.choice(COUPLETS[topic])
    if "c}" in third + fourth and not color:
        plain = (pair for pair in COUPLETS[topic] if "c}" not in "".join(pair))
        third, fourth = next(plain, COUPLETS[NOTHING][0])
    an = with_article(animal)
    words = {"animal": animal, "an": an, "c": color, "ac": with_article(color) if color else ""}
    lines = (first, second, third, fourth, fifth)
    return _capitals(tuple(vary(rng, line, **words) for line in lines))


def _capitals(lines: Lines) -> str:
    return "\n".join(line[0].upper() + line[1:] for line in lines)


def _topic(values: Values, rng: random.Random) -> tuple[str, str]:
    """What the short lines are about, and its colour."""
    topics = [
        (values[key], values.get(f"{key}_color", ""))
        for key in ("held", "clothing", "hat")
        if present(values, key)
    ]
    if values["glasses"] == "yes":
        topics.append(("glasses", ""))
    return rng.choice(topics) if topics else (NOTHING, "")
