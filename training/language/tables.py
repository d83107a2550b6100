"""Word lists of the generator. Written by hand, so that no licence but the project's applies."""

from __future__ import annotations

NAMES = tuple(
    """
Aaron Abdul Abena Adam Adele Adrian Agnes Ahmed Aiko Aisha Akira Alejandro Alex Alfred Alice
Alicia Amara Amelia Amir Anastasia Andre Andrea Andrew Angela Anita Annika Anton Antonio Aoife
Arjun Arthur Asha Astrid Aurora Ayesha Barbara Beatriz Benjamin Bernard Betty Bianca Bilal Björn
Bogdan Boris Brenda Brian Bruno Camila Carla Carmen Caroline Catherine Cecilia Charles Charlotte
Chen Chiara Chidi Chloe Christian Claire Claudia Colin Connor Cristina Daisuke Daniel Daniela
Daphne Darius David Deborah Diego Dimitri Dominik Dorothea Duncan Edith Eduardo Edward Eleanor
Elena Eli Elias Elif Elizabeth Ella Elsa Emil Emilia Emily Enrique Esther Ethan Eva Farah Faith
Felipe Fernando Fiona Florence Francesca Francisco Frank Freya Gabriel Gabriela George Gerald Gina
Giovanni Gloria Graham Greta Gustavo Hamid Hannah Harold Haruki Hassan Hector Heidi Helen Helena
Henrik Henry Hiroshi Ibrahim Igor Ilse Imani Ines Ingrid Irene Isaac Isabel Ismail Ivana Jack
Jacob Jamal James Jana Janet Jasmine Javier Jean Jelena Jennifer Jessica Jin Joanna Johan John
Jorge Joseph Joshua José Juan Judith Julian June Kai Kamal Karen Karin Karl Kasper Katarina Kate
Keiko Kenji Kevin Khalid Kofi Kristina Kumar Kwame Lara Lars Laura Layla Leila Leon Leonie Liam
Lily Lin Linda Lisa Liu Lorenzo Louis Louise Lucas Lucia Luis Luisa Lukas Luna Lydia Magda Magnus
Mahmoud Malik Manuel Marcel Margaret Mariam Marie Mark Marta Martin Martina Mary Mateo Matilda
Matthew Max Maya Mehmet Mei Mercy Michael Miguel Mika Mila Milan Ming Miriam Mohammed Monika
Morgan Nadia Naomi Natalia Nathan Nelson Nia Niamh Nick Nicole Nikolai Noor Nora Oliver Olivia
Oscar Otto Pablo Pamela Patrick Patricia Pavel Pedro Petra Philip Pia Piotr Rachel Rafael Rahul
Raj Ramón Rania Raquel Rebecca Renata Ricardo Richard Rita Robert Robin Roman Ronja Ruben Ruth
Ryan Sabine Saif Sakura Salma Samira Samuel Sandra Sara Sarah Sean Sebastian Selma Sergio Shirin
Silvia Simon Siri Sonia Stefan Stella Stephen Sven Svetlana Sylvia Takashi Tamar Tanya Tariq
Teresa Theo Thomas Tiago Tim Tina Tobias Uma Ursula Valentina Valeria Vanessa Vikram Viktor
Viktoria Vincent Viola Walter Wanda Wendy William Xavier Xin Yasmin Yuki Yusuf Zainab Zara Zofia
Zoë
""".split()
)
LAST_NAMES = tuple(
    """
Adams Ahmed Andersson Bauer Becker Bergström Brown Carter Chen Clark Costa Cruz Davis Diaz Dubois
Evans Fernandez Fischer Fontaine Garcia Gomez Green Gupta Haddad Hansen Harris Hoffmann Hughes Ito
Ivanova Jansen Johnson Jones Kaya Keller Khan Kim Kowalski Kumar Larsen Lee Lewis Lopez Martin
Mendes Meyer Miller Moore Moreau Morris Müller Murphy Nakamura Nguyen Nielsen Novak Okafor Olsen
Ortiz Owens Park Patel Pereira Petrov Phillips Popescu Quinn Ramos Reed Ricci Rivera Roberts
Romano Rossi Sanchez Santos Sato Schmidt Schneider Scott Sharma Silva Singh Smith Sokolov Suzuki
Taylor Thomas Thompson Torres Turner Virtanen Wagner Walker Wang Weber White Williams Wilson Wood
Wright Yamada Yilmaz Young Zhang Zhou Zimmermann
""".split()
)
CITIES = tuple(
    city.strip()
    for city in """
Accra, Adelaide, Algiers, Amsterdam, Ankara, Antwerp, Athens, Atlanta, Auckland, Baghdad, Bangkok,
Barcelona, Basel, Beijing, Beirut, Belfast, Belgrade, Bergen, Berlin, Bern, Bogotá, Bologna, Bonn,
Bordeaux, Boston, Brasília, Bratislava, Bremen, Brighton, Brisbane, Bristol, Brussels, Bucharest,
Budapest, Buenos Aires, Cairo, Calgary, Cambridge, Canberra, Cape Town, Caracas, Cardiff,
Casablanca, Chennai, Chicago, Cologne, Copenhagen, Cork, Curitiba, Dakar, Dallas, Damascus, Delhi,
Denver, Dhaka, Dresden, Dubai, Dublin, Durban, Edinburgh, Florence, Frankfurt, Geneva, Genoa,
Ghent, Glasgow, Göteborg, Granada, Graz, Hamburg, Hanoi, Havana, Helsinki, Hiroshima, Hong Kong,
Houston, Istanbul, Izmir, Jakarta, Jerusalem, Kampala, Karachi, Kathmandu, Kiel, Kigali, Kingston,
Krakow, Kyiv, Kyoto, Lagos, Lahore, Leeds, Leipzig, Lille, Lima, Linz, Lisbon, Liverpool, London,
Los Angeles, Lucerne, Lusaka, Luxembourg, Lyon, Madrid, Málaga, Malmö, Manchester, Manila,
Marrakesh, Marseille, Melbourne, Memphis, Mexico City, Miami, Milan, Minsk, Montevideo, Montreal,
Moscow, Mumbai, Munich, Nagoya, Nairobi, Nantes, Naples, New York, Nice, Nicosia, Nuremberg,
Odense, Oporto, Osaka, Oslo, Ottawa, Oxford, Palermo, Panama City, Paris, Perth, Philadelphia,
Phoenix, Porto, Portland, Prague, Pretoria, Quebec, Quito, Rabat, Reykjavík, Riga, Rio de Janeiro,
Rome, Rotterdam, Salzburg, San Diego, San Francisco, Santiago, Sarajevo, Seattle, Seoul, Seville,
Shanghai, Singapore, Sofia, Split, Stavanger, Stockholm, Strasbourg, Stuttgart, Sydney, Taipei,
Tallinn, Tampere, Tehran, Tel Aviv, Tirana, Tokyo, Toronto, Toulouse, Trieste, Tripoli, Tunis,
Turin, Uppsala, Utrecht, Valencia, Vancouver, Venice, Verona, Vienna, Vilnius, Warsaw, Washington,
Wellington, York, Zagreb, Zaragoza, Zürich
""".split(",")
)
THINGS = tuple(
    """
apple bag ball bed bicycle book bowl box bread cake camera candle car card cat chair cheese clock
coat coffee cookie cup dog dress drum egg flower glass guitar hat headset house ice keyboard
kettle key knife lamp laptop letter map milk monitor mouse notebook orange painting pan paper
pasta pear pen pencil phone piano pillow pizza plate plant printer robot rug sandwich scanner
screen ship shirt shoe skirt soup speaker spoon suit table tea toy train tree truck umbrella
wallet watch window
""".split()
)
EMOJI = tuple(
    """
😀 😂 😊 😍 😎 😢 😡 😴 🤔 🤗 🙏 👍 👋 👏 💪 🎉 🎂 🎁 🎈 🎶
🎸 ⚽ 🏀 🚀 🚗 🚲 ✈️ 🏠 🌍 🌈 🌊 🌙 ☀️ ⭐ ❄️ 🔥 🌸 🌻 🌲 🍀
🍎 🍌 🍕 🍰 🍵 ☕ 🐱 🐶 🐸 🦊 🐻 🐼 🦉 🐧 🦙 🐢 🐝 🦋 ❤️ 💙
💚 💡 📚 📦 📷 💻 🔑 ✅ ❌ ❓ ⏰ 🥳 🤖 👀 😅 😭 🙂 😉 🤣 🥰
😇 🙈 🍓 🥐 🧁 🎯 🧩 🛠️ 🧭
""".split()
)
COLORS = tuple(
    "red green blue yellow orange purple white black brown pink grey silver golden turquoise "
    "violet beige crimson scarlet lime navy".split()
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
JOBS = tuple(
    "teacher baker pilot nurse doctor farmer cook gardener plumber painter driver singer dancer "
    "writer lawyer engineer student designer carpenter tailor waiter sailor dentist architect "
    "librarian journalist chemist mechanic electrician translator photographer".split()
)
FOODS = tuple(
    "soup pizza pasta rice salad bread cheese cake pancakes noodles sushi curry stew pie burger "
    "omelette tacos dumplings porridge sandwich".split()
)
HOBBIES = tuple(
    "chess swimming painting dancing hiking cycling reading cooking fishing singing football "
    "tennis "
    "climbing knitting gardening photography sailing running pottery yoga".split()
)
ANIMALS = tuple(
    "cat dog fox owl bear horse rabbit frog cow duck llama penguin wolf goat lion tiger mouse "
    "hedgehog "
    "squirrel deer parrot turtle donkey zebra camel otter panda koala badger beaver".split()
)
NUMBER_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
).split()
