"""What the notebooks share: connect, get or create an endpoint, wait for it, leave nothing running.

Small on purpose: a helper only removes repetition. The lessons call ``huggingface_hub`` itself.
"""

from helpers.answers import raise_for_refusal
from helpers.bill import Bill, BillRow, bill
from helpers.connect import connect, disconnect
from helpers.connection import Connection
from helpers.containers import container_for, failing_container
from helpers.endpoints import get_or_create_endpoint, running_endpoint
from helpers.errors import (
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
from helpers.examples import EXAMPLE_DESCRIPTIONS, example_pictures
from helpers.gallery import Gallery, gallery
from helpers.hardware import choose_hardware
from helpers.images import image_to_data_url, images_to_data_urls, pil_image_to_base64
from helpers.parameters import check_parameters
from helpers.picture import PictureSource, load_picture
from helpers.plot import Plot, show_plot
from helpers.pocket import who_answers
from helpers.progress import track
from helpers.prompted import AsyncPromptedClient, PromptedClient
from helpers.safety import pause_on_exit, safety_net
from helpers.spending import BilledEndpoint, Billing, price_per_hour, still_billing
from helpers.upload import PictureUpload
from helpers.waiting import wait_until_running, watch

__all__ = [
    "EXAMPLE_DESCRIPTIONS",
    "AsyncPromptedClient",
    "Bill",
    "BillRow",
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
    "Plot",
    "PromptedClient",
    "RefusedError",
    "RepositoryMismatchError",
    "SpendLimitError",
    "UnreachableError",
    "bill",
    "check_parameters",
    "choose_hardware",
    "connect",
    "container_for",
    "disconnect",
    "example_pictures",
    "failing_container",
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
    "safety_net",
    "show_plot",
    "still_billing",
    "track",
    "wait_until_running",
    "watch",
    "who_answers",
]
