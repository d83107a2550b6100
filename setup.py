"""What pyproject.toml cannot say: a clone has the course's package ``helpers``, a wheel has not.

Who installs the service for their own tests gets ``local_endpoints`` and no top-level package that
is called ``helpers``. The course is taken from a clone, notebooks and all, with ``pip install -e``.
"""

from setuptools import find_packages, setup
from setuptools.command.editable_wheel import editable_wheel


class Clone(editable_wheel):
    """What ``pip install -e`` runs."""

    def finalize_options(self) -> None:
        self.distribution.packages += find_packages(include=["helpers*"])
        super().finalize_options()


setup(cmdclass={"editable_wheel": Clone})
