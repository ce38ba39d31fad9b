"""Rules of a user that set articles aside."""

from datetime import datetime

from unabridged.archive.articles import queries
from unabridged.archive.records.rules import PreviewLine, Rule, RuleDraft, RulePass, RulePreview
from unabridged.archive.rules import passes, rules, subjects
from unabridged.archive.storage.engine import Database

PREVIEW = 200
"""Newest articles that a preview tries a rule on; each takes about a millisecond."""


class Rules:
    """Rules of one user: `archive.library(user).rules`.

    An article that is set aside is stored and delivered as read, with the reason. Starred and tagged articles
    never are. A mute rule wins over a keep rule.
    """

    def __init__(self, db: Database, user: int) -> None:
        self._db = db
        self._user = user

    def add(self, draft: RuleDraft, *, now: datetime) -> Rule:
        """Add a rule for future articles and present unread ones; an equal rule that exists is returned.

        The newest 200 are done at once, the others by `archive.filing`. Raises BadQuery, which says where and
        what to type; InvalidValue (too many rules), NotFound (no such subscription or folder of the user's).
        """
        return self._db.writing(lambda conn: rules.add(conn, self._user, draft, now))

    def change(self, rule_id: int, draft: RuleDraft, *, now: datetime) -> Rule:
        """Change a rule; what it set aside and no rule does any more comes back. Raises as `add`."""
        return self._db.writing(lambda conn: rules.change(conn, self._user, rule_id, draft, now))

    def remove(self, rule_id: int, *, now: datetime) -> None:
        """Delete a rule; what no other rule sets aside comes back, as unread if it came in the last 30 days.

        Raises NotFound.
        """
        self._db.writing(lambda conn: rules.remove(conn, self._user, rule_id, now))

    def all(self) -> tuple[Rule, ...]:
        """Return the rules, oldest first."""
        with self._db.reading() as conn:
            return subjects.rules_of(conn, self._user)

    def has_any(self) -> bool:
        """Say whether there is a rule: what every page of a reader asks."""
        with self._db.reading() as conn:
            return subjects.has_rules(conn, self._user)

    def get(self, rule_id: int) -> Rule:
        """Return one rule. Raises NotFound."""
        with self._db.reading() as conn:
            return rules.get(conn, self._user, rule_id)

    def preview(self, draft: RuleDraft, *, now: datetime, limit: int = PREVIEW) -> RulePreview:
        """Try a rule on the newest articles of its scope, without saving it. Raises as `add`."""
        with self._db.reading() as conn:
            tried = rules.preview(conn, self._user, draft, now, limit)
            lines = queries.headlines_by_id(conn, [number for number, _, _ in tried], self._user)
        return RulePreview(
            lines=tuple(
                PreviewLine(headline=lines[number][0], aside=aside, protected=protected)
                for number, aside, protected in tried
                if number in lines
            )
        )

    def progress(self) -> RulePass | None:
        """Return how far the rules are applied to what is there; None once they are."""
        with self._db.reading() as conn:
            return passes.state(conn, self._user)
