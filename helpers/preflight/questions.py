"""The questions: each looks at one thing that the service would refuse, or bill, later.

All of them only read. None creates, wakes or resumes anything, so none costs anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from huggingface_hub import (
    InferenceEndpointHardware,
    auth_check,
    get_inference_endpoint,
    list_inference_endpoints_hardware,
)

from helpers.answers import persistently, plain_words
from helpers.connection import Connection
from helpers.errors import RefusedError
from helpers.login import TOKENS_PAGE
from helpers.panel.offers import memory_of, shortage
from helpers.panel.repository import read_repository
from helpers.panel.words import price
from helpers.preflight.finding import Finding
from helpers.preflight.rights import CALL, MANAGE, Rights
from helpers.spending import NO_ACCESS, still_billing

BILLING_PAGE = "https://huggingface.co/settings/billing"
FREE_STATES = ("paused", "failed")
NOT_FOUND = 404
HIDDEN = "hidden"
"""State of an endpoint that the token may not look at."""


@dataclass(frozen=True)
class Plan:
    """What is to be rented, and by whom.

    Attributes:
        user: as ``huggingface_hub.whoami`` describes the token's owner.
        rights: of the token.
        token: the one to look with; ``None`` is the one that is configured.
        state: of the endpoint of that name; ``None`` if there is none.
    """

    name: str
    repository: str
    hardware: InferenceEndpointHardware
    max_replica: int
    connection: Connection
    user: Mapping[str, Any]
    rights: Rights
    token: str | None = None
    state: str | None = None

    @property
    def usd_per_hour(self) -> float:
        """Most that it can cost."""
        return self.hardware.price_per_hour * self.max_replica

    @property
    def namespace(self) -> str:
        """Who owns it, and pays."""
        return self.connection.namespace


def state_of(name: str, *, namespace: str, token: str | None) -> str | None:
    """State of the endpoint of that name; ``None`` if there is none.

    Raises:
        RefusedError, UnreachableError: the service does not say.
    """
    try:
        with plain_words(f"looking for endpoint {name}"):
            found = persistently(
                lambda: get_inference_endpoint(name, namespace=namespace, token=token)
            )
    except RefusedError as refusal:
        if refusal.status not in NO_ACCESS:
            raise
        return None if refusal.status == NOT_FOUND else HIDDEN
    return str(found.status)


def token(plan: Plan) -> Finding:
    """Which one it is."""
    return Finding("token", True, plan.rights.kind)


def manage(plan: Plan) -> Finding:
    """Whether it may create, change and pause."""
    return _right(plan, MANAGE, "may manage", "Manage Inference Endpoints")


def call(plan: Plan) -> Finding:
    """Whether it may ask the endpoint anything: managing alone does not include that."""
    return _right(plan, CALL, "may call", "Make calls to Inference Endpoints")


def _right(plan: Plan, permission: str, what: str, box: str) -> Finding:
    permitted = plan.rights.permits(permission, plan.namespace)
    if permitted:
        return Finding(what, True, f"{permission} in {plan.namespace}")
    found = "not told" if permitted is None else f"{permission} is missing in {plan.namespace}"
    return Finding(what, permitted, found, f"tick “{box}” for {plan.namespace}: {TOKENS_PAGE}")


def namespace(plan: Plan) -> Finding:
    """Whether it is the user's own, or that of an organization that they are in."""
    if plan.namespace == plan.user["name"]:
        return Finding("owner", True, f"{plan.namespace}, yourself")
    organization = _organization(plan)
    if organization is None:
        yours = [plan.user["name"], *(each["name"] for each in plan.user.get("orgs") or ())]
        return Finding(
            "owner",
            False,
            f"{plan.namespace} is neither you nor an organization that this token knows of",
            f"set NAMESPACE to one of {', '.join(yours)}",
        )
    role = organization.get("roleInOrg") or "of unknown role"
    if role == "read":
        return Finding(
            "owner",
            False,
            f"{plan.namespace}, where you may only read",
            "ask its administrators for the role contributor",
        )
    return Finding("owner", True, f"{plan.namespace}, an organization in which you are {role}")


def payment(plan: Plan) -> Finding:
    """Whether the namespace can pay."""
    own = plan.namespace == plan.user["name"]
    payer = plan.user if own else _organization(plan) or {}
    can_pay = payer.get("canPay")
    if can_pay:
        return Finding("payment", True, f"{plan.namespace} can pay")
    page = BILLING_PAGE if own else f"https://huggingface.co/organizations/{plan.namespace}"
    return Finding(
        "payment",
        can_pay,
        f"{plan.namespace} has no payment method" if can_pay is False else "not told",
        f"a payment method and credits are needed: {page}",
    )


def _organization(plan: Plan) -> Mapping[str, Any] | None:
    known = plan.user.get("orgs") or ()
    return next((each for each in known if each["name"] == plan.namespace), None)


def model(plan: Plan) -> Finding:
    """Whether the repository is there, and its files may be read."""
    try:
        with plain_words(f"looking for the files of {plan.repository}"):
            persistently(lambda: auth_check(plan.repository, token=plan.token))
    except RefusedError as refusal:
        remedy = (
            "look at its name; a private one needs a token that may read it"
            if refusal.status == NOT_FOUND
            else f"accept its terms on https://huggingface.co/{plan.repository}, and let a "
            f"fine-grained token read gated repositories: {TOKENS_PAGE}"
        )
        return Finding("model", False, str(refusal), remedy)
    return Finding("model", True, f"{plan.repository}, which this token may read")


def memory(plan: Plan) -> Finding:
    """Whether the model fits into one replica's memory."""
    gigabytes = memory_of(plan.hardware)
    try:
        facts = read_repository(plan.repository)
    except RefusedError as refusal:
        return Finding("memory", None, str(refusal))
    name = f"{plan.hardware.instance_type} {plan.hardware.instance_size}"
    fits = facts.fits(gigabytes)
    remedy = "" if fits else "take hardware with more memory, or a smaller model"
    return Finding("memory", fits, facts.fit(gigabytes, what=name), remedy)


def hardware(plan: Plan) -> Finding:
    """Whether the hardware can be had now, within the quota."""
    if plan.state not in (None, HIDDEN, *FREE_STATES):
        return Finding("hardware", True, f"{plan.hardware.id} is reserved for {plan.name} already")
    try:
        with plain_words("reading the hardware list"):
            rows = persistently(
                lambda: list_inference_endpoints_hardware(
                    namespace=plan.namespace, token=plan.token
                )
            )
    except RefusedError as refusal:
        if refusal.status not in NO_ACCESS:
            raise
        return Finding("hardware", None, "this token may not read the quota")
    row = next((each for each in rows if each.id == plan.hardware.id), plan.hardware)
    if lack := shortage(row, replicas=plan.max_replica):
        return Finding("hardware", False, lack, "https://endpoints.huggingface.co shows the quotas")
    free = row.max_accelerators - row.used_accelerators
    return Finding("hardware", True, f"{row.id}: {free} of {row.max_accelerators} free")


def limit(plan: Plan) -> Finding:
    """Whether what it can cost is within what you allow."""
    most = f"{price(plan.usd_per_hour)} per hour"
    if plan.connection.is_local:
        return Finding("price", True, f"{most}, which nobody pays here")
    allowed = plan.connection.max_spend_usd
    if allowed is None or plan.usd_per_hour > allowed:
        found = f"{most} at most, and MAX_SPEND_USD is {allowed}"
        return Finding("price", False, found, f"raise it to {plan.usd_per_hour:.2f}, or rent less")
    return Finding("price", True, f"{most} at most; MAX_SPEND_USD is {price(allowed)}")


def name(plan: Plan) -> Finding:
    """Whether there is one of that name."""
    if plan.state is None:
        return Finding("name", True, f"{plan.name} is not in use")
    if plan.state == HIDDEN:
        return Finding("name", None, f"this token may not look whether there is a {plan.name}")
    return Finding("name", True, f"{plan.name} exists and is {plan.state}: it will be used")


def billing(plan: Plan) -> Finding:
    """What costs money already."""
    up = still_billing()
    if not up:
        return Finding("bills now", True, f"nothing in {', '.join(up.namespaces)}")
    listed = [f"{each.namespace}/{each.name} ({price(each.usd_per_hour)}/h)" for each in up]
    return Finding("bills now", None, ", ".join(listed), "do you need it? Otherwise pause it")


QUESTIONS = (
    *(token, namespace, manage, call, payment, model, memory, hardware, limit, name, billing),
)
"""In the order in which the service, or the bill, would come to them."""
