"""Functions, and requests for one of them, of the ninth set; see `ninth`."""

from __future__ import annotations

from typing import Any

from training.language.trials.tool import tool

TOOLS = {
    made["function"]["name"]: made
    for made in (
        tool(
            "avalanche_risk",
            "Get the risk of avalanches in a massif.",
            massif=("string", "Name of the massif."),
        ),
        tool(
            "ship_sample",
            "Ship a sample of a material to a client.",
            client=("string", "Who gets it."),
            material=("string", "The material."),
        ),
        tool(
            "set_metronome",
            "Set the tempo of a metronome.",
            metronome=("string", "Name of the metronome."),
            tempo=("integer", "The tempo."),
        ),
        tool("straighten_scan", "Straighten a scan.", scan=("string", "Path of the scan.")),
        tool(
            "irrigate_field",
            "Irrigate a field.",
            field=("string", "Name of the field."),
            millimeters=("number", "How much water."),
        ),
        tool(
            "find_laundromat",
            "Find a laundromat in a quarter.",
            quarter=("string", "Name of the quarter."),
        ),
        tool(
            "mooring_fee",
            "Get the fee for a boat in a marina.",
            marina=("string", "Name of the marina."),
            boat_meters=("integer", "Length of the boat in meters."),
        ),
        tool(
            "check_recall",
            "Find out if a car was recalled.",
            chassis=("string", "Number of the chassis."),
        ),
        tool("arm_alarm", "Arm an alarm.", alarm=("string", "Name of the alarm.")),
        tool(
            "pints_to_milliliters",
            "Convert pints to milliliters.",
            pints=("number", "Volume in pints."),
        ),
        tool(
            "free_lanes",
            "Find out how many lanes of a bowling alley are free on a date.",
            alley=("string", "Name of the bowling alley."),
            calendar_day=("string", "The date."),
        ),
    )
}
CALLS: tuple[tuple[str, str, dict[str, Any], tuple[str, ...]], ...] = (
    (
        "Could you tell me how high the avalanche risk in Silvretta is?",
        "avalanche_risk",
        {"massif": "Silvretta"},
        ("arm_alarm", "straighten_scan"),
    ),
    (
        "off to Ortler on skis tomorrow, any avalanche risk there",
        "avalanche_risk",
        {"massif": "Ortler"},
        ("set_metronome", "free_lanes", "find_laundromat"),
    ),
    (
        "Kindly ship a sample of linen to Ludovica Pratt.",
        "ship_sample",
        {"client": "Ludovica Pratt", "material": "linen"},
        ("check_recall", "irrigate_field"),
    ),
    (
        "our client Mr Kariuki asks for bamboo, pls ship him a sample",
        "ship_sample",
        {"client": "Mr Kariuki", "material": "bamboo"},
        ("free_lanes", "pints_to_milliliters"),
    ),
    (
        "I practise with the metronome Ticktock. Please set it to tempo 92.",
        "set_metronome",
        {"metronome": "Ticktock", "tempo": 92},
        ("avalanche_risk", "irrigate_field"),
    ),
    (
        "way too fast for me, metronome Pendula, tempo 60!",
        "set_metronome",
        {"metronome": "Pendula", "tempo": 60},
        ("mooring_fee", "pints_to_milliliters", "ship_sample"),
    ),
    (
        "The scan receipt.tif is all crooked. Would you straighten it for me?",
        "straighten_scan",
        {"scan": "receipt.tif"},
        ("arm_alarm", "check_recall"),
    ),
    (
        "straighten archive/letter-08.pdf",
        "straighten_scan",
        {"scan": "archive/letter-08.pdf"},
        ("ship_sample", "mooring_fee"),
    ),
    (
        "The field Clover should be irrigated with 12 millimeters.",
        "irrigate_field",
        {"field": "Clover", "millimeters": 12},
        ("set_metronome", "arm_alarm"),
    ),
    (
        "no rain for weeks, give field Buttercup 8.25 millimeters of water",
        "irrigate_field",
        {"field": "Buttercup", "millimeters": 8.25},
        ("avalanche_risk", "find_laundromat", "straighten_scan"),
    ),
    (
        "I have no clean shirt left. Is there a laundromat in Vinohrady?",
        "find_laundromat",
        {"quarter": "Vinohrady"},
        ("check_recall", "avalanche_risk"),
    ),
    (
        "where is in Malasaña a laundromat please?",
        "find_laundromat",
        {"quarter": "Malasaña"},
        ("free_lanes", "ship_sample", "mooring_fee"),
    ),
    (
        "What fee would the marina Ardrishaig charge for our boat of 9 meters?",
        "mooring_fee",
        {"marina": "Ardrishaig", "boat_meters": 9},
        ("pints_to_milliliters", "check_recall"),
    ),
    (
        "my boat is 14 meters long, what does the marina Kröslin cost",
        "mooring_fee",
        {"marina": "Kröslin", "boat_meters": 14},
        ("irrigate_field", "find_laundromat"),
    ),
    (
        "The dealer spoke of a recall. My chassis has the number WK-58204, is it affected?",
        "check_recall",
        {"chassis": "WK-58204"},
        ("free_lanes", "straighten_scan"),
    ),
    (
        "recall check, chassis 30716N",
        "check_recall",
        {"chassis": "30716N"},
        ("find_laundromat", "set_metronome", "arm_alarm"),
    ),
    (
        "Everyone has gone home now, you may arm the alarm depot-rear.",
        "arm_alarm",
        {"alarm": "depot-rear"},
        ("straighten_scan", "set_metronome"),
    ),
    (
        "Grandmother's punch needs 2.5 pints of cider. How many milliliters would that be?",
        "pints_to_milliliters",
        {"pints": 2.5},
        ("mooring_fee", "avalanche_risk"),
    ),
    (
        "How many lanes are free at the bowling alley Kingpin Palace on 2027-08-16?",
        "free_lanes",
        {"alley": "Kingpin Palace", "calendar_day": "2027-08-16"},
        ("ship_sample", "irrigate_field"),
    ),
    (
        "me and my friends want to bowl at Strikehouse on 27 March, any free lanes?",
        "free_lanes",
        {"alley": "Strikehouse", "calendar_day": "27 March"},
        ("pints_to_milliliters", "avalanche_risk"),
    ),
)
