"""What can go wrong, each with a message that says what to do next.

CourseError
├── ConnectError            no service, no token, no network
├── ParameterError          a parameter cannot be used; nothing was rented
├── SpendLimitError         the real service would cost more than you allowed
├── RefusedError            the service said no; has ``status``
├── UnreachableError        no answer from the service, or none that makes sense
├── EndpointError           something about one endpoint; has ``endpoint_name``
│   ├── EndpointFailedError     it failed; has the end of its log
│   ├── EndpointStoppedError    waiting for an endpoint that nobody starts
│   ├── EndpointTimeoutError    it did not start in time
│   ├── EndpointMismatchError   it exists with other settings; has ``differences``
│   │   └── RepositoryMismatchError it serves another model
│   └── EndpointLostError       it could not be watched or paused; it may go on billing
├── PictureError            it is no picture, or none that can be read
└── ImageTooLargeError      no way to get the image under the limit
"""

from __future__ import annotations


class CourseError(Exception):
    """Base of everything that the helpers raise on purpose."""


class ConnectError(CourseError):
    """``connect`` could not reach or start the backend, or there is no token for it."""


class ParameterError(CourseError):
    """A parameter has a value that cannot work, or hardware that does not exist was asked for.

    It is raised before anything is rented.
    """


class SpendLimitError(CourseError):
    """The request would cost more per hour than allowed, or nothing was allowed."""


class RefusedError(CourseError):
    """The service answered, and the answer is no. The message has the service's own sentence.

    Attributes:
        status: the HTTP status of the answer.
    """

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status


class UnreachableError(CourseError):
    """The service gave no answer, or one that is none: no network, a time-out, a strange page."""


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


class EndpointMismatchError(EndpointError):
    """An endpoint of that name exists, but with other settings than asked for.

    Attributes:
        differences: one sentence part per setting, for example
            ``instance_type is nvidia-t4, not nvidia-l4``.
    """

    def __init__(self, message: str, *, endpoint_name: str, differences: list[str]) -> None:
        super().__init__(message, endpoint_name=endpoint_name)
        self.differences = differences


class RepositoryMismatchError(EndpointMismatchError):
    """An endpoint of that name exists, but serves another repository."""


class EndpointLostError(EndpointError):
    """The endpoint could not be watched or paused any more. It may go on billing."""


class PictureError(CourseError):
    """What was given is no picture, or none that can be read."""


class ImageTooLargeError(CourseError):
    """The image cannot be made small enough for the request's limit."""
