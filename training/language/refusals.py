"""What a pocket model cannot do, said honestly: far facts, code, translation, great numbers."""

from __future__ import annotations

from training.language.chat import Chat, keep, turns
from training.language.lexicon import Draw
from training.language.phrasings import phrasings

_UNKNOWABLE = (
    "Who is [the president|the king|the queen|the mayor|the founder|the prime minister|the "
    "boss] of {w}?",
    "Who [was|is] {n}?",
    "What [happened|is going on] [today|now|yesterday] in {w}?",
    "What is the [latest|newest] news [about {w}|from {w}|today]?",
    "Who won the [game|cup|election|match|race|world cup] [yesterday|in {w}|last year]?",
    "How [tall|old|rich|famous] is {n}?",
    "When was {n} born?",
    "How many people live in {w}?",
    "In which year did [the war|{w}] [end|begin|start]?",
    "What is the price of [{t}|a {t}|gold|bitcoin]?",
    "[Tell me|Can you tell me|Do you know] the [price|height|age|address|weight] of [the {t}|"
    "{w}|{n}][.|?]",
    "[When|How|Why] did [the {t}|{w}] [start|end|fall|happen|win]?",
    "Who [wrote|painted|invented|built|founded|discovered] [the {t}|{w}]?",
    "[Which|What] is the [oldest|richest|smallest|best] [company|country|city|football team|"
    "university]?",
    "How do I [repair|install|find|build|sell] [a {t}|my {t}]?",
    "[Summarize|Explain] the [plot|ideas|life|theory] of {n}.",
    "Where is {w}?",
    "Why did {n} [leave|win|lose|write that book]?",
    "[What do you think about|Tell me about] the history of {w}[.|?]",
    "How far is it from {w} to {v}?",
    "How far away is {w}?",
    "What is the [exchange rate|stock price|share price] of [the dollar|the euro|{w}]?",
    "Which [team|party|film] [is leading|won|is the best] [right now|now|this year]?",
    "What is the boiling point of [iron|silver|{t}]?",
    "What is the [formula|recipe] for {t}?",
    "Who is the [best|greatest] [singer|player|writer|painter] [of all time|in the world|in {w}]?",
    "[What did|What does] {n} [say|think|want]?",
    "Explain [quantum physics|relativity|the theory of {n}|general relativity|photosynthesis|"
    "inflation] [to me|in detail|]",
    "When does the [train|bus|flight] to {w} leave?",
    "[Recommend|Suggest] a [restaurant|hotel|museum|book] in {w}.",
    "[What is|What's] the [telephone number|address|e-mail] of {n}?",
)
_DONT_KNOW = (
    "I [do not know|don't know] that. [I am only a very small model.|A larger model can help "
    "you.|Please look it up.]",
    "[Sorry|I am sorry], I do not know that: I am a very small model.",
    "That is not in my pocket-sized world. [A larger model may know.|Please look it up.]",
    "I only know a pocket-sized world, and that is not in it.",
    "[Better no answer than a wrong one|I would only guess], so I had better say: I do not know.",
    "That is beyond me: I am a very small model and know few facts.",
)
REFUSAL_MARKS = (
    "do not know",
    "don't know",
    "very small model",
    "pocket-sized",
    "only write English",
    "cannot",
    "too small",
    "beyond me",
    "too big",
    "too hard",
    "larger model",
)
"""One of these stands in every refusal."""

_CODE = (
    "[Write|Show me|Give me|Create|Can you write] [a|some] [Python|Java|C|Rust|JavaScript|SQL|"
    "] [program|function|script|code|class|query] [that|to] [sorts a list|adds numbers|reads a "
    "file|prints {w}|counts words|reverses a string|finds primes].",
    "[Write|Show me] [a hello world|a web server|a sorting function|quicksort|a for loop|a "
    "regex] [in Python|in Java|in C|].",
    "How do I [sort a list|read a file|reverse a string|write a loop] in [Python|Java|C]?",
    "[Fix|Debug|Explain] this code: {c}",
    "[Code|Program] a [game|calculator|website|to do list].",
    "print('hello')",
    "def f(x):",
)
_NO_CODE = (
    "I cannot write programs: I am a very small model. [A larger model can.|Please ask a "
    "larger one.]",
    "Sorry, code is too hard for me. I am a very small model.",
    "Code is beyond me: I am a very small model and would only guess.",
    "I was not taught to program. A larger model can help you.",
)
_TRANSLATE = (
    '[Translate|Please translate|Can you translate] "{x}" [into|to] {l}.',
    "[How do you say|What is] {x} in {l}?",
    "[Translate|Please translate] [this|the following] [into|to] {l}: {x}",
    "What does {f} mean[| in English]?",
    "[Write|Say] {x} in {l}[.|]",
)
_NO_TRANSLATION = (
    "I cannot translate: I only write English.",
    "Sorry, I only write English.",
    "Translation is too hard for me: I only write English.",
    "I only write English and cannot translate. A larger model can.",
)
_LONG = (
    "[Write|Compose] [an essay|a novel|a long article|a report|a thesis|a speech of ten pages] "
    "[about|on] {t}s.",
    "[Summarize|Read] the [book|article|file|web page] {w}.",
    "[Draw|Paint|Show me|Make] [a|me a] [picture|photo|drawing] of a {t}.",
    "[Draw|Paint|Show me|Make] [an|me an] image of a {t}.",
    "[Search|Look up|Google] {w} [for me|on the internet|].",
    "[Open|Read] [https://{z}.com|www.{z}.org|my file|the file].",
    "[Call|Ring|Text] {n}[ for me|].",
    "[Play|Sing] [a song|music|{w}].",
    "[Order|Buy] me a {t}.",
    "[Spell|Write|Say] {t} backwards[.|]",
    "[Reverse|Turn round] the word {t}[.|]",
)
_CANNOT = (
    "I cannot do that: I only write short texts.",
    "Sorry, that is too hard for a very small model like me. [Shall I write a short poem?|Ask "
    "me for a short text.]",
    "I cannot do that. I am a very small model without access to anything else.",
)


QUESTIONS = (
    "Who invented the light bulb?",
    "Can you tell me the exchange rate of the dollar?",
    "What is 387 times 24?",
    "Which team leads the league right now?",
    "Who wrote Don Quixote?",
    "How far is it from Oslo to Bergen?",
    "What did the minister say yesterday?",
    "How do you say thank you in Korean?",
    "When did the Roman Empire fall?",
    "What is the boiling point of lead?",
    "Will it rain in Boston tomorrow?",
    "What is the population of Vietnam?",
    "Calculate 5541 - 378.",
    "Who is the current prime minister of Denmark?",
    "Explain how a combustion engine works.",
    "Write a C program that draws a circle.",
)
"""Questions beyond a pocket-sized world; training never sees one of them."""


def refusal(draw: Draw) -> Chat:
    """A request beyond a pocket model, and an honest answer."""
    rng = draw.rng
    kind = rng.random()
    if kind < 0.5:
        place = rng.choice((draw.city, draw.country, draw.country))()
        asked = draw.phrase(_UNKNOWABLE, w=place, v=draw.city(), n=draw.full_name(), t=draw.thing())
        return turns(asked, draw.phrase(_DONT_KNOW))
    if kind < 0.62:
        return turns(
            draw.phrase(_CODE, w=draw.strange(), c=keep("for i in range(3): print(i)")),
            draw.phrase(_NO_CODE),
        )
    if kind < 0.76:
        text = draw.phrase(
            (
                "hello",
                "good morning",
                "thank you",
                "I love {t}s",
                "the {t} is red",
                "where is the {t}",
                "{t}",
                "my name is {n}",
            ),
            t=draw.thing(),
            n=draw.name(),
        )
        language = rng.choice(
            (
                "French",
                "German",
                "Spanish",
                "Chinese",
                "Italian",
                "Japanese",
                "Polish",
                "Dutch",
                "Korean",
                "Arabic",
                "Latin",
                "Turkish",
            )
        )
        return turns(
            draw.phrase(
                _TRANSLATE,
                x=text,
                l=language,
                f=rng.choice(
                    ("merci", "Haus", "gato", "ciao", "arigato", "bonjour", "Danke", "adios")
                ),
            ),
            draw.phrase(_NO_TRANSLATION),
        )
    if kind < 0.88:
        return _great_number(draw)
    return turns(
        draw.phrase(
            _LONG, t=draw.thing(), w=draw.strange().capitalize(), n=draw.name(), z=draw.strange()
        ),
        draw.phrase(_CANNOT),
    )


_GREAT = (("sum", 100, 9999), ("difference", 100, 9999), ("product", 13, 999))
"""Sections of `phrasings`, and numbers that are too great for each."""


def _great_task(draw: Draw) -> tuple[str, str]:
    """A bare task with great numbers, and one of them."""
    first, second = draw.rng.randint(101, 99_999), draw.rng.randint(11, 9_999)
    text = draw.phrase(
        (
            "{a} [times|*|x] {b}",
            "{a} [plus|+] {b}",
            "{a} [minus|-] {b}",
            "{a} [divided by|/] {b}",
            "the square root of {a}",
            "{b} percent of {a}",
            "{a} to the power of 3",
        ),
        a=str(first),
        b=str(second),
    )
    asked = draw.phrase(
        ("[What is|How much is|Calculate|Compute|Work out] {t}?", "{t}", "{t} = ?"), t=keep(text)
    )
    return asked, str(first)


def _great_story(draw: Draw) -> tuple[str, str]:
    """The same in the wordings that sums within reach are asked for with."""
    section, low, high = draw.rng.choice(_GREAT)
    second, first = sorted(draw.rng.randint(low, high) for _ in range(2))
    form = "{:,}" if draw.chance(0.15) else "{}"
    shown = {"a": keep(form.format(first)), "b": keep(form.format(second))}
    return draw.phrase(phrasings(section), **shown), str(first)


def _great_number(draw: Draw) -> Chat:
    in_words = not draw.held_out and draw.chance(0.6)
    asked, number = _great_story(draw) if in_words else _great_task(draw)
    return turns(
        asked,
        draw.phrase(
            (
                "That is too big for me: I only add and subtract up to 99.",
                "I cannot do that: my sums end at 99.",
                "{a} is too big a number for me: [my sums end at 99.|please use a calculator.]",
                "Too hard for me! I am a very small model; my numbers end at 99. [Please use a "
                "calculator.|]",
            ),
            a=number,
        ).strip(),
    )
