"""Which grouping of measures finds most of what readers marked? Coded measures -> reports/calibration/unsupervised.md."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import jieba
import numpy as np
from sklearn.cluster import AgglomerativeClustering, KMeans, SpectralClustering
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.theme_accuracy import FOLDER, load_sample
from pipeline import tables
from pipeline.coding import themes_in
from pipeline.method import load_codebook

ROOT = Path(__file__).parent.parent
_GROUPS = (6, 9, 12, 15)
_CUT = jieba.Tokenizer()


def lift(groups: np.ndarray, themes: list[frozenset[str]]) -> float:
    """Mean Jaccard overlap of the themes of two measures of one group, over that of any two measures."""
    overlap = np.array([[len(a & b) / len(a | b) if a | b else 0.0 for b in themes] for a in themes])
    i, j = np.triu_indices(len(groups), 1)
    together = groups[i] == groups[j]
    return float(overlap[i, j][together].mean() / overlap[i, j].mean())


def _agglomerated(linkage: str) -> Callable[[np.ndarray, int], np.ndarray]:
    metric = "euclidean" if linkage == "ward" else "cosine"
    return lambda x, k: AgglomerativeClustering(k, metric=metric, linkage=linkage).fit_predict(x)


METHODS: dict[str, Callable[[np.ndarray, int], np.ndarray]] = {
    "k-means": lambda x, k: KMeans(k, n_init=10, random_state=0).fit_predict(x),
    "Ward": _agglomerated("ward"),
    "average linkage": _agglomerated("average"),
    "complete linkage": _agglomerated("complete"),
    "spectral": lambda x, k: SpectralClustering(k, affinity="precomputed", random_state=0).fit_predict(x @ x.T),
    "NMF": lambda x, k: NMF(k, init="nndsvda", max_iter=400, random_state=0).fit_transform(x).argmax(axis=1),
}
TEXTS = {
    "words": TfidfVectorizer(analyzer=lambda text: [word for word in _CUT.lcut(text) if len(word) > 1]),
    "characters": TfidfVectorizer(analyzer="char", ngram_range=(1, 1)),
    "pairs": TfidfVectorizer(analyzer="char", ngram_range=(2, 2)),
    "characters and pairs": TfidfVectorizer(analyzer="char", ngram_range=(1, 2)),
}


def corpora() -> dict[str, tuple[list[str], list[frozenset[str]]]]:
    """The measures of the appendix as the codebook codes them, and measures that a reader coded."""
    codebook = load_codebook(ROOT / "method/themes.toml")
    measures = tables.read(ROOT / "data/processed/vocational-teachers/measures.csv", tables.MEASURES)["text"].tolist()
    sample = load_sample(FOLDER / "theme_measures.csv")
    marked = [(text, themes) for text, themes in zip(sample.texts, sample.by_hand, strict=True) if themes]
    return {
        "appendix, by the codebook": (measures, [frozenset(themes_in(text, codebook)) for text in measures]),
        "invented measures, by a reader": ([text for text, _ in marked], [themes for _, themes in marked]),
    }


def main() -> None:
    found = corpora()
    rows = []
    for text, vectors in TEXTS.items():
        for method, group in METHODS.items():
            means = []
            for measures, themes in found.values():
                x = vectors.fit_transform(measures).toarray()
                means.append(float(np.mean([lift(group(x, k), themes) for k in _GROUPS])))
            rows.append((float(np.mean(means)), text, method, means))
    lines = [
        "# Without a codebook: which grouping of measures finds most of what was coded?",
        "",
        "Written by `python -m benchmarks.unsupervised`. How much more two measures of one group have their themes in common",
        f"than any two measures (mean Jaccard overlap, as a ratio; 1 is chance), mean over {', '.join(map(str, _GROUPS))} groups.",
        "",
        f"| text | method | {' | '.join(found)} | mean |",
        "|---|---|" + "---:|" * (len(found) + 1),
        *(
            f"| {text} | {method} | {' | '.join(f'{value:.2f}' for value in means)} | {mean:.2f} |"
            for mean, text, method, means in sorted(rows, key=lambda row: -row[0])
        ),
    ]
    (FOLDER / "unsupervised.md").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
