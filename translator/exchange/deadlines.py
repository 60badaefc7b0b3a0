"""What is due when, and what is late: an order, what was done about it, the rules and the time go in, a list comes out.

Whoever keeps the ledger fills ``State``. All moments are aware datetimes, and come out in UTC. A day means in the zone given:
its beginning where something may not be earlier, its end where it may not be later; days of 23 and 25 hours are as long as they
are. A deadline of hours or minutes counts them; one of days counts calendar days. The rules are those in force on the day on
which the clock starts, and for a window on its last day. Late is only what is done, or not yet done, after the moment at which
it was due. Nothing is read, stored or sent here.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from attrs import Attribute, define, field

from translator.exchange.manifest import Json, mapping, window
from translator.exchange.rules import BY_DATES, DEADLINE, Rule, Rules, span
from translator.findings import shown

Moments = Mapping[str, "datetime.datetime | datetime.date | None"]

_LAST = datetime.time.max
_FIRST_DAY, _LAST_DAY = datetime.date(2, 1, 1), datetime.date(9900, 12, 31)


class UnknownZone(Exception):
    """A time zone that this machine does not know. The message says what to do."""


def _aware(_: Any, attribute: Attribute[Any], value: datetime.datetime | None) -> None:
    if value is not None and value.tzinfo is None:
        raise ValueError(f"{attribute.name} needs a time zone: {value}")


@define(kw_only=True)
class Dispatch:
    """What was shipped of the order at one time: one ship notice, and the invoice for it.

    ``ship_date`` and ``delivery_date`` (as promised) are the document's; ``trailer_closed_at`` is the ERP's, where it says so;
    ``sent_at`` is when the notice went out, ``invoiced_at`` when the invoice for it did. ``cartons`` is how many there are.
    """

    name: str = ""
    ship_date: datetime.date | None = None
    delivery_date: datetime.date | None = None
    trailer_closed_at: datetime.datetime | None = field(default=None, validator=_aware)
    sent_at: datetime.datetime | None = field(default=None, validator=_aware)
    invoiced_at: datetime.datetime | None = field(default=None, validator=_aware)
    cartons: int | None = None


@define(kw_only=True)
class Awaited:
    """A document that was sent, and that the partner acknowledges: its kind, its name, when it went and when the answer came."""

    document: str
    name: str = ""
    sent_at: datetime.datetime | None = field(default=None, validator=_aware)
    answered_at: datetime.datetime | None = field(default=None, validator=_aware)


@define(kw_only=True)
class State:
    """What was done about an order.

    ``program`` and ``answers`` are its program's name and the kinds of documents that the program has. ``handed_over_at`` is
    when its file was put out for the ERP, ``taken_at`` when the ERP had taken it. ``complete``: nothing more will be shipped,
    all is gone or closed short. ``cancelled``: all of it is called off.
    """

    received_at: datetime.datetime | None = field(default=None, validator=_aware)
    program: str = ""
    answers: frozenset[str] = frozenset()
    handed_over_at: datetime.datetime | None = field(default=None, validator=_aware)
    taken_at: datetime.datetime | None = field(default=None, validator=_aware)
    acknowledged_at: datetime.datetime | None = field(default=None, validator=_aware)
    dispatches: list[Dispatch] = field(factory=list)
    complete: bool = False
    cancelled: bool = False
    awaited: list[Awaited] = field(factory=list)


@define
class Due:
    """One thing that is due. ``what`` is the rule's word, ``rule`` its id; moments are UTC, ``opens`` the earliest that is allowed.

    ``done`` is when it was done: a day counts as its end. ``late``: after ``due``, be it done or not.
    """

    what: str
    due: datetime.datetime
    done: datetime.datetime | None
    late: bool
    rule: str
    sentence: str
    opens: datetime.datetime | None = None

    @property
    def early(self) -> bool:
        """Whether it was done before it was allowed."""
        return self.done is not None and self.opens is not None and self.done < self.opens


def zone_named(name: str) -> datetime.tzinfo:
    """The time zone of a name such as ``America/Chicago``. Raises ``UnknownZone``."""
    if name == "UTC":
        return datetime.UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        if not available_timezones():
            cure = "this machine has no time zone data: install the package tzdata (`pip install tzdata`), or use UTC"
        else:
            cure = "name one as America/Chicago does"
        raise UnknownZone(f"there is no time zone {shown(name)}: {cure}") from error


def due(order: Json, state: State, rules: Rules, zone: datetime.tzinfo, now: datetime.datetime) -> list[Due]:
    """What is due for a canonical order, done or not, in the order of its life.

    ``order`` is as it stands today (as revised) with its ``derived`` part. An order that is cancelled, or that may not be
    shipped, has no window, notice or invoice due but for what was shipped all the same.
    """
    if now.tzinfo is None:
        raise ValueError(f"now needs a time zone: {now}")
    return list(_Watch(order, state, rules, zone, now).all())


def begins(on: datetime.date, zone: datetime.tzinfo) -> datetime.datetime:
    """The first moment of a day in a zone, in UTC."""
    return datetime.datetime.combine(_within(on), datetime.time.min, zone).astimezone(datetime.UTC)


def ends(on: datetime.date, zone: datetime.tzinfo) -> datetime.datetime:
    """The last moment of a day in a zone, in UTC; where clocks go back then, the later one."""
    return datetime.datetime.combine(_within(on), _LAST.replace(fold=1), zone).astimezone(datetime.UTC)


def _within(on: datetime.date) -> datetime.date:
    """The day, or the nearest from which a deadline can still be reckoned: some orders have a date that means never."""
    return min(max(on, _FIRST_DAY), _LAST_DAY)


class _Watch:
    """One order under watch."""

    def __init__(self, order: Json, state: State, rules: Rules, zone: datetime.tzinfo, now: datetime.datetime) -> None:
        self.order, self.state, self.rules, self.zone, self.now = order, state, rules, zone, now
        derived = mapping(order.get("derived"))
        self.delivery = str(derived.get("delivery", ""))
        self.open = not state.cancelled and derived.get("shippable") is not False
        self.number = str(order.get("number", ""))

    def all(self) -> Iterator[Due]:
        state = self.state
        yield from self.timed("hand-over", "hand-over to the ERP", {"handed over": state.handed_over_at}, state.taken_at)
        wanted = "acknowledgment" in state.answers and (not state.cancelled or state.acknowledged_at is not None)
        if wanted:
            about = "acknowledgment"
            yield from self.timed(about, about, {"received": state.received_at}, state.acknowledged_at, document=about)
        yield from self.windows()
        for one in state.dispatches:
            yield from self.dispatch(one)
        for sent in state.awaited:
            about = f"acknowledgment of receipt for the {sent.document}"
            yield from self.timed("receipt", about, {"sent": sent.sent_at}, sent.answered_at, sent.name, document=sent.document)

    def dispatch(self, one: Dispatch) -> Iterator[Due]:
        """What follows from goods that are gone."""
        events: Moments = {"received": self.state.received_at, "trailer closed": one.trailer_closed_at, "shipped": one.ship_date}
        if "shipment" in self.state.answers:
            about = ("ship notice", "ship notice", events, one.sent_at, one.name)
            yield from self.timed(*about, document="shipment", cartons=one.cartons)
        if "invoice" in self.state.answers:
            events = {**events, "sent": one.sent_at}
            yield from self.timed("invoice", "invoice of the shipment", events, one.invoiced_at, one.name, document="invoice")

    def timed(
        self,
        what: str,
        about: str,
        events: Moments,
        done: datetime.datetime | None,
        name: str = "",
        *,
        document: str = "",
        cartons: int | None = None,
    ) -> Iterator[Due]:
        """The first rule that applies and whose clock has started."""
        for rule in self.rules.of(DEADLINE, what):
            begun = events.get(rule.after)
            if begun is None or not self.applies(rule, document):
                continue
            start = self.end(begun)
            rules = self.rules.on(start.astimezone(self.zone).date())
            if rule in rules.rows:
                yield self.made(rule, rules, about, name, self.later(start, rule), done, cartons=cartons)
                return

    def windows(self) -> Iterator[Due]:
        """When the order's own dates want it shipped, and there."""
        if not self.open and not self.state.dispatches:
            return
        for what in BY_DATES:
            opens, closes = window(self.order, what)
            if closes is None:
                continue
            rules = self.rules.on(closes)
            rule = next((rule for rule in rules.of(DEADLINE, what) if self.applies(rule, "shipment")), None)
            if rule is not None:
                about = "delivery" if what == "deliver" else "shipping"
                start = None if opens is None else begins(opens, self.zone)
                yield self.made(rule, rules, about, "", ends(closes, self.zone), self.gone(what), start)

    def gone(self, what: str) -> datetime.datetime | None:
        """When the last of the order was shipped, or there as promised; None while something is open."""
        moments = [
            (one.delivery_date if what == "deliver" else None) or one.trailer_closed_at or one.ship_date or one.sent_at
            for one in self.state.dispatches
        ]
        found = [self.end(moment) for moment in moments if moment is not None]
        return max(found) if found and (self.state.complete or self.state.cancelled) else None

    def applies(self, rule: Rule, document: str) -> bool:
        return rule.applies(program=self.state.program, delivery=self.delivery, document=document)

    def end(self, moment: datetime.datetime | datetime.date) -> datetime.datetime:
        """A moment, or the end of a day, in UTC."""
        if isinstance(moment, datetime.datetime):
            return moment.astimezone(datetime.UTC)
        return ends(moment, self.zone)

    def later(self, moment: datetime.datetime, rule: Rule) -> datetime.datetime:
        """When a deadline ends that starts at a moment: calendar days keep the time on the clock."""
        days, time = span(rule)
        if not days:
            return moment + time
        local = moment.astimezone(self.zone) + datetime.timedelta(days=days)
        return local.astimezone(datetime.UTC)

    def made(
        self,
        rule: Rule,
        rules: Rules,
        about: str,
        name: str,
        when: datetime.datetime,
        done: datetime.datetime | None,
        opens: datetime.datetime | None = None,
        cartons: int | None = None,
    ) -> Due:
        done = None if done is None else done.astimezone(datetime.UTC)
        one = Due(rule.what, when, done, (done or self.now) > when, rule.id, "", opens)
        words = [f"Order {shown(self.number, quote=False)}: {about}"]
        words += [shown(name, quote=False)] if name else []
        words.append(f"{'was' if one.late or done else 'is'} due by {self.clock(when)}")
        if done is not None:
            words.append(f"and done {'only ' if one.late else ''}by {self.clock(done)}")
        elif one.late:
            words.append("and is not done")
        sentence = " ".join(words) + (f"; it was not allowed before {self.clock(opens)}" if one.early and opens else "")
        charge = rules.charge(rule) if one.late or one.early else None
        one.sentence = sentence + (f". This {charge.risk(cartons)}." if charge else ".")
        return one

    def clock(self, moment: datetime.datetime) -> str:
        return f"{moment.astimezone(self.zone):%Y-%m-%d %H:%M %Z}"
