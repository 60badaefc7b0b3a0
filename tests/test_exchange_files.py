"""The exchange's files: faults at every call, death between any two, odd entries, hostile names, many processes at once."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import socket
import stat
import threading
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from file_faults import (
    DATA,
    ERRNOS,
    MODULES,
    NAME,
    STEPS,
    Nth,
    at_ease,
    everything,
    fails,
    here,
    injected,
    put,
    stale,
    taken,
    visible,
)
from hypothesis import given
from hypothesis import strategies as st

from translator.exchange import files


@pytest.mark.parametrize("name", STEPS)
def test_every_call_may_fail_with_every_errno(name: str, tmp_path: Path) -> None:
    fresh = count()
    with injected(at_ease):
        for error in ERRNOS:
            for number in count(1):
                if not fails(name, tmp_path / str(next(fresh)), Nth(number, error), error):
                    break
            assert number > 3, "nothing was injected"


@pytest.mark.parametrize("name", STEPS)
def test_it_may_die_between_any_two_calls(name: str, tmp_path: Path) -> None:
    child = here("t.die_everywhere(*sys.argv[3:])", name, tmp_path)
    code, points = map(int, child.communicate(timeout=60)[0].split())
    assert (child.returncode, code) == (0, 0)
    assert points > 3


# --- publishing ---------------------------------------------------------------------------------------------------------------


def test_a_file_is_on_disk_before_it_has_its_name_and_its_name_before_the_end(tmp_path: Path) -> None:
    calls: list[tuple[str, Any]] = []
    with injected(lambda name, real, args: calls.append((name, args[0]))):
        files.publish(tmp_path, NAME, DATA)
    names = [name for name, _ in calls]
    [(_, folder), (_, new)] = [(n, fd) for n, fd in calls if n in ("flock", "write")][:2]
    told = [call for call in calls if call[0] in ("write", "fsync", "rename")]
    temporary = told[-2][1]
    assert told == [("write", new), ("write", new), ("fsync", new), ("rename", temporary), ("fsync", folder)]
    assert re.fullmatch(r"\.translator-[0-9a-f]{16}\.tmp", temporary)
    assert names.index("close") < names.index("rename"), "a share may say only then that it is full"


def test_short_writes_are_gone_on_with(tmp_path: Path) -> None:
    for module in MODULES:
        if module.__name__.endswith("placing"):
            with pytest.MonkeyPatch.context() as patch:
                short = SimpleNamespace(**vars(os) | {"write": lambda fd, data: os.write(fd, data[:1001])})
                patch.setattr(module, "os", short)
                assert files.publish(tmp_path, NAME, DATA).read_bytes() == DATA
                patch.setattr(module, "os", SimpleNamespace(**vars(os) | {"write": lambda fd, data: 0}))
                with pytest.raises(files.FileFault, match="cannot be written"):
                    files.publish(tmp_path, "other", DATA)
    assert everything(tmp_path) == [tmp_path / NAME]


def test_nothing_is_published_over_anything(tmp_path: Path) -> None:
    (tmp_path / "theirs").write_bytes(b"x" * 9)
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("theirs")
    (tmp_path / "dangling").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe")
    for name in ["theirs", "folder", "link", "dangling", "pipe"]:
        for data in (b"y" * 9, b"y", b""):
            with pytest.raises(files.NameTaken, match=rf"{name}: another file .* Move it elsewhere"):
                files.publish(tmp_path, name, data)
    assert (tmp_path / "theirs").read_bytes() == b"x" * 9
    assert visible(tmp_path) == ["dangling", "folder", "link", "pipe", "theirs"]
    assert [name for name in os.listdir(tmp_path) if name.startswith(".")] == []


def test_what_is_there_already_is_left_as_it_is(tmp_path: Path) -> None:
    first = files.publish(tmp_path, NAME, DATA).stat()
    assert files.publish(tmp_path, NAME, DATA).stat().st_ino == first.st_ino


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../a", "/etc/x", "a\0"])
def test_a_name_that_leads_elsewhere_is_a_fault_of_the_program(name: str, tmp_path: Path) -> None:
    for put_there in (files.publish, files.replace):
        with pytest.raises(ValueError):
            put_there(tmp_path, name, DATA)
    with pytest.raises(ValueError):
        files.claim(tmp_path, files.Look(name, 1, 1, 1, 1))


def test_only_the_group_of_a_shared_folder_may_read(tmp_path: Path) -> None:
    os.chmod(tmp_path, 0o700)
    assert stat.S_IMODE(files.publish(tmp_path, "own", b"1").stat().st_mode) == 0o600
    os.chmod(tmp_path, 0o2770)
    assert stat.S_IMODE(files.publish(tmp_path, "shared", b"1").stat().st_mode) == 0o660

    def no_groups(name: str, real: object, args: object) -> None:
        if name in ("fchmod", "fchown"):
            raise PermissionError(errno.EPERM, "no")

    with injected(no_groups):
        assert stat.S_IMODE(files.publish(tmp_path, "refused", b"1").stat().st_mode) == 0o600


def test_a_report_is_replaced(tmp_path: Path) -> None:
    for data in (b"one problem\n", b"", DATA):
        assert files.replace(tmp_path, "PROBLEMS.txt", data).read_bytes() == data
    assert visible(tmp_path) == ["PROBLEMS.txt"]
    (tmp_path / "folder").mkdir()
    with pytest.raises(files.FileFault, match="A folder is in the way"):
        files.replace(tmp_path, "folder", b"")


def test_an_archive_holds_a_file_once_for_each_of_its_names(tmp_path: Path) -> None:
    one = files.archive(tmp_path / "2026-03", DATA, "po 850.EDI")
    assert files.archive(tmp_path / "2026-03", DATA, "po 850.EDI") == one
    others = {files.archive(tmp_path / "2026-03", data, name) for data, name in [(DATA, "PO 850.EDI"), (b"x", "po 850.EDI")]}
    long = files.archive(tmp_path / "2026-03", DATA, "\udcff\n" + "a" * 250)
    assert len({one, long, *others}) == 4 == len(visible(tmp_path / "2026-03"))
    assert one.suffix == ".edi"
    assert one.parent == tmp_path / "2026-03"


def test_sweeping_takes_what_is_ours_and_stale(tmp_path: Path) -> None:
    stale(tmp_path)
    for name in (".translator-exchange", ".translator-xyz.tmp", "a.tmp", ".hidden"):
        (tmp_path / name).write_bytes(b"")
    assert files.sweep(tmp_path) == 1
    assert files.sweep(tmp_path) == 0
    assert len(os.listdir(tmp_path)) == 4


# --- looking ----------------------------------------------------------------------------------------------------------------


def test_what_is_no_file_is_named_and_never_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    put(tmp_path)
    (tmp_path / "link").symlink_to(NAME)
    (tmp_path / "dangling").symlink_to("nowhere")
    os.mkfifo("pipe")
    for folder in ("folder", "done"):
        (tmp_path / folder).mkdir()
    (tmp_path / "twin").write_bytes(b"x")
    os.link("twin", "other")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        found = files.look(tmp_path, ours={"done", "link"})
    assert [one.name for one in found.files] == [NAME]
    kinds = {odd.name: odd.what for odd in found.odd}
    twins = "a file that has another name as well (a hard link)"
    links = dict.fromkeys(["dangling", "link"], "a symbolic link")
    assert kinds == links | {"folder": "a folder", "pipe": "a named pipe", "socket": "a socket", "twin": twins, "other": twins}

    def never_opened(call: str, real: object, args: tuple[Any, ...]) -> None:
        assert call != "open" or args[0] not in kinds

    # Even when one of them is put in a file's place at the last moment.
    for name in kinds:
        about = os.stat(name, follow_symlinks=False)
        forged = files.Look(name, about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns)
        before = set(os.listdir())
        with injected(never_opened):
            assert files.claim(tmp_path, forged) is None
        assert set(os.listdir()) == before | {".claimed"}
        assert os.listdir(".claimed") == []


class Entry(SimpleNamespace):
    def stat(self, *, follow_symlinks: bool) -> os.stat_result:
        assert not follow_symlinks
        if isinstance(self.about, OSError):
            raise self.about
        about: os.stat_result = self.about
        return about


@contextmanager
def listing(entries: Iterator[Entry]) -> Iterator[None]:
    """A folder that holds what nobody can make on any machine."""
    [module] = [module for module in MODULES if module.__name__.endswith("scan")]

    @contextmanager
    def scandir(folder: Path) -> Iterator[Iterator[Entry]]:
        yield entries

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "os", SimpleNamespace(**vars(os) | {"scandir": scandir}))
        yield


def test_a_device_a_file_that_cannot_be_looked_at_and_one_that_vanishes(tmp_path: Path) -> None:
    device, good = os.stat(os.devnull), os.stat(put(tmp_path) and tmp_path / NAME)
    gone, broken = FileNotFoundError(errno.ENOENT, "gone"), OSError(errno.EIO, "Input/output error")
    entries = [Entry(name=n, about=a) for n, a in zip("dgbf", (device, gone, broken, good), strict=True)]
    with listing(iter(entries)):
        found = files.look(tmp_path)
    assert [one.name for one in found.files] == ["f"]
    assert [(odd.name, odd.what) for odd in found.odd] == [
        ("b", "a file that cannot be looked at (Input/output error)"),
        ("d", "a device"),
    ]


def test_oldest_first_whatever_the_clock_says(tmp_path: Path) -> None:
    future = 4_000_000_000 * 10**9
    for name, when in [("b", future), ("a", future), ("late", future + 1), ("old", 10**9), ("ancient", 0)]:
        put(tmp_path, name)
        os.utime(tmp_path / name, ns=(when, when))
    names = [one.name for one in files.look(tmp_path).files]
    assert names == ["ancient", "old", "a", "b", "late"]
    few = files.look(tmp_path, most=2)
    assert ([one.name for one in few.files], few.left) == (names[:2], 3)
    assert files.look(tmp_path).left == 0


def test_uploads_under_way_are_passed_over(tmp_path: Path) -> None:
    for name in (".hidden", ".a.edi.Xy", "a.tmp", "A.TMP", "b.part", "c.partial", "d.filepart", "e~", "f.edi"):
        put_name = tmp_path / name
        put_name.write_bytes(b"x")
    found = files.look(tmp_path)
    assert [one.name for one in found.files] == ["f.edi"]
    assert {one.name for one in found.uploads} == {"a.tmp", "A.TMP", "b.part", "c.partial", "d.filepart", "e~"}
    assert found.odd == []


def test_a_hundred_thousand_files_are_a_matter_of_memory_for_few(tmp_path: Path) -> None:
    about = os.stat(put(tmp_path) and tmp_path / NAME)

    def entries(kinds: int) -> Iterator[Entry]:
        bad = os.stat(os.devnull)
        return (Entry(name=f"{n}.edi", about=about if n % kinds == 0 else bad) for n in range(100_000))

    peaks = []
    for most, kinds in ((None, 1), (500, 2)):
        tracemalloc.start()
        with listing(entries(kinds)):
            found = files.look(tmp_path, most=most)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert len(found.files) + found.left == 100_000 // kinds
    assert peaks[0] < 64 << 20
    assert peaks[1] < 1 << 20


def test_a_change_between_two_looks_is_seen(tmp_path: Path) -> None:
    first = put(tmp_path)
    assert files.unchanged(first, files.look(tmp_path).files[0])
    with (tmp_path / NAME).open("ab") as file:
        file.write(b"more")
    grown = files.look(tmp_path).files[0]
    os.utime(tmp_path / NAME, ns=(1, 1))
    touched = files.look(tmp_path).files[0]
    (tmp_path / "other").write_bytes((tmp_path / NAME).read_bytes())
    os.utime(tmp_path / "other", ns=(1, 1))
    os.rename(tmp_path / "other", tmp_path / NAME)
    [other] = files.look(tmp_path).files
    looks = [first, grown, touched, other]
    assert [files.unchanged(a, b) for a in looks for b in looks] == [a is b for a in looks for b in looks]


# --- claiming ---------------------------------------------------------------------------------------------------------------

HOSTILE = [
    *("a b", "-rf", "--help", "a\nb", "a\rb", "\x1b[31mred", "a\x07", "a\tb", "*?[x]", "$(id)", "`id`", "; rm -rf x", "a'b\"c"),
    *("%s%n{0}", "CON", "NUL.edi", "COM1", "C:\\x", "a:b", "é.edi", "\u202eide.exe", "\udcff\udcfe.edi", "a\udc80", " ", "a."),
    *("A" * 255, "é" * 127, "..a"[2:] + "..", "ISA*00*", "=cmd()", "<b>x<b>", "a\\..\\b", "\u2028", "\x7f"),
]


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_a_name_of_any_bytes_comes_back_whole(name: str, tmp_path: Path) -> None:
    claimed = files.claim(tmp_path, put(tmp_path, name))
    assert claimed
    assert visible(tmp_path) == []
    files.leave(claimed)
    [left] = files.claimed_left(tmp_path)
    assert (left.name, files.read_claimed(left)) == (name, DATA)
    shown = files.shown(left.path)
    assert shown.isprintable()
    assert files.unclaim(left)
    assert visible(tmp_path) == [name]
    assert taken(tmp_path) == [DATA]


def test_a_file_that_changed_or_vanished_is_left_alone(tmp_path: Path) -> None:
    first = put(tmp_path)
    with (tmp_path / NAME).open("ab") as file:
        file.write(b"more")
    assert files.claim(tmp_path, first) is None
    assert (tmp_path / NAME).read_bytes() == DATA + b"more"
    (tmp_path / NAME).unlink()
    assert files.claim(tmp_path, first) is None
    assert os.listdir(tmp_path / ".claimed") == []


def test_a_file_without_second_names_is_given_back_all_the_same(tmp_path: Path) -> None:
    def no_links(name: str, real: object, args: object) -> None:
        if name == "link":
            raise OSError(errno.EOPNOTSUPP, "no links here")

    for there in (False, True):
        claimed = files.claim(tmp_path, put(tmp_path))
        assert claimed
        if there:
            (tmp_path / NAME).write_bytes(b"new")
        with injected(no_links):
            assert files.unclaim(claimed) is not there
    assert (tmp_path / NAME).read_bytes() == b"new"
    assert sorted(taken(tmp_path)) == sorted([DATA, b"new"])


def test_a_file_is_given_back_over_nothing(tmp_path: Path) -> None:
    claimed = files.claim(tmp_path, put(tmp_path))
    assert claimed
    (tmp_path / NAME).write_bytes(b"new")
    assert not files.unclaim(claimed)
    assert sorted(taken(tmp_path)) == sorted([DATA, b"new"])


def test_a_claim_is_one_mans(tmp_path: Path) -> None:
    one = put(tmp_path)
    claimed = files.claim(tmp_path, one)
    assert claimed
    assert files.claim(tmp_path, one) is None
    assert list(files.claimed_left(tmp_path)) == []
    files.done(claimed)
    assert everything(tmp_path) == []


def test_a_writer_that_goes_on_is_noticed(tmp_path: Path) -> None:
    with (tmp_path / NAME).open("wb", buffering=0) as writer:
        writer.write(DATA)
        claimed = files.claim(tmp_path, files.look(tmp_path).files[0])
        assert claimed
        writer.write(b"more")
        with pytest.raises(files.Changed, match="it changed after it was claimed"):
            files.read_claimed(claimed)
    assert files.unclaim(claimed)
    assert (tmp_path / NAME).read_bytes() == DATA + b"more"


def test_a_file_over_the_limit_is_not_read(tmp_path: Path) -> None:
    claimed = files.claim(tmp_path, put(tmp_path))
    assert claimed
    with pytest.raises(files.TooLarge, match=f"limit of {len(DATA) - 1} bytes"):
        files.read_claimed(claimed, len(DATA) - 1)
    assert files.read_claimed(claimed, len(DATA)) == DATA
    files.done(claimed)


def test_what_else_lies_among_claims_stays(tmp_path: Path) -> None:
    claimed = files.claim(tmp_path, put(tmp_path))
    assert claimed
    home = tmp_path / ".claimed" / claimed.token
    files.leave(claimed)
    (tmp_path / ".claimed" / "note").write_bytes(b"")
    (home / "link").symlink_to("nowhere")
    (home / "second").write_bytes(b"2")
    assert sorted(taken(tmp_path)) == sorted([DATA, b"2"])
    assert taken(tmp_path) == []
    assert [path.name for path in everything(tmp_path)] == ["link", "note"]


def test_claims_do_not_lead_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / ".claimed").symlink_to(tmp_path / "elsewhere")
    one = put(tmp_path / "in")
    with pytest.raises(files.FileFault, match="cannot be claimed"):
        files.claim(tmp_path / "in", one)
    assert visible(tmp_path / "in") == [NAME]
    assert os.listdir(tmp_path / "elsewhere") == []


def test_a_file_that_is_replaced_all_the_time_is_never_mixed(tmp_path: Path) -> None:
    stop = threading.Event()

    def replacer() -> None:
        for n in count():
            if stop.is_set():
                return
            (tmp_path / ".new").write_bytes(b"%06d" % n * (1 + n % 50))
            os.rename(tmp_path / ".new", tmp_path / NAME)

    thread = threading.Thread(target=replacer)
    thread.start()
    try:
        got: list[bytes] = []
        while len(got) < 200:
            got += taken(tmp_path)
    finally:
        stop.set()
        thread.join()
    numbers = [data[:6] for data in got]
    assert all(data == data[:6] * (len(data) // 6) and data for data in got)
    assert len(set(numbers)) == len(numbers)


def test_a_file_that_the_operator_named_is_read_or_refused(tmp_path: Path) -> None:
    path = tmp_path / NAME
    put(tmp_path)
    (tmp_path / "link").symlink_to(NAME)
    os.mkfifo(tmp_path / "pipe")
    assert files.read(tmp_path / "link", len(DATA)) == DATA
    with pytest.raises(files.TooLarge):
        files.read(path, len(DATA) - 1)
    for name in (".", "pipe"):
        with pytest.raises(files.FileFault, match="it is no file"):
            files.read(tmp_path / name)
    with pytest.raises(files.FileFault, match="cannot be read"):
        files.read(tmp_path / "gone")

    def grow(name: str, real: object, args: object) -> None:
        if name == "read" and path.stat().st_size == len(DATA):
            path.write_bytes(DATA + b"x")

    with injected(grow), pytest.raises(files.Changed):
        files.read(path)


# --- many at once -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["claim", "same", "different"])
def test_four_processes_at_once(what: str, tmp_path: Path) -> None:
    if what == "claim":
        for n in range(100):
            (tmp_path / f"{n}.edi").write_text(str(n))
    with files.lock(tmp_path / "go.tmp"):
        four = [here("t.worker(*sys.argv[3:])", what, tmp_path, str(n)) for n in range(4)]
        while not all((tmp_path / f"ready.{n}.tmp").exists() for n in range(4)):
            time.sleep(0.01)
            assert [process.poll() for process in four] == [None] * 4
    lines = [line for process in four for line in process.communicate(timeout=60)[0].splitlines()]
    assert [process.returncode for process in four] == [0] * 4
    if what == "claim":
        assert sorted(lines) == sorted(f"{n}.edi {n}" for n in range(100))
        assert files.look(tmp_path).files == []
    elif what == "same":
        assert Counter(line.split()[0] for line in lines) == {str(n): 4 for n in range(60)}
        assert all((tmp_path / f"{n}.edi").read_bytes() == DATA for n in range(60))
    else:
        assert len(lines) == 60, "each name has one owner"
        for n, mine in map(str.split, lines):
            assert (tmp_path / f"{n}.edi").read_text() == f"{mine} {n}"
    assert [name for name in os.listdir(tmp_path) if name.startswith(".translator")] == []


def test_a_lock_dies_with_its_process(tmp_path: Path) -> None:
    holder = here("t.hold(*sys.argv[3:])", tmp_path / "lock")
    assert holder.stdout
    assert holder.stdin
    with holder.stdout, holder.stdin:
        assert holder.stdout.readline() == "held\n"
        for seconds in (0, 0.05):
            with pytest.raises(files.Busy, match="another process"), files.lock(tmp_path / "lock", seconds):
                pass
        holder.kill()
        holder.wait()
    with files.lock(tmp_path / "lock", 5):
        pass


def test_a_lock_file_that_is_taken_away_does_not_let_two_in(tmp_path: Path) -> None:
    path, removed = tmp_path / "lock", []

    def remove(name: str, real: object, args: object) -> None:
        if name == "flock" and not removed:
            removed.append(path.unlink())

    with injected(remove), files.lock(path):
        assert removed
        with pytest.raises(files.Busy), files.lock(path):
            pass


def test_what_goes_wrong_under_a_lock_is_not_the_locks(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), files.lock(tmp_path / "lock"):
        raise ZeroDivisionError
    with pytest.raises(OSError, match="mine"), files.lock(tmp_path / "lock"):
        raise OSError("mine")
    with files.lock(tmp_path / "lock"):
        pass
    (tmp_path / "link").symlink_to("lock")
    with pytest.raises(files.FileFault, match="symbolic link"), files.lock(tmp_path / "link"):
        pass


@pytest.mark.parametrize("name", ["publish", "take", "give back", "sweep"])
def test_where_there_are_no_locks_the_work_is_done(name: str, tmp_path: Path) -> None:
    def no_locks(call: str, real: object, args: object) -> None:
        if call == "flock":
            raise OSError(errno.ENOLCK, "no locks here")

    before, step, after = STEPS[name]
    before(tmp_path)
    with injected(no_locks):
        step(tmp_path)
        with pytest.raises(files.FileFault, match="cannot be locked"), files.lock(tmp_path / "lock.tmp"):
            pass
    (tmp_path / "lock.tmp").unlink()
    after(tmp_path)


def test_a_folder_that_somebody_holds_is_waited_for_and_not_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [module] = [module for module in MODULES if module.__name__.endswith("locks")]
    monkeypatch.setattr(module, "_PATIENCE", 0.05)
    fd = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(fd, fcntl.LOCK_EX)
    with pytest.raises(files.Busy, match="has held this folder"):
        files.publish(tmp_path, NAME, DATA)
    os.close(fd)
    assert files.publish(tmp_path, NAME, DATA)


# --- folders ----------------------------------------------------------------------------------------------------------------


def test_a_folder_that_cannot_be_worked_in_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "link").symlink_to("real")
    cases = [("gone", False, "Make the folder again"), ("file", False, "it is no folder"), ("link", False, "symbolic link")]
    for name, marker, says in cases:
        with pytest.raises(files.FileFault, match=says):
            files.check_folder(tmp_path / name, marker)
    for name in ("gone", "real"):
        with pytest.raises(files.NotMounted, match="the share is not mounted"):
            files.check_folder(tmp_path / name, True)
    files.check_folder(tmp_path / "real", False)
    files.check_folder(tmp_path / "link", False, link=True)
    files.mark(tmp_path / "real")
    files.mark(tmp_path / "real")
    files.check_folder(tmp_path / "real", True)
    files.check_folder(tmp_path / "link", True, link=True)
    [module] = [module for module in MODULES if module.__name__.endswith("folders")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "os", SimpleNamespace(**vars(os) | {"access": lambda *args: False}))
        with pytest.raises(files.FileFault, match="may not be read and written"):
            files.check_folder(tmp_path / "real", False)


def test_nothing_is_written_into_a_share_that_is_not_mounted(tmp_path: Path) -> None:
    for put_there in (files.publish, files.replace):
        with pytest.raises(files.NotMounted):
            put_there(tmp_path, NAME, DATA, marker=True)
    assert os.listdir(tmp_path) == []
    files.mark(tmp_path)
    assert files.publish(tmp_path, NAME, DATA, marker=True).exists()
    assert [one.name for one in files.look(tmp_path).files] == [NAME]


def test_folders_are_made_for_the_owner_only_and_never_over_a_file(tmp_path: Path) -> None:
    files.ensure_folders(tmp_path / "a" / "b", tmp_path / "a")
    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700
    (tmp_path / "file").write_bytes(b"")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(files.FileFault):
            files.ensure_folders(path)


@pytest.mark.parametrize("step", [files.look, files.sweep, files.mark, lambda folder: files.publish(folder, NAME, DATA)])
def test_a_folder_that_is_missing_is_said(step: Callable[[Path], object], tmp_path: Path) -> None:
    with pytest.raises(files.FileFault, match="Make the folder again, or name the right one"):
        step(tmp_path / "gone\n\x1b")
    assert os.listdir(tmp_path) == []


def test_a_message_holds_nothing_that_does_not_print(tmp_path: Path) -> None:
    with pytest.raises(files.FileFault) as caught:
        files.look(tmp_path / "gone\n\x1b\udcff")
    assert str(caught.value).isprintable()
    assert files.shown("\ud800\udc80\u2028") == "\\ud800\\x80\\u2028"
    assert "gone\\n\\x1b\\xff: it cannot be looked into (No such file or directory, ENOENT)" in str(caught.value)


# --- names ------------------------------------------------------------------------------------------------------------------

SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(10))}
UNTRUSTED = [
    *("../", "../../etc/passwd", "/etc/x", "C:\\", "C:\\x", "CON", "con", "Con", "NUL", "nul.edi", "COM1", "LPT9", "aux", "a:b"),
    *(
        ".",
        "..",
        "",
        " ",
        "x" * 300,
        "X" * 300,
        "X" * 299 + "Y",
        "a.",
        "a",
        "A",
        "A.",
        "A ",
        " A",
        "-A",
        "--rf",
        "_A",
        "A_B",
        "A__B",
    ),
    *("~A", "A\0", "A\n", "\x1b[2J", "é", "E\u0301", "\u202e", "\ud800\udcff", "$(id)", "`id`", "%s", "{0}", "A/B", "A\\B", "A-B"),
]


def is_safe(name: str) -> bool:
    return bool(SAFE.fullmatch(name)) and name.partition(".")[0].upper() not in DEVICES and not name.endswith(".")


def test_untrusted_text_makes_safe_names_and_no_two_the_same() -> None:
    inputs = {(), *((one,) for one in UNTRUSTED), *((one, two) for one in UNTRUSTED for two in ("5", "a", "", one))}
    made = [files.safe_name(*parts, ending=ending) for parts in inputs for ending in (".edi", ".reject.csv", "")]
    assert len(UNTRUSTED) > 40
    assert [name for name in made if not is_safe(name)] == []
    assert len({name.lower() for name in made}) == len(made)


def test_a_name_that_is_safe_already_stays() -> None:
    assert files.safe_name("856", "111-2222222-3333", "000000005", ending=".edi") == "856_111-2222222-3333_000000005.edi"
    assert files.safe_name("ORDER", ending=".order.json") == "ORDER.order.json"
    changed = files.safe_name("Inv/7", ending=".csv")
    assert re.fullmatch(r"Inv_7__[a-z2-7]{16}\.csv", changed)
    assert changed == files.safe_name("Inv/7", ending=".csv")
    with pytest.raises(ValueError):
        files.safe_name("A", ending="/x")
    for parts in (("ABC", changed.split("__")[1][:16].upper()), (changed,), (changed.upper(),), tuple(changed.upper().split("_"))):
        assert files.safe_name(*parts, ending=".csv").lower() != changed.lower()


@given(st.lists(st.lists(st.text("AaB-_./é", max_size=4), max_size=3).map(tuple), unique=True, max_size=6))
def test_names_differ_when_inputs_do(inputs: list[tuple[str, ...]]) -> None:
    made = [files.safe_name(*parts, ending=".edi") for parts in inputs]
    assert all(map(is_safe, made))
    assert len({name.lower() for name in made}) == len(made)
