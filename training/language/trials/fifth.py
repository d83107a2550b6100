"""Prompts written by hand after the generator of Qwen3's fifth run was frozen.

Their author had seen the four former sets, so as not to repeat them, and nothing of what the
models were trained on. The everyday chats are judged by reading; everything else has one right
answer.
"""

from __future__ import annotations

from typing import Any

from training.language.trials.tool import tool

EVERYDAY: tuple[tuple[str, ...], ...] = (
    ("hey hey, everything good on your side?",),
    ("So this is it, my very first message to an AI.",),
    ("howdy",),
    ("tell me what you're useful for",),
    ("My name's Cornelius, pleased to meet you.", "Do you happen to recall what people call me?"),
    ("heyy its Anjali", "can you tell who's writing to you?"),
    ("We spent our honeymoon in Dubrovnik.", "Where did we go for our honeymoon?"),
    ("The keypad of our garage wants the code 64.", "can you repeat the garage code?"),
    ("Keep this in your memory for me: saffron.", "So, what did I ask you to keep?"),
    ("and who are you, if i may ask",),
    ("Is there a person who types these answers?",),
    ("My laptop fell down the stairs and now it won't start.",),
    ("My grandmother is turning one hundred on Saturday!",),
    ("my boyfriend broke up with me and i can't stop crying",),
    ("i finally passed my swimming test, yay :)",),
    ("got any jokes for a rainy day?",),
    ("Perfect, I appreciate that a lot.",),
    ("Hmm, you didn't get my point.",),
    ("Lunch break is over, talk to you later!",),
    ("what do 43 and 39 make together?",),
    ("If I take 37 away from 91, what remains?",),
    ("8 times 4, how much is that",),
    ("Could you calculate 7426 + 1839 for me?",),
    ("would you call 76 odd or even",),
    ("Name the capital of Finland.",),
    ("i'm looking for the opposite of heavy",),
    ("What animal carries its house on its back?",),
    ("how many hours make up one day",),
    ("Did anything important go on in politics this morning?",),
    ("will i need an umbrella in Rotterdam tonight?",),
    ("i need an sql query for all customers older than 40",),
    ("Please tell me 'happy birthday' in Swahili.",),
    ("Merhaba, nasılsın?",),
    ("Ahoj, jak se daří?",),
    ("🐢🎈",),
    ("wrtz mnbmnb qyqy plopl",),
    ("Someone at work said we should get an endpoint. What's that?",),
    ("If my text has 300 words, about how many tokens will it be?",),
    ("Why would I be shown 401 although I sent a key along?",),
    ("all i see is error 404, any idea?",),
    ("What's the best thing to do when the server says 503?",),
    ("Would two replicas make my endpoint faster?",),
    ("Is scaling to zero a good choice if hardly anyone uses my model at night?",),
    ("will a paused endpoint start by itself when a request comes in?",),
    ("how big should max_tokens be for a short answer?",),
    ("three desserts please, just the names",),
    ("Make me a list of five things for a picnic.",),
    ("A few rhyming lines about the clock in our hall would be lovely.",),
    ("haiku, topic: a foggy morning",),
    ("Three sentences, no more: tell me about a snail who enters a race.",),
    ("Help me with a short message to the teacher: Ben left his homework at home.",),
    ("How would a polite person put this? Stop talking, I can't hear the film.",),
    (
        "Say this in fewer words: Early this morning our postman Mr Delgado brought two heavy "
        "parcels from Canada.",
    ),
    ("Can these become one sentence? The cake was ready. The children came in. It was gone soon.",),
    ("I'm looking for a heading: On our roof we keep bees, and in July we sell the honey.",),
    ("How does the guest feel, positive or negative? The boat trip and the guide were great.",),
    ("One word, yes or no: In the drawer are pens, glue and stamps. Are there scissors in it?",),
    ("cinnamon - how is that spelled, letter by letter?",),
    ("Turn the word lighthouse into all caps.",),
    ("what could i rhyme with moon",),
)

EXTRACTION: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "Which name and which village are in here? Ansgar was born in Hallstatt. JSON, keys name "
        "and village.",
        {"name": "Ansgar", "village": "Hallstatt"},
    ),
    (
        "Tonight's singer, Oluwaseun, is 26. can i get name and age of that in json",
        {"name": "Oluwaseun", "age": 26},
    ),
    (
        "What was bought, and for how much? JSON with purchase and price: The hammock cost us "
        "43.20 dollars.",
        {"purchase": "hammock", "price": 43.2},
    ),
    (
        "host and guest in JSON, I mean who invited whom. Priscilla invited Nobuo to supper.",
        {"host": "Priscilla", "guest": "Nobuo"},
    ),
    (
        "In May we are cycling from Passau to Budapest. Return that as JSON with start and goal.",
        {"start": "Passau", "goal": "Budapest"},
    ),
    (
        "the Allianz Arena has 75000 seats - now as json, stadium and seats",
        {"stadium": "Allianz Arena", "seats": 75000},
    ),
    (
        "Nice to meet you all! I'm Baptiste, and I earn my living as a locksmith. Could you turn "
        "this into JSON (name, occupation)?",
        {"name": "Baptiste", "occupation": "locksmith"},
    ),
    (
        "The prize goes to Isidora Valbuena. Make JSON with first_name and last_name, one part in "
        "each.",
        {"first_name": "Isidora", "last_name": "Valbuena"},
    ),
    (
        "JSON: rocket, site. The rocket VN-12 lifts off from Kourou.",
        {"rocket": "VN-12", "site": "Kourou"},
    ),
    (
        "On Monday evening my son has karate. Please hand me day and sport, packed in JSON.",
        {"day": "Monday", "sport": "karate"},
    ),
    (
        "Torvald has been a member of Seagull Sailing for 8 years. json: name, club, years",
        {"name": "Torvald", "club": "Seagull Sailing", "years": 8},
    ),
    (
        "When is it? Tell me date and time in JSON. The flea market opens on 17 August at 7:30.",
        {"date": "17 August", "time": "7:30"},
    ),
    (
        "The museum Kupferhaus takes bookings at tours@kupferhaus.example. From this I'd like a "
        "JSON object of museum and email.",
        {"museum": "Kupferhaus", "email": "tours@kupferhaus.example"},
    ),
    (
        "Hail or not, Guadalupe picked 34 baskets of cherries. So who was the picker, and how many "
        "baskets? JSON with picker and baskets.",
        {"picker": "Guadalupe", "baskets": 34},
    ),
    (
        "Give builder and year, JSON format, keys builder and year. Our piano was built by Petrof "
        "in 1931.",
        {"builder": "Petrof", "year": 1931},
    ),
    (
        "My aunt breeds geese, llamas and rabbits. Write the animals as a JSON list, the key is "
        "animals.",
        {"animals": ["geese", "llamas", "rabbits"]},
    ),
    (
        "Casimir has no nickname. Reply in pure JSON with name and nickname, and put null for "
        "something that isn't there.",
        {"name": "Casimir", "nickname": None},
    ),
    (
        "The dish Harvest Stew takes 50 minutes. As JSON please: dish, cook and minutes, with null "
        "if the text leaves one out.",
        {"dish": "Harvest Stew", "cook": None, "minutes": 50},
    ),
    (
        "The album Glass Orchard gets 7 points from me. album + points -> json",
        {"album": "Glass Orchard", "points": 7},
    ),
    (
        "Process 3391 belongs to the user backup-bot. JSON with process and user is what I need",
        {"process": 3391, "user": "backup-bot"},
    ),
    (
        "Write JSON with horse, stable and rider for me. Horse: Bramble. Stable: 3. Rider: "
        "Sunniva.",
        {"horse": "Bramble", "stable": 3, "rider": "Sunniva"},
    ),
    (
        "check-in is at 15:00 and check-out is at 10:30, write checkin and checkout in json",
        {"checkin": "15:00", "checkout": "10:30"},
    ),
    (
        "A stork lays 4 eggs. Which bird is it, and how many eggs? JSON with bird and eggs.",
        {"bird": "stork", "eggs": 4},
    ),
    (
        "9 stems of lavender, please. Could you note this order as JSON, keys flower and stems?",
        {"flower": "lavender", "stems": 9},
    ),
    (
        "Today Fiete is driving Rosamunde to work. driver and passenger as JSON, if you can.",
        {"driver": "Fiete", "passenger": "Rosamunde"},
    ),
    (
        "On our test the model mini-scribe had an accuracy of 0.93. Put model and accuracy into a "
        "JSON object.",
        {"model": "mini-scribe", "accuracy": 0.93},
    ),
    (
        "json: cabinet, drawer. Your passport lies in drawer 2 of cabinet F.",
        {"cabinet": "F", "drawer": 2},
    ),
    (
        "Build JSON from the following, with farmer and cows: Since spring Hjalmar has kept 53 "
        "cows.",
        {"farmer": "Hjalmar", "cows": 53},
    ),
)

COPIED = tuple(
    """
hullabaloo Seyðisfjörður pluviophilous Przemysław Lilongwe pseudopseudohypoparathyroidism
Fionnghuala rapscallion Kalahari Landmannalaugar pangolin slubberdegullion apricity Gombrowicz
DNX-8142 v5.3-beta1 🐊🎻 poppycock Vientiane Martinů scripturient Gloucestershire gallimaufry
flæskesteg Teotihuacán 2e6b-q9 gastroenterologist Tadhg syllabub Eskişehir
""".split()
)
"""Rare words, names and signs."""


TOOLS = {
    made["function"]["name"]: made
    for made in (
        tool("pollen_level", "Get the pollen level of a region.", region=("string", "The region.")),
        tool(
            "send_bouquet",
            "Send a bouquet to a person.",
            recipient=("string", "Who gets it."),
            flower=("string", "Kind of the flowers."),
        ),
        tool(
            "fill_pool",
            "Fill a pool with water.",
            pool=("string", "Name of the pool."),
            meters=("number", "Depth in meters."),
        ),
        tool("encrypt_file", "Encrypt a file.", path=("string", "Path of the file.")),
        tool(
            "brew_coffee",
            "Brew coffee of a blend.",
            blend=("string", "Name of the blend."),
            cups=("integer", "How many cups."),
        ),
        tool(
            "find_campsite",
            "Find a campsite in a valley.",
            valley=("string", "Name of the valley."),
        ),
        tool(
            "carbon_footprint",
            "Get the carbon footprint of a trip.",
            vehicle=("string", "The vehicle."),
            kilometers=("number", "Length of the trip."),
        ),
        tool(
            "visa_status",
            "Find out how far the application for a visa is.",
            application=("string", "Number of the application."),
        ),
        tool("close_valve", "Close a valve.", valve=("string", "Name of the valve.")),
        tool(
            "acres_to_hectares",
            "Convert acres to hectares.",
            acres=("number", "Area in acres."),
        ),
        tool(
            "ferry_times",
            "Find out when ferries leave a port on a date.",
            port=("string", "Name of the port."),
            date=("string", "The date."),
        ),
    )
}
CALLS: tuple[tuple[str, str, dict[str, Any], tuple[str, ...]], ...] = (
    (
        "How much pollen is in the air in Tuscany?",
        "pollen_level",
        {"region": "Tuscany"},
        ("close_valve", "encrypt_file"),
    ),
    (
        "i've got hay fever, what's the pollen level of Brittany",
        "pollen_level",
        {"region": "Brittany"},
        ("ferry_times", "find_campsite", "brew_coffee"),
    ),
    (
        "Send a bouquet of tulips to Philippa Stone.",
        "send_bouquet",
        {"recipient": "Philippa Stone", "flower": "tulips"},
        ("visa_status", "fill_pool"),
    ),
    (
        "Mrs Adeyemi has her birthday, she should get a bouquet of peonies",
        "send_bouquet",
        {"recipient": "Mrs Adeyemi", "flower": "peonies"},
        ("pollen_level", "acres_to_hectares"),
    ),
    (
        "Please fill the pool Dolphin, 2 meters deep.",
        "fill_pool",
        {"pool": "Dolphin", "meters": 2},
        ("close_valve", "brew_coffee"),
    ),
    (
        "the kids want to swim, fill pool Seahorse up to 1.35 meters",
        "fill_pool",
        {"pool": "Seahorse", "meters": 1.35},
        ("carbon_footprint", "find_campsite", "pollen_level"),
    ),
    (
        "Nobody else should read salaries.xlsx. Would you encrypt it?",
        "encrypt_file",
        {"path": "salaries.xlsx"},
        ("close_valve", "visa_status"),
    ),
    (
        "Encrypt private/diary.txt.",
        "encrypt_file",
        {"path": "private/diary.txt"},
        ("send_bouquet", "ferry_times"),
    ),
    (
        "We'd love 6 cups of coffee, use the blend Sunrise.",
        "brew_coffee",
        {"blend": "Sunrise", "cups": 6},
        ("fill_pool", "close_valve"),
    ),
    (
        "brew me some coffee: blend Midnight, 2 cups",
        "brew_coffee",
        {"blend": "Midnight", "cups": 2},
        ("send_bouquet", "acres_to_hectares"),
    ),
    (
        "Does the valley Zillertal have a campsite?",
        "find_campsite",
        {"valley": "Zillertal"},
        ("ferry_times", "pollen_level"),
    ),
    (
        "we have a tent with us, is there any campsite in Glencoe",
        "find_campsite",
        {"valley": "Glencoe"},
        ("carbon_footprint", "close_valve", "visa_status"),
    ),
    (
        "What is the carbon footprint of 300 kilometers by bus?",
        "carbon_footprint",
        {"vehicle": "bus", "kilometers": 300},
        ("visa_status", "acres_to_hectares"),
    ),
    (
        "18.5 kilometers with a scooter, what's the carbon footprint",
        "carbon_footprint",
        {"vehicle": "scooter", "kilometers": 18.5},
        ("brew_coffee", "send_bouquet"),
    ),
    (
        "I'm still waiting for my visa. My application is VA-31086, how far is it?",
        "visa_status",
        {"application": "VA-31086"},
        ("carbon_footprint", "encrypt_file"),
    ),
    (
        "status of visa application 70452K?",
        "visa_status",
        {"application": "70452K"},
        ("find_campsite", "fill_pool", "ferry_times"),
    ),
    (
        "The valve boiler-west has to be closed, please do that.",
        "close_valve",
        {"valve": "boiler-west"},
        ("encrypt_file", "brew_coffee"),
    ),
    (
        "Our farm has 75 acres. What's that in hectares?",
        "acres_to_hectares",
        {"acres": 75},
        ("fill_pool", "carbon_footprint"),
    ),
    (
        "When do ferries leave Piraeus on 2027-04-19?",
        "ferry_times",
        {"port": "Piraeus", "date": "2027-04-19"},
        ("send_bouquet", "find_campsite"),
    ),
    (
        "i want to take a ferry from Oban on 3 October, what times are there",
        "ferry_times",
        {"port": "Oban", "date": "3 October"},
        ("pollen_level", "encrypt_file"),
    ),
)
