from __future__ import annotations

from training.language.articles import with_article


def test_the_article_fits_the_noun() -> None:
    assert with_article("orange owl") == "an orange owl"
    assert with_article("ukulele") == "a ukulele"
