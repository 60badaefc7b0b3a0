"""The partner's side of an exchange, for tests: what lies in out/ goes in, complaints and acknowledgments come out.

Written apart from the translator, with nothing but ``split``: segments and elements are counted, control numbers compared, values
held against the orders that were sent. ``order``, ``change`` and ``wrap`` make what a partner sends.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Segment = list[str]
GROUPS = {"850": "PO", "860": "PC", "855": "PR", "856": "SH", "810": "IN", "997": "FA", "820": "RA", "864": "TX", "830": "PS"}
OURS, THEIRS = ("ZZ", "1234567890"), ("08", "6111470100")


def interchanges(data: bytes) -> list[list[Segment]]:
    """The interchanges of a file as segments of elements; each says by itself how it is divided."""
    text, found = data.decode("latin-1").lstrip(), []
    while text:
        assert text.startswith("ISA") and len(text) >= 106, text[:120]
        element, end = text[3], text[105]
        isa = text[:105].split(element)
        assert len(isa) == 17, isa
        stop = re.search(re.escape(f"{end}") + r"\s*IEA" + re.escape(element) + "[^" + re.escape(end) + "]*" + re.escape(end), text)
        assert stop, "no IEA"
        pieces = text[: stop.end()].split(end)
        assert not pieces[-1].strip()
        found.append([piece.strip("\r\n").split(element) for piece in pieces[:-1]])
        text = text[stop.end() :].lstrip()
    return found


@dataclass
class Set:
    """A transaction set: its segments, and the numbers of the envelopes around it."""

    segments: list[Segment]
    group: Segment
    isa: Segment

    @property
    def id(self) -> str:
        return self.segments[0][1]

    def all(self, tag: str) -> list[Segment]:
        return [one for one in self.segments if one[0] == tag]

    def body(self) -> list[Segment]:
        """What is between ST and SE, and how many segments that is."""
        return [*self.segments[1:-1], ["SE", self.segments[-1][1]]]


def sets(data: bytes) -> list[Set]:
    """All transaction sets of a file."""
    found = []
    for segments in interchanges(data):
        group: Segment = []
        held: list[Segment] = []
        for one in segments:
            if one[0] == "GS":
                group = one
            elif one[0] == "ST":
                held = [one]
            elif one[0] == "SE":
                found.append(Set([*held, one], group, segments[0]))
            else:
                held.append(one)
    return found


@dataclass
class Partner:
    """Someone who sent orders and gets answers. ``sent`` is what it sent; ``complaints`` what it found wrong, ever."""

    complaints: list[str] = field(default_factory=list)
    orders: dict[tuple[str, str], Set] = field(default_factory=dict)
    seen: dict[str, bytes] = field(default_factory=dict)
    groups: dict[tuple[str, str], bytes] = field(default_factory=dict)
    shipped: dict[tuple[str, str, str], int] = field(default_factory=dict)
    control: int = 90000

    def sends(self, data: bytes) -> bytes:
        """Remember the orders of what is sent."""
        for one in sets(data):
            if one.id == "850":
                beg = [*one.all("BEG")[0], "", ""]
                self.orders[beg[3], beg[4]] = one
        return data

    def judge(self, files: Mapping[str, bytes]) -> list[Set]:
        """Look at what came; answers the sets but receipts, and adds to the complaints."""
        found = []
        for name, data in files.items():
            for segments in interchanges(data):
                self.envelope(name, segments, data)
            for one in sets(data):
                self.content(name, one)
                found += [one] if one.id != "997" else []
        return found

    def say(self, name: str, words: str) -> None:
        self.complaints.append(f"{name}: {words}")

    def envelope(self, name: str, segments: list[Segment], data: bytes) -> None:
        isa, iea = segments[0], segments[-1]
        if [len(text) for text in isa[1:]] != [2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1]:
            self.say(name, f"the ISA is not of fixed width: {isa}")
        if iea[2] != isa[13]:
            self.say(name, f"IEA02 {iea[2]} is not ISA13 {isa[13]}")
        if self.seen.setdefault(isa[13], data) != data:
            self.say(name, f"ISA13 {isa[13]} came before with another content")
        groups, begun = 0, 0
        kind, inside = "", 0
        for n, one in enumerate(segments):
            if not re.fullmatch(r"[A-Z][A-Z0-9]{1,2}", one[0]):
                self.say(name, f"{one[0]!r} is no segment")
            if one[-1] == "" and one[0] != "ISA":
                self.say(name, f"segment {n + 1} {one[0]} ends in an empty element")
            if any(ord(c) < 32 or ord(c) > 126 for text in one[:16] for c in text):
                self.say(name, f"segment {n + 1} {one[0]} has characters that do not print")
            if one[0] == "GS":
                groups, kind, inside = groups + 1, one[1], 0
                if self.groups.setdefault((kind, one[6]), data) != data:
                    self.say(name, f"GS06 {kind} {one[6]} came before with another content")
                opened = one
            elif one[0] == "GE":
                if one[1:] != [str(inside), opened[6]]:
                    self.say(name, f"GE {one[1:]} where {inside} sets of group {opened[6]} are")
            elif one[0] == "ST":
                begun, inside, first = n, inside + 1, one
                if GROUPS.get(one[1]) != kind:
                    self.say(name, f"set {one[1]} in group {kind}")
            elif one[0] == "SE" and one[1:] != [str(n - begun + 1), first[2]]:
                self.say(name, f"SE {one[1:]} where {n - begun + 1} segments of set {first[2]} are")
        if iea[1] != str(groups):
            self.say(name, f"IEA01 {iea[1]} where {groups} groups are")

    # --- what an answer carries back ----------------------------------------------------------------------------------

    def content(self, name: str, one: Set) -> None:
        if one.id == "855":
            self.answered(name, one, [[*one.all("BAK")[0], "", "", "", "", ""]], 3, 5)
        elif one.id == "856":
            self.answered(name, one, [[*prf, "", ""] for prf in one.all("PRF")], 1, 2)
        elif one.id == "810":
            big = [*one.all("BIG")[0], "", ""]
            self.answered(name, one, [big], 4, 5)
        elif one.id != "997":
            self.say(name, f"a set {one.id}, which nobody asked for")

    def answered(self, name: str, one: Set, named: list[Segment], number: int, release: int) -> None:
        known = [self.orders.get((each[number], each[release])) for each in named]
        if None in known or not known:
            self.say(name, f"{one.id} names {[each[number] for each in named]}, which was not ordered so")
            return
        for order in known:
            assert order is not None
            self.ship_to(name, one, order)
        self.lines(name, one, [order for order in known if order])

    def ship_to(self, name: str, one: Set, order: Set) -> None:
        """The guest's location comes back as it went."""
        wanted = {n1[4] for n1 in order.all("N1") if n1[1] == "ST" and len(n1) > 4}
        came = {n1[4] for n1 in one.all("N1") if n1[1] == "ST" and len(n1) > 4}
        if one.id == "856" and not came:
            self.say(name, "no ship-to")
        if "9998" in wanted | came and came != wanted and one.id != "855":
            self.say(name, f"ship-to {came}, and {wanted} was ordered")

    def lines(self, name: str, one: Set, orders: list[Set]) -> None:
        """Item numbers come back as they went; the TCIN where it was sent, inner packs where they were ordered."""
        current = 0
        ordered = [_lines(order) for order in orders]
        for n, segment in enumerate(one.segments):
            if segment[0] == "PRF":
                current = [[*each.all("BEG")[0], "", ""][3:5] for each in orders].index([*segment, "", ""][1:3])
            pairs = segment[2:] if segment[0] == "LIN" else segment[6:] if segment[0] in ("IT1", "PO1") else None
            if pairs is None:
                continue
            ids = dict(zip(pairs[::2], pairs[1::2], strict=False))
            if not ids:
                continue
            line = next((one for one in ordered[current] if one.number == segment[1]), None)
            if line is None or (line.ids.get("CB") and ids.get("CB") not in (line.ids["CB"], None)):
                self.say(name, f"{segment} is no line that was ordered")
                continue
            if ids.get("IN") != line.ids.get("IN"):
                self.say(name, f"line {segment[1]}: TCIN {ids.get('IN')}, and {line.ids.get('IN')} was ordered")
            if segment[0] == "LIN":
                packs = []
                for after in one.segments[n + 1 :]:
                    if after[0] in ("HL", "LIN", "CTT"):
                        break
                    packs += [after] if after[0] == "PO4" else []
                inner = {[*po4, *[""] * 15][14] for po4 in packs} - {""}
                if packs and inner != line.inner:
                    self.say(name, f"line {segment[1]}: inner packs {inner}, and {line.inner} was ordered")

    # --- what it says of it -------------------------------------------------------------------------------------------

    def acknowledge(self, data: bytes, *, reject: Iterable[tuple[str, int, int, str, str]] = (), errors: bool = False) -> bytes:
        """A 997 for each group of a file. ``reject``: segment, its place in the set, element, code and the copy of what was bad."""
        rejected = list(reject)
        body: list[str] = []
        told: list[tuple[Segment, list[Set]]] = []
        for one in sets(data):
            if not told or told[-1][0] is not one.group:
                told.append((one.group, []))
            told[-1][1].append(one)
        status = "R" if rejected else "E" if errors else "A"
        for n, (group, held) in enumerate(told, 1):
            lines = [f"ST*997*{n:04d}", f"AK1*{group[1]}*{group[6]}"]
            for one in held:
                lines.append(f"AK2*{one.id}*{one.segments[0][2]}")
                for tag, place, element, code, copy in rejected:
                    lines += [f"AK3*{tag}*{place}**8", f"AK4*{element}**{code}*{copy}"]
                lines.append(f"AK5*{status}" + ("*5" if status != "A" else ""))
            lines.append(f"AK9*{status}*{len(held)}*{len(held)}*{0 if rejected else len(held)}")
            body += [*lines, f"SE*{len(lines) + 1}*{n:04d}"]
        return self.interchange(body, "997", sets(data)[0].isa)

    def notice(self, data: bytes, status: str, note: str) -> bytes:
        """A TA1 for an interchange of ours."""
        isa = interchanges(data)[0][0]
        return self.interchange([f"TA1*{isa[13]}*{isa[9]}*{isa[10]}*{status}*{note}"], "", isa)

    def interchange(self, body: list[str], set_id: str, theirs: Segment | None = None) -> bytes:
        """Sets of one kind in an envelope to us, under the next number; back to whoever sent ``theirs``."""
        self.control += 1
        ends = ((theirs[7], theirs[8].strip()), (theirs[5], theirs[6].strip())) if theirs else (THEIRS, OURS)
        groups = [(GROUPS[set_id], self.control, body)] if set_id else []
        bare = [] if set_id else body
        return wrap(*groups, control=self.control, ends=ends, usage=theirs[15] if theirs else "T", bare=bare)


def wrap(
    *groups: tuple[str, int, list[str]],
    control: int = 1,
    ends: tuple[tuple[str, str], tuple[str, str]] = (THEIRS, OURS),
    usage: str = "T",
    ids: tuple[str, str] = ("", ""),
    bare: Iterable[str] = (),
    asked: str = "0",
    release: str = "004010",
) -> bytes:
    """An interchange from the partner to us. A group is GS01, GS06 and the segments of its sets; ``ids`` are GS02 and GS03."""
    (q1, id1), (q2, id2) = ends
    isa = f"ISA*00*{' ':10}*00*{' ':10}*{q1}*{id1:15}*{q2}*{id2:15}*260305*0702*U*00401*{control:09d}*{asked}*{usage}*>"
    lines = [isa, *bare]
    for kind, number, body in groups:
        count = sum(line.startswith("ST*") for line in body)
        lines.append(f"GS*{kind}*{ids[0] or id1}*{ids[1] or id2}*20260305*0702*{number}*X*{release}")
        lines += [*body, f"GE*{count}*{number}"]
    lines.append(f"IEA*{len(groups)}*{control:09d}")
    return "".join(f"{line}~\n" for line in lines).encode()


def transaction(set_id: str, *segments: str, control: str = "0001") -> list[str]:
    """A set with its header and trailer."""
    return [f"ST*{set_id}*{control}", *segments, f"SE*{len(segments) + 2}*{control}"]


# An item of each line that is ordered: DPCI, vendor style, UPC, price.
ITEMS = [
    ("009081234", "CHAIR-7", "012345090011", "212.5"),
    ("009081235", "CHAIR-8", "012345090028", "99.25"),
    ("009081236", "STOOL-1", "012345090035", "20"),
]


def order(
    number: str = "0009-3300145-1001", quantities: Iterable[int] = (24, 12), *, control: str = "0001", type: str = "SA",
    release: str = "", guest: bool = False, date: str = "20260305", place: str = "",
) -> list[str]:  # fmt: skip
    """A set that orders so much of the items above, in cartons of 12; with ``guest`` of one each, to a guest."""
    quantities = list(quantities)
    beg = f"BEG*00*{type}*{number}*{release}*{date}"
    lines = [beg, "REF*IA*3342078*SAMPLE SUPPLY CO", "REF*DP*009", "CSH*N"]
    lines += ["SAC*N**VI*OHDS"] if guest else []
    lines += ["ITD*01*2*****30", "DTM*063*20260413", "DTM*064*20260301", "TD5*B*2*QZPX*U", f"N1*BY**92*{place or number[-4:]}"]
    if guest:
        lines += ["N1*ST*PAT EXAMPLE*92*9998", "N3*100 EXAMPLE AVE*APT 12", "N4*RIVER BEND*MN*55001*US"]
    for n, quantity in enumerate(quantities):
        dpci, style, upc, price = ITEMS[n]
        lines.append(f"PO1*{n + 1:06d}*{quantity}*EA*{price}*WE*CB*{dpci}*VA*{style}*UP*{upc}")
        lines += [f"PID*F*08***ITEM {n + 1}", f"PO4*{1 if guest else 12}"]
    return transaction("850", *lines, f"CTT*{len(quantities)}*{sum(quantities)}", control=control)


def change(
    number: str = "0009-3300145-1001", *poc: str, purpose: str = "04", control: str = "0001", type: str = "SA", release: str = "",
    date: str = "20260305", day: str = "20260306", total: int = 0,
) -> list[str]:  # fmt: skip
    """A set that changes an order, or cancels it (purpose 01, no lines)."""
    bch = f"BCH*{purpose}*{type}*{number}*{release}**{date}*****{day}"
    head = [bch, "REF*IA*3342078*SAMPLE SUPPLY CO", f"N1*BY**92*{number[-4:]}"]
    return transaction("860", *head, *poc, f"CTT*{len(poc)}*{total}", control=control)


def less(line: int, quantity: int, kind: str = "QD") -> str:
    """A line of a change: from now on it is so many."""
    dpci, style, upc, price = ITEMS[line - 1]
    return f"POC*{line:06d}*{kind}*{quantity}*{quantity}*EA*{price}*WE*CB*{dpci}*VA*{style}*UP*{upc}"


@dataclass
class Line:
    number: str
    ids: dict[str, str]
    inner: set[str]


def _lines(order: Set) -> list[Line]:
    found: list[Line] = []
    for one in order.segments:
        if one[0] == "PO1":
            found.append(Line(one[1], dict(zip(one[6::2], one[7::2], strict=False)), set()))
        elif one[0] == "PO4" and found and len(one) > 14:
            found[-1].inner.add(one[14])
    return found
