# Times lme4 on a file: Rscript rivals.R FILE FORMULA REPEATS. Prints the seconds of the quickest run from the file to the
# estimates, and the criterion.
suppressMessages(library(lme4))
given <- commandArgs(trailingOnly = TRUE)
names <- names(read.csv(given[1], nrows = 1))
classes <- ifelse(names == "y", "numeric", "factor")
kept <- NULL
run <- function() {
  system.time({
    ratings <- read.csv(given[1], colClasses = classes)
    kept <<- lmer(as.formula(given[2]), ratings, REML = TRUE)
  })[["elapsed"]]
}
seconds <- min(sapply(seq_len(as.integer(given[3])), function(i) run()))
cat(sprintf('{"seconds": %.4f, "objective": %.6f}\n', seconds, REMLcrit(kept)))
