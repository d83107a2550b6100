"""How events cross from the engine's thread to an event loop."""

from __future__ import annotations

import asyncio
import threading

import numpy as np

from local_endpoints.engine.text.delivery import AsyncInbox, LoopDelivery
from local_endpoints.engine.text.request import FailureEvent, Request


def make_request(inbox: AsyncInbox) -> Request:
    return Request(np.zeros(1, np.int64), inbox, max_new_tokens=1)


def test_all_events_that_wait_are_taken_at_once() -> None:
    async def main() -> list[list[str]]:
        inbox = AsyncInbox()
        deliver = LoopDelivery(asyncio.get_running_loop())
        request = make_request(inbox)

        def produce() -> None:
            deliver([(request, FailureEvent("a")), (request, FailureEvent("b"))])
            deliver([(request, FailureEvent("c"))])

        thread = threading.Thread(target=produce)
        thread.start()
        thread.join()
        first = await asyncio.wait_for(inbox.take(), 20)
        inbox.put(FailureEvent("d"))
        second = await inbox.take()
        return [[event.message for event in part] for part in (first, second)]  # type: ignore[union-attr]

    taken = asyncio.run(main())
    assert [name for part in taken for name in part] == ["a", "b", "c", "d"]
    assert taken[-1] == ["d"]
    assert len(taken[0]) >= 2, "what one step brings is taken together"


def test_a_waiting_reader_can_be_woken_without_an_event() -> None:
    async def main() -> int:
        inbox = AsyncInbox()
        taking = asyncio.create_task(inbox.take())
        await asyncio.sleep(0)
        inbox.wake()
        return len(await asyncio.wait_for(taking, 20))

    assert asyncio.run(main()) == 0


def test_each_delivery_is_one_call_into_the_loop() -> None:
    class CountingLoop:
        calls = 0

        def call_soon_threadsafe(self, function: object, events: object) -> None:
            self.calls += 1

    loop = CountingLoop()
    request = make_request(AsyncInbox())
    LoopDelivery(loop)([(request, FailureEvent("a"))] * 16)  # type: ignore[arg-type]
    assert loop.calls == 1


def test_a_closed_loop_is_no_error() -> None:
    loop = asyncio.new_event_loop()
    loop.close()
    LoopDelivery(loop)([(make_request(AsyncInbox()), FailureEvent("a"))])
