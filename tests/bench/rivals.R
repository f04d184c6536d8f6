# Times lme4 on a file: Rscript rivals.R FILE FORMULA REPEATS. Prints the seconds of the quickest run, from the file to the
# estimates and from the frame that was read.
suppressMessages(library(lme4))
given <- commandArgs(trailingOnly = TRUE)
names <- names(read.csv(given[1], nrows = 1))
classes <- ifelse(names == "y", "numeric", "factor")
run <- function(i) {
  reading <- system.time(ratings <- read.csv(given[1], colClasses = classes))[["elapsed"]]
  fitting <- system.time(lmer(as.formula(given[2]), ratings, REML = TRUE))[["elapsed"]]
  c(reading + fitting, fitting)
}
seconds <- sapply(seq_len(as.integer(given[3])), run)
cat(sprintf('{"whole": %.4f, "fit": %.4f}\n', min(seconds[1, ]), min(seconds[2, ])))
