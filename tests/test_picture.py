"""The pictures in the READMEs are small, and what packs them keeps what is seen."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from benchmarks import picture
from tests.make import ROOT


@pytest.mark.parametrize("name", ["report.png", "report.en.png"])
def test_a_stored_picture_is_small_and_of_the_shape_of_the_window(name: str) -> None:
    path = ROOT / "docs" / name
    assert path.stat().st_size <= picture.LARGEST
    with Image.open(path) as image:
        assert image.width / image.height == pytest.approx(picture.WIDTH / picture.HEIGHT, abs=0.01)
        assert image.width >= picture.WIDTH


def test_the_pictures_of_both_languages_differ() -> None:
    zh, en = ((ROOT / "docs" / name).read_bytes() for name in ("report.png", "report.en.png"))
    assert zh != en


def test_a_picture_of_few_colours_is_packed_whole() -> None:
    image = Image.new("RGB", (40, 20), "white")
    image.paste((200, 0, 0), (0, 0, 20, 20))
    with Image.open(io.BytesIO(picture.packed(image))) as packed:
        assert np.array_equal(np.asarray(packed.convert("RGB")), np.asarray(image))


def test_a_picture_that_is_too_large_loses_colours_then_pixels() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (200, 200, 3), dtype=np.uint8)
    packed = picture.packed(Image.fromarray(noise), largest=9_000)
    assert len(packed) <= 9_000
    with pytest.raises(ValueError, match="at most 10 bytes"):
        picture.packed(Image.fromarray(noise), largest=10)
