"""A token for the length of a block: it can what it was made for, and is gone afterwards."""

from __future__ import annotations

import huggingface_hub
import pytest
from huggingface_hub.errors import HfHubHTTPError

from helpers import ConnectError, ParameterError, connect
from helpers.preflight import rights_of
from helpers.tokens import lesson_token
from tests.fakes import Service

CALL, READ = "inference.endpoints.infer.write", "inference.endpoints.read"


def test_it_can_what_it_was_made_for_and_ends_with_the_block(connected: Service) -> None:
    with lesson_token(CALL) as token, lesson_token(READ) as other:
        assert token != other and token.startswith("local_")
        rights = rights_of(huggingface_hub.whoami(token=token))
        assert rights.permits(CALL, "local-user") and not rights.permits(READ, "local-user")
        assert not rights.permits(CALL, "local-class")
        with pytest.raises(HfHubHTTPError, match="missing permissions"):
            huggingface_hub.list_inference_endpoints(token=token, namespace="local-user")
        assert huggingface_hub.list_inference_endpoints(token=other, namespace="local-user") == []
    with pytest.raises(HfHubHTTPError, match="Invalid user token"):
        huggingface_hub.whoami(token=token)


def test_it_is_gone_after_an_error_as_well(connected: Service) -> None:
    with pytest.raises(RuntimeError), lesson_token(CALL) as token:
        raise RuntimeError("on purpose")
    assert connected.accounts.load().records == [] and token


@pytest.mark.parametrize("permissions", [(), ("inference.endpoints.everything",)])
def test_a_permission_that_does_not_exist(connected: Service, permissions: tuple[str]) -> None:
    with pytest.raises(ParameterError, match=r"choose among inference\.endpoints"):
        lesson_token(*permissions).__enter__()


def test_the_real_service_makes_its_own(real: Service) -> None:
    connect("hf")
    with pytest.raises(ConnectError, match="settings/tokens"):
        lesson_token(CALL).__enter__()
