"""``instructor``: a response model in its modes for OpenAI's API."""

from __future__ import annotations

import instructor
from openai import OpenAI
from pydantic import BaseModel

from tests.clients.asking import questions, trial


class Person(BaseModel):
    """A person."""

    who: str
    years: int


def answered(mode: instructor.Mode) -> None:
    client = instructor.from_openai(
        OpenAI(base_url=trial.OPENAI_URL, api_key=trial.TOKEN, max_retries=0), mode=mode
    )
    person = client.chat.completions.create(
        model=trial.MODEL,
        messages=[{"role": "user", "content": questions.PERSON}],
        response_model=Person,
        max_retries=0,
        max_tokens=200,
        temperature=0,
    )
    assert isinstance(person, Person)


if __name__ == "__main__":
    trial.report(
        {
            "`Mode.TOOLS`": lambda: answered(instructor.Mode.TOOLS),
            "`Mode.JSON_SCHEMA`": lambda: answered(instructor.Mode.JSON_SCHEMA),
            "`Mode.JSON`": lambda: answered(instructor.Mode.JSON),
        }
    )
