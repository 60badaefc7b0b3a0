"""A tree of loops and the canonical document: in goes either one, out comes the other. Nothing is judged here but labels.

In X12 a ship notice is a tree of HL segments: shipment, order, pallet, pack, item, in more than one structure. The
canonical document has one shape for all: ``orders[].packs[].items[]``, and ``pallets[]`` that packs name. A pack without
label holds what lies loose. Rows read and write the tree as ``children`` with a ``level``; neither name leaves this floor.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from translator.tables.table import Tree

Json = dict[str, Any]
PLACE = "@"  # where a node of the tree stands in the canonical document, for findings


def fold(tree: Tree, document: Json) -> list[tuple[str, str]]:
    """The tree's nodes into orders, pallets and packs, in place. Answers what is wrong with them, and where: packs and pallets
    without a label cannot be told apart, and what holds nothing cannot be named by what it holds. A carton's items may stand
    in it already."""
    if "children" not in document:
        return []
    pallets: dict[str, Json] = {}
    wrong: list[tuple[str, str]] = []
    orders = []
    for n, order in enumerate(document["children"]):
        packs: list[Json] = []
        children = order.pop("children", ())
        if "packs" in order:  # a run, which stands as it should
            del order["level"]
            orders.append(order)
            continue
        if {child["level"] for child in children} == {tree.pack}:  # the usual case: nothing but cartons
            packs, children = children, ()
            for pack in packs:
                _placed(pack, "")
        for child in children:
            if child["level"] == tree.pallet:
                del child["level"]
                below = child.pop("children", ())
                name = child.get("sscc", "")
                pallets.setdefault(name, child)
                if not (name and below):
                    wrong.append(("tree-empty" if name else "pack-unlabeled", f"pallets[{list(pallets).index(name)}]"))
                since = 0 if name else len(packs)  # what lies on one pallet is one heap, also where the pallet is named again
                for one in below:
                    _pack(tree, one, packs, since, name)
            else:
                _pack(tree, child, packs, 0, "")
        del order["level"]
        if packs:
            order["packs"] = packs
        else:
            wrong.append(("tree-empty", f"orders[{n}]"))
        orders.append(order)
        for k, pack in enumerate(packs):
            if "level" in pack:
                del pack["level"]
                if "items" not in pack or not labelled(pack):
                    wrong.append(("tree-empty" if labelled(pack) else "pack-unlabeled", f"orders[{n}].packs[{k}]"))
    held_document = list(document.items())
    document.clear()
    for key, value in held_document:
        if key != "children":
            document[key] = value
            continue
        if pallets:
            document["pallets"] = list(pallets.values())
        document["orders"] = orders
    return wrong


def _pack(tree: Tree, child: Json, packs: list[Json], since: int, pallet: str) -> None:
    """A pack, or an item that lies loose beside the one before."""
    if child["level"] != tree.item:
        _placed(child, pallet)
        packs.append(child)
        return
    del child["level"]
    last = packs[-1] if len(packs) > since else None
    if last is None or "level" in last or last.get("pallet", "") != pallet:
        last = {"pallet": pallet, "items": []} if pallet else {"items": []}
        packs.append(last)
    last["items"].append(child)


def _placed(pack: Json, pallet: str) -> None:
    """A carton with its items, which may stand in it already."""
    if pallet:
        items = pack.pop("items", None)
        pack["pallet"] = pallet
        if items:
            pack["items"] = items
    if below := pack.pop("children", None):
        for item in below:
            del item["level"]
        pack["items"] = below


def labelled(pack: Json) -> bool:
    """Whether a pack is a carton that somebody can scan, and not a heap of loose items."""
    return pack.get("sscc") is not None or pack.get("tracking") is not None


def unfold(tree: Tree, document: Json, say: Callable[..., None]) -> Json:
    """The tree that rows can write; the document is not changed. ``say`` hears of what is no object or no list."""
    made = {key: value for key, value in document.items() if key not in ("orders", "pallets")}
    known: dict[str, tuple[Json, str]] = {}
    for place, pallet in _objects(document, "pallets", "", say):
        known.setdefault(str(pallet.get("sscc")), (pallet, place))
    nodes = []
    for place, order in _objects(document, "orders", "", say):
        kids: list[Json] = []
        open_ = ""
        for spot, pack in _objects(order, "packs", place + ".", say):
            pallet_name = "" if pack.get("pallet") is None else str(pack["pallet"])
            into = kids
            if pallet_name:
                if pallet_name != open_:
                    about, where = known.get(pallet_name, ({"sscc": pallet_name}, f"{spot}.pallet"))
                    kids.append(about | {"level": tree.pallet, PLACE: where, "children": []})
                into = kids[-1]["children"]
            open_ = pallet_name
            items = [{**item, "level": tree.item, PLACE: at} for at, item in _objects(pack, "items", spot + ".", say)]
            if labelled(pack):
                into.append({**pack, "level": tree.pack, PLACE: spot, "children": items})
            else:
                into += items
        nodes.append({**order, "level": tree.order, PLACE: place, "children": kids})
    made["children"] = nodes
    return made


def structure(tree: Tree, document: Json) -> str | None:
    """The structure code that stands for every path of levels in a canonical document; None where no one does, or where there
    is something else than packs."""
    kinds = set()
    try:
        for order in document.get("orders", ()):
            for pack in order.get("packs", ()):
                kinds.add((bool(pack.get("pallet")), pack.get("sscc") is not None or pack.get("tracking") is not None))
    except (AttributeError, TypeError):
        return None
    paths = {
        " ".join([tree.order, *([tree.pallet] if pallet else []), *([tree.pack] if pack else []), tree.item])
        for pallet, pack in kinds
    }
    return next((code for code, known in tree.structures.items() if paths and paths <= known), None)


def _objects(holder: Json, name: str, prefix: str, say: Callable[..., None]) -> list[tuple[str, Json]]:
    """The objects of a list with their places."""
    held = holder.get(name)
    if held is None:
        return []
    if not isinstance(held, list):
        say("value-type", path=f"{prefix}{name}", value=repr(held)[:60], expected="a list")
        return []
    found = []
    for n, item in enumerate(held):
        place = f"{prefix}{name}[{n}]"
        if isinstance(item, dict):
            found.append((place, item))
        else:
            say("value-type", path=place, value=repr(item)[:60], expected="an object")
    return found
