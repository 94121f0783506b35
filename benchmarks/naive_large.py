"""What most people would write for a large table: cut, TF-IDF, groups and two charts in one script.

The yardstick of `make bench` for many texts: no dictionary, no evidence, no report.
"""

import sys
from pathlib import Path

import jieba
import matplotlib
import pandas as pd
from sklearn.cluster import MiniBatchKMeans
from sklearn.feature_extraction.text import TfidfVectorizer

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib import font_manager


def main(raw: Path, font: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    font_manager.fontManager.addfont(font)
    plt.rcParams["font.family"] = "Noto Sans SC"
    table = pd.read_csv(raw) if raw.suffix == ".csv" else pd.read_json(raw, lines=True)
    words = [" ".join(w for w in jieba.lcut(text) if len(w) > 1) for text in table["正文"]]
    vectorizer = TfidfVectorizer(token_pattern=r"\S+")
    weights = vectorizer.fit_transform(words)
    groups = min(24, len(table))
    table["cluster"] = MiniBatchKMeans(groups, n_init=3, random_state=0).fit_predict(weights)
    table[["地区", "cluster"]].to_csv(out / "clusters.csv", index=False)

    terms = pd.Series(weights.sum(axis=0).A1, vectorizer.get_feature_names_out())
    figure, axes = plt.subplots(figsize=(8, 6))
    terms.nlargest(20).sort_values().plot.barh(ax=axes)
    figure.savefig(out / "keywords.png", dpi=300)

    figure, axes = plt.subplots(figsize=(8, 6))
    table["cluster"].value_counts().sort_index().plot.bar(ax=axes)
    figure.savefig(out / "clusters.png", dpi=300)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
