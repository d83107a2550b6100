"""The course's own words, explained: what is asked, and what is answered."""

from __future__ import annotations

EXPLANATIONS = {
    "an endpoint": (
        "An endpoint is [a web address|an address on the network] where a [running |]model "
        "[answers requests|takes requests and sends back answers].",
        "It is a URL with a running model behind it: you send a request, it sends an answer.",
    ),
    "a token": (
        "A token is a [small |]piece of text, often a word or a part of a word. "
        "A model reads and writes tokens.",
        "A [model|language model] cuts text into tokens: words, parts of words or single signs.",
    ),
    "a replica": (
        "A replica is one running copy of the model. More replicas can answer more requests.",
        "It is a copy of the model that runs behind the endpoint. Replicas share the traffic.",
    ),
    "temperature": (
        "Temperature sets how much chance there is in the choice of each token. "
        "Low is steady, high is [free|varied].",
        "With a low temperature the likeliest tokens win; with a high one, the text varies more.",
    ),
    "scale to zero": (
        "Scale to zero means that an idle endpoint stops all its replicas and costs nothing until "
        "the next request wakes it.",
        "When nobody calls for a while, the endpoint goes to sleep: no replicas, no cost.",
    ),
    "deep learning": (
        "Deep learning trains neural networks with many layers to find patterns in data.",
        "It is machine learning with neural networks of many layers.",
    ),
    "machine learning": (
        "Machine learning is a way to make programs that learn from examples instead of rules.",
        "In machine learning, a program learns patterns from data.",
    ),
    "open source": (
        "Open source means that everyone may read, use, change and share the source code.",
        "It is software whose code is open for all to read, change and share.",
    ),
    "a language model": (
        "A language model predicts the next token of a text, again and again.",
        "It is a model that has learned which token is likely to come next.",
    ),
    "an API": (
        "An API is a set of rules by which one program talks to another.",
        "It is the agreed way for programs to ask each other for things.",
    ),
    "a GPU": (
        "A GPU is a chip that does many small calculations at once, which suits neural networks.",
        "It is a processor for many calculations in parallel. Large models run on GPUs.",
    ),
    "inference": (
        "Inference means running a trained model to get an answer.",
        "Training teaches a model; inference uses it.",
    ),
    "latency": (
        "Latency is the time between a request and its answer.",
        "It says how long you wait for an answer.",
    ),
    "a prompt": (
        "A prompt is the text that you give to a model.",
        "It is your question or instruction to the model.",
    ),
    "streaming": (
        "Streaming sends each token as soon as it is made, so you need not wait for the end.",
        "With streaming, the answer arrives piece by piece.",
    ),
    "a cold start": (
        "A cold start is the wait while a sleeping endpoint starts its first replica.",
        "It is the time an endpoint needs to wake up and load its model.",
    ),
    "autoscaling": (
        "Autoscaling starts more replicas when there is much traffic and stops them when it is "
        "calm.",
        "It fits the number of replicas to the traffic.",
    ),
    "a seed": (
        "A seed fixes the chance in sampling: the same seed and prompt give the same text.",
        "It is a number that makes random choices repeatable.",
    ),
    "a chat template": (
        "A chat template turns messages into the exact text that a model was trained on.",
        "It marks who speaks: each turn gets its start and its end.",
    ),
    "batching": (
        "Batching means that a model works on several requests at once.",
        "It runs many requests together, so that the hardware is used well.",
    ),
    "top-p": (
        "Top-p keeps only the likeliest tokens whose chances add up to p, and samples among them.",
        "With a small top-p, unlikely tokens are never chosen.",
    ),
    "a stop sequence": (
        "A stop sequence is a text that ends the answer as soon as the model writes it.",
        "When the model writes the stop sequence, it stops.",
    ),
    "Hugging Face": (
        "Hugging Face is a company and a community where people share models and data.",
        "It is a place on the web to find, share and run models.",
    ),
    "a pocket model": (
        "A pocket model is a very small model, trained from scratch, that fits in a pocket.",
        "It is a tiny model like me: quick and cheap, but it knows little.",
    ),
    "a container": (
        "A container packs a program with all that it needs to run anywhere.",
        "It is a sealed box with a program and its libraries inside.",
    ),
}

ASK_TO_EXPLAIN = (
    "[What is|What's] {x}?",
    "[Explain|Please explain|Can you explain] {x}[.| in one sentence.| to me.]",
    "What does {x} mean?",
    "[Tell me|Can you tell me] what {x} is[.|, please.]",
    "[what is|define] {x}",
    "In one sentence, what is {x}?",
    "What does {x} do?",
    "[How does {x} work|Why does {x} matter]?",
    "[Tell me|Teach me|I want to know] [more |something |]about {x}[.|, please.| in short.]",
    "[Can you|Could you|Please] [define|describe] {x}[.|?| for a beginner.]",
    "[Describe|Define] {x}[.| in short.]",
)
