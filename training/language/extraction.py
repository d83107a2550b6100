"""Facts in a text, wanted as JSON: keys in many wordings, schemas, missing facts, arrays."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from training.language.articles import measured
from training.language.asked import asked_keys, under_strange_keys
from training.language.blocks import read
from training.language.chat import Chat, keep, turns
from training.language.drills.exchange import any_value, exchanged_record
from training.language.lexicon import Draw, is_held_out
from training.language.phrasings import phrasings
from training.language.records import KEYS, RECORDS, Record, Slot, richer
from training.language.values import draw_value
from training.language.wording import vary

_ASKED = (
    "[Extract|Please extract|Get|Find|Pull out] {keys} [as JSON|in JSON|as a JSON object][:|.] "
    "{text}",
    "[Extract|Find|Give me|Read] {keys} from [this|the following] [sentence|text|message] [as "
    "JSON|in JSON][.|:] {text}",
    "{text} [Give me|Return|Extract|Write|Show] {keys} [as|in] JSON.",
    "{text}\n[Extract|Return|Write|Give me] {keys} [as JSON|in JSON|in JSON format].",
    "{text}\n\n[Extract|Return|Write] [this as JSON|JSON] with {keys}.",
    "[Write|Return|Give me|Make] [a JSON object|JSON|a JSON] with {keys}[:|.] {text}",
    "[Convert|Transform|Change|Turn] this [sentence|text|remark|message] [to|into] [JSON|a "
    "JSON object] with {keys}[:|.] {text}",
    "[Here is|This is|I have] a [sentence|text|message][:|.] {text} [Give me|Write|Return] "
    "{keys} as JSON.",
    "JSON with {keys}, please[:|.] {text}",
    "{keys} as JSON[, please|][:|.] {text}",
    "[Fill|Make|Build|Create] a JSON object with {keys} from[:| this text:] {text}",
    "[What are|Tell me] {keys} in this text? Answer [as|in|with] JSON[.| only.] {text}",
    "[Parse|Look at|Read] this: {text} [Keys|Fields]: {bare}. [JSON only.|Answer in JSON.|JSON.|]",
    "[Collect|Gather|Note|Pick] {keys} [and answer|and reply] [in|as] JSON[.|:] {text}",
    "I need {keys} [as|in] JSON[.|:] {text}",
    "[Could you|Can you|Would you] [pull|take|get|fish] {keys} [out of|from] [this|the] [note|"
    "mail|message|line] [and|, then] [write|give me|answer in] JSON? {text}",
    "{text} [So|Now|--|=>] [put|write|store] {keys} [in|into] [a |]JSON[.|, please.|]",
    "[My program|The database|Our system|I] [wants|needs|expects] JSON [with|of] {keys}[.|:] "
    "[The text|It|Someone] [says|said|wrote]: {text}",
    "json[, please|][:|,] {keys}[:|.] {text}",
    "{text} [json with|json keys] {bare}[.|?|]",
    "[Who, what, where|What do we know]? [Answer|Reply] as JSON with {bare}[.|:] {text}",
    "{text} What are {keys}? [Reply|Answer] in JSON.",
    "Text: {text}\n[Keys|Fields|JSON keys|Wanted]: {bare}\n[JSON:|Answer in JSON.|Only JSON.|]",
    "{text}\n\nJSON ({bare}):",
    "[Answer only with|Reply only with|Output only] JSON ([keys|fields] {bare})[.|:] {text}",
    "[Summarize|Structure] this as JSON with [the keys |the fields |]{bare}: {text}",
    "[Could|Can|Would|Will] you [take|draw|fetch|read|lift|copy] {keys} [from|off] [this|my|the] "
    "[text|letter|page|report|card] and [pass|bring|show|deliver|send|present] [it|them|that] [to "
    "me|to us|back|on] [as|in] JSON[?|, please?] {text}",
    "{text} [-|--|...|] [shape|form|press|cast|bring] {keys} [into|to] [one |]JSON [for us|for my "
    "program|for the boss|now|][.|]",
    "[The boss|Our tool|A form|This machine|My script] [asks for|likes|reads|takes] JSON ({bare})"
    "[.|:] [We have|I have|Here is|This came in][:|] {text}",
    "[We|They|I] [want|like to have|would love|must have] {keys} [out of it|from it|of this][, "
    "JSON please|: JSON|. Use JSON][.|:] {text}",
    "[Be so kind and|Please go and|Kindly] [note|list|enter|set down] {keys} [as|in] JSON[.|:] "
    "{text}",
)


@cache
def _more_asked() -> tuple[str, ...]:
    """Further wordings, by hand."""
    plain = (line.replace("\\n", "\n") for line in read("requests.txt").splitlines())
    return (*plain, *(line.replace("{t}", "{text}") for line in phrasings("extract")))


_LED = (
    "{lead} [Write|Answer with|Give me|Return|Make|I want|] JSON with {keys}. {text}",
    "{lead} JSON[: |, keys |, fields ]{bare}. {text}",
    "{lead} [Put|Write] {keys} [in|into] JSON[.|:] {text}",
    "{lead} {keys} as JSON[.|, please.|:] {text}",
    "{text} {lead} [JSON with|As JSON with|Answer as JSON with] {keys}[.|, please.]",
    "{text}\n{lead} (JSON, [keys|fields] {bare})",
)
"""Behind a question about the facts."""
_KEPT_ASKED = (
    "Read this and return {keys} as JSON: {text}",
    "Turn the following into a JSON object with {keys}. {text}",
    "Could you pull {keys} out of this note and hand it to me as JSON? {text}",
    "{text} -- put {keys} into JSON for me.",
    "My database wants JSON ({bare}). The text says: {text}",
    "Please make JSON of this, I want {keys}. {text}",
)
_UNNAMED = (
    "[Convert|Turn|Change|Put] this [to|into] JSON: {text}",
    "[As|In] JSON[, please|]: {text}",
    "{text} [As JSON, please.|Give me that as JSON.|JSON!]",
    "[Write|Return|Express] this as [JSON|a JSON object]: {text}",
)
_SCHEMAS = (
    "{text}\n\n[Answer|Reply] [with|in] JSON [that follows|that matches|of] this schema: {schema}",
    "[Extract the data|Extract the facts|Fill this schema|Use this schema|Schema][:|.] "
    "{schema}\n[Text: |Input: |]{text}",
    "[Return|Write] JSON [like|of the form] {schema} [for|from] this [text|sentence]: {text}",
    "Schema: {schema}\nText: {text}\nJSON:",
    "{text} [Answer in this format|Format|Fill in]: {schema}",
)
_SYSTEM = "You [extract|read] [data|facts] from [text|messages]. [Answer|Reply] with JSON only"
_KEYED_SYSTEMS = (
    f"{_SYSTEM}[, keys: {{bare}}.| with the keys {{bare}}.]",
    "[Extract|Return] {keys} [as|in] JSON[.| from what the user writes.]",
    "[Answer|Reply] only with [a JSON object|JSON]. [Keys|Fields]: {bare}.",
    "[Turn|Convert] every message into JSON with {keys}.",
    "Schema: {schema}",
    "[Answer|Reply] in JSON that follows {schema}",
)
_SYSTEMS = (
    f"{_SYSTEM}[.|, keys: {{bare}}.| with the keys {{bare}}.]",
    *_KEYED_SYSTEMS[1:],
)
"""Where all facts are wanted, no key needs to be named."""
_DISTRACTORS = (
    "",
    "",
    "",
    "",
    "It was a [long|nice|cold] day.",
    "[Hello!|Good morning!|Dear team,|Hi,]",
    "I [hope|think] all is well.",
    "[Thank you!|Best wishes!|See you soon!|Bye!]",
    "The [weather|coffee] was [good|bad|fine].",
    "[Please|Kindly] note it down.",
    "That is all I know.",
    "[As you know,|By the way,|FYI:]",
    "Nobody was surprised.",
    "I heard it on the radio.",
    "We [talked|laughed] about it for [an hour|a while].",
)


def slot_value(draw: Draw, slot: Slot) -> tuple[Any, str]:
    """A value and how the sentence says it."""
    if slot.values:
        word = draw.rng.choice(slot.values)
        if not draw.held_out and draw.chance(0.3):
            word = any_value(draw, word)
        return word, word
    return draw_value(draw, slot.kind)


def _record(draw: Draw) -> Record:
    if draw.held_out or draw.chance(0.2):
        record = draw.rng.choice(RECORDS)
    else:
        record = draw.rng.choice(richer())
    if not draw.held_out and draw.chance(0.35):
        return exchanged_record(draw, record)
    return record


def _facts(draw: Draw, record: Record) -> tuple[dict[str, Any], str]:
    """Values by key, and the sentence that tells them; None for what it leaves out."""
    lacking, sentence = "", draw.rng.choice(record.sentences)
    if record.lacking and draw.chance(0.15):
        lacking, sentence = draw.rng.choice(record.lacking)
    sentence = vary(draw.rng, sentence)
    facts: dict[str, Any] = {}
    spoken: dict[str, str] = {}
    for slot in record.slots:
        value, spoken[slot.name] = (None, "") if slot.name == lacking else slot_value(draw, slot)
        key = draw.rng.choice(slot.keys[:1] * 2 + slot.keys)
        if key in facts:
            key = slot.keys[0] if slot.keys[0] not in facts else slot.name
        facts[key] = value
    # As sentences are written: an article fits its word, a sentence begins with a capital.
    sentence = vary(draw.rng, draw.fitted(sentence, spoken), **spoken)
    sentence = measured(sentence) if draw.held_out else sentence
    return facts, sentence[:1].upper() + sentence[1:]


_LISTED = (
    (", ", "{0} {1}"),
    ("; ", "{1} ({0})"),
    (". ", "{1} is the {0}"),
    ("\n", "{0}={1}"),
    (", ", "with {0} {1}"),
)
"""Between two facts, and each of them: further ways to list them."""


def _listing(draw: Draw) -> tuple[dict[str, Any], str]:
    """Facts that are told as "the key is value", whatever the key."""
    rng = draw.rng
    facts: dict[str, Any] = {}
    keys = [key for key in KEYS if is_held_out(key) == draw.held_out]
    for _ in range(rng.choices((1, 2, 3, 4, 5), (2, 4, 4, 2, 1))[0]):
        if draw.chance(0.8 if draw.held_out else 0.5):
            key = rng.choice(keys)
        else:
            key = (draw.strange if draw.held_out or draw.chance(0.5) else draw.word)().lower()
        kind = rng.choice(
            (
                "person",
                "city",
                "thing",
                "number",
                "decimal",
                "color",
                "date",
                "time",
                "ident",
                "money",
                "tiny",
                "weekday",
            )
        )
        facts[key] = draw_value(draw, kind)[0]
    style = rng.randrange(4 if draw.held_out else 9)
    spoken = {key: key.replace("_", " ") for key in facts}
    if style == 0:
        text = ", ".join(f"{spoken[key]}: {value}" for key, value in facts.items())
    elif style == 1:
        text = "\n".join(f"{spoken[key].capitalize()}: {value}" for key, value in facts.items())
    elif style == 2:
        text = " ".join(f"The {spoken[key]} is {value}." for key, value in facts.items())
    elif style == 3:
        text = " and ".join(f"the {spoken[key]} is {value}" for key, value in facts.items())
        text = text[:1].upper() + text[1:] + "."
    else:
        joint, form = _LISTED[style - 4]
        text = joint.join(form.format(spoken[key], value) for key, value in facts.items())
    return facts, text


def _named(draw: Draw, keys: list[str]) -> str:
    """The keys as a request names them."""
    spoken = [
        key.replace("_", " ") if draw.chance(0.3) and not draw.held_out else key for key in keys
    ]
    style = draw.rng.random()
    if style < 0.25:
        words = [f'"{key}"' for key in keys]
    elif style < 0.65:
        words = [f"the {key}" for key in (spoken if spoken == keys else keys)]
    else:
        words = keys
    last = " and "
    if not draw.held_out and draw.chance(0.15):
        last = draw.rng.choice((" plus ", " & ", ", ", " + ", " as well as ", ", and also "))
    joined = words[0] if len(words) == 1 else ", ".join(words[:-1]) + last + words[-1]
    if draw.chance(0.12):
        joined = f"{draw.rng.choice(('the keys', 'keys', 'the fields', 'fields'))} {joined}"
    return joined


_TYPES = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    type(None): "string",
}


def _schema(draw: Draw, facts: dict[str, Any]) -> str:
    """A schema as people write it: JSON Schema, or an example with types in it."""
    types = {key: _TYPES[type(value)] for key, value in facts.items()}
    style = draw.rng.randrange(3)
    if style == 0:
        properties = {
            key: {"type": kind, **({"items": {"type": "string"}} if kind == "array" else {})}
            for key, kind in types.items()
        }
        return json.dumps(
            {
                "type": "object",
                "properties": properties,
                **({"required": list(types)} if draw.chance(0.6) else {}),
            }
        )
    if style == 1:
        return json.dumps(
            {key: kind if kind != "array" else ["string"] for key, kind in types.items()}
        )
    return (
        "{"
        + ", ".join(
            f'"{key}": {draw.rng.choice(("...", "", kind))}'.rstrip() for key, kind in types.items()
        )
        + "}"
    )


def _distractor(draw: Draw) -> str:
    """A remark beside the facts; in what is learned mostly none, as in what people type."""
    if not draw.held_out and draw.chance(0.6):
        return ""
    return vary(draw.rng, draw.rng.choice(_DISTRACTORS))


def extraction(draw: Draw) -> Chat:
    """A text whose facts are wanted as JSON, and that JSON, keys in the order asked for."""
    rng = draw.rng
    leads: tuple[str, ...] = ()
    told_keys: set[str] = set()
    told = not draw.chance(0.3 if draw.held_out else 0.12)
    if not told:
        facts, text = _listing(draw)
    else:
        record = _record(draw)
        facts, text = _facts(draw, record)
        leads, told_keys = record.leads, record.keys
        if draw.chance(0.12):
            other = _record(draw)
            more, second = _facts(draw, other)
            if not set(more) & set(facts):
                facts, text = {**facts, **more}, f"{text} {second}"
                told_keys = told_keys | other.keys
    before, after = _distractor(draw), _distractor(draw)
    text = " ".join(part for part in (before, text, after) if part)
    if draw.chance(0.3):
        text = rng.choice(('"{}"', "'{}'", "“{}”")).format(text)
    if draw.held_out:
        keys = list(facts)
        if draw.chance(0.3):
            rng.shuffle(keys)
        if draw.chance(0.25):
            keys = keys[: rng.randint(1, len(keys))]
    else:
        keys = asked_keys(draw, text, facts)
    wanted = {key: facts[key] for key in keys[:6]}
    if draw.chance(0.1):
        # What the text tells under another key is not absent.
        told_keys = set(facts) if draw.held_out else told_keys | set(facts)
        absent = rng.choice([key for key in KEYS if key not in told_keys])
        if not any(absent in key or key in absent for key in told_keys):
            wanted[absent] = None
    whole = list(facts) == list(wanted) and None not in wanted.values()
    if told and whole and len(wanted) > 1 and not draw.held_out and draw.chance(0.12):
        # A key that the text does not explain stands for what is left over.
        unknown = rng.choice(list(wanted))
        wanted = {draw.thing() if key == unknown else key: wanted[key] for key in wanted}
        whole = False
    elif told and len(wanted) > 1 and not draw.held_out and draw.chance(0.1):
        wanted, whole = under_strange_keys(draw, text, wanted), False
    return _worded(draw, text, wanted, whole=whole, leads=leads)


def _worded(
    draw: Draw, text: str, wanted: dict[str, Any], *, whole: bool, leads: tuple[str, ...]
) -> Chat:
    answer = json.dumps(wanted, ensure_ascii=False)
    named = {"keys": _named(draw, list(wanted)), "bare": ", ".join(wanted)}
    values = {name: keep(text) for name, text in {**named, "schema": _schema(draw, wanted)}.items()}
    shown = keep(text) if draw.chance(0.85) else text
    if leads and draw.chance(0.2):
        lead = keep(vary(draw.rng, draw.rng.choice(leads)))
        asked = draw.phrase(_LED, lead=lead, **values).replace("{text}", shown).strip()
        return turns(asked, answer)
    style = draw.rng.random()
    if draw.held_out or style < 0.62:
        known = _ASKED if draw.held_out or draw.chance(0.4) else _more_asked()
        asked = draw.phrase(known, _KEPT_ASKED, **values).replace("{text}", shown).strip()
        return turns(asked, answer)
    if style < 0.68 and whole:
        return turns(draw.phrase(_UNNAMED).replace("{text}", shown), answer)
    if style < 0.82:
        return turns(draw.phrase(_SCHEMAS, **values).replace("{text}", shown), answer)
    if style < 0.87 and len(wanted) == 1:
        return turns(draw.phrase(_ASKED, **values).replace("{text}", shown).strip(), answer)
    systems = _SYSTEMS if whole else _KEYED_SYSTEMS
    return turns(keep(text), answer, system=draw.phrase(systems, **values))


def under_schema(draw: Draw) -> Chat:
    """A schema in the prompt, for evaluation under a grammar and without."""
    facts, text = _facts(draw, _record(draw))
    asked = draw.phrase(_SCHEMAS, schema=_schema(draw, facts)).replace("{text}", keep(text))
    return turns(asked, json.dumps(facts, ensure_ascii=False))
