"""The faults: limits off by a factor, kinds of tokens dropped, formats swapped, clauses ignored."""

from __future__ import annotations

from .harness import Mutant

__all__ = ["MUTANTS"]

_GUARD = "unit/test_guard.py"
_LIMIT = f"{_GUARD}::test_each_limit_is_named_where_it_is_passed"
_FAR = f"{_GUARD}::test_federation_in_disguise_is_refused"
_TEXT = f"{_GUARD}::test_what_the_parser_takes_for_text_is_let_pass"
_COUNT = f"{_GUARD}::test_what_is_counted"
_CLAUSE = f"{_GUARD}::test_clauses_are_seen_outside_of_strings_only"
_FAST = f"{_GUARD}::test_the_fast_lane_never_admits_what_the_scan_refuses"
_DATA = f"{_GUARD}::test_data_operations_stand_alone_with_the_declarations_before_them"
_UPDATE = f"{_GUARD}::test_updates_are_held_to_the_same_limits"
_SAME = "fuzz/test_differential.py::test_random_queries_have_the_same_answers_in_both_engines"
_ONCE = "fuzz/test_differential.py::test_what_stands_in_two_graphs_counts_once"
_FORMAT = "fuzz/test_differential.py::test_every_format_tells_the_same"
_NAMED = "unit/test_engine.py::test_datasets_of_the_protocol"

MUTANTS = [
    # Limits off by a factor
    Mutant("engine/limits.py", "length: int = 200_000", "length: int = 2_000_000", _LIMIT),
    Mutant("engine/limits.py", "nesting: int = 100", "nesting: int = 1_000", _LIMIT),
    Mutant("engine/limits.py", "operators: int = 1_000", "operators: int = 10_000", _LIMIT),
    Mutant("engine/limits.py", "patterns: int = 64", "patterns: int = 640", f"{_GUARD}::test_the_figures_that_were_measured"),
    Mutant("engine/limits.py", "path_steps: int = 200", "path_steps: int = 2_000", f"{_GUARD}::test_the_figures_that_were_measured"),
    Mutant("engine/limits.py", "rereadings: int = 10_000", "rereadings: int = 10_000_000", _LIMIT),
    # Tokens cut otherwise than the parser cuts them
    Mutant("engine/tokens.py", r"|{_PLX})++)?+", r"|{_PLX})++)*+", _FAR),
    Mutant("engine/tokens.py", r"[eE][+-]?[0-9]++|[0-9]*+\.", r"[0-9]*+\.", _FAR),
    Mutant("engine/tokens.py", r"|\#[^\r\n]*+)", ")", _TEXT),
    Mutant("engine/tokens.py", r"|<<\(?+|", "|", _COUNT),
    Mutant("engine/tokens.py", r"|\[ \t\r\n]*+\])".replace(r"|\[", r"|\[["), r"|\[\])", _COUNT),
    Mutant("engine/tokens.py", r"'''[^'\\]*+(?:(?:\\.|'(?!''))", r"'''[^'\\]*+(?:(?:\\.)", _TEXT),
    Mutant("engine/scan.py", 'if "\\\\" in piece and not SOUND', 'if "\\\\" in "" and not SOUND', _FAR),
    # Places misjudged
    Mutant("engine/scan.py", 'and self._levels[-1] in "xX"\n                if self._seen', 'and False\n                if self._seen', _FAR),
    Mutant("engine/scan.py", "word or self._may_be_glued(prefix)", "False", _FAR),
    Mutant("engine/scan.py", 'level = "v" if self._values else "t"', 'level = "t"', _COUNT),
    Mutant("engine/scan.py", "+= 1 << self._fold", "+= 1", _LIMIT),
    Mutant("engine/scan.py", "if known in word:", "if known == word:", _FAR),
    Mutant("engine/scan.py", 'level in "gsvxX"', 'level in "gvxX"', _COUNT),
    Mutant("engine/vocabulary.py", '"SERVICE SILENT LOAD FILTER PREFIX', '"SILENT LOAD FILTER PREFIX', _FAR),
    Mutant("engine/planned.py", "if alone or union:", "if alone:", _COUNT),
    Mutant("engine/planned.py", "self.load += (size + number) ** 4 - size**4", "self.load += number**4", _COUNT),
    # The fast lane
    Mutant("engine/guard.py", '"service" in low or ', "", _FAR),
    Mutant("engine/guard.py", "len(text) << _rereads(low)", "len(text)", _FAST),
    Mutant("engine/guard.py", 'return "(" not in bare or _no_list(bare)', "return True", _FAST),
    Mutant("engine/guard.py", "+ 2 * n(\"}\")", "", _FAST),
    # Updates and their parts
    Mutant("engine/scan.py", 'elif word in ("SERVICE", "LOAD"):', 'elif word == "SERVICE":', _UPDATE),
    Mutant("engine/scan.py", "if word in UPDATES and not self._update", "if False", "unit/test_engine.py::test_federation_and_updates_are_refused"),
    Mutant("engine/guard.py", 'prologue = "\\n".join(declarations)', 'prologue = ""', _DATA),
    # Clauses ignored, formats swapped
    Mutant("engine/guard.py", "and self.counts.has_from", "and True", _CLAUSE),
    Mutant("engine/guard.py", "and self.counts.has_with", "and False", _CLAUSE),
    Mutant("engine/merge.py", "clauses.append((named, piece))", "clauses.append((False, piece))", _SAME),
    Mutant("engine/evaluate.py", "with merge.once(self._store, default, named or ()) as (store, graphs):", "for store, graphs in [(self._store, _nodes(default))]:", _ONCE),
    Mutant("engine/evaluate.py", "default_graph=default,", "default_graph=None,", _NAMED),
    Mutant("engine/evaluate.py", "named_graphs=named,", "named_graphs=None,", _SAME),
    Mutant("formats.py", "XX", "YY", _FORMAT),
]
