"""The same work with gensim: words -> dictionary -> TF-IDF -> the nearest neighbours of every text. Prints one line of JSON.

Runs in an environment of its own; nothing of the pipeline is needed.
"""

import json
import sys
import time

import gensim
from gensim import corpora, models, similarities


def main(words: str, nearest: str) -> None:
    with open(words, encoding="utf-8") as file:
        texts = [line.split() for line in file]
    start = time.perf_counter()
    terms = corpora.Dictionary(texts)
    counts = [terms.doc2bow(text) for text in texts]
    weights = models.TfidfModel(counts)[counts]
    index = similarities.SparseMatrixSimilarity(
        weights, num_docs=len(texts), num_terms=len(terms), num_best=int(nearest)
    )
    found = len(index[weights])
    seconds = time.perf_counter() - start
    print(
        json.dumps(
            {"seconds": seconds, "name": f"gensim {gensim.__version__}", "documents": found, "terms": len(terms)}
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
