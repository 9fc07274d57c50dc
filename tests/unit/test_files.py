"""Large answers in files: who is kept, who goes, and what it costs whoever reads meanwhile."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from kg.engine.frames import Assembler, pack
from kg.engine.spool import Spool
from kg.errors import DiskFull
from kg.protocol import files as module
from kg.protocol.files import File, Files

HEADERS = (("content-type", "text/csv"),)


@dataclass
class Desk:
    """Files with a clock and a disk that the test moves."""

    now: float = 1000.0
    free: int = 1 << 40
    made: list[Files] = field(default_factory=list)

    def files(self, room: int = 10_000, **bounds: int) -> Files:
        found = Files(room, clock=lambda: self.now, free=lambda _: self.free, **bounds)
        self.made.append(found)
        return found


@pytest.fixture
def desk() -> Iterator[Desk]:
    found = Desk()
    yield found
    for files in found.made:
        files.close()


def spooled(letter: str, size: int = 1000) -> tuple[int, int]:
    with tempfile.TemporaryFile() as file:
        file.write(letter.encode() * size)
        file.flush()
        return os.dup(file.fileno()), size


def kept(files: Files, letter: str, size: int = 1000) -> File:
    file = files.take(*spooled(letter, size))
    assert files.keep(letter, file, HEADERS)
    return file


def is_open(file: File) -> bool:
    try:
        os.fstat(file.descriptor)
    except OSError:
        return False
    return True


def test_who_was_not_asked_for_longest_goes_first(desk: Desk) -> None:
    files = desk.files(5000)
    for letter in "abcde":
        kept(files, letter)
    assert files.get("a") is not None
    kept(files, "f")
    assert [letter for letter in "abcdef" if files.get(letter)] == list("acdef")
    assert (files.size, len(files), files.under_way) == (5000, 5, (1, 1000))
    assert files.get("a").headers == HEADERS


def test_no_more_files_are_kept_than_may_be(desk: Desk) -> None:
    files = desk.files(most=3)
    made = [kept(files, letter, 10) for letter in "abcdefgh"]
    assert (len(files), files.size) == (3, 30)
    desk.now += 31
    files.sweep()
    assert [is_open(file) for file in made] == [False] * 5 + [True] * 3
    assert files.under_way == (0, 0)


def test_one_answer_never_takes_the_room_of_all_others(desk: Desk) -> None:
    files = desk.files(4000)
    assert not files.keep("large", files.take(*spooled("l", 1001)), HEADERS)
    assert not desk.files(0).keep("any", files.take(*spooled("a", 1)), HEADERS)


def test_the_same_answer_twice_counts_once(desk: Desk) -> None:
    files = desk.files()
    first, second = kept(files, "a"), kept(files, "a")
    assert files.get("a") is second
    assert (files.size, len(files)) == (1000, 1)
    assert is_open(first), "somebody may have been told to send it just now"


def test_readers_have_offsets_of_their_own_and_read_on_when_it_is_evicted(desk: Desk) -> None:
    files = desk.files()
    file = kept(files, "a")
    with open(file.path, "rb", 0) as one, open(file.path, "rb", 0) as other:
        assert one.read(600) == b"a" * 600
        files.clear()
        assert files.get("a") is None
        desk.now += 31
        files.sweep()
        assert is_open(file), "it is still read, so it counts"
        assert files.under_way == (1, 1000)
        assert (other.read(), one.read()) == (b"a" * 1000, b"a" * 400)
        assert file.read() == b"a" * 1000
    files.sweep()
    assert not is_open(file)
    assert files.under_way == (0, 0)


def test_what_was_sent_just_now_stays_open(desk: Desk) -> None:
    """Nothing tells when the HTTP server opens a file, so it has half a minute."""
    files = desk.files()
    file = kept(files, "a")
    desk.now += 100
    files.get("a")
    files.clear()
    desk.now += 29
    files.sweep()
    assert is_open(file)
    desk.now += 2
    files.sweep()
    assert not is_open(file)


def test_what_was_read_to_its_end_is_closed_at_once(desk: Desk) -> None:
    """The system keeps the time of the first access, and says whether anybody has it open."""
    files = desk.files(0)
    once, twice, unread = (files.take(*spooled(letter)) for letter in "abc")
    twice.replies += 1
    for file in (once, twice):
        file.fresh -= 1  # as if it had been read some time after it was written
        with open(file.path, "rb", 0) as reader:
            assert len(reader.read()) == 1000
            files.sweep()
            assert is_open(file)
    files.sweep()
    assert [is_open(file) for file in (once, twice, unread)] == [False, True, True]


def test_who_does_not_read_is_broken_off_when_room_is_needed(desk: Desk) -> None:
    files = desk.files(0, way=3000)
    slow = files.take(*spooled("s"))
    with open(slow.path, "rb", 0) as reader:
        assert reader.read(100) == b"s" * 100
        desk.now += 6
        done = files.take(*spooled("d"))
        desk.now += 6
        files.take(*spooled("e"))
        files.take(*spooled("f"))
        assert not is_open(done), "who has read all goes before who reads still"
        assert (is_open(slow), files.broken) == (True, 0)
        files.take(*spooled("g"))
        assert (is_open(slow), files.broken) == (False, 1)
        assert reader.read() == b"", "the transfer ends early, which shows"


def test_who_reads_for_an_hour_is_broken_off(desk: Desk) -> None:
    files = desk.files(0)
    slow = files.take(*spooled("s"))
    with open(slow.path, "rb", 0) as reader:
        desk.now += 3599
        files.sweep()
        assert is_open(slow)
        desk.now += 2
        files.sweep()
        assert (is_open(slow), reader.read(), files.broken) == (False, b"", 1)


@pytest.mark.parametrize("bounds", [{"way": 3000}, {"ways": 3}])
def test_what_is_beyond_the_bounds_is_refused(desk: Desk, bounds: dict[str, int]) -> None:
    """When all others were begun a moment ago nobody is broken off for who comes late."""
    files = desk.files(0, **bounds)
    for letter in "abc":
        files.take(*spooled(letter))
    descriptor, size = spooled("d")
    with pytest.raises(DiskFull):
        files.take(descriptor, size)
    assert files.under_way == (3, 3000)
    assert not is_open(File(descriptor, size, 0.0))


def test_a_disk_that_fills_up_is_given_back(desk: Desk) -> None:
    files = desk.files()
    old = [kept(files, letter) for letter in "ab"]
    desk.now += 60
    desk.free = module._RESERVE - 1
    late = files.take(*spooled("c"))
    assert [is_open(file) for file in old] == [False, True], "as much as is missing, oldest first"
    assert not files.keep("c", late, HEADERS), "the room is others' now"
    desk.free = 1 << 40
    kept(files, "d")


def test_giving_way_frees_what_nobody_reads(desk: Desk) -> None:
    files = desk.files()
    idle, read = kept(files, "a"), kept(files, "b")
    with open(read.path, "rb", 0) as reader:
        desk.now += 6
        assert files.give_way()
        assert (is_open(idle), is_open(read), files.broken) == (False, True, 0)
        assert reader.read() == b"b" * 1000
    assert len(files) == 0
    assert not desk.files().give_way()


class _Full:
    """A file on a full disk."""

    def write(self, _data: bytes) -> int:
        raise OSError(28, "No space left on device")


def test_a_full_disk_is_said_to_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: _Full())
    spool = Spool(10 << 20)
    spool.write(b"x" * (1 << 20))
    with pytest.raises(DiskFull, match="No space left"):
        spool.write(b"x")
    assert isinstance(spool.failed, DiskFull), "the engine says it in words of its own"


def test_a_file_that_did_not_come_is_an_error_and_no_silence() -> None:
    """Who may open no more files gets the frame, and no descriptor with it."""
    assembler = Assembler()
    assembler.feed(pack({"file": 5}))
    with pytest.raises(ValueError, match="descriptor"):
        assembler.next()
