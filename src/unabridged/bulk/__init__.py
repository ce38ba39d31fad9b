"""WARC files to articles, many at a time: no database, a file out for each file in."""

from unabridged.bulk.shard import Job, ShardReport, SiteOptions, extract_shard

__all__ = ["Job", "ShardReport", "SiteOptions", "extract_shard"]
