"""The envelope: in goes a window of text, out come parts in file order, each transaction set as soon as its SE is seen.

The texts of all parts, joined, are the file. A part is either a transaction set (ST to SE) or what belongs to none
(headers, trailers, foreign lines, blanks). Counts, control numbers, missing and doubled headers and trailers are
findings of the part where they show (X12.5, X12.6). What a set says inside is not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from translator.errors import LimitExceeded, NotX12
from translator.findings import Finding, finding
from translator.x12.numbers import integer
from translator.x12.part import Envelope, Part
from translator.x12.wire import ISA_SPAN, LAYOUT, Delimiters, Isa, Limits, Window, guess, read_isa, split

# Blanks are spelled out: \s would take the control characters 0x1C to 0x1F, which are delimiters in some files.
_BLANK = re.compile(r"[ \t\r\n\x00\x1a]*(?:\xef\xbb\xbf)?[ \t\r\n\x00\x1a]*")
_AGAIN = re.compile(r"(?:^|(?<=[\r\n~]))[ \t]*ISA(?=[^A-Za-z0-9 \t\r\n])")
_STRAY = re.compile(r"[\r\n][ \t\r\n]*(?=(?:GS|ST|GE|IEA|ISA|SE)[^A-Za-z0-9 \t\r\n])")
_HEADLESS = re.compile(r"(GS|ST|SE|GE|IEA)[^A-Za-z0-9 \t\r\n]")
_FIRST_LOOK = 1 << 20
_LET_GO = 1 << 16  # the window moves on when this much was read: copying it for every set would cost more than reading


def parts(window: Window, limits: Limits | None = None) -> Iterator[Part]:
    """The parts of a file. Raises ``NotX12`` when it holds no ISA, ``LimitExceeded`` when a segment passes the limit."""
    return _Reader(window, limits or Limits()).run()


class _Reader:
    def __init__(self, window: Window, limits: Limits) -> None:
        self.window = window
        self.limits = limits
        self.here = 0  # read so far
        self.kept = 0  # given out so far
        self.findings: list[Finding] = []
        self.cut = 0  # findings that were too many to keep
        self.numbers: set[int] = set()  # of the interchanges so far, with sender and receiver
        self.seen_any = False

    # --- between interchanges -------------------------------------------------------------------------------------

    def run(self) -> Iterator[Part]:
        while self._skip_blanks():
            isa = self._isa_here()
            if isa is None:
                yield from self._foreign()
            elif isinstance(isa, str):
                self._say("isa-broken", expected=isa, segment="ISA")
                self.seen_any = True
                self.here += 3
                yield from self._foreign(said=True)
            else:
                self.seen_any = True
                yield from self._interchange(isa)
                yield from self._flush()
        if not self.seen_any:
            raise NotX12(f"this is not X12: {guess(self._head())}")
        yield from self._flush()

    def _skip_blanks(self) -> bool:
        """Whether there is something but blanks ahead."""
        window = self.window
        while True:
            blank = _BLANK.match(window.text, self.here)
            assert blank is not None
            if blank.end() < len(window.text) and not (len(window.text) - blank.end() < 3 and not window.ended):
                self.here = blank.end()
                return True
            if not window.more():
                self.here = blank.end()
                return blank.end() < len(window.text)

    def _isa_here(self) -> Isa | str | None:
        """The ISA that begins here, None where none does, or why it cannot be read. Reads on no further than it must."""
        window = self.window
        while len(window.text) - self.here < 4 and window.more():
            pass
        if not window.text.startswith("ISA", self.here) or window.text[self.here + 3 : self.here + 4].isalnum():
            return None
        while True:
            isa = read_isa(window.text, self.here)
            if isinstance(isa, Isa) and isa.end + 2 <= len(window.text):
                return isa
            if (isinstance(isa, str) and len(window.text) - self.here > ISA_SPAN) or not window.more():
                return isa

    def _foreign(self, said: bool = False) -> Iterator[Part]:
        """Skip to the next ISA that begins a line, or to the end; give out what was skipped."""
        window, start = self.window, self.here
        while True:
            found = _AGAIN.search(window.text, self.here)
            if found and (found.start() > start or said):
                self.here = found.end() - 3
                break
            if not self.seen_any and len(window.text) > _FIRST_LOOK:
                raise NotX12(f"this is not X12: {guess(self._head())}")
            if self.seen_any and len(window.text) > _FIRST_LOOK:
                self.here = len(window.text) - 200
                break
            if not window.more():
                self.here = len(window.text)
                break
        if not self.seen_any and self.here == len(window.text):
            return
        if not said:
            skipped = window.text[start : min(self.here, start + 200)].strip(LAYOUT)
            if headless := _HEADLESS.match(skipped):
                self._say("isa-missing", at=start, segment=headless[1], value=skipped)
            else:
                self._say("foreign-text", at=start, value=skipped)
        yield from self._flush()

    # --- one interchange ------------------------------------------------------------------------------------------

    def _interchange(self, isa: Isa) -> Iterator[Part]:
        begin = self.here
        place = (self.window.base + begin, self.window.line(begin))
        envelope = Envelope(isa.elements, isa.delimiters, [], place)
        known = hash((*isa.elements[4:8], isa.elements[12]))
        if known in self.numbers:
            self._say("control-repeated", at=begin, level="warning", segment="ISA", ref="ISA13", value=isa.elements[12])
        self.numbers.add(known)
        if isa.damaged:
            self._say("isa-width", at=begin, segment="ISA", value=", ".join(isa.damaged))
        if isa.delimiters.wrapped:
            self._say("lines-wrapped", at=begin, segment="ISA")
        self.here = isa.end
        yield from self._flush(["ISA", *isa.elements], envelope)
        element, terminator = isa.delimiters.element, isa.delimiters.segment
        gap = r"[\r\n]*" if isa.delimiters.wrapped else ""
        tags = "|".join(gap.join(tag) for tag in ("SE", "ST", "GE", "GS", "IEA", "ISA"))
        ends = re.compile(rf"{re.escape(terminator)}[ \t\r\n\x00]*({tags}){gap}{re.escape(element)}")
        groups: list[str] = []
        group: list[str] | None = None
        sets: dict[str, int] = {}
        indented = outside = False
        tail, another = isa.delimiters.tail, f"{isa.delimiters.tail}ST{element}"
        while True:
            # One set after another, nothing odd between them: the usual case, and no need to look at every character.
            while len(self.window.text) - self.here < len(another) and self.window.more():
                pass
            if group is not None and self.window.text.startswith(another, self.here) and not isa.delimiters.wrapped:
                self.here += len(tail)
                yield from self._flush()
                yield self._set(ends, envelope, sets)
                self.kept = self.here
                self._let_go()
                outside = False
                continue
            body, at, here = self._segment(terminator, isa.delimiters.wrapped)
            if body is None:
                if group is not None:
                    self._say("ge-missing", segment="the end of the file")
                self._say("iea-missing")
                return
            if not indented and at and self.window.text[at - 1] in " \t" and self.window.text[at - 1] != terminator:
                indented = True
                self._say("segment-indented", at=at)
            values = body.split(element)
            tag = values[0]
            stray, outside = outside, tag not in ("ISA", "GS", "ST", "SE", "GE", "IEA", "TA1")
            if tag == "ISA":
                if group is not None:
                    self._say("ge-missing", at=at, segment="ISA")
                self._say("iea-missing", at=at)
                return
            if tag == "ST":
                if group is None:
                    self._say("gs-missing", at=at, segment="ST")
                    group, envelope = [], Envelope(isa.elements, isa.delimiters, [], place)
                    groups.append("")
                self.here = at
                yield from self._flush()  # what stood before the set; moves the window, so `at` is void from here
                part = self._set(ends, envelope, sets)
                yield part
                self.kept = self.here
                self._let_go()
                continue
            self.here = here
            if tag == "GS":
                if group is not None:
                    self._say("ge-missing", at=at, segment="GS")
                group, sets = values, {}
                spot = (self.window.base + at, self.window.line(at))
                envelope = Envelope(isa.elements, isa.delimiters, values, place, spot)
                number = _get(values, 6)
                if number in groups:
                    self._say("control-repeated", at=at, segment="GS", ref="GS06", value=number)
                groups.append(number)
                yield from self._flush(values, envelope)
            elif tag == "GE":
                if group is None:
                    self._say("gs-missing", at=at, segment="GE")
                else:
                    self._count(values, 1, "GE01", sum(sets.values()), at)
                    if group:
                        self._control(values, "GE02", _get(group, 6), at)
                    yield from self._flush(values, envelope)
                group = None
            elif tag == "IEA":
                if group is not None:
                    self._say("ge-missing", at=at, segment="IEA")
                self._count(values, 1, "IEA01", len(groups), at)
                self._control(values, "IEA02", isa.elements[12], at)
                yield from self._flush(values, envelope)
                return
            elif tag == "TA1":
                self.here = at
                yield from self._flush()  # what stood before it; moves the window
                self.here += here - at
                yield from self._flush(values, envelope)
            elif tag == "SE":
                self._say("st-missing", at=at, segment="SE")
            elif not body:
                self._say("segment-empty", at=at)
            elif outside and not stray:  # one finding for a run of them: a lost header must not hide the rest
                self._say("segment-outside", at=at, value=tag[:40], segment=tag[:3])

    def _segment(self, terminator: str, wrapped: bool) -> tuple[str | None, int, int]:
        """The next segment between sets: body, where it begins, where the next begins. Body None at the end."""
        window = self.window
        if not self._skip_blanks():
            return None, self.here, self.here
        at = search = self.here
        while (end := window.text.find(terminator, search)) < 0:
            search = len(window.text)
            self._limit("segment", search - at, at)
            if not window.more():
                break
        last = end < 0
        self._limit("segment", (len(window.text) if last else end) - at, at)
        end = len(window.text) if last else end
        body = window.text[at:end]
        if "\n" in body or "\r" in body:
            if wrapped:
                body = body.replace("\r", "").replace("\n", "")
            elif found := _STRAY.search(body):
                self._say("foreign-text", at=at, value=body[: found.start()])
                self.here = at + found.end()
                return self._segment(terminator, wrapped)
        if last:
            body = body.rstrip(LAYOUT + "\x1a")
            if terminator not in "\r\n" and body[:2] != "ST":  # of a set that is cut off here, its SE is missed
                self._say("terminator-missing", at=at, segment=body[:3])
        return body, at, end + (not last)

    def _set(self, ends: re.Pattern[str], envelope: Envelope, sets: dict[str, int]) -> Part:
        """The set that begins here, up to its SE or to where it is cut off."""
        window, start = self.window, self.here
        d = envelope.delimiters
        search = start
        while (found := ends.search(window.text, search)) is None:
            search = max(start, len(window.text) - 300)
            last = max(start, window.text.rfind(d.segment))
            self._limit("segment", len(window.text) - last, last)
            self._limit("segments", window.text.count(d.segment, start), start)
            if not window.more():
                break
        closed = found is not None and _plain(found[1]) == "SE"
        if found is None:
            stop = len(window.text)
        elif not closed:
            stop = found.start() + 1
        else:
            end = window.text.find(d.segment, found.end())
            while end < 0 and window.more():
                end = window.text.find(d.segment, found.end())
            stop = len(window.text) if end < 0 else end + 1
        text = window.text[start:stop]
        self._limits_of_set(text, start, d)
        part = Part(text, window.base + start, window.view(start), envelope, is_set=True)
        head = _split_first(text, d)
        part.set_id, part.control, part.first = _get(head, 1), _get(head, 2), not envelope.sets
        envelope.sets += 1
        self.here = stop
        self._judge_set(part, closed, text[found.start() + 1 - start :] if found and closed else "", d)
        sets[part.control] = sets.get(part.control, 0) + 1
        if sets[part.control] > 1:
            self._in(part, "control-repeated", start, at_=1, segment="ST", ref="ST02", value=part.control)
        if not closed:
            where = found.start(1) if found else stop
            self._in(part, "se-missing", where, segment="SE", expected=_plain(found[1]) if found else "the end of the file")
        return part

    def _judge_set(self, part: Part, closed: bool, tail: str, d: Delimiters) -> None:
        count = part.text.count(d.segment)
        if not closed:
            part.segments = sum(1 for _, body in split(part.text, d) if body)
            return
        start = part.offset - self.window.base
        offset = start + len(part.text) - len(tail.lstrip(LAYOUT))
        body = tail.lstrip(LAYOUT)
        if body.endswith(d.segment):
            body = body[:-1]
        else:
            count += 1
            body = body.rstrip(LAYOUT + "\x1a")
            if d.segment not in "\r\n":
                self._in(part, "terminator-missing", offset, segment="SE")
        trailer = (body.replace("\r", "").replace("\n", "") if d.wrapped else body).split(d.element)
        if integer(_get(trailer, 1)) != count:
            count = sum(1 for _, body in split(part.text, d) if body)
        part.segments = count
        if integer(_get(trailer, 1)) != count:
            self._in(
                part, "count-differs", offset, at_=count, segment="SE", ref="SE01", value=_get(trailer, 1), expected=str(count)
            )
        if _get(trailer, 2) != part.control:
            self._in(
                part, "control-differs", offset, at_=count, segment="SE", ref="SE02", value=_get(trailer, 2), expected=part.control
            )

    # --- small things ---------------------------------------------------------------------------------------------

    def _count(self, values: list[str], n: int, ref: str, counted: int, at: int) -> None:
        if integer(_get(values, n)) != counted:
            self._say("count-differs", at=at, segment=values[0], ref=ref, value=_get(values, n), expected=str(counted))

    def _control(self, values: list[str], ref: str, header: str, at: int) -> None:
        said = _get(values, 2)
        if said != header and (integer(said) is None or integer(said) != integer(header)):
            self._say("control-differs", at=at, segment=values[0], ref=ref, value=said, expected=header)

    def _limits_of_set(self, text: str, start: int, d: Delimiters) -> None:
        """Long sets are looked at for long segments and elements; short ones cannot hold any."""
        self._limit("segments", text.count(d.segment) if len(text) > self.limits.segments else 0, start)
        if len(text) <= min(self.limits.element, self.limits.segment):
            return
        here = start
        for segment in text.split(d.segment):
            self._limit("segment", len(segment), here)
            if len(segment) > self.limits.element:
                self._limit("element", max(map(len, segment.split(d.element))), here)
            here += len(segment) + 1

    def _limit(self, name: str, size: int, at: int) -> None:
        most = getattr(self.limits, name)
        if size > most:
            what = {"segment": "a segment is longer", "element": "an element is longer", "segments": "a set has more segments"}[
                name
            ]
            raise LimitExceeded(
                f"byte {self.window.base + at}: {what} than {most}: the file is damaged, or the limit `{name}` must be raised"
            )

    def _say(self, code: str, at: int | None = None, **fields: Any) -> None:
        at = self.here if at is None else at
        if len(self.findings) >= self.limits.findings:
            self.cut += 1
        else:
            self.findings.append(finding(code, offset=self.window.base + at, line=self.window.line(at), **fields))

    def _in(self, part: Part, code: str, at: int, at_: int | None = None, **fields: Any) -> None:
        place = self.window.base + at
        part.findings.append(finding(code, offset=place, line=self.window.line(at), set=part.control, at=at_, **fields))

    def _flush(self, values: list[str] | None = None, envelope: Envelope | None = None) -> Iterator[Part]:
        """Give out what was read and belongs to no set; ``values`` are the elements of the segment that it ends in."""
        if self.here > self.kept or self.findings:
            window = self.window
            text = window.text[self.kept : self.here]
            if self.cut:
                self.findings.append(finding("findings-cut", expected=str(self.cut)))
                self.cut = 0
            yield Part(text, window.base + self.kept, window.view(self.kept), envelope, findings=self.findings, values=values or [])
            self.findings = []
        self.kept = self.here
        self._let_go()

    def _let_go(self) -> None:
        if self.here > _LET_GO:
            self.here = self.kept = self.window.drop(self.here)

    def _head(self) -> bytes:
        return self.window.text[:1000].encode("latin-1")


def _get(values: list[str], n: int) -> str:
    return values[n] if n < len(values) else ""


def _plain(tag: str) -> str:
    return tag.replace("\r", "").replace("\n", "")


def _split_first(text: str, d: Delimiters) -> list[str]:
    head = text[: text.find(d.segment)] if d.segment in text else text
    return (_plain(head) if d.wrapped else head.rstrip("\r\n\x00")).split(d.element)
