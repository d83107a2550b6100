"""Prompts written by hand after Qwen3's second run, when the generator of the next was frozen.

They were blind for those weights and for Gemma's. Results on them pointed to what the third run
should practise: they are a development set since.

Their author had seen the former set of prompts, so as not to repeat it, and nothing of what the
models were trained on. The everyday chats are judged by reading; everything else has one right
answer.
"""

from __future__ import annotations

from typing import Any

from training.language.trials.tool import tool

EVERYDAY: tuple[tuple[str, ...], ...] = (
    ("good afternoon! how are you doing?",),
    ("Hello, this is my first time talking to a chatbot.",),
    ("yo",),
    ("what kind of things are you good at?",),
    ("Hello, I am called Ferdinand.", "What's my name?"),
    ("hi, it's Saoirse here", "do you still know my name?"),
    ("We just moved to Bratislava because of my wife's job.", "Where did I say we moved?"),
    ("My locker has the number 58.", "which number does my locker have?"),
    ("Please keep the word lantern in mind.", "What was the word?"),
    ("what's your name?",),
    ("are you a real person or a machine",),
    ("I failed my maths exam today.",),
    ("We're having a baby!!",),
    ("my best friend is moving away next month and i'm sad",),
    ("Guess what, I got the job :)",),
    ("make me laugh",),
    ("Thank you so much for your help.",),
    ("No, that's wrong.",),
    ("ok I have to go now, goodbye!",),
    ("27 + 45 = ?",),
    ("What is 63 minus 28?",),
    ("6 times 9?",),
    ("can you add 4867 and 2955",),
    ("is 31 an odd number?",),
    ("What's the capital of Norway?",),
    ("opposite of early?",),
    ("Which animal gives us wool?",),
    ("how many months are in a year",),
    ("What's in the news today?",),
    ("Will it rain in Glasgow tomorrow?",),
    ("can you code a website for my bakery in html",),
    ("How do you say 'good luck' in Finnish?",),
    ("Guten Tag, wie geht es dir?",),
    ("Ciao, come stai?",),
    ("🎉🎂",),
    ("fjfjfj kdkdk wwpq",),
    ("What exactly is an endpoint?",),
    ("is a token the same as a word?",),
    ("why do i get a 401",),
    ("My request came back with 422. What's wrong?",),
    ("what does 503 mean",),
    ("What is a replica?",),
    ("Can you explain scaling to zero to a beginner?",),
    ("How do I pause my endpoint?",),
    ("what happens if I set the temperature to 0?",),
    ("name three musical instruments",),
    ("List six things you find in a kitchen.",),
    ("Can you write a short poem about rain?",),
    ("please write a haiku about the sea",),
    ("Tell me a story in three sentences about a lost umbrella.",),
    ("Write a short note to my neighbour that I will be away until Monday.",),
    ("How can I say this more politely? Give me the report now.",),
    ("Shorten this: Yesterday evening my old friend Karl and I went for a long walk in the park.",),
    ("Put this into one sentence: The shop was closed. We walked home. We ate soup.",),
    ("Give this text a title: Our school garden has tomatoes, beans and two apple trees.",),
    ("Is this positive or negative? The food was cold and the waiter was rude.",),
    ("Answer yes or no. Our train leaves at nine and the dog comes along. Is there a dog?",),
    ("How do you spell umbrella?",),
    ("write butterfly in capital letters",),
    ("Give me a word that rhymes with cake.",),
)

EXTRACTION: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "Can you pull out the name and the country as JSON? Matteo grew up in Italy.",
        {"name": "Matteo", "country": "Italy"},
    ),
    (
        "i need json with keys name and age. My aunt Gudrun is 67.",
        {"name": "Gudrun", "age": 67},
    ),
    (
        "Make a JSON object with item and price: The lamp is 24.50 euros.",
        {"item": "lamp", "price": 24.5},
    ),
    (
        "JSON with the keys sender and receiver, please: Amara sent a parcel to Viktor.",
        {"sender": "Amara", "receiver": "Viktor"},
    ),
    (
        "The bus leaves at 8:15 and arrives at 9:40. I want departure and arrival as JSON.",
        {"departure": "8:15", "arrival": "9:40"},
    ),
    (
        "get city and population out of this sentence as json - Bern has 134000 inhabitants",
        {"city": "Bern", "population": 134000},
    ),
    (
        "Name and job as JSON please. Hello, I'm Tomasz and I work as a plumber.",
        {"name": "Tomasz", "job": "plumber"},
    ),
    (
        "Split the name into first and last, in JSON. The winner is Beatriz Nogueira.",
        {"first": "Beatriz", "last": "Nogueira"},
    ),
    (
        "The flight LX318 lands in Zurich. JSON: flight, city",
        {"flight": "LX318", "city": "Zurich"},
    ),
    (
        "Put this in JSON with day and dish: On Friday the canteen serves lasagne.",
        {"day": "Friday", "dish": "lasagne"},
    ),
    (
        "json with name, instrument, years: Hiroshi has played the cello for 15 years",
        {"name": "Hiroshi", "instrument": "cello", "years": 15},
    ),
    (
        "I have this note: Dentist on 3 June at 14:00. Return date and time as JSON.",
        {"date": "3 June", "time": "14:00"},
    ),
    (
        "Find email and company and give them back as JSON: For questions about Nordlicht Energy "
        "write to help@nordlicht.example.",
        {"email": "help@nordlicht.example", "company": "Nordlicht Energy"},
    ),
    (
        "Who cycled and how far? JSON with name and km. It rained all day, but Solveig still "
        "cycled 42 km.",
        {"name": "Solveig", "km": 42},
    ),
    (
        "Give me brand and year as JSON. My car is a Volvo from 2009.",
        {"brand": "Volvo", "year": 2009},
    ),
    (
        "Make a list of the guests as JSON, with the key guests: Tonight Emil, Fatima and Chloe "
        "are coming to dinner.",
        {"guests": ["Emil", "Fatima", "Chloe"]},
    ),
    (
        "Answer with JSON only, keys name and phone, null if there is none. Mia has no phone.",
        {"name": "Mia", "phone": None},
    ),
    (
        "Please return JSON with name, age and city, and null for anything that is not mentioned: "
        "Leandro is 45 years old.",
        {"name": "Leandro", "age": 45, "city": None},
    ),
    (
        "from this get me film and stars in json: I gave the film Moonrise 4 stars.",
        {"film": "Moonrise", "stars": 4},
    ),
    (
        "code and file as JSON: There was error code 17 in the file main.cfg",
        {"code": 17, "file": "main.cfg"},
    ),
    (
        "Student: Nadia. Subject: physics. Grade: 2. As JSON please, with student, subject and "
        "grade.",
        {"student": "Nadia", "subject": "physics", "grade": 2},
    ),
    (
        "turn this into json with opens and closes: The museum opens at 10:00 and closes at 18:00.",
        {"opens": "10:00", "closes": "18:00"},
    ),
    (
        "Which river, and how long? JSON with river and km. The Elbe is 1094 km long.",
        {"river": "Elbe", "km": 1094},
    ),
    (
        "Convert into JSON with the keys size and color: I'd like the shirt in blue, size M.",
        {"size": "M", "color": "blue"},
    ),
    (
        "player and sport in JSON, thanks. Ravi plays hockey every weekend.",
        {"player": "Ravi", "sport": "hockey"},
    ),
    (
        "I'd like model and temperature as JSON: We call tiny-poet with a temperature of 0.7.",
        {"model": "tiny-poet", "temperature": 0.7},
    ),
    (
        "json: street, number. She lives at number 12, Rosewood Lane.",
        {"street": "Rosewood Lane", "number": 12},
    ),
    (
        "Read this and fill in a JSON with winner and points: Ludmila won the quiz with 91 points.",
        {"winner": "Ludmila", "points": 91},
    ),
)

COPIED = (
    "borborygmus",
    "Llanfairpwllgwyngyll",
    "honorificabilitudinitatibus",
    "Ulaanbaatar",
    "Siobhán",
    "tintinnabulation",
    "Zbigniew",
    "Ísafjörður",
    "qiviut",
    "absquatulate",
    "syzygy",
    "Wojciechowski",
    "ABX-9920",
    "v2.7-rc1",
    "🦔🪁",
    "collywobbles",
    "Yamoussoukro",
    "Đặng",
    "phlogiston",
    "Featherstonehaugh",
    "kerfuffle",
    "smörgåsbord",
    "Popocatépetl",
    "7f3e-k2",
    "hippopotomonstrosesquippedaliophobia",
    "Aoife",
    "bibliopole",
    "Çanakkale",
    "xylophagous",
    "Tlaquepaque",
)
"""Rare words, names and signs."""


TOOLS = {
    made["function"]["name"]: made
    for made in (
        tool("train_delay", "Get the delay of a train.", train=("string", "Number of the train.")),
        tool(
            "add_to_shopping_list",
            "Put something on the shopping list.",
            item=("string", "What to buy."),
            amount=("integer", "How many."),
        ),
        tool(
            "dim_lights",
            "Dim the lights in a room.",
            room=("string", "Name of the room."),
            percent=("integer", "Brightness in percent."),
        ),
        tool(
            "find_recipe",
            "Find a recipe with an ingredient.",
            ingredient=("string", "The ingredient."),
        ),
        tool(
            "postage_cost",
            "Get the postage for a letter to a country.",
            country=("string", "Where the letter goes."),
            grams=("number", "Weight in grams."),
        ),
        tool("track_parcel", "Find out where a parcel is.", number=("string", "Parcel number.")),
        tool(
            "reserve_court",
            "Reserve a tennis court.",
            court=("integer", "Number of the court."),
            time=("string", "When the game begins."),
        ),
        tool("opening_hours", "Get the opening hours of a shop.", shop=("string", "The shop.")),
        tool(
            "sunrise_time",
            "Get the time of sunrise in a city on a date.",
            city=("string", "Name of the city."),
            date=("string", "The date."),
        ),
        tool(
            "rename_file",
            "Rename a file.",
            old=("string", "Present name."),
            new=("string", "New name."),
        ),
        tool("call_taxi", "Call a taxi to an address.", address=("string", "Where to pick up.")),
        tool("cube_number", "Compute the cube of a number.", number=("number", "The number.")),
    )
}
CALLS: tuple[tuple[str, str, dict[str, Any], tuple[str, ...]], ...] = (
    ("Is the train IC 704 late?", "train_delay", {"train": "IC 704"}, ("find_recipe",)),
    (
        "How much delay does train RE19 have at the moment?",
        "train_delay",
        {"train": "RE19"},
        ("track_parcel", "call_taxi"),
    ),
    (
        "Put 6 lemons on my shopping list.",
        "add_to_shopping_list",
        {"item": "lemons", "amount": 6},
        (),
    ),
    (
        "we need 3 batteries, please add them to the shopping list",
        "add_to_shopping_list",
        {"item": "batteries", "amount": 3},
        ("opening_hours", "find_recipe"),
    ),
    (
        "Dim the lights in the bedroom to 30 percent.",
        "dim_lights",
        {"room": "bedroom", "percent": 30},
        ("sunrise_time",),
    ),
    ("lights in the office to 75 %", "dim_lights", {"room": "office", "percent": 75}, ()),
    (
        "Do you have a recipe with pumpkin?",
        "find_recipe",
        {"ingredient": "pumpkin"},
        ("add_to_shopping_list",),
    ),
    (
        "What can I cook with lentils? Find me a recipe.",
        "find_recipe",
        {"ingredient": "lentils"},
        ("call_taxi", "cube_number"),
    ),
    (
        "What does a letter of 80 grams to Canada cost?",
        "postage_cost",
        {"country": "Canada", "grams": 80},
        ("track_parcel",),
    ),
    (
        "postage to Iceland for 12.5 grams please",
        "postage_cost",
        {"country": "Iceland", "grams": 12.5},
        (),
    ),
    (
        "Where is my parcel? The number is ZT-66091.",
        "track_parcel",
        {"number": "ZT-66091"},
        ("train_delay", "postage_cost"),
    ),
    ("track parcel 00340125", "track_parcel", {"number": "00340125"}, ("rename_file",)),
    (
        "Please reserve court 2 at 18:30.",
        "reserve_court",
        {"court": 2, "time": "18:30"},
        ("dim_lights",),
    ),
    (
        "When is Ikarus Books open?",
        "opening_hours",
        {"shop": "Ikarus Books"},
        ("reserve_court", "sunrise_time"),
    ),
    (
        "At what time does the sun rise in Adelaide on 2026-11-08?",
        "sunrise_time",
        {"city": "Adelaide", "date": "2026-11-08"},
        ("opening_hours",),
    ),
    (
        "sunrise in Tallinn on 21 June?",
        "sunrise_time",
        {"city": "Tallinn", "date": "21 June"},
        (),
    ),
    (
        "Rename draft.txt to final.txt.",
        "rename_file",
        {"old": "draft.txt", "new": "final.txt"},
        ("train_delay",),
    ),
    (
        "Call me a taxi to 14 Harbour Street.",
        "call_taxi",
        {"address": "14 Harbour Street"},
        ("dim_lights", "opening_hours"),
    ),
    ("I need a taxi at 9 Mill Road", "call_taxi", {"address": "9 Mill Road"}, ()),
    ("What is the cube of 13?", "cube_number", {"number": 13}, ("postage_cost",)),
)
