"""Prompts written by hand after the generator of Qwen3's sixth run was frozen; see `sets`."""

from __future__ import annotations

from typing import Any

from training.language.trials.tool import tool

EVERYDAY: tuple[tuple[str, ...], ...] = (
    ("Evening! How has your day been so far?",),
    ("okay first try, let's see if this thing talks back",),
    ("hiii",),
    ("What sort of questions should I put to you?",),
    ("Hello, Wilfred here.", "Would you say my name back to me, please?"),
    ("im Shanelle!! nice to meet u", "quick test, whats my name"),
    ("We adopted a puppy and named her Waffles.", "What's our puppy called?"),
    ("My flat is on floor 11.", "on which floor do i live?"),
    (
        "The password of our treehouse is turnip, don't forget it.",
        "Thanks for listening.",
        "And what is the password of the treehouse?",
    ),
    ("do people call you anything?",),
    ("Be honest, is someone sitting there and reading my messages?",),
    ("ugh, i burnt the dinner and everyone's hungry",),
    ("My sister just had twins!",),
    ("My grandpa is in hospital and I'm worried about him.",),
    ("I won first prize in the baking contest, can you believe it?",),
    ("My kids want to hear a joke. Do you have one for them?",),
    ("thx, exactly what i wanted",),
    ("Sorry, but that can't be right.",),
    ("That's all for today. Take care!",),
    ("38 plus 26?",),
    ("I had 95 stickers and gave away 47. How many do I still have?",),
    ("quick one: 5 times 9",),
    ("Please add up 3658 and 4471.",),
    ("is 67 an even number",),
    ("whats the capital of Austria",),
    ("The opposite of narrow, please.",),
    ("Which animal sleeps hanging upside down?",),
    ("How many seconds are there in a minute?",),
    ("what's the latest about the elections?",),
    ("Should I take a warm coat to Montreal tomorrow?",),
    ("Could you program a little snake game for me? Any language is fine.",),
    ("how would i say 'where is the station' in Korean",),
    ("¡Hola! ¿Cómo estás hoy?",),
    ("Bună, ce mai faci?",),
    ("😂😂😂",),
    ("hgfd sdfgh jkl oiuzt",),
    ("I keep reading 'inference endpoint' everywhere. What is it, in plain words?",),
    ("what are tokens and why do they matter",),
    ("It says 401 when I call my endpoint. What now?",),
    ("404?? but my url looks fine to me",),
    ("Got a 503 just now, is my endpoint broken?",),
    ("When would someone take three replicas instead of one?",),
    ("if my endpoint scales to zero, do i still pay for it",),
    ("I don't need my endpoint over the weekend. Should I pause it or delete it?",),
    ("should i raise or lower the temperature to get more creative answers?",),
    ("give me 4 fruits",),
    ("We're going camping for the first time. List five things that we should take along.",),
    ("A short poem about falling leaves, please.",),
    ("haiku about my sleepy cat pls",),
    ("Can you tell me a story about a robot who learns to bake? Three sentences are enough.",),
    ("I need a short goodbye message for Nora, who leaves our office on Friday.",),
    ("Put this more nicely for me: Your dog barks all night, do something.",),
    (
        "Please cut this down: Late on Thursday night my cousin Rafael found an old silver ring "
        "under the wooden floor.",
    ),
    (
        "one sentence out of these three pls: The lights went out. Grandma lit a candle. We told "
        "ghost stories.",
    ),
    (
        "What would be a good title? Every winter our class builds a snow castle with two towers "
        "and a gate.",
    ),
    ("Positive or negative? The zip broke after two days and nobody answered my emails.",),
    ("The café has tea, juice and water. Does it have coffee? Answer with yes or no.",),
    ("spell elephant for my daughter please, one letter after the other",),
    ("Write the word sunflower with capital letters only.",),
    ("i need a rhyme for star",),
)

EXTRACTION: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "Name and hometown as JSON, please: Marguerite comes from Tartu.",
        {"name": "Marguerite", "hometown": "Tartu"},
    ),
    (
        "can u make json with name and age? my little brother Ikaika is 9",
        {"name": "Ikaika", "age": 9},
    ),
    (
        "I paid 18.75 euros for a scarf. Give me garment and price as JSON.",
        {"garment": "scarf", "price": 18.75},
    ),
    (
        "Abdullah lent Kirsten a ladder. Please turn it into JSON with the keys lender and "
        "borrower.",
        {"lender": "Abdullah", "borrower": "Kirsten"},
    ),
    (
        "We fly to Reykjavik in March, and we start from Hamburg. JSON with start and destination, "
        "thanks!",
        {"start": "Hamburg", "destination": "Reykjavik"},
    ),
    (
        "desert and area in json: the Atacama covers 105000 square kilometers",
        {"desert": "Atacama", "area": 105000},
    ),
    (
        "Hi, I'm Leocadia, I'm 29 and I work as a beekeeper in Evora. Could you write me down as "
        "JSON with name, age, job and city?",
        {"name": "Leocadia", "age": 29, "job": "beekeeper", "city": "Evora"},
    ),
    (
        "Our new headmaster is called Florian Westerhout. I need his name as JSON, split into "
        "firstname and lastname.",
        {"firstname": "Florian", "lastname": "Westerhout"},
    ),
    (
        "JSON: bus, stop. The bus 48A stops at Linden Square.",
        {"bus": "48A", "stop": "Linden Square"},
    ),
    (
        "On Tuesday our first lesson is chemistry. day and subject in json please",
        {"day": "Tuesday", "subject": "chemistry"},
    ),
    (
        "json (name, language, months): Amadou has been learning Welsh for 7 months",
        {"name": "Amadou", "language": "Welsh", "months": 7},
    ),
    (
        "Don't forget, the rehearsal is on 11 November at 18:15! Give me date and time of it as a "
        "JSON object.",
        {"date": "11 November", "time": "18:15"},
    ),
    (
        "If the teapot leaks, write to service@teapots.example. I only want the email from this, "
        "as JSON with the key email.",
        {"email": "service@teapots.example"},
    ),
    (
        "It was windy all day, and still Margit caught 13 trout. Who was fishing, and how many "
        "were caught? JSON, keys angler and caught.",
        {"angler": "Margit", "caught": 13},
    ),
    (
        "This violin was made in Cremona in 1894, give year and place as json",
        {"year": 1894, "place": "Cremona"},
    ),
    (
        "Which towns are named here? I'd like a JSON list under the key towns. The tour takes us "
        "to Lund, Kalmar and Visby.",
        {"towns": ["Lund", "Kalmar", "Visby"]},
    ),
    (
        "Ruxandra has no car. Write JSON with owner and car, where null means that there is none.",
        {"owner": "Ruxandra", "car": None},
    ),
    (
        "I'd like JSON with ship, captain and passengers. Use null if something isn't said. The "
        "ship Albatross carries 64 passengers.",
        {"ship": "Albatross", "captain": None, "passengers": 64},
    ),
    (
        "the novel Copper Rain gets 6 points from our book club, json with novel and points",
        {"novel": "Copper Rain", "points": 6},
    ),
    (
        "Ticket 5172 is assigned to dev-team. As JSON, please: ticket and team.",
        {"ticket": 5172, "team": "dev-team"},
    ),
    (
        "Pilot: Ondine. Gate: 17. Aircraft: Kestrel. Now the same as JSON, with pilot, gate and "
        "aircraft.",
        {"pilot": "Ondine", "gate": 17, "aircraft": "Kestrel"},
    ),
    (
        "The pool opens at 6:45 and closes at 21:00. What does that look like in JSON, with "
        "opening and closing as keys?",
        {"opening": "6:45", "closing": "21:00"},
    ),
    (
        "A crab has 10 legs. Please answer in JSON with animal and legs.",
        {"animal": "crab", "legs": 10},
    ),
    (
        "hi! 3 bags of flour please. can you put my order in json, product and bags",
        {"product": "flour", "bags": 3},
    ),
    (
        "While we are out, Linnea looks after little Theo. Make JSON of it: babysitter, child.",
        {"babysitter": "Linnea", "child": "Theo"},
    ),
    (
        "Get endpoint and dollars from this as JSON: The endpoint fable-writer costs 0.65 dollars "
        "per hour.",
        {"endpoint": "fable-writer", "dollars": 0.65},
    ),
    ("json: floor, office. You'll find Ms Tran on floor 3, office 12.", {"floor": 3, "office": 12}),
    (
        "Mauricio planted 250 tulips behind the church. Fill a JSON object with gardener and "
        "tulips for me.",
        {"gardener": "Mauricio", "tulips": 250},
    ),
)

COPIED = tuple(
    """
fiddlesticks Kirkjubæjarklaustur nemophilist Mieczysław Ouarzazate thyroparathyroidectomized
Bláithín scallywag Drakensberg Ittoqqortoormiit capybara snickersnee velleity Wiśniewska TQF-2256
v6.0-rc4 🦥🪀 codswallop Naypyidaw Příhoda lucubration Kirkcudbright salmagundi æbleskiver
Tzintzuntzan 3d9f-w6 ophthalmoscopy Ruaidhrí posset Kahramanmaraş
""".split()
)
"""Rare words, names and signs."""


TOOLS = {
    made["function"]["name"]: made
    for made in (
        tool(
            "water_temperature",
            "Get the temperature of the water in a lake.",
            lake=("string", "Name of the lake."),
        ),
        tool(
            "send_invitation",
            "Invite a guest for a day.",
            guest=("string", "Who is invited."),
            day=("string", "The day."),
        ),
        tool(
            "heat_sauna",
            "Heat a sauna.",
            sauna=("string", "Name of the sauna."),
            degrees=("integer", "Temperature in degrees."),
        ),
        tool("compress_video", "Make a video smaller.", path=("string", "Path of the video.")),
        tool(
            "mow_lawn",
            "Let the robot mow a lawn.",
            lawn=("string", "Name of the lawn."),
            hours=("number", "How long."),
        ),
        tool(
            "find_dentist",
            "Find a dentist in a district.",
            district=("string", "Name of the district."),
        ),
        tool(
            "bridge_toll",
            "Get the toll for a bridge.",
            bridge=("string", "Name of the bridge."),
            axles=("integer", "How many axles the vehicle has."),
        ),
        tool(
            "locate_luggage",
            "Find out where a piece of luggage is.",
            tag=("string", "Number on its tag."),
        ),
        tool("mute_speaker", "Mute a speaker.", speaker=("string", "Name of the speaker.")),
        tool(
            "gallons_to_liters",
            "Convert gallons to liters.",
            gallons=("number", "Volume in gallons."),
        ),
        tool(
            "free_beds",
            "Find out how many beds of a hostel are free on a date.",
            hostel=("string", "Name of the hostel."),
            date=("string", "The date."),
        ),
    )
}
CALLS: tuple[tuple[str, str, dict[str, Any], tuple[str, ...]], ...] = (
    (
        "How warm is the water in Windermere today?",
        "water_temperature",
        {"lake": "Windermere"},
        ("mute_speaker", "compress_video"),
    ),
    (
        "thinking about a swim in Wannsee, what's the water temperature",
        "water_temperature",
        {"lake": "Wannsee"},
        ("heat_sauna", "free_beds", "find_dentist"),
    ),
    (
        "Please invite Beatrix Holloway for Sunday.",
        "send_invitation",
        {"guest": "Beatrix Holloway", "day": "Sunday"},
        ("locate_luggage", "mow_lawn"),
    ),
    (
        "Mr Bakshi should come over on Thursday, can you send him an invitation",
        "send_invitation",
        {"guest": "Mr Bakshi", "day": "Thursday"},
        ("free_beds", "gallons_to_liters"),
    ),
    (
        "Would you heat the sauna Kelo to 85 degrees?",
        "heat_sauna",
        {"sauna": "Kelo", "degrees": 85},
        ("water_temperature", "mow_lawn"),
    ),
    (
        "im freezing!! sauna Lumi, 70 degrees please",
        "heat_sauna",
        {"sauna": "Lumi", "degrees": 70},
        ("bridge_toll", "gallons_to_liters", "send_invitation"),
    ),
    (
        "My video holiday.mp4 is far too big to send. Could you compress it?",
        "compress_video",
        {"path": "holiday.mp4"},
        ("mute_speaker", "locate_luggage"),
    ),
    (
        "compress clips/wedding.mov",
        "compress_video",
        {"path": "clips/wedding.mov"},
        ("send_invitation", "bridge_toll"),
    ),
    (
        "Let the robot mow the lawn Orchard for 2 hours.",
        "mow_lawn",
        {"lawn": "Orchard", "hours": 2},
        ("heat_sauna", "mute_speaker"),
    ),
    (
        "the grass is knee-high again, mow lawn Riverside for 1.5 hours",
        "mow_lawn",
        {"lawn": "Riverside", "hours": 1.5},
        ("water_temperature", "find_dentist", "compress_video"),
    ),
    (
        "My tooth has been hurting since last night. Is there a dentist in Kreuzberg?",
        "find_dentist",
        {"district": "Kreuzberg"},
        ("locate_luggage", "water_temperature"),
    ),
    (
        "i need a dentist in Trastevere asap",
        "find_dentist",
        {"district": "Trastevere"},
        ("free_beds", "send_invitation", "bridge_toll"),
    ),
    (
        "What is the toll for the bridge Ravenspan with 3 axles?",
        "bridge_toll",
        {"bridge": "Ravenspan", "axles": 3},
        ("gallons_to_liters", "locate_luggage"),
    ),
    (
        "my truck has 5 axles, how much toll do i pay on the bridge Stonewater",
        "bridge_toll",
        {"bridge": "Stonewater", "axles": 5},
        ("mow_lawn", "find_dentist"),
    ),
    (
        "My suitcase didn't arrive. The number on the tag is LG-40917, so where is it?",
        "locate_luggage",
        {"tag": "LG-40917"},
        ("free_beds", "compress_video"),
    ),
    (
        "find the luggage with tag 66238Q",
        "locate_luggage",
        {"tag": "66238Q"},
        ("find_dentist", "heat_sauna", "mute_speaker"),
    ),
    (
        "The baby is asleep, so mute the speaker patio-left, please.",
        "mute_speaker",
        {"speaker": "patio-left"},
        ("compress_video", "heat_sauna"),
    ),
    (
        "My tank holds 15.5 gallons. How many liters is that?",
        "gallons_to_liters",
        {"gallons": 15.5},
        ("bridge_toll", "water_temperature"),
    ),
    (
        "How many beds are free at the hostel Blue Anchor on 2026-09-12?",
        "free_beds",
        {"hostel": "Blue Anchor", "date": "2026-09-12"},
        ("send_invitation", "mow_lawn"),
    ),
    (
        "any free bed left in the hostel Nightowl on 6 February?",
        "free_beds",
        {"hostel": "Nightowl", "date": "6 February"},
        ("gallons_to_liters", "water_temperature"),
    ),
)
