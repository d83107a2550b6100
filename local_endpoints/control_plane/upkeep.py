"""What happens to endpoints by themselves: they start, are mended, scale, fall asleep and fail."""

from __future__ import annotations

import logging

from local_endpoints.clock import Clock
from local_endpoints.control_plane.endpoint import RESTING, STARTING, Endpoint
from local_endpoints.control_plane.register import Register

logger = logging.getLogger(__name__)


class Upkeep:
    """Does what is due.

    Args:
        register: the endpoints.
        clock: the one clock.
    """

    def __init__(self, register: Register, clock: Clock) -> None:
        self._register = register
        self._clock = clock

    def advance(self, endpoint: Endpoint, *, late_minutes: float = 0.0) -> None:
        """Take its next step, if one is due.

        Args:
            late_minutes: how long after its time-out it scales to zero.
        """
        deployment = self._register.deployment(endpoint)
        if deployment.is_empty and endpoint.state in RESTING:
            return  # A thousand of them must not hold up the others.
        deployment.retire()
        deployment.observe()
        ready = len(deployment.ready())
        if ready != endpoint.ready_replica:
            endpoint.ready_replica = ready
            self._register.changes.notify()
        if endpoint.state in STARTING and not deployment.replicas:
            self._start_replicas(endpoint)
        elif deployment.dead():
            self._replace_dead(endpoint)
        elif endpoint.state in STARTING and deployment.is_complete:
            with self._register.happens(endpoint):
                endpoint.meter.confirm()
                self._register.touch(endpoint)
                self._register.enter(endpoint, self._register.next("ready", endpoint))
                deployment.autoscaler.begin()
        elif endpoint.state == "updating" and ready == len(deployment.replicas):
            with self._register.happens(endpoint):
                deployment.roll()
        elif deployment.replicas and self._is_idle(endpoint, late_minutes):
            logger.info("endpoint %s is idle: scaling to zero", endpoint.name)
            with self._register.happens(endpoint):
                self._register.take_down(endpoint, self._register.next("idle", endpoint))
            deployment.stop(drain=True)
        elif endpoint.state == "running":
            before, wanted = endpoint.target_replica, deployment.autoscaled()
            if wanted != before:
                logger.info("endpoint %s scales from %d to %d", endpoint.name, before, wanted)
                with self._register.happens(endpoint):
                    deployment.resize(wanted)

    def _is_idle(self, endpoint: Endpoint, late_minutes: float) -> bool:
        limit = endpoint.spec.idle_minutes
        is_up = endpoint.state in {"running", "updateFailed"}
        if limit is None or not is_up or self._register.deployment(endpoint).traffic.in_flight:
            return False
        since = max(endpoint.last_used_at or 0.0, endpoint.entered_at)
        return (self._clock.now() - since) / self._clock.minute >= limit + late_minutes

    def _start_replicas(self, endpoint: Endpoint) -> None:
        with self._register.happens(endpoint):
            self._register.enter(endpoint, self._register.next("scheduled", endpoint))
            self._register.deployment(endpoint).start()

    def _replace_dead(self, endpoint: Endpoint) -> None:
        """Start others in place of replicas that died, or give up with the reason."""
        deployment = self._register.deployment(endpoint)
        with self._register.happens(endpoint):
            logger.warning("endpoint %s lost %d replica(s)", endpoint.name, len(deployment.dead()))
            deployment.drop_outdated()
            if endpoint.state == "updateFailed":
                deployment.give_up_update()
            elif deployment.dead():
                self._replace_or_fail(endpoint, reason=deployment.note_crashes())

    def _replace_or_fail(self, endpoint: Endpoint, *, reason: str) -> None:
        deployment = self._register.deployment(endpoint)
        logger.warning("endpoint %s: %s", endpoint.name, reason)
        has_started = deployment.works or endpoint.state not in STARTING
        if has_started and not deployment.died_too_often:
            deployment.replace_dead()
            return
        endpoint.error_message = reason
        state = self._register.next("died", endpoint)
        if endpoint.state == "updating":
            deployment.give_up_update()
        if deployment.replicas and state == "updateFailed":
            self._register.enter(endpoint, state)
        else:
            self._register.take_down(endpoint, state)
            deployment.stop()
