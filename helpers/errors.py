"""What can go wrong, each with a message that says what to do next.

CourseError
├── ConnectError            no service, no token, no network
├── SpendLimitError         the real service would cost more than you allowed
├── EndpointError           something about one endpoint; has ``endpoint_name``
│   ├── EndpointFailedError     it failed; has the end of its log
│   ├── EndpointStoppedError    waiting for an endpoint that nobody starts
│   ├── EndpointTimeoutError    it did not start in time
│   └── RepositoryMismatchError the name is taken by an endpoint with another model
├── PictureError            it is no picture, or none that can be read
└── ImageTooLargeError      no way to get the image under the limit
"""

from __future__ import annotations


class CourseError(Exception):
    """Base of everything that the helpers raise on purpose."""


class ConnectError(CourseError):
    """``connect`` could not reach or start the backend, or there is no token for it."""


class SpendLimitError(CourseError):
    """Creating the endpoint would cost more per hour than allowed, or nothing was allowed."""


class EndpointError(CourseError):
    """Something is wrong with an endpoint.

    Attributes:
        endpoint_name: which one.
    """

    def __init__(self, message: str, *, endpoint_name: str) -> None:
        super().__init__(message)
        self.endpoint_name = endpoint_name


class EndpointFailedError(EndpointError):
    """The endpoint is in state ``failed`` or ``updateFailed``.

    Attributes:
        log_tail: the newest lines of its container's log; empty if they cannot be read.
    """

    def __init__(self, message: str, *, endpoint_name: str, log_tail: str) -> None:
        super().__init__(message, endpoint_name=endpoint_name)
        self.log_tail = log_tail


class EndpointStoppedError(EndpointError):
    """The endpoint is paused or at zero: waiting would never end."""


class EndpointTimeoutError(EndpointError):
    """The endpoint did not start in time. It may go on starting, and billing."""


class RepositoryMismatchError(EndpointError):
    """An endpoint of that name exists, but serves another repository."""


class PictureError(CourseError):
    """What was given is no picture, or none that can be read."""


class ImageTooLargeError(CourseError):
    """The image cannot be made small enough for the request's limit."""
