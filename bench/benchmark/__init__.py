"""The benchmark beside other extractors: quality and CPU time of the same pages, in one run."""
