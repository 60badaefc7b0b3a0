"""The pages of what is known of partners: settings, programs, dated rules, carriers."""

from __future__ import annotations

from typing import Any

from making.markdown import plain, said, table
from translator import shipped
from translator.tables.partner import partner
from translator.tables.standard import parsed


def settings(partners: list[str]) -> str:
    lines = ["# Settings", "", "What no public guide decides, and who may be sent what: rows of the partner's `partner.toml`."]
    lines += ["`--setting NAME=VALUE` chooses for one call, a `partner.toml` of your own for all: [how](../unknown.md)."]
    for name in partners:
        about, raw = partner(name), parsed(f"mappings/{name}/partner.toml")
        if strange := set(raw) - {"partner", "name", "guides", "bodies", "programs", "settings", "accepted", "alarms"}:
            raise LookupError(f"{about.file}: what is {', '.join(sorted(strange))}?")
        lines += ["", f"## {raw.get('name', name)}", "", "### Which table reads and writes what"]
        rows: list[list[str]] = []
        for guide in about.guides:
            read = _to(guide.table) if guide.table else f"none: {plain('kept as text' if guide.accepted else guide.why)}"
            rows.append([guide.set_id, said(guide.senders), said(guide.receivers), plain(" ".join(guide.when)), read])
        lines += table(["set", "from", "to", "only when", "table"], rows)
        bodies = [[_to(row["table"]), said(row["fields"])] for row in raw.get("bodies", [])]
        lines += table(["table", "for JSON with these fields"], bodies)
        lines += ["", "### Which order is answered by what"]
        rows = []
        for n, one in enumerate(about.programs):
            when = raw["programs"][n].get("when", "any other order, or by its name")
            answers = [_to(one.tables[kind]) if kind in one.tables else "–" for kind in ("acknowledgment", "shipment", "invoice")]
            rows.append([plain(one.name), plain(said(when)), *answers, plain(one.why)])
        lines += table(["program", "when", "acknowledgment", "shipment", "invoice", "why"], rows)
        for setting in about.settings.values():
            usual = " (when nothing is said)"
            values = [f"- `{key}` {plain(says)}{usual * (key == setting.default)}" for key, says in setting.values.items()]
            lines += ["", f"### `{setting.name}`", "", plain(setting.about[:1].upper() + setting.about[1:]) + ".", ""]
            lines += [*(values or [f"- any; `{setting.default}`{usual}"]), "", f"Source: {plain(setting.source)}."]
    return "\n".join(lines) + "\n"


def _to(name: str) -> str:
    return f"[{name}]({name.replace('/', '-')}.md)"


_KINDS = {"deadline": "What is due", "check": "What is looked at before a document goes out", "charge": "Charges"}
# What a key of a rule says, in words; those without words have a column of their own, or are said by another.
_WORDS = {
    "what": "{}", "value": "{}", "after": "after: {}", "values": "{}", "rate": "{}", "per": "per {}", "currency": "in {}",
    "percent": "{} percent", "least": "at least {}", "applies_to": "for {}", "severity": "a breach is: {}", "charge": "risks `{}`",
    "note": "{}", "id": "", "kind": "", "source": "", "as_of": "", "confidence": "", "effective_from": "", "effective_until": "",
}  # fmt: skip


def deadlines() -> str:
    lines = ["# Deadlines, checks and charges", ""]
    lines += ["Dated rows of a partner's `compliance.toml`. None is law, and every amount made from one is an estimate: hold them"]
    lines += ["against your own agreement, and [give a corrected copy](../howto/chargebacks.md)."]
    for file in shipped.names("mappings", "compliance.toml"):
        rules = parsed(file)["rule"]
        if strange := {rule["kind"] for rule in rules} - set(_KINDS):
            raise LookupError(f"{file}: what is a rule of the kind {', '.join(sorted(strange))}?")
        lines += ["", f"## {file.removeprefix('mappings/')}"]
        for kind, title in _KINDS.items():
            rows = [_rule(rule, file) for rule in rules if rule["kind"] == kind]
            lines += ["", f"### {title}", *table(["rule", "says", "from", "source"], rows)]
    return "\n".join(lines) + "\n"


def _rule(rule: dict[str, Any], file: str) -> list[str]:
    if strange := set(rule) - set(_WORDS):
        raise LookupError(f"{file}: what is {', '.join(sorted(strange))} of a rule?")
    held = {key: said(value) for key, value in rule.items()}
    if rule.get("per") == "cost":
        held |= {"rate": f"{rule['rate']} percent", "per": "the cost of the goods"}
    if "applies_to" in rule:
        held["applies_to"] = ", ".join(f"{key} {said(value)}" for key, value in rule["applies_to"].items())
    words = "; ".join(words.format(held[key]) for key, words in _WORDS.items() if words and key in held)
    days = " to ".join(filter(None, (held.get("effective_from", ""), held.get("effective_until", ""))))
    days = f"until {days}" if "effective_from" not in held and days else days
    return [f"`{rule['id']}`", plain(words), days, plain(f"{rule['source']}, {rule['as_of']} ({rule['confidence']})")]


def carriers() -> str:
    lines = ["# Carriers", ""]
    lines += ["An ERP's own name for a carrier, and the codes that it becomes. A name that is not here is an error."]
    for file in shipped.names("mappings", "carriers.toml"):
        raw = parsed(file)
        if strange := set(raw) - {"partner", "carriers", "same_as"}:
            raise LookupError(f"{file}: what is {', '.join(sorted(strange))}?")
        rows = raw.get("carriers", [])
        keys = list(dict.fromkeys(key for row in rows for key in row))
        lines += ["", f"## {file.removeprefix('mappings/')}"]
        lines += ["", f"As {raw['same_as']}."] if "same_as" in raw else []
        lines += table(keys, [tuple(plain(said(row.get(key, ""))) for key in keys) for row in rows])
    return "\n".join(lines) + "\n"
