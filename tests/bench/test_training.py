"""Training leaves out the inputs that a recipe names; figures of a page are equal for its candidates; a kind
of which there was no page is never told."""

from dataclasses import replace

import numpy as np
import pytest

from train.candidates import figures_of_page
from train.networks import Recipe, fit
from unabridged.extraction.html.dom import parse
from unabridged.extraction.selection.blocks import lay_out
from unabridged.extraction.selection.candidates import make_candidates
from unabridged.extraction.selection.features import measure_blocks
from unabridged.extraction.selection.kinds.models import KINDS, PageKind
from unabridged.extraction.selection.networks import shipped_models
from unabridged.extraction.selection.page_claims import read_head_claims
from unabridged.extraction.selection.ranking import ranking_features

PARAGRAPH = "<p>The ferry left the harbour at five, and nobody on the quay looked up from the nets.</p>"
PAGE = f"""<title>The ferry</title><h1>The ferry</h1><div class=text>{PARAGRAPH * 6}</div>
<ul><li><a href=/a>Another story</a><li><a href=/b>And one more</a></ul><div class=box>{PARAGRAPH}</div>"""
RECIPE = Recipe(hidden=(4,), steps=30, squares=True, batch=16)


def test_a_network_does_not_use_an_input_that_its_recipe_leaves_out() -> None:
    random = np.random.default_rng(0)
    rows = random.normal(size=(64, 3)).astype(np.float32)
    target, weight = rows[:, 1], np.ones(64, np.float32)
    other = rows.copy()
    other[:, 1] += 1.0
    seeing, blind = (fit(rows, target, weight, recipe) for recipe in (RECIPE, replace(RECIPE, blind=(1,))))
    assert not np.allclose(seeing(rows), seeing(other))
    assert np.array_equal(blind(rows), blind(other))


def test_the_figures_left_out_of_the_ranking_are_those_that_all_candidates_share() -> None:
    dom, models = parse(PAGE), shipped_models()
    features = measure_blocks(lay_out(dom), read_head_claims(dom), models.tables)
    evidence = models.blocks(features.rows)
    candidates = make_candidates(features, evidence)
    figures = ranking_features(features.arrays, features.columns, evidence, candidates)
    assert len(candidates) > 1
    shared = figures_of_page(figures.shape[1])
    assert np.ptp(figures[:, shared], axis=0).max() == 0
    assert np.ptp(figures[:, shared[0] - 1]) + np.ptp(figures[:, shared[-1] + 1 :]) > 0


@pytest.mark.parametrize("seen", [("article", "forum"), ("article", "forum", "product"), KINDS])
def test_a_kind_of_which_training_saw_no_page_is_never_told(seen: tuple[PageKind, ...]) -> None:
    linear_model = pytest.importorskip("sklearn.linear_model", reason="the extra `train` is not installed")
    from train.kinds import kind_weights

    random = np.random.default_rng(0)
    named = np.repeat(seen, 20)
    rows = random.normal(size=(len(named), 5)) + 0.3 * np.repeat(np.arange(len(seen)), 20)[:, None]
    fitted = linear_model.LogisticRegression(C=0.1, max_iter=400).fit(rows, named)
    weights, biases = kind_weights(fitted)
    logits = rows @ weights.T + biases
    odds = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    columns = [KINDS.index(kind) for kind in fitted.classes_]
    assert np.allclose(odds[:, columns], fitted.predict_proba(rows))
    assert odds.sum(axis=1) == pytest.approx(odds[:, columns].sum(axis=1))
