"""What a large corpus of the genre knows of its words: their rarity, and a space in which like words lie near.

A background holds no sentences: for every term in how many paragraphs it stands, and its
vector in the space of the leading right singular vectors of the paragraphs' TF-IDF (latent
semantic analysis, Deerwester et al. 1990). With it two texts are alike that share no word:
the similarity is a bilinear form, x' S y, and so a sum over pairs of terms.
"""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from pipeline.errors import InputError
from pipeline.writing import replacing

Floats = NDArray[np.float64]

FORMAT = 1
# What is counted, by the names of `representations`.
WORDS, PAIRS, SINGLE = "dictionary", "character pairs", "single characters"
TEXTS = (WORDS, PAIRS, SINGLE)


@dataclass(frozen=True)
class Space:
    """Terms in code-point order, paragraphs that hold each (terms), vectors (terms x dimensions), singular values (dimensions)."""

    terms: tuple[str, ...]
    df: NDArray[np.int64]
    vectors: Floats
    strength: Floats

    @cached_property
    def place(self) -> dict[str, int]:
        return {term: at for at, term in enumerate(self.terms)}

    @cached_property
    def directions(self) -> Floats:
        """Unit vectors (terms x dimensions) whose inner products say how alike two terms are used; 0 for a term without vector."""
        return unit(self.vectors * self.strength)

    def nearest(self, words: Sequence[str], among: Sequence[str], most: int) -> list[str]:
        """The ``most`` terms of ``among`` whose use is most like that of the ``words`` together, the nearest first.

        Without those that contain one of the words or are contained in one; none where all words are unknown.
        """
        own = [self.place[word] for word in words if word in self.place]
        others = [
            term
            for term in dict.fromkeys(among)
            if term in self.place and not any(word in term or term in word for word in words)
        ]
        if not own or not others:
            return []
        cosines = self.directions[[self.place[term] for term in others]] @ unit(self.directions[own].sum(axis=0))
        order = np.argsort(-cosines.round(9), kind="stable")[:most]
        return [others[at] for at in order if cosines[at] > 0]


@dataclass(frozen=True)
class Background:
    """``about``: name, paragraphs, sources with their hashes, settings, held-out paragraphs; ``spaces`` by what is counted."""

    about: Mapping[str, Any]
    spaces: Mapping[str, Space]

    @property
    def name(self) -> str:
        return str(self.about["name"])

    @property
    def paragraphs(self) -> int:
        return int(self.about["paragraphs"])

    def part(self, text: str, terms: Sequence[str]) -> Part:
        """What the background knows of ``terms``, in their order."""
        space = self.spaces[text]
        at = np.array([space.place.get(term, -1) for term in terms], dtype=np.int64)
        known = at >= 0
        df = np.where(known, space.df[at], 0) if len(space.terms) else np.zeros(len(at), dtype=np.int64)
        idf = np.log((1 + self.paragraphs) / (1 + df)) + 1

        def rows(matrix: Floats) -> Floats:
            found = np.zeros((len(at), matrix.shape[1]))
            found[known] = matrix[at[known]]
            return found

        return Part(known, idf, rows(space.vectors), rows(space.directions))


@dataclass(frozen=True)
class Part:
    """Of each term: is it known, its idf (an unknown one is the rarest), vector and direction (0 where unknown)."""

    known: NDArray[np.bool_]
    idf: Floats
    vectors: Floats
    directions: Floats


# --- similarities ----------------------------------------------------------------------------------------------------

# How a background turns counts into inner products. Each is x' S y for unit vectors x, y of counts times idf:
# background-idf S = 1; background-lsa S = V V'; soft-cosine S = cosines of the term vectors, 1 for an unknown term with
# itself (Sidorov et al. 2014).
WEIGHTS = ("background-idf", "background-lsa", "soft-cosine")
# The parts whose mean is the fused similarity, chosen by `make bench-small-n`.
FUSED = ((WORDS, "background-lsa"), (PAIRS, "background-lsa"), (SINGLE, "background-lsa"), (WORDS, "soft-cosine"))


def image(part: Part, weight: str, vectors: csr_array) -> csr_array:
    """Texts given as counts times idf (texts x terms) in coordinates whose plain inner products are x' S y.

    background-idf keeps the terms as coordinates, background-lsa those of the space, soft-cosine the space and the
    unknown terms. The map is linear: the image of two texts together is the sum of their images.
    """
    if weight == "background-idf":
        return vectors
    if weight == "background-lsa":
        return csr_array(vectors @ part.vectors)
    if weight == "soft-cosine":
        return csr_array(hstack([csr_array(vectors @ part.directions), vectors[:, np.flatnonzero(~part.known)]]))
    raise ValueError(f"weight must be one of {', '.join(WEIGHTS)}")


def inner(part: Part, weight: str, counts: csr_array) -> Floats:
    """x' S y (n x n) of counts (n x terms), each text scaled to x' S x = 1; 0 for a text without terms."""
    mapped = unit(image(part, weight, csr_array(counts.multiply(part.idf))).toarray())
    return mapped @ mapped.T


def centred(products: Floats) -> Floats:
    """Cosines (... x n x n) of the texts as seen from their mean, -1 to 1: how alike two are beyond what all have in common.

    One text, or texts that are all alike, have cosine 0 with each other.
    """
    rows = products.mean(axis=-1, keepdims=True)
    moved = products - rows - np.swapaxes(rows, -1, -2) + products.mean(axis=(-1, -2), keepdims=True)
    size = np.sqrt(np.maximum(np.diagonal(moved, axis1=-2, axis2=-1), 0.0))
    scale = np.where(size > 1e-9, 1 / np.where(size > 1e-9, size, 1.0), 0.0)
    found = np.clip(moved * scale[..., :, None] * scale[..., None, :], -1.0, 1.0)
    n = found.shape[-1]
    found[..., np.arange(n), np.arange(n)] = 1.0
    return np.asarray(found)


def unit(vectors: Floats) -> Floats:
    """Rows divided by their Euclidean norm; rows of zeros stay."""
    norm = np.sqrt((vectors * vectors).sum(axis=-1, keepdims=True))
    return np.asarray(vectors / np.where(norm > 1e-12, norm, 1.0))


# --- the file ----------------------------------------------------------------------------------------------------------

# A term's vector is kept in whole numbers from -127 to 127 of its largest entry: a quarter of the size of single
# precision, and the cosine of two terms moves by less than 0.01.
_STEPS = 127
# What reading an archive with a wrong byte may raise, or one with other arrays in it.
_DAMAGED = (
    ValueError, LookupError, TypeError, EOFError, OSError, RuntimeError, MemoryError, struct.error, zlib.error,
    zipfile.BadZipFile,
)  # fmt: skip


def packed(vectors: Floats) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Whole numbers (terms x dimensions) and the step of each term."""
    step = np.abs(vectors).max(axis=1, initial=0.0) / _STEPS
    step = step.astype(np.float32)
    whole = np.rint(vectors / np.where(step > 0, step, 1)[:, None])
    return np.clip(whole, -_STEPS, _STEPS).astype(np.int8), step


def save(background: Background, path: Path) -> None:
    """Write the background to one file; equal backgrounds are equal bytes."""
    arrays: dict[str, NDArray[Any]] = {"about": _text(json.dumps(background.about, ensure_ascii=False, sort_keys=True))}
    for at, text in enumerate(TEXTS):
        space = background.spaces[text]
        whole, step = packed(space.vectors)
        arrays |= {
            f"terms{at}": _text("\n".join(space.terms)),
            f"df{at}": space.df.astype(np.uint32),
            f"vectors{at}": whole,
            f"step{at}": step,
            f"strength{at}": space.strength.astype(np.float32),
        }
    with replacing(path) as [part], zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            content = io.BytesIO()
            np.lib.format.write_array(content, array, allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), content.getvalue(), zipfile.ZIP_DEFLATED, 9)


def load(path: Path) -> Background:
    """Read a background; an `InputError` where the file is not one that this version wrote."""
    with path.open("rb") as file:
        try:
            arrays = np.load(file, allow_pickle=False)
            about = json.loads(bytes(arrays["about"]).decode())
            if about["format"] != FORMAT:
                raise ValueError(f"format {about['format']}")
            spaces = {text: _space(arrays, at) for at, text in enumerate(TEXTS)}
        except _DAMAGED as error:
            raise InputError(
                f"这不是本版本的背景模型文件（{error}）。请用 make background 重新生成。",
                f"not a background of this version ({error}). Make it again with `make background`.",
                file=path,
            ) from None
    return Background(about, spaces)


def _space(arrays: Mapping[str, NDArray[Any]], at: int) -> Space:
    joined = bytes(arrays[f"terms{at}"]).decode()
    terms = tuple(joined.split("\n")) if joined else ()
    vectors = arrays[f"vectors{at}"] * arrays[f"step{at}"].astype(float)[:, None]
    df, strength = arrays[f"df{at}"].astype(np.int64), arrays[f"strength{at}"].astype(float)
    if df.shape != (len(terms),) or vectors.shape != (len(terms), *strength.shape):
        raise ValueError("terms and vectors differ in number")
    return Space(terms, df, vectors, strength)


def _text(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), dtype=np.uint8)


def chosen(folder: Path, name: str, settings_toml: Path) -> tuple[Background | None, Path | None]:
    """The background that the settings name, and its file; none where they name none."""
    if not name:
        return None, None
    path = folder / f"{name}.npz"
    if not path.is_file():
        known = "、".join(sorted(each.stem for each in folder.glob("*.npz"))) or "—"
        raise InputError(
            f"[background] name = {name!r}：{folder} 里没有 {name}.npz。现有：{known}。"
            f'请运行 make background BACKGROUND={name}，或写 name = ""。',
            f"[background] name = {name!r}: there is no {name}.npz in {folder}. There are: {known}. "
            f'Run `make background BACKGROUND={name}`, or write name = "".',
            file=settings_toml,
        )
    return load(path), path
