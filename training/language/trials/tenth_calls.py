"""Functions, and requests for one of them, of the tenth set; see `tenth`."""

from __future__ import annotations

from typing import Any

from training.language.trials.tool import tool

TOOLS = {
    made["function"]["name"]: made
    for made in (
        tool(
            "ash_level",
            "Get the level of ash near a volcano.",
            volcano=("string", "The volcano."),
        ),
        tool(
            "engrave_trophy",
            "Engrave a trophy for a winner.",
            winner=("string", "Who won it."),
            trophy=("string", "Name of the trophy."),
        ),
        tool(
            "set_humidifier",
            "Set the humidity of a humidifier.",
            humidifier=("string", "Name of the humidifier."),
            percent=("integer", "Humidity in percent."),
        ),
        tool("encrypt_file", "Encrypt a file.", path=("string", "Path of the file.")),
        tool(
            "roast_coffee",
            "Roast coffee beans of a sort.",
            sort=("string", "Name of the sort."),
            minutes=("number", "How long."),
        ),
        tool(
            "find_locksmith",
            "Find a locksmith in a quarter.",
            quarter=("string", "Name of the quarter."),
        ),
        tool(
            "mooring_fee",
            "Get the fee for mooring a boat in a marina.",
            marina=("string", "Name of the marina."),
            nights=("integer", "How many nights the boat stays."),
        ),
        tool(
            "check_warranty",
            "Find out whether a device still has a warranty.",
            serial=("string", "Serial number of the device."),
        ),
        tool("launch_drone", "Let a drone take off.", drone=("string", "Name of the drone.")),
        tool(
            "furlongs_to_meters",
            "Convert furlongs to meters.",
            furlongs=("number", "Length in furlongs."),
        ),
        tool(
            "lecture_list",
            "Find out which lectures an institute gives on a date.",
            institute=("string", "Name of the institute."),
            date=("string", "The date."),
        ),
    )
}
CALLS: tuple[tuple[str, str, dict[str, Any], tuple[str, ...]], ...] = (
    (
        "How high is the level of ash near Sakurajima right now?",
        "ash_level",
        {"volcano": "Sakurajima"},
        ("launch_drone", "encrypt_file"),
    ),
    (
        "we'd love to hike up Stromboli, what's the ash level there",
        "ash_level",
        {"volcano": "Stromboli"},
        ("set_humidifier", "lecture_list", "find_locksmith"),
    ),
    (
        "Please engrave the trophy Thunderbolt for Tabitha Renshaw.",
        "engrave_trophy",
        {"winner": "Tabitha Renshaw", "trophy": "Thunderbolt"},
        ("check_warranty", "roast_coffee"),
    ),
    (
        "Ms Kuusisto came first in the regatta, engrave the trophy Heron for her please",
        "engrave_trophy",
        {"winner": "Ms Kuusisto", "trophy": "Heron"},
        ("lecture_list", "furlongs_to_meters"),
    ),
    (
        "Could you set the humidifier Fjord to 55 percent?",
        "set_humidifier",
        {"humidifier": "Fjord", "percent": 55},
        ("ash_level", "roast_coffee"),
    ),
    (
        "my throat is sooo dry, humidifier Willow, 60 percent pls",
        "set_humidifier",
        {"humidifier": "Willow", "percent": 60},
        ("mooring_fee", "furlongs_to_meters", "engrave_trophy"),
    ),
    (
        "Nobody else should be able to read taxes.pdf. Can you encrypt it?",
        "encrypt_file",
        {"path": "taxes.pdf"},
        ("launch_drone", "check_warranty"),
    ),
    (
        "encrypt private/diary.txt",
        "encrypt_file",
        {"path": "private/diary.txt"},
        ("engrave_trophy", "mooring_fee"),
    ),
    (
        "Roast coffee of the sort Sidamo for 13 minutes.",
        "roast_coffee",
        {"sort": "Sidamo", "minutes": 13},
        ("set_humidifier", "launch_drone"),
    ),
    (
        "the fresh beans are here! roast the sort Bourbon for 11.5 minutes",
        "roast_coffee",
        {"sort": "Bourbon", "minutes": 11.5},
        ("ash_level", "find_locksmith", "encrypt_file"),
    ),
    (
        "I have locked myself out. Is there a locksmith in Alfama?",
        "find_locksmith",
        {"quarter": "Alfama"},
        ("check_warranty", "ash_level"),
    ),
    (
        "my key broke off, where's a locksmith in Malasaña",
        "find_locksmith",
        {"quarter": "Malasaña"},
        ("lecture_list", "engrave_trophy", "mooring_fee"),
    ),
    (
        "What is the mooring fee in the marina Kingfisher for 3 nights?",
        "mooring_fee",
        {"marina": "Kingfisher", "nights": 3},
        ("furlongs_to_meters", "check_warranty"),
    ),
    (
        "our boat stays 5 nights in the marina Seahorse, how much is the fee",
        "mooring_fee",
        {"marina": "Seahorse", "nights": 5},
        ("roast_coffee", "find_locksmith"),
    ),
    (
        "My toaster stopped working. The serial number is HT-20561, so is there still a warranty?",
        "check_warranty",
        {"serial": "HT-20561"},
        ("lecture_list", "encrypt_file"),
    ),
    (
        "check the warranty for serial number 37804M",
        "check_warranty",
        {"serial": "37804M"},
        ("find_locksmith", "set_humidifier", "launch_drone"),
    ),
    (
        "The wind has calmed down, so let the drone skylark-2 take off, please.",
        "launch_drone",
        {"drone": "skylark-2"},
        ("encrypt_file", "set_humidifier"),
    ),
    (
        "The racecourse is 8.5 furlongs long. How many meters is that?",
        "furlongs_to_meters",
        {"furlongs": 8.5},
        ("mooring_fee", "ash_level"),
    ),
    (
        "Which lectures does the institute Copperfield give on 2027-03-18?",
        "lecture_list",
        {"institute": "Copperfield", "date": "2027-03-18"},
        ("engrave_trophy", "roast_coffee"),
    ),
    (
        "does the institute Pasteur give any lectures on 9 October?",
        "lecture_list",
        {"institute": "Pasteur", "date": "9 October"},
        ("furlongs_to_meters", "ash_level"),
    ),
)
