"""``/tokenize`` and ``/detokenize`` (entrypoints/serve/tokenize/serving.py)."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import JSONResponse, Response

from local_endpoints.containers.vllm.errors import Refused
from local_endpoints.containers.vllm.prompts import Prompts
from local_endpoints.containers.vllm.served import Served
from local_endpoints.containers.vllm.token_bodies import Detokenize, TokenizeChat, TokenizeText

MOST_TOKEN = 2**32 - 1
"""The tokenizers of Hugging Face number tokens with 32 bits."""


@dataclass(frozen=True)
class TokenRoutes:
    """Between texts and tokens, without the engine.

    Attributes:
        served: the model.
        prompts: turn texts and messages into tokens.
    """

    served: Served
    prompts: Prompts

    async def tokenize(self, body: TokenizeText | TokenizeChat) -> Response:
        """``POST /tokenize``: the tokens of a text, or of messages in the chat template."""
        self.served.check_model(body.model)
        if isinstance(body, TokenizeText):
            found = await self.prompts.text(body.prompt, add_special_tokens=body.add_special_tokens)
        else:
            _, prompt = await self.prompts.templated(body, None)
            # vLLM reads the images here as well, and refuses what it cannot read.
            found = (await self.prompts.seen(prompt)).tokens
        tokens: list[int] = found.tolist()
        names = [self.served.codec.name(token) for token in tokens]
        return JSONResponse(
            {
                "count": len(tokens),
                "max_model_len": self.served.context,
                "tokens": tokens,
                "token_strs": names if body.return_token_strs else None,
            }
        )

    async def detokenize(self, body: Detokenize) -> Response:
        """``POST /detokenize``: the text of some tokens."""
        self.served.check_model(body.model)
        if max(body.tokens, default=0) > MOST_TOKEN:
            raise Refused("out of range integral type conversion attempted")
        return JSONResponse({"prompt": self.served.codec.decode(body.tokens)})
