"""What the notebooks share: connect, get or create an endpoint, wait for it, leave nothing running.

Small on purpose: a helper only removes repetition. The lessons call ``huggingface_hub`` itself.
"""

from .connect import Connection, connect
from .endpoints import get_or_create_endpoint, pause_on_exit, wait_until_running
from .errors import (
    ConnectError,
    CourseError,
    EndpointError,
    EndpointFailedError,
    EndpointStoppedError,
    EndpointTimeoutError,
    ImageTooLargeError,
    PictureError,
    RepositoryMismatchError,
    SpendLimitError,
)
from .examples import example_pictures
from .gallery import Gallery, gallery
from .images import image_to_data_url, images_to_data_urls, pil_image_to_base64
from .picture import PictureSource, load_picture
from .progress import track
from .spending import BilledEndpoint, price_per_hour, still_billing
from .upload import PictureUpload

__all__ = [
    "BilledEndpoint",
    "ConnectError",
    "Connection",
    "CourseError",
    "EndpointError",
    "EndpointFailedError",
    "EndpointStoppedError",
    "EndpointTimeoutError",
    "Gallery",
    "ImageTooLargeError",
    "PictureError",
    "PictureSource",
    "PictureUpload",
    "RepositoryMismatchError",
    "SpendLimitError",
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
    "still_billing",
    "track",
    "wait_until_running",
]
