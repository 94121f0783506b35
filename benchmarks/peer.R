# The same work in R: words -> document-term matrix -> TF-IDF -> similarity of all pairs. With quanteda where it is
# installed, else with tm. Prints one line of JSON.
words <- readLines(commandArgs(TRUE)[1], encoding = "UTF-8")
has <- function(name) requireNamespace(name, quietly = TRUE)
if (has("quanteda") && has("quanteda.textstats")) {
  peer <- "quanteda"
  started <- proc.time()[["elapsed"]]
  tokens <- quanteda::tokens(words, what = "fastestword")
  weights <- quanteda::dfm_tfidf(quanteda::dfm(tokens, tolower = FALSE))
  similar <- quanteda.textstats::textstat_simil(weights, method = "cosine")
  shape <- dim(weights)
} else if (has("tm") && has("slam")) {
  peer <- "tm"
  started <- proc.time()[["elapsed"]]
  corpus <- tm::VCorpus(tm::VectorSource(words))
  blanks <- function(text) strsplit(NLP::content(text), " ", fixed = TRUE)[[1]]
  control <- list(tokenize = blanks, tolower = FALSE, wordLengths = c(1, Inf))
  weights <- tm::weightTfIdf(tm::DocumentTermMatrix(corpus, control = control), normalize = FALSE)
  norms <- sqrt(slam::row_sums(weights^2))
  norms[norms == 0] <- 1
  unit <- slam::simple_triplet_matrix(weights$i, weights$j, weights$v / norms[weights$i], weights$nrow, weights$ncol)
  similar <- slam::tcrossprod_simple_triplet_matrix(unit)
  shape <- c(weights$nrow, weights$ncol)
} else {
  cat('{"missing": "quanteda or tm in R"}\n')
  quit()
}
seconds <- proc.time()[["elapsed"]] - started
version <- paste(peer, packageVersion(peer), "in R", getRversion())
cat(sprintf('{"seconds": %.3f, "name": "%s", "documents": %d, "terms": %d}\n', seconds, version, shape[1], shape[2]))
