"""Where the tests of a module stand, and what a test file is about that bears no module's name."""

import ast
from pathlib import Path

from tests.project.test_walls import SOURCE, TESTS, dotted, modules, tree

LEAST_LINES = 40
"""Lines of code beyond which a module that holds functions has a file of tests of its name."""

NOT_TESTED_BY_NAME: dict[str, str] = {
    "extraction.completeness.facts": "extraction/completeness/test_truncation.py",
    "client.articles": "client/test_client.py",
    "serve.event_log.views": "serve/event_log/test_routes.py",
    "archive.records.polling": "archive/events/test_event_log.py",
    "archive.facade.events.channels": "archive/events/test_channels.py",
    "serve.api.routes.highlights": "serve/api/routes/test_library.py",
    "serve.api.routes.marks": "serve/api/routes/test_library.py",
    "serve.api.views.articles": "serve/api/routes/test_articles.py",
    "serve.api.views.feeds": "serve/api/routes/test_feeds.py",
    "serve.api.views.library": "serve/api/routes/test_library.py",
    "archive.accounts.identities": "archive/facade/test_logins.py",
    "archive.accounts.login_limits": "archive/facade/test_accounts.py",
    "archive.accounts.passkeys": "archive/facade/test_logins.py",
    "archive.accounts.sessions": "archive/facade/test_accounts.py",
    "archive.records.core": "archive/articles/test_queries.py",
    "serve.views.sources.page_list": "serve/routes/sources/test_page_list.py",
    "poll.save_page": "poll/pages/test_web_archives.py",
    "serve.memento.views": "serve/memento/test_routes.py",
    "serve.changes.comparisons": "serve/changes/test_routes.py",
    "serve.changes.scopes": "serve/changes/test_routes.py",
    "serve.changes.views": "serve/changes/test_routes.py",
    "formats.proof.layout": "formats/proof/test_bundle.py",
    "poll.extractor.child": "poll/extractor/test_pool.py",
    "poll.extractor.tasks": "poll/extractor/test_pool.py",
    "formats.links.bookmarks": "formats/links/test_files.py",
    "formats.links.json_export": "formats/links/test_files.py",
    "formats.links.saved_link": "formats/links/test_files.py",
    "archive.articles.versions": "archive/ingest/test_article_page.py",
    "archive.facade.derived": "archive/analysis/test_analyse.py",
    "archive.storage.tables_stories": "archive/analysis/test_analyse.py",
    "archive.analysis.story_index": "archive/analysis/test_stories.py",
    "archive.library.stories": "archive/analysis/test_stories.py",
    "archive.facade.library.stories": "archive/analysis/test_stories.py",
    "archive.records.stories": "archive/analysis/test_stories.py",
    "archive.facade.feeds": "archive/feeds/test_feeds.py",
    "archive.facade.sites": "archive/feeds/test_site_profiles.py",
    "serve.views.sources.site_profile": "serve/routes/sources/test_site_profile.py",
    "archive.facade.images": "archive/articles/test_stored_images.py",
    "archive.facade.ingest": "archive/ingest/test_feed_document.py",
    "archive.facade.library.articles": "archive/articles/test_queries.py",
    "archive.facade.library.items": "archive/items/test_streams.py",
    "archive.facade.library.library": "archive/facade/test_user_isolation.py",
    "archive.facade.library.marks": "archive/library/test_read_state.py",
    "archive.facade.library.search": "archive/search/test_executor.py",
    "archive.facade.library.subscriptions": "archive/feeds/test_subscriptions.py",
    "archive.facade.maintenance": "archive/maintenance/test_backup.py",
    "archive.facade.schedule": "archive/ingest/test_leases.py",
    "archive.feeds.fetch_settings": "cli/commands/subscriptions/test_feed_settings.py",
    "archive.feeds.websub": "serve/routes/test_websub.py",
    "archive.facade.websub": "archive/library/test_hub_subscribers.py",
    "poll.feeds.websub_delivery": "serve/routes/test_websub.py",
    "serve.hub.routes": "serve/hub/test_publisher.py",
    "serve.hub.topics": "serve/hub/test_publisher.py",
    "archive.records.items": "archive/items/test_streams.py",
    "archive.records.library": "archive/library/test_tags.py",
    "archive.records.maintenance": "archive/maintenance/test_verify.py",
    "archive.records.rules": "archive/rules/test_rules.py",
    "archive.search_index.consistency": "archive/maintenance/test_verify.py",
    "archive.storage.tables": "archive/storage/test_engine.py",
    "cli.commands.articles.save": "cli/commands/articles/test_history.py",
    "cli.commands.articles.search": "cli/support/test_terminal.py",
    "cli.commands.servers.worker": "workers/test_process.py",
    "cli.commands.subscriptions.site_profiles": "cli/commands/subscriptions/test_rules.py",
    "cli.support.explain": "cli/commands/articles/test_read.py",
    "cli.support.selection_options": "cli/commands/database/test_transfer.py",
    "cli.support.subscription_details": "cli/commands/subscriptions/test_feed_settings.py",
    "extraction.body.boilerplate": "extraction/body/test_fragment.py",
    "extraction.body.notes": "extraction/structure/notes/test_footnotes.py",
    "extraction.explain": "extraction/test_article.py",
    "extraction.sites.profile": "extraction/sites/test_learn.py",
    "extraction.sites.samples": "extraction/sites/test_learn.py",
    "extraction.html.element_rules": "extraction/body/test_fragment.py",
    "extraction.html.views.markdown_tables": "extraction/html/test_render.py",
    "extraction.html.views.note_views": "extraction/structure/notes/test_footnotes.py",
    "extraction.html.serializer": "extraction/body/test_fragment.py",
    "extraction.html.tables": "extraction/html/test_render.py",
    "extraction.selection.candidates": "extraction/selection/test_select.py",
    "extraction.selection.features": "extraction/selection/test_select.py",
    "extraction.selection.adjustments.hidden_blocks": "extraction/test_cases.py",
    "extraction.selection.adjustments.pull_quotes": "extraction/selection/adjustments/test_repeats.py",
    "extraction.structure.code.code_languages": "extraction/structure/code/test_code_blocks.py",
    "extraction.structure.code.code_lines": "extraction/structure/code/test_code_blocks.py",
    "extraction.structure.page_data.data_articles": "extraction/test_cases.py",
    "extraction.structure.media.embeds": "extraction/templates/test_structures.py",
    "extraction.structure.formulas.formula_pictures": "extraction/structure/formulas/test_formulas.py",
    "extraction.structure.notes.inline_notes": "extraction/structure/notes/test_footnotes.py",
    "extraction.structure.notes.note_marks": "extraction/structure/notes/test_footnotes.py",
    "extraction.structure.page_data.page_data": "extraction/test_cases.py",
    "extraction.structure.media.embed_wrappers": "extraction/structure/media/test_media_elements.py",
    "extraction.structure.media.pictures": "extraction/templates/test_structures.py",
    "extraction.structure.page_data.rich_text": "extraction/test_cases.py",
    "extraction.structure.page_data.templates": "extraction/test_cases.py",
    "extraction.structure.threads": "extraction/test_cases.py",
    "serve.api.views.stories": "serve/api/routes/test_stories.py",
    "archive.library.story_marks": "archive/library/test_story_details.py",
    "archive.analysis.sources": "archive/library/test_story_details.py",
    "mcp_server.tools.story_rendering": "mcp_server/tools/test_stories.py",
    "serve.stories.views": "serve/stories/test_routes.py",
    "mcp_server.tools.rendering": "mcp_server/tools/test_history.py",
    "mcp_server.server": "mcp_server/test_stdio.py",
    "poll.pages.fetch_images": "archive/articles/test_stored_images.py",
    "poll.reports": "poll/test_poller.py",
    "processes.child": "processes/test_pool.py",
    "serve.context": "serve/routes/test_pages.py",
    "serve.full_text.documents": "serve/full_text/routes/test_read.py",
    "serve.full_text.feed_creator": "serve/full_text/routes/test_fivefilters.py",
    "serve.full_text.fivefilters": "serve/full_text/routes/test_fivefilters.py",
    "serve.full_text.negotiated": "serve/full_text/routes/test_read.py",
    "serve.full_text.parsers": "serve/full_text/routes/test_parsers.py",
    "serve.full_text.reading": "serve/full_text/routes/test_read.py",
    "serve.full_text.rss": "serve/full_text/routes/test_fivefilters.py",
    "serve.viewer": "serve/test_authentication.py",
    "archive.articles.list_conditions": "archive/articles/test_queries.py",
    "archive.rules.subjects": "archive/rules/test_matching.py",
    "archive.facade.library.searches": "archive/rules/test_saved_searches.py",
    "serve.sync.miniflux.feed_objects": "serve/sync/miniflux/test_feeds.py",
    "serve.logins.provider": "serve/routes/logins/test_provider.py",
    "serve.views.any_feed": "serve/routes/test_any_feed.py",
    "serve.views.facts": "serve/views/test_article.py",
    "serve.views.preferences": "serve/routes/test_settings.py",
}
"""Module -> the file where its tests are, for modules without a file of their name."""

SUBJECTS: dict[str, str] = {
    "archive/events/test_event_kills.py": "events of programs that are killed",
    "automation/test_programs.py": "programs that send webhooks while they run",
    "automation/test_sender_kills.py": "senders of webhooks that are killed",
    "workers/test_learnt_sites.py": "profiles of sites that workers share",
    "extraction/sites/test_furniture.py": "furniture that only several pages of a site tell apart",
    "feeds/parsing/test_addresses.py": "relative and wrapped addresses, in all feed formats",
    "archive/library/test_read_state_after_edits.py": "articles that are unread again after an edit",
    "poll/test_cases.py": "reports of users of feed readers: feeds, sites, imports and exports",
    "serve/test_cases.py": "reports of how feeds look in the reader",
    "serve/sync/test_unread_again.py": "reader apps after an edit by a publisher",
    "serve/sync/test_late_copies.py": "reader apps and near-duplicates that share their marks",
    "serve/api/test_access.py": "who may ask which route of the API",
    "serve/api/test_api_page.py": "the page of the API, and its examples",
    "serve/api/test_fuzz.py": "requests made from the description of the API",
    "serve/api/routes/test_library.py": "marks, tags, searches, highlights and saved pages in the API",
    "serve/test_bad_input.py": "pages for sessions, tokens, files and sites that are wrong",
    "serve/test_browser_attacks.py": "recorded attacks in every view, in a browser",
    "serve/languages/test_modules.py": "texts of all modules of the reader, marked for the catalogues",
    "serve/stories/test_browser.py": "a story in a browser: keys, phone, without scripts",
    "serve/test_browser_rules.py": "rules and saved searches in a browser",
    "serve/test_browser_reading.py": "a day of reading in a browser: keys, order, events, settings, touch",
    "formats/test_round_trips.py": "own exports imported again, in every format and order",
    "poll/feeds/test_validators.py": "ETag and Last-Modified, from the archive to the request",
    "archive/articles/test_duplicates_everywhere.py": "one article in lists, search, exports and deletion",
    "archive/facade/test_concurrency.py": "writers and readers side by side, in all parts of the archive",
    "archive/facade/test_user_isolation.py": "every call of a library, with another user's numbers",
    "archive/maintenance/test_kills_and_locks.py": "kills and locks, in upgrades and backups alike",
    "archive/search/test_recall.py": "the whole search, compared with a scan of the texts",
    "archive/storage/test_file_modes.py": "rights of all files: database, log, backup, copy",
    "cli/test_bad_input.py": "every command, with what it cannot use",
    "cli/test_logins_in_addresses.py": "passwords in addresses, through all commands",
    "cli/test_planted_files.py": "every command, in a folder of hostile files",
    "dates/test_hostile.py": "all readers of dates, on hostile texts",
    "extraction/metadata/test_hostile.py": "all readers of metadata, on hostile pages",
    "extraction/test_cases.py": "whole pages with their expectation beside them",
    "extraction/test_oversized_pages.py": "bounds of the whole extraction",
    "feeds/parsing/test_hostile.py": "all feed formats, on hostile documents",
    "fetch/test_secrets_by_origin.py": "every secret, against every way to another origin",
    "formats/document/test_fuzz.py": "documents made at random, read and written",
    "formats/document/test_seed.py": "one document of the past, word by word",
    "formats/test_export_kill.py": "every format, killed while it is written",
    "poll/feeds/test_private_feeds.py": "logins and cookies, from the archive to the request",
    "poll/test_addresses_refused.py": "the address guard, in everything that sends a request",
    "poll/test_clock_jumps.py": "jumps of the clock, in schedules, leases and rounds",
    "poll/test_disk_full.py": "a full disk, while all of polling goes on",
    "poll/test_kill.py": "kills, while all of polling goes on",
    "poll/test_polite_polling.py": "the mark of the whole poller on a strict publisher",
    "poll/test_secrets_by_origin.py": "every secret, in everything that polling asks for",
    "serve/sync/miniflux/test_beside_miniflux.py": "the same calls on the real Miniflux and on this program",
    "serve/sync/miniflux/test_clients.py": "reader apps that others wrote, against the whole program",
    "serve/sync/test_clients.py": "reader apps that others wrote, against the whole program",
    "serve/sync/graphical/test_graphical_apps.py": "reader apps with windows, against the whole program",
    "serve/sync/replays/test_replays.py": "requests of apps that do not run here, against the whole program",
    "serve/test_addresses.py": "foreign addresses, from every import to every answer",
    "serve/routes/test_folded_lists.py": "near-duplicates in lists, searches, counts and feeds",
    "serve/test_browser_folding.py": "folded lists in a browser, with keys and without a script",
    "serve/test_browser.py": "the reader in a browser",
    "serve/test_doors_fuzz.py": "hostile requests to every address without a schema",
    "serve/test_browser_languages.py": "the reader in a browser in other languages, from the right too",
    "serve/languages/test_pages.py": "every page in another language: no English is left",
    "serve/languages/test_templates.py": "every text of a template is marked",
    "serve/test_browser_playback.py": "audio and video in a browser, over two devices",
    "serve/test_browser_save.py": "the bookmark that saves a page as the browser shows it",
    "serve/test_browser_offline.py": "the reader in a browser without a connection",
    "serve/test_browser_sources.py": "sources, rules and health in a browser",
    "serve/test_browser_logins.py": "passkeys and a login provider in a browser",
    "serve/test_id_matrix.py": "another person's numbers, on every route and both databases",
    "serve/test_ten_people.py": "ten people on one server",
    "serve/test_proxies.py": "the recipes for proxies, and forms that a proxy spoils",
    "serve/test_strange_text.py": "strange texts, from every import to every page",
    "test_fuzz.py": "mutated pages and feeds, through all that reads them",
}
"""Test file whose name is no module -> the subject of it, which crosses modules."""

SUBJECT_FOLDERS = ("bench", "e2e", "extraction/templates", "project")
"""Folders of tests that mirror no package of the program: of the examination, of what a reader sees end to
end, of pages made from templates, of the project itself."""


def place_of_tests(path: Path) -> Path:
    """The place of a module's tests: tests/<package>/<sub-package>/test_<module>.py."""
    return TESTS / path.relative_to(SOURCE).parent / f"test_{path.name}"


def holds_logic(path: Path) -> bool:
    """Tell if a module has functions and more than LEAST_LINES lines of code, docstrings aside."""
    texts = {
        line
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    lines = {node.lineno for node in ast.walk(tree(path)) if isinstance(node, ast.expr | ast.stmt)} - texts
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return len(lines) > LEAST_LINES and any(isinstance(node, functions) for node in ast.walk(tree(path)))


def test_a_module_that_holds_logic_is_tested_by_its_name_or_listed() -> None:
    unnamed = {
        dotted(path)
        for path in modules()
        if not path.name.startswith("__") and "versions" not in path.relative_to(SOURCE).parts
        if holds_logic(path) and not place_of_tests(path).is_file()
    }
    assert unnamed == set(NOT_TESTED_BY_NAME)
    assert {place for place in NOT_TESTED_BY_NAME.values() if not (TESTS / place).is_file()} == set()


def test_a_test_file_is_named_by_its_module_or_listed_with_its_subject() -> None:
    named = {place_of_tests(path) for path in modules()}
    named |= {path.parent.with_name(f"test_{path.parent.name}.py") for path in map(place_of_tests, modules())}
    subjects = {
        path.relative_to(TESTS).as_posix()
        for path in TESTS.rglob("test_*.py")
        if path not in named and not path.relative_to(TESTS).as_posix().startswith(SUBJECT_FOLDERS)
    }
    assert subjects == set(SUBJECTS)
