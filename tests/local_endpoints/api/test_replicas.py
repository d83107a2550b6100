from __future__ import annotations

from tests.local_endpoints.api.conftest import NAMESPACE, Api

PATH = f"/endpoint/{NAMESPACE}/an-endpoint"


def stages(api: Api) -> list[tuple[str, bool]]:
    items = api.get(f"{PATH}/replica").json()["items"]
    return [(item["status"]["stage"], item["status"]["live"]) for item in items]


def test_a_replica_is_pending_and_then_running(api: Api) -> None:
    api.service.launcher.ready = False
    endpoint = api.service.create()
    assert stages(api) == []
    api.service.tick()
    assert stages(api) == [("pending", False)]
    api.service.launcher.last.become_ready()
    assert stages(api) == [("running", True)]
    (replica,) = api.get(f"{PATH}/replica").json()["items"]
    assert replica["id"] == f"{endpoint.deployment}-{api.service.launcher.last.id}"
    api.service.launcher.last.die()
    assert stages(api) == [("failed", False)]
    api("POST", f"{PATH}/pause")
    assert stages(api) == []
