"""Tests of the languages of the reader."""
