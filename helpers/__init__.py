"""What the notebooks share: connect, get or create an endpoint, wait for it, leave nothing running.

Small on purpose: a helper only removes repetition. The lessons call ``huggingface_hub`` itself.
"""

from .answers import raise_for_refusal
from .connect import Connection, connect
from .endpoints import get_or_create_endpoint, pause_on_exit, running_endpoint
from .errors import (
    ConnectError,
    CourseError,
    EndpointError,
    EndpointFailedError,
    EndpointLostError,
    EndpointMismatchError,
    EndpointStoppedError,
    EndpointTimeoutError,
    ImageTooLargeError,
    ParameterError,
    PictureError,
    RefusedError,
    RepositoryMismatchError,
    SpendLimitError,
    UnreachableError,
)
from .examples import example_pictures
from .gallery import Gallery, gallery
from .hardware import choose_hardware
from .images import image_to_data_url, images_to_data_urls, pil_image_to_base64
from .parameters import check_parameters
from .picture import PictureSource, load_picture
from .progress import track
from .spending import BilledEndpoint, Billing, price_per_hour, still_billing
from .upload import PictureUpload
from .waiting import wait_until_running

__all__ = [
    "BilledEndpoint",
    "Billing",
    "ConnectError",
    "Connection",
    "CourseError",
    "EndpointError",
    "EndpointFailedError",
    "EndpointLostError",
    "EndpointMismatchError",
    "EndpointStoppedError",
    "EndpointTimeoutError",
    "Gallery",
    "ImageTooLargeError",
    "ParameterError",
    "PictureError",
    "PictureSource",
    "PictureUpload",
    "RefusedError",
    "RepositoryMismatchError",
    "SpendLimitError",
    "UnreachableError",
    "check_parameters",
    "choose_hardware",
    "connect",
    "example_pictures",
    "gallery",
    "get_or_create_endpoint",
    "image_to_data_url",
    "images_to_data_urls",
    "load_picture",
    "pause_on_exit",
    "pil_image_to_base64",
    "price_per_hour",
    "raise_for_refusal",
    "running_endpoint",
    "still_billing",
    "track",
    "wait_until_running",
]
