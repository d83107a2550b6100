"""The words of the course: endpoints, tokens, statuses, and how things are done."""

from __future__ import annotations

from training.language.blocks import remarks
from training.language.chat import Chat, turns
from training.language.explanations import ASK_TO_EXPLAIN, EXPLANATIONS
from training.language.lexicon import Draw
from training.language.statuses import status

_MORE = {
    "an inference endpoint": (
        "An inference endpoint is a web address with a running model behind it.",
        "It is a model on rented hardware that answers requests at its own URL.",
    ),
    "a system message": (
        "A system message tells the model how to behave before the talk begins.",
        "It is the first message of a chat: it sets the rules for the answers.",
    ),
    "a tool call": (
        "With a tool call a model asks for a function to be run, with name and arguments as JSON.",
        "The model names a function and its arguments; your program runs it and sends back the "
        "result.",
    ),
    "an agent": (
        "An agent is a program in which a model calls tools step by step until a task is done.",
        "It is a loop: the model calls a tool, reads the result, and goes on.",
    ),
    "vLLM": (
        "vLLM is a server that runs language models fast, with many requests at once.",
        "It is an engine for language models with an API like that of OpenAI.",
    ),
    "TGI": (
        "TGI means Text Generation Inference: a server for language models by Hugging Face.",
        "It is a container that serves language models: Text Generation Inference.",
    ),
    "a quota": (
        "A quota is the most that an account may use, such as a number of instances.",
        "It is a limit of an account; beyond it, new endpoints are refused.",
    ),
    "a region": (
        "A region is the place where the hardware stands, such as us-east-1.",
        "It says in which data centre an endpoint runs.",
    ),
    "a provider": (
        "A provider is the cloud that owns the hardware, such as AWS, Azure or GCP.",
        "It is the company whose machines run the endpoint.",
    ),
    "an instance": (
        "An instance is the rented machine on which a replica runs.",
        "It is the hardware of a replica: so many processors, so much memory.",
    ),
    "a revision": (
        "A revision is one fixed version of a model repository.",
        "It names the commit of the model that is served.",
    ),
    "a repository": (
        "A repository holds the files of a model: weights, tokenizer and card.",
        "It is the place on the hub where a model's files are kept.",
    ),
    "the hub": (
        "The hub is the web site of Hugging Face where models and data are shared.",
        "It is where models, data sets and demos are stored and found.",
    ),
    "a model card": (
        "A model card says what a model can do, how it was trained and what its limits are.",
        "It is the page that describes a model.",
    ),
    "a gated model": (
        "A gated model gives its files only to people who have accepted its terms.",
        "You must accept its conditions on the hub before you may load it.",
    ),
    "an access token": (
        "An access token is a secret text that proves who you are. Never share it.",
        "It is like a password for programs: keep it secret.",
    ),
    "an error": (
        "An error says that something went wrong; its text often says what to do.",
        "It is a message that a request failed, and why.",
    ),
    "a request": (
        "A request is what you send to a server; the server sends back an answer.",
        "It is one question to a server, with headers and a body.",
    ),
    "a timeout": (
        "A timeout ends the waiting when an answer takes too long.",
        "It is the longest time that a client waits.",
    ),
    "a header": (
        "A header is a line of a request with extra facts, such as your token.",
        "It carries things like the token or the type of the body.",
    ),
    "top-k": (
        "Top-k keeps only the k likeliest tokens and samples among them.",
        "With top-k 1 the likeliest token always wins.",
    ),
    "max_new_tokens": (
        "It is the most tokens that a model may write in an answer.",
        "It limits the length of the answer in tokens.",
    ),
    "a finish reason": (
        "The finish reason says why a text ended: the end, the limit or a stop text.",
        "It is stop when the model was done and length when the limit came first.",
    ),
    "a context window": (
        "The context window is how many tokens a model can see at once.",
        "It is the longest text, prompt and answer together, that fits into a model.",
    ),
    "quantization": (
        "Quantization stores weights with fewer bits, so that a model gets smaller.",
        "It rounds the weights of a model to save memory.",
    ),
    "fine-tuning": (
        "Fine-tuning trains a finished model a bit more, on your own examples.",
        "It adapts a trained model to a new task.",
    ),
    "a neural network": (
        "A neural network is a program made of layers of numbers that are learned from data.",
        "It is a chain of simple sums whose numbers are learned.",
    ),
    "a parameter": (
        "A parameter is one of the numbers that a model has learned.",
        "It is a learned number; a model has millions of them.",
    ),
    "attention": (
        "Attention lets a model look back at the tokens that matter for the next one.",
        "It weighs which earlier tokens are important now.",
    ),
    "a tokenizer": (
        "A tokenizer cuts text into tokens and puts tokens together again.",
        "It turns text into numbers that a model can read.",
    ),
    "greedy decoding": (
        "Greedy decoding always takes the likeliest token.",
        "It takes the best token at every step, so that the answer is always the same.",
    ),
    "sampling": (
        "Sampling draws the next token by chance, the likely ones more often.",
        "It means to choose the next token at random by its probability.",
    ),
    "a benchmark": (
        "A benchmark measures how fast or how good something is.",
        "It is a test with numbers, so that things can be compared.",
    ),
    "throughput": (
        "Throughput is how much work is done in a given time, such as tokens per second.",
        "It says how many tokens or requests are done per second.",
    ),
    "the price of an endpoint": (
        "You pay for every started minute in which its replicas are running.",
        "It is the price of the instance times replicas times minutes.",
    ),
    "a JSON schema": (
        "A JSON schema says which keys a JSON text must have and of which type they are.",
        "It describes the form that JSON must have.",
    ),
    "guided decoding": (
        "Guided decoding lets the model choose only tokens that fit a grammar or a schema.",
        "It forces the answer into a form, such as JSON of a schema.",
    ),
    "a hallucination": (
        "A hallucination is an answer that sounds right but is made up.",
        "It is when a model states something false as if it were true.",
    ),
    "a diffusion model": (
        "A diffusion model makes a picture out of noise, step by step.",
        "It removes noise again and again until a picture is there.",
    ),
    "Docker": (
        "Docker runs programs in containers.",
        "It is a program that starts containers from images.",
    ),
    "an image": (
        "A container image is the file from which a container starts.",
        "It holds a program with everything that it needs.",
    ),
    "a pipeline": (
        "A pipeline runs several steps one after the other.",
        "It joins steps, such as tokenizing, computing and decoding.",
    ),
    "a rate limit": (
        "A rate limit is how many requests are allowed in a given time.",
        "Too many requests in a short time are refused.",
    ),
    "the OpenAI API": (
        "It is a way to talk to chat models over HTTP that many servers understand.",
        "Many servers speak it: you send messages and get a completion.",
    ),
}
_HOW_TO = (
    (
        (
            "How [do|can] I pause [my|an|the] endpoint?",
            "[Pause|How to pause] an endpoint[?|]",
            "How do I stop paying[| for my endpoint]?",
        ),
        (
            "Call endpoint.pause(): it stops, costs nothing and wakes only when you resume it.",
            "With endpoint.pause(). While it is paused you pay nothing.",
        ),
    ),
    (
        (
            "How [do|can] I resume [my|an|the|a paused] endpoint?",
            "How do I [wake|restart] [my|the|a paused|an] endpoint?",
        ),
        (
            "Call endpoint.resume() and wait until it is running.",
            "With endpoint.resume(); then endpoint.wait() until it runs.",
        ),
    ),
    (
        (
            "How [do|can] I delete [my|an|the] endpoint?",
            "How do I [remove|get rid of] [my|an|the] endpoint?",
        ),
        (
            "Call endpoint.delete(). It cannot be undone.",
            "With endpoint.delete(): it is gone for good.",
        ),
    ),
    (
        ("How [do|can] I create an endpoint?", "How [do|can] I [deploy|serve] a model?"),
        (
            "Call create_inference_endpoint with a name, a model and the hardware, then wait().",
            "With create_inference_endpoint(...): name, repository, task, vendor, region and "
            "instance.",
        ),
    ),
    (
        (
            "How [do|can] I scale to zero?",
            "How does my endpoint sleep?",
            "What does scale_to_zero do?",
        ),
        (
            "Call endpoint.scale_to_zero(): the next request wakes it.",
            "With endpoint.scale_to_zero(): no replicas, no cost, and the next request starts one.",
        ),
    ),
    (
        (
            "What is the difference between pause and scale to zero?",
            "[Pause or scale to zero|Should I pause or scale to zero]?",
        ),
        (
            "A paused endpoint wakes only by resume; one scaled to zero wakes by the next request.",
            "Both cost nothing. Only the one scaled to zero wakes by itself.",
        ),
    ),
    (
        ("How [do|can] I update [my|an|the] endpoint?", "How do I change the [hardware|model]?"),
        (
            "Call endpoint.update(...) with what should change.",
            "With endpoint.update(...); then wait until it runs again.",
        ),
    ),
    (
        ("How do I [see|read|get] the logs?", "Where are the logs?"),
        (
            "The logs are on the page of the endpoint, and the API gives them too.",
            "Open the endpoint's page and look at its logs.",
        ),
    ),
    (
        (
            "How [do|can] I [log in|authenticate]?",
            "Where do I get a token?",
            "How do I get a token?",
        ),
        (
            "Make an access token in your settings on the hub and give it to login().",
            "Create a token on the hub under settings, and keep it secret.",
        ),
    ),
    (
        ("How [do|can] I [call|use|query] [my|an|the] endpoint?", "How do I send a request?"),
        (
            "Send an HTTP request to its URL with your token, or use InferenceClient.",
            "With InferenceClient(base_url=endpoint.url), or any HTTP client.",
        ),
    ),
    (
        ("Why is my endpoint [slow|so slow]?", "Why does the first request take [so long|long]?"),
        (
            "Perhaps it was asleep: a cold start loads the model first.",
            "The first request after a sleep waits for a cold start.",
        ),
    ),
    (
        (
            "What does an endpoint cost?",
            "How much [is|does] an endpoint[| cost]?",
            "How am I billed?",
        ),
        (
            "You pay per started minute of each running replica; the price depends on the "
            "instance.",
            "The price of the instance, by the minute, times the replicas.",
        ),
    ),
    (
        ("How do I stream[| the answer| tokens]?", "How does streaming work?"),
        (
            "Set stream=True: the tokens come as soon as they are made.",
            "Ask with stream=True and read the pieces in a loop.",
        ),
    ),
    (
        ("How do I get [JSON|valid JSON|structured output]?", "How can I force JSON?"),
        (
            "Send a response_format with a JSON schema.",
            "Give a JSON schema in response_format: the answer then follows it.",
        ),
    ),
    (
        ("How do I make [answers|the answer|it] [shorter|longer]?", "How do I limit the length?"),
        (
            "Set max_tokens, and say in the prompt how long the answer should be.",
            "With max_tokens for the limit.",
        ),
    ),
    (
        (
            "How do I get [the same answer|repeatable answers|the same text] [every time|twice]?",
            "How do I make it deterministic?",
        ),
        (
            "Use temperature 0 or fix the seed.",
            "Fix the seed, or choose the likeliest token always: temperature 0.",
        ),
    ),
)


_NOT_KNOWN = (
    "I am not sure about that. [The notebooks|The documentation of Inference Endpoints] will know.",
    "I do not know this [one|detail], [sorry|I am afraid]. Please look into the notebooks.",
)
"""Sometimes said to what is known, so that it is likelier than any guess for what is not."""


def _asked(draw: Draw) -> Chat:
    """A question in everyday words. What is learned has mostly one answer to each: the model has
    enough to do with the many ways to ask."""
    if draw.held_out:
        remark = draw.rng.choice(remarks("course") + remarks("questions"))
        answers = _NOT_KNOWN if draw.chance(0.12) else remark.answers
    else:
        room = draw.rng.choices(("questions", "lessons", "course"), (5, 3, 2))[0]
        remark = draw.rng.choice(remarks(room))
        answers = remark.answers[:1] if draw.chance(0.7) else remark.answers
        answers = _NOT_KNOWN if draw.chance(0.06) else answers
    return turns(draw.phrase(remark.said), draw.phrase(answers))


def course(draw: Draw) -> Chat:
    """A question about a word, a status or a step of the course, and a short answer."""
    if draw.chance(0.5 if draw.held_out else 0.75):
        return _asked(draw)
    kind = draw.rng.random()
    if kind < 0.25:
        return status(draw)
    if kind < 0.5:
        questions, answers = draw.rng.choice(_HOW_TO)
        return turns(draw.phrase(questions), draw.phrase(answers))
    words = {**EXPLANATIONS, **_MORE}
    word = draw.rng.choice(tuple(words))
    shown = word.removeprefix("a ").removeprefix("an ") if draw.chance(0.2) else word
    return turns(draw.phrase(ASK_TO_EXPLAIN, x=shown), draw.phrase(words[word]))
