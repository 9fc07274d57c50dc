"""The faults: limits off by a factor, kinds of tokens dropped, formats swapped, clauses ignored."""

from __future__ import annotations

from .harness import Mutant

__all__ = ["LIVE", "MUTANTS"]

_GUARD = "unit/test_guard.py"
_KEPT = "unit/test_shared_answers.py::test_an_answer_that_comes_after_a_change_is_not_kept"
_TAGGED = (
    "unit/test_shared_answers.py::test_an_answer_bears_the_tag_of_the_version_that_it_was_read_from"
)
_READ_ON = (
    "unit/test_files.py::test_readers_have_offsets_of_their_own_and_read_on_when_it_is_evicted"
)
_JUST_NOW = "unit/test_files.py::test_what_was_sent_just_now_stays_open"
_SLOW = "unit/test_files.py::test_who_does_not_read_is_broken_off_when_room_is_needed"
_FOLLOWS = "unit/test_judging.py::test_what_the_owner_keeps_follows_each_change"
_SEEN = "unit/test_serving.py::test_a_client_is_who_the_nearest_proxy_saw"
_VARIES = "unit/test_serving.py::test_what_differs_from_call_to_call_is_not_kept"
_LIMIT = f"{_GUARD}::test_each_limit_is_named_where_it_is_passed"
_FAR = f"{_GUARD}::test_federation_in_disguise_is_refused"
_TEXT = f"{_GUARD}::test_what_the_parser_takes_for_text_is_let_pass"
_COUNT = f"{_GUARD}::test_what_is_counted"
_CLAUSE = f"{_GUARD}::test_clauses_are_seen_outside_of_strings_only"
_DATA = f"{_GUARD}::test_data_operations_stand_alone_with_the_declarations_before_them"
_UPDATE = f"{_GUARD}::test_updates_are_held_to_the_same_limits"
_DATASET = "fuzz/test_differential.py::test_clauses_name_the_dataset"
_LINE = "unit/test_line.py::test_what_is_taken_back_is_never_begun"
_SHORT = f"{_GUARD}::test_short_texts_beyond_a_limit_are_not_admitted_at_once"
_MEASURED = f"{_GUARD}::test_the_figures_that_were_measured"
_ONCE = "fuzz/test_differential.py::test_what_stands_in_two_graphs_counts_once"
_FORMAT = "fuzz/test_differential.py::test_every_format_tells_the_same"
_GRAPHS = "unit/test_engine.py::test_named_graphs_of_the_protocol"
_NAMED = "unit/test_engine.py::test_datasets_of_the_protocol"

MUTANTS = [
    # Limits off by a factor
    Mutant("engine/limits.py", "length: int = 200_000", "length: int = 2_000_000", _MEASURED),
    Mutant("engine/limits.py", "nesting: int = 100", "nesting: int = 1_000", _LIMIT),
    Mutant("engine/limits.py", "operators: int = 1_000", "operators: int = 10_000", _MEASURED),
    Mutant(
        "engine/limits.py",
        "patterns: int = 64",
        "patterns: int = 640",
        _MEASURED,
    ),
    Mutant(
        "engine/limits.py",
        "path_steps: int = 200",
        "path_steps: int = 2_000",
        _MEASURED,
    ),
    Mutant("engine/limits.py", "rereadings: int = 10_000", "rereadings: int = 10_000_000", _LIMIT),
    # Tokens cut otherwise than the parser cuts them
    Mutant("engine/tokens.py", r"|{_PLX})++)?+", r"|{_PLX})++)*+", _FAR),
    Mutant(
        "engine/tokens.py",
        r"(?P<variable>[?$][A-Za-z0-9_\x80-\U0010FFFF]++)",
        "(?P<variable>[?$][A-Za-z0-9_]++)",
        _COUNT,
    ),
    Mutant("engine/tokens.py", r"|\#[^\r\n]*+)", ")", _TEXT),
    Mutant("engine/tokens.py", r"|<<\(?+|", "|", _COUNT),
    Mutant("engine/tokens.py", r"'''[^'\\]*+(?:(?:\\.|'(?!''))", r"'''[^'\\]*+(?:(?:\\.)", _TEXT),
    Mutant(
        "engine/scan.py", 'if "\\\\" in piece and not SOUND', 'if "\\\\" in "" and not SOUND', _FAR
    ),
    # Places misjudged
    Mutant(
        "engine/scan.py",
        'and self._levels[-1] in "xX"\n                if self._seen',
        "and False\n                if self._seen",
        _FAR,
    ),
    Mutant("engine/scan.py", "word or self._may_be_glued(prefix)", "False", _FAR),
    Mutant("engine/scan.py", 'level = "v" if self._values else "t"', 'level = "t"', _COUNT),
    Mutant("engine/scan.py", "+= 1 << self._fold", "+= 1", _LIMIT),
    Mutant("engine/scan.py", "if known in word:", "if known == word:", _FAR),
    Mutant("engine/scan.py", 'level in "gsvxX"', 'level in "gvxX"', _COUNT),
    Mutant(
        "engine/vocabulary.py",
        '"SERVICE SILENT LOAD FILTER PREFIX',
        '"SILENT LOAD FILTER PREFIX',
        _FAR,
    ),
    Mutant("engine/planned.py", "if alone or union:", "if alone:", _COUNT),
    Mutant(
        "engine/planned.py",
        "self.load += (size + number) ** 4 - size**4",
        "self.load += number**4",
        _COUNT,
    ),
    # The fast lane
    Mutant("engine/guard.py", '"service" in low or ', "", _FAR),
    Mutant("engine/guard.py", "len(text) << _rereads(low)", "len(text)", _SHORT),
    Mutant("engine/guard.py", "return _no_list(bare)", "return True", _SHORT),
    Mutant("engine/guard.py", 'bare = _COMMENT.sub(" ", bare)', "pass", _SHORT),
    Mutant("engine/guard.py", '+ 2 * n("}")', "", _SHORT),
    # Updates and their parts
    Mutant(
        "engine/scan.py", 'elif word in ("SERVICE", "LOAD"):', 'elif word == "SERVICE":', _UPDATE
    ),
    Mutant(
        "engine/scan.py",
        "if word in UPDATES and not self._update",
        "if False",
        "unit/test_engine.py::test_federation_and_updates_are_refused",
    ),
    Mutant("engine/guard.py", 'prologue = "\\n".join(declarations)', 'prologue = ""', _DATA),
    # Questions in a worker's line
    Mutant("engine/crew.py", "len(self.line) + 2,", "len(self.line) + 1,", _LINE),
    Mutant("engine/line.py", "range(first, last + 1)", "range(first, last)", _LINE),
    # Clauses ignored, formats swapped
    Mutant("engine/guard.py", "and self.counts.has_from", "and True", _CLAUSE),
    Mutant("engine/guard.py", "and self.counts.has_with", "and False", _CLAUSE),
    Mutant(
        "engine/merge.py",
        "clauses.append((named, piece))",
        "clauses.append((False, piece))",
        _DATASET,
    ),
    Mutant(
        "engine/evaluate.py",
        "with merge.once(self._store, default, named or ()) as (store, graphs):",
        "for store, graphs in [(self._store, _nodes(default))]:",
        _ONCE,
    ),
    Mutant("engine/evaluate.py", "default_graph=default,", "default_graph=None,", _NAMED),
    Mutant("engine/evaluate.py", "named_graphs=named,", "named_graphs=None,", _GRAPHS),
    Mutant("formats.py", '"csv", QueryResultsFormat.CSV', '"csv", QueryResultsFormat.TSV', _FORMAT),
    # Answers of a version that is gone, clients that name themselves, tags of what varies
    Mutant(
        "protocol/answers.py",
        "not shared and given.digest == self._version()",
        "not shared",
        _KEPT,
    ),
    Mutant("protocol/answers.py", "if found.given.digest != digest:", "if False:", _TAGGED),
    # Large answers: one that is still read, or was sent just now, is closed; no bound is kept
    Mutant("protocol/files.py", " and not file.is_read():", ":", _READ_ON),
    Mutant("protocol/files.py", "now - file.sent >= within or", "True or", _JUST_NOW),
    Mutant("protocol/files.py", "over = max(missing, self._left - self._way)", "over = 0", _SLOW),
    # What the owner keeps for the shapes does not follow
    Mutant("engine/judging.py", "follow(authored.added, ", "follow((), ", _FOLLOWS),
    Mutant("protocol/proxies.py", "return _unknown(client)", "continue", _SEEN),
    Mutant("protocol/proxies.py", "if len(clients) == 1 else", "if clients else", _SEEN),
    Mutant("protocol/cache.py", r"(?:\s|#[^\n\r]*+)*+", r"\s*", _VARIES),
]

# Faults of the pool show only in a server that runs: some ten seconds each, by `make mutants`.
_REPLACED = "hostile/test_queries.py::test_a_worker_that_dies_of_anything_is_replaced"
_LESS = "hostile/test_queries.py::test_a_client_may_ask_for_less_time_but_not_for_more"
_LEAVES = "hostile/test_queries.py::test_a_client_that_leaves_frees_its_worker"

LIVE = [
    Mutant("engine/zygote.py", "self._born.pop(pid, 0.0)", "self._born.get(pid, 0.0)", _REPLACED),
    Mutant("engine/crew.py", "left = job.seconds -", "left = 10 * job.seconds -", _LESS),
    Mutant(
        "engine/pool.py",
        "self.tally.abandoned += 1\n                self._kill(worker, None)",
        "self.tally.abandoned += 1",
        _LEAVES,
    ),
]
