"""Every product, as a picture, is what it was when a person last looked at it."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageFilter

from tests.golden.pictures import HOME, all_pictures
from tests.homes import home_in

NAMES = (
    "png", "png_projector", "pdf", "atlas", "html", "pptx_map", "pptx_numbers", "pptx_square", "deck_table", "deck_chart",
    "deck_months", "book_chart",
)  # fmt: skip


@pytest.fixture(scope="module")
def pictures(browser, demo_store, tmp_path_factory):
    folder = tmp_path_factory.mktemp("golden")
    with home_in(folder):
        yield all_pictures(demo_store, folder, browser)


def _soft(picture: Image.Image) -> np.ndarray:
    """Brightness without the edges of letters, which differ from one rasteriser to the next."""
    return np.asarray(picture.convert("RGB").filter(ImageFilter.GaussianBlur(3)), float)


@pytest.mark.browser
@pytest.mark.parametrize("name", NAMES)
def test_a_product_looks_as_it_did(pictures, name):
    now, then = pictures[name], Image.open(HOME / f"{name}.png").convert("RGB")
    assert now.size == then.size
    apart = np.abs(_soft(now) - _soft(then)).max(axis=2)
    assert apart.mean() < 1.5, f"{name}: {apart.mean():.2f} apart on average"
    assert (apart > 40).mean() < 0.004, f"{name}: {(apart > 40).mean():.2%} of the picture differs"


@pytest.mark.browser
def test_a_change_would_be_seen(pictures):
    """The comparison can fail: two different maps are told apart."""
    apart = np.abs(_soft(pictures["png"]) - _soft(pictures["png_projector"])).max(axis=2)
    assert (apart > 40).mean() > 0.1
    shifted = Image.fromarray(np.roll(np.asarray(pictures["pptx_map"]), 12, axis=1))
    assert (np.abs(_soft(shifted) - _soft(pictures["pptx_map"])).max(axis=2) > 40).mean() > 0.004
