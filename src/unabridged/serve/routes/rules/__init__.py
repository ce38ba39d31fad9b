"""HTTP routes of rules that set articles aside, and of saved searches."""
