"""System messages that tell something: a name, or facts of a shop."""

from __future__ import annotations

from training.language.chat import Chat, turns
from training.language.lexicon import Draw
from training.language.tables import COLORS, WEEKDAYS


def named(draw: Draw) -> Chat:
    """The name that the system message gives, the model's or the user's."""
    name = draw.name()
    if draw.chance(0.6):
        system = draw.phrase(
            (
                "[Your name is|You are called|You are|Call yourself] {n}[.|, a friendly "
                "assistant.|, an assistant.|, the assistant of a shop.]",
            ),
            n=name,
        )
        asked = draw.phrase(
            (
                "[What is|What's] your name?",
                "Who are you?",
                "How are you called?",
                "Your name?",
                "Introduce yourself.",
                "[Hello|Hi], who are you?",
            )
        )
        return Chat(
            turns(
                asked,
                draw.phrase(
                    (
                        "My name is {n}.",
                        "I am {n}.",
                        "I'm {n}. How can I help?",
                        "You can call me {n}.",
                    ),
                    n=name,
                ),
                system=system,
            ).messages,
            wanted=name,
        )
    system = draw.phrase(
        (
            "The user is called {n}.",
            "The user's name is {n}.",
            "You are talking to {n}.",
            "[Greet|Call] the user by the name {n}.",
        ),
        n=name,
    )
    asked, said = draw.rng.choice(
        (
            ("Hello!", "Hello {n}! How can I help you?"),
            ("Hi", "Hi {n}! What can I do for you?"),
            ("What is my name?", "Your name is {n}."),
            ("Who am I?", "You are {n}."),
            ("Good morning!", "Good morning, {n}!"),
        )
    )
    return Chat(turns(asked, said.replace("{n}", name), system=system).messages, wanted=name)


def informed(draw: Draw) -> Chat:
    """Facts in the system message that answer the question."""
    rng = draw.rng
    name, city, hour, price, thing = (
        draw.name(),
        draw.city(),
        str(rng.randint(6, 12)),
        str(rng.randint(2, 99)),
        draw.thing(),
    )
    one = draw.fitted("a {x}", {"x": thing}).replace("{x}", thing)
    priced = f"A{one[1:]} costs {price} euros."
    facts_ = {
        "hour": (
            f"The shop opens at {hour}.",
            "[When|At what time] [do you|does the shop] open?",
            f"[The shop opens|We open] at {hour}.",
            hour,
        ),
        "city": (
            f"The shop is in {city}.",
            "[Where|In which city] [are you|is the shop]?",
            f"[The shop is|We are] in {city}.",
            city,
        ),
        "owner": (
            f"The owner is {name}.",
            "Who [is the owner|owns the shop|is the boss]?",
            f"The owner is {name}.",
            name,
        ),
        "price": (
            priced,
            f"[How much is|What does|What is the price of] {one}[| cost]?",
            priced,
            price,
        ),
        "color": (
            f"Our {thing}s are {rng.choice(COLORS)}.",
            f"Which colour do your {thing}s have?",
            "",
            "",
        ),
        "day": (f"We are closed on {rng.choice(WEEKDAYS)}.", "When are you closed?", "", ""),
        "phone": (
            f"The phone number is {rng.randint(10000, 999999)}.",
            "What is [your|the] phone number?",
            "",
            "",
        ),
        "word": (f"The secret word is {draw.strange()}.", "What is the secret word?", "", ""),
    }
    chosen = rng.sample(tuple(facts_), rng.randint(1, 4))
    key = rng.choice(chosen)
    told, asked, said, wanted = facts_[key]
    opening = draw.phrase(
        (
            "You [work for|help in] a shop.",
            "You are the assistant of a shop.",
            "",
            "Know this:",
            "Facts:",
            "You answer questions about our shop.",
        )
    )
    system = f"{opening} {' '.join(facts_[each][0] for each in chosen)}".strip()
    if not draw.held_out and draw.chance(0.15):
        absent = rng.choice([each for each in facts_ if each not in chosen])
        return turns(
            draw.phrase((facts_[absent][1],)),
            draw.phrase(
                (
                    "I was not told that.",
                    "I do not know that, sorry.",
                    "That I was not told. [Please ask the owner.|]",
                )
            ).strip(),
            system=system,
        )
    answer = draw.phrase((said,)) if said else told
    return Chat(
        turns(draw.phrase((asked,)), answer, system=system).messages,
        wanted=wanted or told.rstrip(".").split()[-1],
    )
