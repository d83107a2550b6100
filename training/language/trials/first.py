"""Prompts written by hand after the generator of the pocket Qwen3's first run was frozen.

Results on them pointed to what its second run, whose weights are served, should practise: they are
a development set.

The everyday chats are judged by reading; everything else has one right answer.
"""

from __future__ import annotations

from typing import Any

from training.language.trials.tool import tool

EVERYDAY: tuple[tuple[str, ...], ...] = (
    ("hello there, how's your morning going?",),
    ("Hi! I'm new here.",),
    ("hey",),
    ("Good evening, dear model.",),
    ("what can you do for me today?",),
    ("I'm Lotte, nice to meet you!", "so, what was my name again?"),
    ("My name is Bartholomew.", "Can you tell me what I'm called?"),
    ("I live in Antwerp and I have two cats.", "Which city is mine?"),
    ("My lucky number is 37.", "What number did I tell you?"),
    ("Remember the word marzipan.", "ok, which word?"),
    ("are you chatgpt?",),
    ("do you have feelings",),
    ("who built you and why?",),
    ("I had a terrible argument with my brother.",),
    ("I finally got my driving licence!!!",),
    ("I can't sleep.",),
    ("My dog died yesterday.",),
    ("i'm so bored at work",),
    ("tell me something funny please",),
    ("another joke",),
    ("thanks, that was great",),
    ("you're not very clever, are you?",),
    ("that answer makes no sense",),
    ("bye, see you tomorrow",),
    ("12 + 19",),
    ("what's 8 times 7",),
    ("how much is 81 minus 46?",),
    ("what is 345 * 712?",),
    ("Is 14 even or odd?",),
    ("capital of Portugal?",),
    ("what's the opposite of expensive",),
    ("which animal says moo?",),
    ("How many days does a week have?",),
    ("Who won the football match last night?",),
    ("What's the weather like in Oslo?",),
    ("write me a python script that downloads a file",),
    ("translate 'thank you' into Japanese",),
    ("¿Hablas español?",),
    ("Bonjour, tu vas bien ?",),
    ("🙂👍",),
    ("🦄🌵🪐",),
    ("asdkjh qweoiu",),
    ("what is a token?",),
    ("what does error 401 mean?",),
    ("how do i stop paying for my endpoint?",),
    ("explain temperature in one sentence",),
    ("What is the difference between pausing and scaling to zero?",),
    ("give me four vegetables",),
    ("name five european cities as a bullet list",),
    ("write a short poem about my grandmother",),
    ("a haiku about autumn",),
    ("tell me a story about a dragon who is afraid of fire",),
    ("Write a thank-you note to Mrs Baker.",),
    ("Say this politely: get out of my way",),
    ("make it shorter: On Sunday, Paul, a painter, sold a clock at the market.",),
    ("Is this review good or bad? Great phone, the battery lasts for days.",),
    ("I hated every minute of that film. Positive or negative?",),
    ("spell giraffe",),
    ("Write HELLO in small letters",),
    ("What rhymes with night?",),
)

EXTRACTION: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "Get me the name and the city as JSON. Aylin moved from the countryside to Izmir last "
        "summer.",
        {"name": "Aylin", "city": "Izmir"},
    ),
    (
        "Please give me a json with name and age: Little Oskar just turned 6.",
        {"name": "Oskar", "age": 6},
    ),
    (
        "I want JSON with product and price for this: the new kettle costs 39.90 euros",
        {"product": "kettle", "price": 39.9},
    ),
    (
        "Who, what, how many? Answer as JSON with customer, item, quantity. Mrs Tanaka would "
        "like 12 umbrellas.",
        {"customer": "Mrs Tanaka", "item": "umbrella", "quantity": 12},
    ),
    (
        "json please, keys from and to: We took the night train from Vienna to Venice.",
        {"from": "Vienna", "to": "Venice"},
    ),
    (
        "Pull the date and the event out of this: The concert takes place in Leeds on 14 "
        "March. JSON only.",
        {"date": "14 March", "event": "concert"},
    ),
    (
        "Extract email and name in JSON: You can write to Jonas at jonas.k@example.org.",
        {"email": "jonas.k@example.org", "name": "Jonas"},
    ),
    (
        "Turn into JSON (name, job, city): Ngozi is a pilot and lives in Lagos.",
        {"name": "Ngozi", "job": "pilot", "city": "Lagos"},
    ),
    (
        "Give me name, age, hobby as JSON. Priya, 31, loves climbing.",
        {"name": "Priya", "age": 31, "hobby": "climbing"},
    ),
    (
        "make json: color and animal. There is a white owl in our barn.",
        {"color": "white", "animal": "owl"},
    ),
    (
        'Return the title and author as JSON. The book "The Silent Lamp" was written by Ines '
        "Duarte.",
        {"title": "The Silent Lamp", "author": "Ines Duarte"},
    ),
    (
        'Please read: "Order K-5521 was shipped." I need order and status as JSON.',
        {"order": "K-5521", "status": "shipped"},
    ),
    (
        "JSON with temperature and city for: It's 17 degrees in Bergen right now.",
        {"temperature": 17, "city": "Bergen"},
    ),
    (
        "The meeting with Sofia is on Tuesday at 10:30. Give me person, day and time as JSON.",
        {"person": "Sofia", "day": "Tuesday", "time": "10:30"},
    ),
    (
        "From this text get country and capital as JSON: Lima is the capital of Peru.",
        {"country": "Peru", "capital": "Lima"},
    ),
    (
        "ingredients as a JSON list please: For the sauce you need tomatoes, garlic and basil. "
        "Use the key ingredients.",
        {"ingredients": ["tomatoes", "garlic", "basil"]},
    ),
    (
        "Answer in JSON with rating and product. I give this toaster 2 stars.",
        {"rating": 2, "product": "toaster"},
    ),
    ("name and phone as json: call Derek at 555-0142", {"name": "Derek", "phone": "555-0142"}),
    (
        'Fill {"name": ..., "city": ...} from: My cousin Rahel lives in Haifa.',
        {"name": "Rahel", "city": "Haifa"},
    ),
    (
        "Give name and email as JSON, null if missing. Lena lives in Graz.",
        {"name": "Lena", "email": None},
    ),
    (
        "Write a JSON object with the keys room and teacher. Maths with Mr Novak is in room 214.",
        {"room": 214, "teacher": "Mr Novak"},
    ),
    ("extract distance and unit: The hike is 23.5 km long. json", {"distance": 23.5, "unit": "km"}),
    (
        "I'd like JSON containing buyer, item and price. Yusuf bought a guitar for 250 dollars.",
        {"buyer": "Yusuf", "item": "guitar", "price": 250},
    ),
    (
        "Convert to JSON with keys team and points: Team Falcon has 48 points.",
        {"team": "Falcon", "points": 48},
    ),
    (
        "What are the name and the age here? Reply in JSON. My neighbour Wilhelmina is 84 "
        "years old and still swims.",
        {"name": "Wilhelmina", "age": 84},
    ),
    (
        "Give me a JSON object: pet, owner. The parrot belongs to Kofi.",
        {"pet": "parrot", "owner": "Kofi"},
    ),
    (
        "endpoint, replicas as JSON: the endpoint poem-writer runs with 3 replicas",
        {"endpoint": "poem-writer", "replicas": 3},
    ),
    ("JSON: people and time. Please book a table for five at 7 pm.", {"people": 5, "time": "7 pm"}),
)

COPIED = (
    "Quizzaciously",
    "Brzęczyszczykiewicz",
    "floccinaucinihilipilification",
    "Ljubljana",
    "Xochitl",
    "antidisestablishmentarianism",
    "zyzzyva",
    "Þórsmörk",
    "rhubarbaceous",
    "Mxyzptlk",
    "snollygoster",
    "Tegucigalpa",
    "crwth",
    "Nguyễn",
    "kakorrhaphiophobia",
    "wxyz-4711",
    "GPT-9x",
    "ultracrepidarian",
    "bumfuzzle",
    "Szczecin",
    "🍩🛸",
    "Eyjafjallajökull",
    "gobbledygook",
    "Ouagadougou",
    "lollygag",
    "widdershins",
    "Cholmondeley",
    "Fjörður",
    "taradiddle",
    "0xDEADBEEF",
)
"""Words that the generator's lists do not have."""


TOOLS = {
    made["function"]["name"]: made
    for made in (
        tool("find_pharmacy", "Find a pharmacy in a city.", city=("string", "City to search in.")),
        tool(
            "get_exchange_rate",
            "Get the exchange rate between two currencies.",
            base=("string", "Currency code."),
            quote=("string", "Currency code."),
        ),
        tool(
            "create_invoice",
            "Create an invoice for a customer.",
            customer=("string", "Name of the customer."),
            amount=("number", "Amount in euros."),
        ),
        tool(
            "water_plants",
            "Water the plants in a room.",
            room=("string", "Name of the room."),
            minutes=("integer", "How long."),
        ),
        tool(
            "get_moon_phase", "Get the phase of the moon on a date.", date=("string", "The date.")
        ),
        tool(
            "resize_image",
            "Resize an image file.",
            path=("string", "Path of the image."),
            width=("integer", "New width."),
        ),
        tool("lookup_isbn", "Find a book by its ISBN.", isbn=("string", "The ISBN.")),
        tool("restart_server", "Restart a server.", name=("string", "Name of the server.")),
        tool(
            "square_root", "Compute the square root of a number.", number=("number", "The number.")
        ),
        tool("air_quality", "Get the air quality of a city.", city=("string", "Name of the city.")),
    )
}
CALLS: tuple[tuple[str, str, dict[str, Any], tuple[str, ...]], ...] = (
    ("Is there a pharmacy in Ghent?", "find_pharmacy", {"city": "Ghent"}, ("restart_server",)),
    (
        "Find a pharmacy in Porto, please.",
        "find_pharmacy",
        {"city": "Porto"},
        ("air_quality", "lookup_isbn"),
    ),
    (
        "What is the exchange rate from EUR to JPY?",
        "get_exchange_rate",
        {"base": "EUR", "quote": "JPY"},
        (),
    ),
    (
        "How many CHF do I get for one USD? Look up the rate.",
        "get_exchange_rate",
        {"base": "USD", "quote": "CHF"},
        ("create_invoice",),
    ),
    (
        "Create an invoice for Margaret Hill over 480 euros.",
        "create_invoice",
        {"customer": "Margaret Hill", "amount": 480},
        ("get_moon_phase",),
    ),
    (
        "Please make out an invoice of 75.5 euros to Bakery Blum",
        "create_invoice",
        {"customer": "Bakery Blum", "amount": 75.5},
        ("restart_server", "resize_image"),
    ),
    (
        "Water the plants in the kitchen for 5 minutes.",
        "water_plants",
        {"room": "kitchen", "minutes": 5},
        ("square_root",),
    ),
    (
        "the plants in the hall need water, 10 minutes",
        "water_plants",
        {"room": "hall", "minutes": 10},
        (),
    ),
    (
        "Which phase has the moon on 2027-03-14?",
        "get_moon_phase",
        {"date": "2027-03-14"},
        ("air_quality",),
    ),
    (
        "What will the moon look like on 1 May?",
        "get_moon_phase",
        {"date": "1 May"},
        ("lookup_isbn", "find_pharmacy"),
    ),
    (
        "Resize photos/cat.png to a width of 640.",
        "resize_image",
        {"path": "photos/cat.png", "width": 640},
        ("restart_server",),
    ),
    ("make header.jpg 1200 wide", "resize_image", {"path": "header.jpg", "width": 1200}, ()),
    (
        "Which book has the ISBN 978-3-16-148410-0?",
        "lookup_isbn",
        {"isbn": "978-3-16-148410-0"},
        ("create_invoice",),
    ),
    (
        "Look up ISBN 0306406152.",
        "lookup_isbn",
        {"isbn": "0306406152"},
        ("square_root", "air_quality"),
    ),
    ("Restart the server web-03.", "restart_server", {"name": "web-03"}, ("water_plants",)),
    ("db-main hangs, restart it please", "restart_server", {"name": "db-main"}, ()),
    ("What is the square root of 1764?", "square_root", {"number": 1764}, ("find_pharmacy",)),
    (
        "compute the square root of 2.25",
        "square_root",
        {"number": 2.25},
        ("get_moon_phase", "create_invoice"),
    ),
    ("How is the air in Krakow?", "air_quality", {"city": "Krakow"}, ("resize_image",)),
    (
        "Check the air quality of Mexico City.",
        "air_quality",
        {"city": "Mexico City"},
        ("find_pharmacy", "restart_server"),
    ),
)
