"""What most people would write: cut, TF-IDF, KMeans and two charts in one script.

The yardstick of `make bench`: no dictionary, no evidence, no uncertainty, no report.
"""

import re
import sys
from pathlib import Path

import jieba
import matplotlib
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import cosine_similarity

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib import font_manager


def main(raw: Path, font: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    font_manager.fontManager.addfont(font)
    plt.rcParams["font.family"] = "Noto Sans SC"
    rows = re.findall(r"\t(\d+)\n\t(.+)\n\t(.+)", raw.read_text("utf-8"))
    table = pd.DataFrame(rows, columns=["serial", "region", "text"])
    words = [" ".join(w for w in jieba.lcut(text) if len(w) > 1) for text in table["text"]]
    vectorizer = TfidfVectorizer(token_pattern=r"\S+")
    weights = vectorizer.fit_transform(words)
    table["cluster"] = KMeans(3, n_init=10, random_state=0).fit_predict(weights)
    table.to_csv(out / "clusters.csv", index=False)

    figure, axes = plt.subplots(figsize=(8, 7))
    image = axes.imshow(cosine_similarity(weights))
    axes.set_xticks(range(len(table)), table["region"], rotation=90)
    axes.set_yticks(range(len(table)), table["region"])
    figure.colorbar(image)
    figure.savefig(out / "similarity.png", dpi=300)

    terms = pd.Series(weights.sum(axis=0).A1, vectorizer.get_feature_names_out())
    figure, axes = plt.subplots(figsize=(8, 6))
    terms.nlargest(20).sort_values().plot.barh(ax=axes)
    figure.savefig(out / "keywords.png", dpi=300)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
