"""Functions that a chat may offer, how a user asks for one, and what its result is told as.

Half of the functions are written by hand (`FUNCTIONS`); the others are put together from a verb, a
noun and typed arguments, so that names and arguments have to be read rather than remembered.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import Any

from local_endpoints.training.gemma.wording import vary
from training.language.chat import Tool, keep
from training.language.extraction import draw_value
from training.language.lexicon import Draw, is_held_out
from training.language.records import KEYS


@dataclass(frozen=True)
class Argument:
    """A parameter: its name, JSON type, description, and which kind of value it takes."""

    name: str
    type: str
    kind: str
    description: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Function:
    """A function and how people ask for it; ``{argument}`` stands for a value.

    ``told`` are sentences about the result, with ``{r}`` for the number or text it returns.
    """

    names: tuple[str, ...]
    description: str
    arguments: tuple[Argument, ...]
    asked: tuple[str, ...]
    told: tuple[str, ...]
    result: str
    """Kind of the result's value."""


def _argument(text: str) -> Argument:
    """``city:string=city The city.`` or ``unit:string=one(a,b) The unit.``"""
    head, _, description = text.partition(" ")
    name, _, rest = head.partition(":")
    kind_of, _, kind = rest.partition("=")
    if kind.startswith("one("):
        return Argument(name, kind_of, "choice", description, tuple(kind[4:-1].split(",")))
    return Argument(name, kind_of, kind, description)


def _function(
    names: str, description: str, arguments: str, asked: str, told: str, result: str
) -> Function:
    return Function(
        tuple(names.split()),
        description,
        tuple(_argument(part.strip()) for part in arguments.split(";") if part.strip()),
        tuple(asked.split("\n")),
        tuple(told.split("\n")),
        result,
    )


FUNCTIONS = (
    _function(
        "get_weather weather current_weather get_current_weather fetch_weather",
        "Get the current weather of a city.",
        "city:string=city The name of the city.",
        "[What is|What's|How is] the weather [in|like in] {city}[?| today?| now?]\n[Tell me|I "
        "need|Show me] the weather [in|for] {city}[.|, please.]\n[Is it|Will it be] [sunny|"
        "warm|cold|raining] in {city}[?| today?]\nWeather in {city}[?|]\nDo I need an umbrella "
        "in {city}?",
        "The weather in {city} is {r}.\nIn {city} it is {r}.",
        "sky",
    ),
    _function(
        "get_temperature temperature read_temperature",
        "Get the temperature in a city in degrees Celsius.",
        "city:string=city The city.",
        "[What is the temperature|How warm is it|How cold is it|How many degrees are there] in "
        "{city}[?| now?]\nTemperature in {city}[?|, please.]\n[Tell me|I want to know] how "
        "[warm|hot|cold] it is in {city}[.|]",
        "It is {r} degrees in {city}.\nThe temperature in {city} is {r} degrees.",
        "temp",
    ),
    _function(
        "get_time current_time get_current_time time_in",
        "Get the current time in a city.",
        "city:string=city The city or time zone.",
        "[What time is it|What is the time|How late is it] in {city}[?| now?]\n[Tell me|Show "
        "me] the time in {city}[.|]\nTime in {city}?",
        "It is {r} in {city}.\nIn {city} it is {r}.",
        "time",
    ),
    _function(
        "add sum add_numbers plus",
        "Add two numbers.",
        "a:number=number The first number.; b:number=number The second number.",
        "[What is|How much is|Calculate|Compute] {a} [+|plus] {b}[?|]\nAdd {a} [and|to] {b}[.|"
        "]\n[The sum of|Sum of] {a} and {b}[?|, please.]",
        "The sum is {r}.\n{a} + {b} = {r}.\nThat makes {r}.",
        "number",
    ),
    _function(
        "multiply product multiply_numbers times",
        "Multiply two numbers.",
        "a:number=number The first factor.; b:number=number The second factor.",
        "[What is|How much is|Calculate|Compute] {a} [times|*|x|multiplied by] {b}[?|"
        "]\nMultiply {a} [by|and|with] {b}[.|]",
        "The product is {r}.\n{a} times {b} is {r}.",
        "number",
    ),
    _function(
        "subtract minus difference",
        "Subtract the second number from the first.",
        "a:number=number The number to start from.; b:number=number The number to take away.",
        "[What is|How much is|Calculate] {a} [-|minus] {b}[?|]\nTake {b} from {a}[.|"
        "]\nSubtract {b} from {a}[.|]",
        "The difference is {r}.\n{a} - {b} = {r}.",
        "number",
    ),
    _function(
        "calculator calculate evaluate compute",
        "Evaluate an arithmetic expression.",
        "expression:string=expression The expression, such as 2 + 3 * 4.",
        "[What is|How much is|Calculate|Compute|Work out] {expression}[?|]\n[Can you|Please] "
        "[calculate|solve] {expression}[.|?]",
        "The result is {r}.\n{expression} = {r}.",
        "number",
    ),
    _function(
        "search web_search search_web lookup find_online",
        "Search the web.",
        "query:string=query What to look for.",
        "[Search|Look up|Google|Find information about|Search the web for] {query}[.|]\n[What "
        "is known about|What can you find about|Find out about] {query}[?|]",
        "I found this: {r}.\nThe search says: {r}.",
        "fact",
    ),
    _function(
        "send_email email send_mail write_email",
        "Send an e-mail.",
        "to:string=email Address of the recipient.; subject:string=subject_line Subject of the "
        "e-mail.",
        "[Send|Write] an e-mail to {to} [about|with the subject] {subject}[.|]\nEmail {to} "
        "about {subject}[.|]\n[Please mail|Mail] {to}, subject {subject}[.|]",
        "The e-mail to {to} has been sent.\nDone: {to} gets an e-mail about {subject}.",
        "done",
    ),
    _function(
        "send_message message send_text text_contact",
        "Send a short message to a person.",
        "recipient:string=person Who gets the message.; text:string=message The text of the "
        "message.",
        "[Tell|Text|Message] {recipient}: {text}[.|]\nSend a message to {recipient} [saying|"
        "that says] {text}[.|]\n[Send|Write] {recipient} [the message|the text] {text}[.|]",
        "I sent your message to {recipient}.\n{recipient} has got your message.",
        "done",
    ),
    _function(
        "set_alarm create_alarm alarm wake_me",
        "Set an alarm.",
        "time:string=time When the alarm rings.",
        "[Set an alarm|Wake me|Set the alarm clock] [at|for] {time}[.|]\nI [need|have] to get "
        "up at {time}[.|]\n[Alarm at|Alarm:] {time}",
        "Your alarm is set for {time}.\nThe alarm will ring at {time}.",
        "done",
    ),
    _function(
        "set_timer start_timer timer countdown",
        "Start a timer.",
        "minutes:integer=small Minutes until it rings.",
        "[Set|Start] a timer [for|of] {minutes} minutes[.|]\n[Timer|Countdown] {minutes} "
        "minutes[.|, please.]\n[Remind me|Call me] in {minutes} minutes[.|]",
        "The timer runs for {minutes} minutes.\nI will ring in {minutes} minutes.",
        "done",
    ),
    _function(
        "create_event add_event schedule_meeting calendar_add",
        "Put an event into the calendar.",
        "title:string=event What it is.; day:string=weekday The day of the week.; "
        "time:string=time When it starts.",
        "[Put|Add|Enter] [a|the] {title} on {day} at {time} [into|in] my calendar[.|"
        "]\n[Schedule|Plan] a {title} [for|on] {day} at {time}[.|]\nI have a {title} on {day} "
        "at {time}[.|]",
        "The {title} is in your calendar: {day}, {time}.\nDone: {title} on {day} at {time}.",
        "done",
    ),
    _function(
        "create_reminder remind add_reminder reminder",
        "Create a reminder.",
        "text:string=message What to be reminded of.; day:string=weekday On which day.",
        "Remind me [on|next] {day}: {text}[.|]\n[Create|Set] a reminder for {day}: {text}[.|]",
        "I will remind you on {day}.\nThe reminder for {day} is set.",
        "done",
    ),
    _function(
        "translate translate_text translation",
        "Translate a text into a language.",
        "text:string=message The text.; language:string=language The target language.",
        "Translate {text} [into|to] {language}[.|]\n[How do you say|What is] {text} in "
        "{language}?\n[Say|Write] {text} in {language}[.|]",
        "In {language}: {r}.\nThat is {r} in {language}.",
        "fact",
    ),
    _function(
        "get_stock_price stock_price quote share_price",
        "Get the price of a share.",
        "company:string=firm Name of the company.",
        "[What is|Tell me] the [share price|stock price] of {company}[?|]\n[How much is|What "
        "does] a share of {company}[?| cost?]\n[Stock price|Share price] {company}",
        "A share of {company} costs {r}.\nThe price of {company} is {r}.",
        "money",
    ),
    _function(
        "convert_currency exchange currency_convert",
        "Convert an amount of money.",
        "amount:number=money The amount.; source:string=one(EUR,USD,GBP,JPY,CHF) Currency of "
        "the amount.; target:string=one(SEK,PLN,INR,CAD,AUD) Currency to convert to.",
        "[Convert|Change|Exchange] {amount} {source} [to|into] {target}[.|]\n[How much is|What "
        "is|How many {target} are] {amount} {source}[ in {target}]?",
        "{amount} {source} are {r} {target}.\nThat makes {r} {target}.",
        "money",
    ),
    _function(
        "get_distance distance route_length",
        "Distance between two cities in kilometres.",
        "start:string=city Where the way begins.; end:string=city Where it ends.",
        "[How far is it|What is the distance|How many kilometres is it] from {start} to "
        "{end}?\n[Distance|The distance] between {start} and {end}[?|, please.]",
        "It is {r} km from {start} to {end}.\nFrom {start} to {end} it is {r} km.",
        "number",
    ),
    _function(
        "get_population population inhabitants",
        "Number of inhabitants of a city.",
        "city:string=city The city.",
        "[How many people live in|What is the population of|How big is] {city}?\nPopulation of "
        "{city}[?|]",
        "{city} has {r} inhabitants.\nAbout {r} people live in {city}.",
        "big",
    ),
    _function(
        "play_music play_song play start_music",
        "Play a song.",
        "title:string=title Title of the song.",
        "[Play|Put on|Start] {title}[.|, please.]\nI [want|would like] to hear {title}[.|"
        "]\nCan you play {title}?",
        "Now playing {title}.\nHere is {title}.",
        "done",
    ),
    _function(
        "turn_on_light switch_light light lamp_on",
        "Switch the light in a room.",
        "room:string=one(kitchen,bedroom,bathroom,garage,hall,office,cellar) The room.; "
        "state:string=one(on,off) On or off.",
        "[Turn|Switch] {state} the light in the {room}[.|]\n[Turn|Switch] the {room} light "
        "{state}[.|]\nLight {state} in the {room}[.|, please.]",
        "The light in the {room} is {state}.\nDone, the {room} light is {state}.",
        "done",
    ),
    _function(
        "book_table reserve_table restaurant_booking",
        "Book a table in a restaurant.",
        "people:integer=small Number of people.; time:string=time When.",
        "[Book|Reserve] a table for {people} [people |]at {time}[.|]\nA table for {people} at "
        "{time}[, please.|]",
        "A table for {people} is booked at {time}.\nYour table at {time} is reserved.",
        "done",
    ),
    _function(
        "book_flight flight_search find_flight",
        "Find a flight.",
        "origin:string=city City of departure.; destination:string=city City of arrival.; "
        "date:string=date Day of departure.",
        "[Book|Find] [a|me a] flight from {origin} to {destination} on {date}[.|]\nI [want|"
        "need] to fly from {origin} to {destination} on {date}[.|]",
        "The flight from {origin} to {destination} on {date} costs {r}.\nI found a flight on "
        "{date} for {r}.",
        "money",
    ),
    _function(
        "get_order_status order_status track_order",
        "Look up the status of an order.",
        "order_id:string=ident Number of the order.",
        "[Where is|What about|What is the status of] [my |]order {order_id}?\n[Check|Track|"
        "Look up] order {order_id}[.|]\n[Has|Was] order {order_id} [been shipped|shipped]?",
        "Order {order_id} is {r}.\nYour order {order_id}: {r}.",
        "state",
    ),
    _function(
        "find_contact get_phone_number contact_lookup",
        "Find the phone number of a person.",
        "name:string=person Name of the person.",
        "[What is|Find|I need|Look up] the [phone |]number of {name}[?|.]\n[How can I call|How "
        "do I reach] {name}?",
        "The number of {name} is {r}.\nYou can call {name} at {r}.",
        "phone",
    ),
    _function(
        "list_endpoints get_endpoints endpoints",
        "List the inference endpoints of an account.",
        "namespace:string=host The account.",
        "[List|Show|Which are] the endpoints of {namespace}[.|?]\n[What|Which] endpoints does "
        "{namespace} have?",
        "{namespace} has this endpoint: {r}.\nThere is {r}.",
        "host",
    ),
    _function(
        "pause_endpoint stop_endpoint endpoint_pause",
        "Pause an inference endpoint.",
        "name:string=host Name of the endpoint.",
        "[Pause|Stop|Please pause] [the |]endpoint {name}[.|]\n[Pause|Stop] {name}[.|, please.]",
        "The endpoint {name} is paused.\n{name} is paused now.",
        "done",
    ),
    _function(
        "scale_endpoint set_replicas endpoint_scale",
        "Set the number of replicas of an endpoint.",
        "name:string=host Name of the endpoint.; replicas:integer=tiny Number of replicas.",
        "[Scale|Set] [the |]endpoint {name} to {replicas} replicas[.|]\nRun {name} with "
        "{replicas} replicas[.|]",
        "{name} has {replicas} replicas now.\nThe endpoint {name} runs with {replicas} replicas.",
        "done",
    ),
    _function(
        "get_endpoint_status endpoint_status check_endpoint",
        "Get the state of an inference endpoint.",
        "name:string=host Name of the endpoint.",
        "[What is|Check|Show] the [state|status] of [the |][endpoint |]{name}[?|.]\nIs [the "
        "endpoint |]{name} running?",
        "The endpoint {name} is {r}.\n{name} is {r}.",
        "state2",
    ),
    _function(
        "roll_dice dice random_dice",
        "Roll dice.",
        "count:integer=tiny Number of dice.",
        "[Roll|Throw] {count} dice[.|]\n{count} dice[, please|].",
        "You rolled {r}.\nThe dice show {r}.",
        "tiny",
    ),
    _function(
        "get_joke tell_joke joke",
        "Get a joke about a topic.",
        "topic:string=thing What the joke is about.",
        "[Tell|Find] me a joke about [a |]{topic}[.|s.]\nA joke about {topic}[, please|].",
        "Here is one: {r}.\n{r}.",
        "fact",
    ),
    _function(
        "get_recipe recipe find_recipe",
        "Find a recipe.",
        "dish:string=food The dish.",
        "[How do I [cook|make]|What is the recipe for|Find a recipe for] {dish}[?|]\n[Recipe|A "
        "recipe] for {dish}[, please|].",
        "For {dish}: {r}.\nThe recipe for {dish} says: {r}.",
        "fact",
    ),
    _function(
        "order_product buy order_item purchase",
        "Order a product.",
        "product:string=thing The product.; quantity:integer=small How many.",
        "[Order|Buy|Get] [me |]{quantity} {product}s[.|, please.]\nI [need|want] to [buy|"
        "order] {quantity} {product}s[.|]",
        "Ordered: {quantity} {product}.\nYour order of {quantity} {product} is placed.",
        "done",
    ),
    _function(
        "read_file open_file load_file cat",
        "Read a file.",
        "path:string=path Path of the file.",
        "[Read|Open|Show|Load] [the file |]{path}[.|]\nWhat [is in|does] {path}[?| say?]",
        "The file says: {r}.\nIn {path} it says: {r}.",
        "fact",
    ),
    _function(
        "define define_word dictionary get_definition",
        "Look up a word in the dictionary.",
        "word:string=thing The word.",
        "[What does|What is the meaning of] {word}[ mean|]?\n[Define|Look up the word] {word}[.|]",
        "{word}: {r}.\nThe dictionary says: {r}.",
        "fact",
    ),
    _function(
        "count_letters letter_count count_letter",
        "Count how often a letter stands in a word.",
        "word:string=strange The word.; letter:string=one(a,e,i,o,r,s,t) The letter.",
        "How [many|often] [{letter}'s are|is the letter {letter}] in {word}?\nCount the letter "
        "{letter} in {word}[.|]",
        "The letter {letter} stands {r} times in {word}.\n{r} times.",
        "tiny",
    ),
)

_VERBS = (
    "create:Create,Make,Open,Add",
    "delete:Delete,Remove,Drop",
    "find:Find,Look for,Search for",
    "update:Update,Change,Edit",
    "cancel:Cancel,Call off",
    "start:Start,Begin,Launch",
    "stop:Stop,End,Halt",
    "book:Book,Reserve",
    "get:Get,Show me,Tell me about",
    "send:Send,Deliver",
    "check:Check,Inspect,Look at",
    "lock:Lock,Close",
    "paint:Paint,Colour",
    "rent:Rent,Hire",
    "repair:Repair,Fix",
    "download:Download,Fetch",
    "rate:Rate,Score",
)
_NOUNS = tuple(
    """
ticket invoice room car bike account user customer order package document report photo video
playlist note task project team member course lesson exam server database table row bucket image
container job queue backup printer scanner door window robot drone sensor camera lamp heater oven
fridge garden plant pet horse boat ship train seat hotel cabin trip tour guide museum concert
match game player score contract loan card coupon gift letter parcel shelf product supplier
warehouse meeting calendar contact channel group post comment survey vote poll license permit
passport visa patient doctor bed prescription sample experiment telescope rocket satellite planet
song album book chapter page poem story recipe menu
""".split()
)
_EXTRAS = (
    ("name", "string", "person", "[for|of] {v}"),
    ("city", "string", "city", "in {v}"),
    ("date", "string", "date", "on {v}"),
    ("count", "integer", "small", "with count {v}"),
    ("color", "string", "color", "in {v}"),
    ("title", "string", "title", "[called|titled] {v}"),
    ("price", "number", "money", "for {v} [dollars|euros]"),
    ("id", "string", "ident", "with id {v}"),
    ("time", "string", "time", "at {v}"),
    ("day", "string", "weekday", "on {v}"),
    ("email", "string", "email", "for {v}"),
    ("owner", "string", "person", "owned by {v}"),
    ("priority", "string", "level", "with {v} priority"),
    ("year", "integer", "year", "from {v}"),
    ("destination", "string", "city", "to {v}"),
    ("weight", "number", "decimal", "of {v} kg"),
    ("phone", "string", "phone", "with phone {v}"),
    ("enabled", "boolean", "yes", ""),
)


_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)([.][0-9]+)?")


_RENAMED = {
    "city": "place town location where city_name",
    "name": "label title who identifier full_name",
    "a": "x first left num1 first_number",
    "b": "y second right num2 second_number",
    "query": "text q term keywords",
    "to": "address recipient receiver mail_to",
    "subject": "topic title about headline",
    "recipient": "to contact person receiver",
    "text": "message content body note",
    "time": "at hour when clock",
    "minutes": "duration length mins min",
    "title": "name what label event",
    "day": "weekday date on when",
    "language": "target lang target_language into",
    "company": "firm symbol corporation",
    "amount": "sum value money",
    "source": "from_currency base currency_from",
    "target": "to_currency quote currency_to",
    "start": "from origin a begin",
    "end": "to destination b finish",
    "room": "place where area",
    "state": "status mode setting",
    "people": "guests persons party count",
    "origin": "from_city start departure",
    "destination": "to_city goal arrival",
    "date": "day when on",
    "order_id": "id number order ref",
    "namespace": "account owner user org",
    "replicas": "count number n instances",
    "count": "number n how_many",
    "topic": "about subject theme",
    "dish": "meal food name",
    "product": "item article thing",
    "quantity": "amount count number n",
    "path": "file filename location",
    "word": "term text string",
    "letter": "character char sign",
    "expression": "formula calculation term expr",
}


def _renamed(draw: Draw, function: Function) -> Function:
    """The same function with other names for its arguments, so that they have to be read."""
    names: dict[str, str] = {}
    for argument in function.arguments:
        choices = [*_RENAMED.get(argument.name, "").split(), draw.rng.choice(KEYS)]
        new = draw.rng.choice(choices)
        names[argument.name] = (
            new
            if new not in names.values() and new not in {a.name for a in function.arguments}
            else argument.name
        )
    if len(set(names.values())) < len(names):
        return function
    arguments = tuple(
        replace(argument, name=names[argument.name]) for argument in function.arguments
    )
    texts = {}
    for field in ("asked", "told"):
        said = "\n".join(getattr(function, field))
        texts[field] = tuple(
            re.sub(
                r"\{(\w+)\}", lambda found: "{" + names.get(found[1], found[1]) + "}", said
            ).split("\n")
        )
    return replace(function, arguments=arguments, asked=texts["asked"], told=texts["told"])


_PLACES_OF = (
    "with {k} {v}",
    "where {k} is {v}",
    "({k}: {v})",
    "and {k} {v}",
    "using {v} as {k}",
    "with a {k} of {v}",
    "for {k} {v}",
    "{k} {v}",
)
_KINDS_OF = (
    ("string", "person"),
    ("string", "city"),
    ("string", "thing"),
    ("integer", "small"),
    ("number", "money"),
    ("string", "ident"),
    ("string", "date"),
    ("string", "color"),
    ("number", "decimal"),
    ("integer", "number"),
    ("string", "weekday"),
    ("string", "host"),
    ("string", "path"),
    ("string", "time"),
)


def _invented(draw: Draw) -> Function:
    """A function that nobody knows: any verb, any noun, any names of arguments."""
    rng = draw.rng
    verb, noun = (
        rng.choice((draw.word, draw.strange, lambda: rng.choice(_VERBS).split(":")[0]))(),
        rng.choice((draw.word, draw.strange, draw.thing))(),
    )
    verb, noun = (re.sub("[^a-z0-9]", "", part.lower()) or "thing" for part in (verb, noun))
    keys = rng.sample(KEYS, rng.choice((1, 1, 2, 2, 3)))
    keys = [
        f"{key}_{draw.word()}" if draw.chance(0.15) else (draw.word() if draw.chance(0.25) else key)
        for key in keys
    ]
    keys = list(dict.fromkeys(keys))
    kinds = [rng.choice(_KINDS_OF) for _ in keys]
    about = rng.choice(
        ("The {k}.", "The {k} of the {n}.", "Which {k}.", "{K}", "{K} to use.", "What the {k} is.")
    )
    arguments = tuple(
        Argument(
            key,
            kind_of,
            kind,
            about.replace("{k}", key.replace("_", " "))
            .replace("{n}", noun)
            .replace("{K}", key.replace("_", " ").capitalize()),
        )
        for key, (kind_of, kind) in zip(keys, kinds, strict=True)
    )
    if draw.chance(0.3) and len(keys) == 1:
        asked = tuple(
            f"{start} {{{keys[0]}}}{end}"
            for start in (
                f"{verb.capitalize()} the {noun}",
                f"Please {verb}",
                f"{noun.capitalize()}",
                f"What is the {noun} of",
                f"{verb.capitalize()} the {noun} of",
                f"Which {noun} has",
            )
            for end in ("", ".", "?")
        )
    else:
        rest = " ".join(
            rng.choice(_PLACES_OF)
            .replace("{k}", key.replace("_", " "))
            .replace("{v}", "{" + key + "}")
            for key in keys
        )
        asked = (
            f"{verb.capitalize()} the {noun} {rest}.",
            f"Please {verb} {noun} {rest}",
            f"I need to {verb} a {noun} {rest}.",
            f"Can you {verb} the {noun} {rest}?",
            f"{noun}: {verb} {rest}",
            f"The {noun} must be {verb}ed {rest}.",
        )
    joint = rng.choice(("_", "_", "_", "-", "."))
    name = rng.choice(
        (
            f"{verb}{joint}{noun}",
            f"{noun}{joint}{verb}",
            f"{verb}{noun.capitalize()}",
            noun,
            f"get{joint}{noun}",
            verb,
        )
    )
    description = rng.choice(
        (
            f"{verb.capitalize()} a {noun}.",
            f"{verb.capitalize()} the {noun}.",
            f"To {verb} a {noun} by its {keys[0]}.",
            f"{noun.capitalize()}: {verb} it.",
        )
    )
    return Function(
        (name,),
        description,
        arguments,
        asked,
        (f"The {noun} is ready.", f"Done with the {noun}.", "Done."),
        "done",
    )


def _made_up(draw: Draw) -> Function:
    """A function put together: ``create_ticket(title, priority)``."""
    rng = draw.rng
    stem, _, spoken = rng.choice(_VERBS).partition(":")
    noun = rng.choice([noun for noun in _NOUNS if is_held_out(noun) == draw.held_out])
    chosen = rng.sample(_EXTRAS[:-1], rng.choices((1, 2, 3), (5, 4, 1))[0])
    arguments = tuple(
        Argument(name, kind_of, kind, f"The {name} of the {noun}.")
        for name, kind_of, kind, _ in chosen
    )
    rest = " ".join(said.replace("{v}", "{" + name + "}") for name, _, _, said in chosen)
    article = "[the|a|]" if noun[0] not in "aeiou" else "[the|an|]"
    asked = tuple(
        wording
        for word in spoken.split(",")
        for wording in (
            f"{word} {article} {noun} {rest}[.||!]",
            f"[Please|Can you|I want to|Could you please] {word.lower()} {article} {noun} {rest}"
            "[.||?]",
        )
    )
    name = rng.choice(
        (f"{stem}_{noun}", f"{stem}_{noun}", f"{noun}_{stem}", f"{stem}{noun.capitalize()}")
    )
    done = {
        "create": "created",
        "delete": "deleted",
        "find": "found",
        "stop": "stopped",
        "get": "there",
    }.get(stem, "done")
    told = (
        f"The {noun} is {done}.",
        f"Done: the {noun} is {done}.",
        f"All right, the {noun} is {done}.",
    )
    return Function(
        (name,),
        f"{stem.capitalize()} {'an' if noun[0] in 'aeiou' else 'a'} {noun}.",
        arguments,
        asked,
        told,
        "done",
    )


def draw_function(draw: Draw) -> tuple[str, Function]:
    """A function and the name that it has in this chat."""
    kind = draw.rng.random()
    if kind < 0.3:
        function = _invented(draw)
    elif kind < 0.55:
        function = _made_up(draw)
    else:
        function = draw.rng.choice(
            [f for f in FUNCTIONS if is_held_out(f.names[0]) == draw.held_out]
        )
        if draw.chance(0.5):
            function = _renamed(draw, function)
    return draw.rng.choice(function.names), function


def describe(name: str, function: Function, *, required: bool = True) -> Tool:
    """The function as a request lists it."""
    properties: dict[str, Any] = {}
    for argument in function.arguments:
        properties[argument.name] = {"type": argument.type, "description": argument.description}
        if argument.choices:
            properties[argument.name]["enum"] = list(argument.choices)
    parameters: dict[str, Any] = {"type": "object", "properties": properties}
    if required:
        parameters["required"] = list(properties)
    return {
        "type": "function",
        "function": {"name": name, "description": function.description, "parameters": parameters},
    }


def draw_argument(draw: Draw, argument: Argument) -> tuple[Any, str]:
    """A value for an argument, and how a request says it."""
    rng = draw.rng
    if argument.kind == "choice":
        value: Any = rng.choice(argument.choices)
        return value, value
    if argument.kind == "number":
        number = rng.choice((rng.randint(0, 99), rng.randint(100, 9999)))
        return number, str(number)
    if argument.kind == "expression":
        parts = [str(rng.randint(1, 400))]
        for _ in range(rng.choice((1, 1, 2))):
            parts += [rng.choice("+-*/"), str(rng.randint(1, 99))]
        text = " ".join(parts)
        return text, text
    if argument.kind == "query":
        text = draw.phrase(
            ("{a}", "{a}s in {c}", "{n}", "{c}", "the {a} of {n}", "{a} and {b}", "history of {c}"),
            a=draw.thing(),
            b=draw.thing(),
            c=draw.city(),
            n=draw.full_name(),
        )
        return text, text
    if argument.kind == "language":
        text = rng.choice(
            ("French", "German", "Spanish", "Italian", "Polish", "Japanese", "Dutch", "Swedish")
        )
        return text, text
    if argument.kind in ("message", "subject_line"):
        text = draw.phrase(
            (
                "I am late",
                "call {n}",
                "buy {a}s",
                "the {a} is ready",
                "see you in {c}",
                "happy birthday",
                "water the {a}",
                "the meeting is over",
                "bring a {a}",
                "thank you",
                "hello {n}",
                "good luck",
                "the new {a}",
            ),
            n=draw.name(),
            a=draw.thing(),
            c=draw.city(),
        )
        return text, rng.choice(('"{}"', "{}", "'{}'")).format(text)
    if argument.kind == "path":
        folder, end = (
            rng.choice(("", "/tmp/", "data/", "./")),
            rng.choice(("txt", "csv", "json", "md")),
        )
        text = f"{folder}{draw.strange()}.{end}".lower()
        return text, text
    if argument.kind == "strange":
        text = rng.choice((draw.strange, draw.thing, draw.name))()
        return text, text
    return draw_value(draw, argument.kind)


@dataclass(frozen=True)
class Use:
    """One wanted call: what the user says, and the call itself."""

    name: str
    function: Function
    asked: str
    arguments: dict[str, Any]
    spoken: dict[str, str]


def draw_use(draw: Draw, name: str, function: Function) -> Use:
    """A request that a function fits."""
    arguments, spoken = {}, {}
    for argument in function.arguments:
        arguments[argument.name], spoken[argument.name] = draw_argument(draw, argument)
    asked = vary(draw.rng, draw.rng.choice(function.asked)).strip().replace("  ", " ")
    for key, text in spoken.items():
        asked = asked.replace("{" + key + "}", keep(text))
    return Use(name, function, asked, arguments, spoken)


def draw_result(draw: Draw, use: Use) -> tuple[str, str]:
    """What the function returns as text, and a sentence that tells it."""
    kind = use.function.result
    rng = draw.rng
    if kind == "done":
        value = rng.choice(
            (
                "ok",
                "done",
                "success",
                '{"status": "ok"}',
                "true",
                "OK",
                '{"success": true}',
                "sent",
                json.dumps({"id": rng.randint(1, 999)}),
            )
        )
        shown = ""
    elif kind == "fact":
        shown = draw.phrase(
            (
                "{n} lives in {c}",
                "a {a} made of {b}",
                "{a}, {b} and {d}",
                "the {a} is in {c}",
                "{n} found the {a}",
                "{s} {t}",
                "it opened in {y}",
            ),
            n=draw.name(),
            c=draw.city(),
            a=draw.thing(),
            b=draw.thing(),
            d=draw.thing(),
            s=draw.strange(),
            t=draw.strange(),
            y=str(rng.randint(1800, 2026)),
        )
        value = shown
    else:
        shown = str(draw_value(draw, kind)[0])
        value = shown
    if kind not in ("done",) and draw.chance(0.25):
        key = rng.choice(("result", "value", "answer", "data", use.name))
        value = json.dumps(
            {key: json.loads(shown) if _NUMBER.fullmatch(shown) else shown}, ensure_ascii=False
        )
    told = vary(rng, rng.choice(use.function.told), **use.spoken, r=shown)
    return value, told[:1].upper() + told[1:]
