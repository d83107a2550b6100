"""Prompts written by hand after the generator of Qwen3's fourth run was frozen.

Their author had seen the three former sets, so as not to repeat them, and nothing of what the
models were trained on. The everyday chats are judged by reading; everything else has one right
answer.
"""

from __future__ import annotations

from typing import Any

from training.language.trials.tool import tool

EVERYDAY: tuple[tuple[str, ...], ...] = (
    ("hiya, how are things with you?",),
    ("Hi! A friend told me that I can chat with you.",),
    ("sup",),
    ("which jobs can i give you?",),
    ("Good day, I'm Leopold.", "By what name did I introduce myself?"),
    ("hello :) i am Zeynep btw", "so who am i?"),
    ("Last autumn I started to study in Coimbra.", "In what town do I study?"),
    ("My daughter's football shirt has a 19 on the back.", "what number is on her shirt?"),
    ("I'll tell you a secret word: acorn.", "What is the secret word?"),
    ("how should i call you?",),
    ("Tell me honestly, are you a robot?",),
    ("I lost my wallet on the train.",),
    ("My little boy took his first steps this weekend!",),
    ("we had to give our cat away and i miss her so much",),
    ("our team won the school cup yesterday :D",),
    ("cheer me up with a joke",),
    ("Great, thanks, that was very kind of you.",),
    ("I think you misunderstood me.",),
    ("My train is coming, bye bye!",),
    ("56 + 17 = ?",),
    ("84 - 29, what's left?",),
    ("tell me what 7 times 6 makes",),
    ("What's the sum of 5374 and 2888?",),
    ("is 53 even or not?",),
    ("Do you know the capital of Greece?",),
    ("what's the contrary of empty?",),
    ("Which animal has a long trunk?",),
    ("how many minutes does an hour have",),
    ("What are today's headlines?",),
    ("Is the sun shining in Lisbon this afternoon?",),
    ("code me a bash script that backs up my photos",),
    ("What do people say for 'thank you' in Hungarian?",),
    ("Hoi, hoe gaat het met je?",),
    ("Cześć, jak się masz?",),
    ("🐝🍯",),
    ("lkjlkj ghgh vbvb uuq",),
    ("can you tell me what an endpoint does?",),
    ("Roughly how many tokens are in one word?",),
    ("The answer to my request is 401. What should I check?",),
    ("i keep getting a 404, why is that",),
    ("Status 503 again! What is going on with my endpoint?",),
    ("Do I need more than one replica?",),
    ("What happens to my endpoint when it scales to zero?",),
    ("does a paused endpoint cost money?",),
    ("my answers stop in the middle of a sentence, is that max_tokens?",),
    ("can you name three birds",),
    ("List five things that belong in a school bag.",),
    ("Please write a small poem about my old bicycle.",),
    ("may i have a haiku about fireflies",),
    ("I want a three-sentence story about a pirate who cannot swim.",),
    ("Write a short note to my landlord that the heating is broken.",),
    ("Please rephrase this politely: Turn the music down, I'm working.",),
    (
        "This is too long, shorten it please: On Tuesday afternoon our neighbour Mr Okafor "
        "planted three young cherry trees.",
    ),
    ("Join these to one sentence: The lift was broken. I took the stairs. I was out of breath.",),
    ("What title suits this text? Our street has a new bakery with warm rolls and a terrace.",),
    ("Good or bad opinion? The hotel was loud and the bed was far too hard.",),
    ("Just yes or no: The farm has goats, hens and a donkey. Does it have a donkey?",),
    ("can you spell dolphin for me",),
    ("I need the word pineapple in upper case.",),
    ("Find me a word that rhymes with house.",),
)

EXTRACTION: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "Could I have name and island as JSON? Eirini grew up on Naxos.",
        {"name": "Eirini", "island": "Naxos"},
    ),
    (
        "json again, this time name and age: Our mechanic Radoslav is 38.",
        {"name": "Radoslav", "age": 38},
    ),
    (
        "JSON with thing and price, please: For the rucksack I paid 64.90 pounds.",
        {"thing": "rucksack", "price": 64.9},
    ),
    (
        "Who beat whom? Give JSON with winner and loser. Oksana beat Lucille at chess.",
        {"winner": "Oksana", "loser": "Lucille"},
    ),
    (
        "origin and destination in JSON: On Sunday we are driving from Bilbao to Marseille.",
        {"origin": "Bilbao", "destination": "Marseille"},
    ),
    (
        "put bridge and length into json - the Golden Gate Bridge is 2737 meters long",
        {"bridge": "Golden Gate Bridge", "length": 2737},
    ),
    (
        "Hi everyone, I'm Farida and I am an electrician. Please write this as JSON, with name "
        "and profession.",
        {"name": "Farida", "profession": "electrician"},
    ),
    (
        "I need a JSON object of forename and surname: Our new mayor is Eleonora Quintavalle.",
        {"forename": "Eleonora", "surname": "Quintavalle"},
    ),
    (
        "The ferry KM-27 docks in Rijeka. JSON: ferry, port",
        {"ferry": "KM-27", "port": "Rijeka"},
    ),
    (
        "Every Thursday I have yoga. Would you give me weekday and course as JSON?",
        {"weekday": "Thursday", "course": "yoga"},
    ),
    (
        "json with name, company and years: Dagny has been with Polarfisk for 11 years",
        {"name": "Dagny", "company": "Polarfisk", "years": 11},
    ),
    (
        "The school play is on 21 May at 17:45. Make date and time of it JSON.",
        {"date": "21 May", "time": "17:45"},
    ),
    (
        "See if you find shop and email and give JSON: The candle shop Wickworks answers all "
        "questions at ask@wickworks.example.",
        {"shop": "Wickworks", "email": "ask@wickworks.example"},
    ),
    (
        "Who ran, and how often around? JSON with runner and laps. Despite the heat, Thandeka "
        "ran 27 laps.",
        {"runner": "Thandeka", "laps": 27},
    ),
    (
        "My sewing machine was made by Pfaff in 1958. I want firm and year in JSON, keys firm "
        "and year.",
        {"firm": "Pfaff", "year": 1958},
    ),
    (
        "List the toppings in JSON under the key toppings: On my pizza I'd like mushrooms, olives "
        "and onions.",
        {"toppings": ["mushrooms", "olives", "onions"]},
    ),
    (
        "Nothing but JSON, keys name and website, null where one is missing. Jorunn has no "
        "website.",
        {"name": "Jorunn", "website": None},
    ),
    (
        "Give song, singer and year as JSON, null for all that the text does not say: The song "
        "Paper Boats is from 1987.",
        {"song": "Paper Boats", "singer": None, "year": 1987},
    ),
    (
        "podcast and score in json, please: My score for the podcast Nightbus is 9.",
        {"podcast": "Nightbus", "score": 9},
    ),
    (
        "port and host as JSON: The database listens on port 5432 of the host vega-01",
        {"port": 5432, "host": "vega-01"},
    ),
    (
        "Guest: Ottoline. Table: 9. Meal: risotto. Could this be JSON with guest, table and meal?",
        {"guest": "Ottoline", "table": 9, "meal": "risotto"},
    ),
    (
        "i want json here, with first and last: The first tram runs at 4:50, the last at 23:35.",
        {"first": "4:50", "last": "23:35"},
    ),
    (
        "Which planet, and how many moons? JSON with planet and moons. Mars has 2 moons.",
        {"planet": "Mars", "moons": 2},
    ),
    (
        "Express this in JSON with the keys drink and cups: We'd like 4 cups of cocoa.",
        {"drink": "cocoa", "cups": 4},
    ),
    (
        "JSON for dancer and partner, please. Tonight Milo dances with Yvaine.",
        {"dancer": "Milo", "partner": "Yvaine"},
    ),
    (
        "Show model and loss as JSON: After an hour the model pocket-bard had a loss of 1.85.",
        {"model": "pocket-bard", "loss": 1.85},
    ),
    (
        "json: shelf, box. The scissors are in box 5 on shelf D.",
        {"shelf": "D", "box": 5},
    ),
    (
        "Take this sentence for a JSON with swimmer and medals: Anneliese came home with 8 medals.",
        {"swimmer": "Anneliese", "medals": 8},
    ),
)

COPIED = tuple(
    """
cattywampus Hafnarfjörður ombrophobous Grzegorz Bujumbura hepaticocholangiocholecystenterostomies
Gráinne nincompoop Okavango Snæfellsnes axolotl whippersnapper nudiustertian Mickiewicz PLW-5067
v3.8-alpha2 🦩🪕 balderdash Thimphu Janáček sialoquent Leicestershire tatterdemalion rømmegrøt
Citlaltépetl 4b8a-m5 otorhinolaryngologist Eoghan frumenty Diyarbakır
""".split()
)
"""Rare words, names and signs."""


TOOLS = {
    made["function"]["name"]: made
    for made in (
        tool("snow_depth", "Get the depth of the snow at a place.", place=("string", "The place.")),
        tool(
            "plan_call",
            "Plan a phone call with a person.",
            person=("string", "Whom to call."),
            time=("string", "When it begins."),
        ),
        tool(
            "inflate_tire",
            "Inflate a tire of the car.",
            tire=("string", "Name of the tire."),
            bar=("number", "Pressure in bar."),
        ),
        tool(
            "zip_folder", "Pack a folder into a zip file.", path=("string", "Path of the folder.")
        ),
        tool(
            "start_washer",
            "Start the washing machine.",
            program=("string", "Name of the program."),
            minutes=("integer", "How long."),
        ),
        tool("find_vet", "Find a vet in a town.", town=("string", "Town to search in.")),
        tool(
            "customs_duty",
            "Get the customs duty for an article.",
            article=("string", "The article."),
            value=("number", "Value in dollars."),
        ),
        tool(
            "check_voucher",
            "Find out how much money is left on a voucher.",
            code=("string", "Code of the voucher."),
        ),
        tool("open_gate", "Open a gate.", gate=("string", "Name of the gate.")),
        tool(
            "pounds_to_kilograms",
            "Convert pounds to kilograms.",
            pounds=("number", "Weight in pounds."),
        ),
        tool(
            "theater_program",
            "Find out what a theater plays on a date.",
            theater=("string", "Name of the theater."),
            date=("string", "The date."),
        ),
    )
}
CALLS: tuple[tuple[str, str, dict[str, Any], tuple[str, ...]], ...] = (
    (
        "How deep is the snow in Zermatt?",
        "snow_depth",
        {"place": "Zermatt"},
        ("open_gate", "zip_folder"),
    ),
    (
        "snow depth for Lillehammer please",
        "snow_depth",
        {"place": "Lillehammer"},
        ("theater_program", "find_vet", "start_washer"),
    ),
    (
        "Plan a call with Henrietta Moss at 11:20.",
        "plan_call",
        {"person": "Henrietta Moss", "time": "11:20"},
        ("check_voucher", "inflate_tire"),
    ),
    (
        "i have to phone Dr Lindqvist, plan the call for 8:45 please",
        "plan_call",
        {"person": "Dr Lindqvist", "time": "8:45"},
        ("snow_depth", "pounds_to_kilograms"),
    ),
    (
        "Inflate the tire front-left to 3 bar.",
        "inflate_tire",
        {"tire": "front-left", "bar": 3},
        ("open_gate", "start_washer"),
    ),
    (
        "it looks flat, tire rear-right to 2.4 bar",
        "inflate_tire",
        {"tire": "rear-right", "bar": 2.4},
        ("customs_duty", "find_vet", "snow_depth"),
    ),
    (
        "Can you make a zip file of the folder invoices-2025?",
        "zip_folder",
        {"path": "invoices-2025"},
        ("open_gate", "check_voucher"),
    ),
    (
        "Zip the folder work/slides.",
        "zip_folder",
        {"path": "work/slides"},
        ("plan_call", "theater_program"),
    ),
    (
        "Start the washing machine with the program Wool for 35 minutes.",
        "start_washer",
        {"program": "Wool", "minutes": 35},
        ("inflate_tire", "open_gate"),
    ),
    (
        "start the washer: 90 minutes, program Cotton",
        "start_washer",
        {"program": "Cotton", "minutes": 90},
        ("plan_call", "pounds_to_kilograms"),
    ),
    (
        "Is there a vet in Kilkenny?",
        "find_vet",
        {"town": "Kilkenny"},
        ("theater_program", "snow_depth"),
    ),
    (
        "my rabbit is ill, where's a vet in Aarhus",
        "find_vet",
        {"town": "Aarhus"},
        ("customs_duty", "open_gate", "check_voucher"),
    ),
    (
        "How much customs duty is there on a carpet worth 700 dollars?",
        "customs_duty",
        {"article": "carpet", "value": 700},
        ("check_voucher", "pounds_to_kilograms"),
    ),
    (
        "customs duty for a watch of 149.5 dollars?",
        "customs_duty",
        {"article": "watch", "value": 149.5},
        ("start_washer", "plan_call"),
    ),
    (
        "Is there still money on my voucher? Its code is GFT-7743.",
        "check_voucher",
        {"code": "GFT-7743"},
        ("customs_duty", "zip_folder"),
    ),
    (
        "look up the voucher 81160B",
        "check_voucher",
        {"code": "81160B"},
        ("find_vet", "inflate_tire", "theater_program"),
    ),
    (
        "Open the gate stable-north, please.",
        "open_gate",
        {"gate": "stable-north"},
        ("zip_folder", "start_washer"),
    ),
    (
        "How many kilograms are 48 pounds?",
        "pounds_to_kilograms",
        {"pounds": 48},
        ("inflate_tire", "customs_duty"),
    ),
    (
        "What does the Globe Theater play on 2026-12-05?",
        "theater_program",
        {"theater": "Globe Theater", "date": "2026-12-05"},
        ("plan_call", "find_vet"),
    ),
    (
        "what's on at the Orpheum on 30 January?",
        "theater_program",
        {"theater": "Orpheum", "date": "30 January"},
        ("snow_depth", "zip_folder"),
    ),
)
