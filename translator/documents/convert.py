"""Between canonical JSON and the classes: a dict goes in and an ``Order`` or another document comes out, and back.

``document`` says which class it is; only its module is loaded.

Nothing is coerced and nothing is skipped: a text must be text, an integer an integer (true is none, 6.0 is none), null
is no value, and a key without a field is refused. Absent keys stay absent. An empty list or map says as much as an
absent key, so it is dropped on the way out (the schema does not allow it); an empty object stays, and the free object
``erp`` is handed through untouched, not copied. Values are not judged (a quantity may be any text): that is for
``schema`` and for the tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, cast, get_origin

import attrs
from cattrs import BaseValidationError, Converter, ForbiddenExtraKeysError
from cattrs.cols import is_mapping, is_sequence, list_structure_factory, mapping_structure_factory
from cattrs.errors import ClassValidationError, IterableValidationError
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from translator.documents.kinds import KINDS, unknown
from translator.documents.parts import Free
from translator.documents.problems import Problem, kind, path, report, shown
from translator.errors import DocumentError

if TYPE_CHECKING:
    from translator.documents.acknowledgment import Acknowledgment
    from translator.documents.change import Change
    from translator.documents.functional_acknowledgment import FunctionalAcknowledgment, InterchangeAcknowledgment
    from translator.documents.invoice import Invoice
    from translator.documents.order import Order
    from translator.documents.shipment import Shipment

    Document = Order | Acknowledgment | Shipment | Invoice | FunctionalAcknowledgment | InterchangeAcknowledgment | Change

Hook = Callable[[Any, Any], Any]


class _Unfit(Exception):
    """A value of another kind than its field. The message is what people read."""


def structure(data: object) -> Document:
    """The document that canonical JSON describes, of the class that belongs to its ``document``.

    Raises ``DocumentError``, a line for each wrong place: ``$.lines[0].quantity: expected text, got a number``.
    """
    try:
        document = _exactly(dict, "an object")(data, dict)
        if problem := unknown(document):
            raise DocumentError(report([problem]))
        module, name = KINDS[document["document"]]
        class_ = getattr(import_module(f"translator.documents.{module}"), name)
        return cast("Document", _converter.structure(document, class_))
    except (BaseValidationError, _Unfit) as error:
        raise DocumentError(report(list(_problems(error, ())))) from None


def unstructure(document: Document) -> dict[str, Any]:
    """The canonical JSON of a document, keys in the order of its fields, absent where a field has nothing to say."""
    return cast("dict[str, Any]", _converter.unstructure(document))


def json_name(field: str) -> str:
    """The JSON name of a field: the same, without the underscore that keeps it from being a Python keyword."""
    return field.removesuffix("_")


def _exactly(type_: type, words: str) -> Callable[[object, object], Any]:
    def structure_exactly(value: object, _: object) -> Any:
        if type(value) is not type_:
            raise _Unfit(f"expected {words}, got {kind(value)}")
        return value

    return structure_exactly


def _checked(type_: type, words: str, structure_checked: Hook) -> Hook:
    """A hook that first wants the value to be a list or an object, and not just something that can be iterated."""
    exactly = _exactly(type_, words)
    return lambda value, declared: structure_checked(exactly(value, declared), declared)


def _optional_factory(declared: Any, converter: Converter) -> Hook:
    """``X | None`` takes an X only: None is a field without its key, and null in JSON is a mistake."""
    (wanted,) = (arg for arg in declared.__args__ if arg is not type(None))
    hook = converter.get_structure_hook(wanted)
    return lambda value, _: hook(value, wanted)


def _is_literal(declared: Any) -> bool:
    origin: Any = get_origin(declared)
    return origin is Literal


def _literal(value: object, declared: Any) -> Any:
    if value not in declared.__args__:
        raise _Unfit(f"expected {' or '.join(shown(arg) for arg in declared.__args__)}, got {shown(value)}")
    return value


def _renamed(class_: type) -> dict[str, Any]:
    """Keyword names lose their underscore; free objects pass; what names the document is always written."""
    overrides = {}
    for field in attrs.fields(class_):
        free = field.type == Free | None
        overrides[field.name] = override(
            rename=json_name(field.name),
            omit_if_default=field.name != "document",
            struct_hook=_exactly(dict, "an object") if free else None,
            unstruct_hook=(lambda value: value) if free else None,
        )
    return overrides


def _class_in(class_: type, converter: Converter) -> Hook:
    made: Hook = make_dict_structure_fn(class_, converter, _cattrs_forbid_extra_keys=True, **_renamed(class_))
    return _checked(dict, "an object", made)


def _class_out(class_: type, converter: Converter) -> Callable[[Any], dict[str, Any]]:
    return make_dict_unstructure_fn(class_, converter, **_renamed(class_))


def _strict() -> Converter:
    converter = Converter(forbid_extra_keys=True, omit_if_default=True)
    for type_, words in ((str, "text"), (int, "an integer"), (bool, "true or false")):
        converter.register_structure_hook(type_, _exactly(type_, words))
    converter.register_structure_hook_factory(
        is_sequence, lambda declared, c: _checked(list, "a list", list_structure_factory(declared, c))
    )
    converter.register_structure_hook_factory(
        is_mapping, lambda declared, c: _checked(dict, "an object", mapping_structure_factory(declared, c))
    )
    converter.register_structure_hook_func(_is_literal, _literal)
    converter.register_structure_hook_factory(lambda declared: isinstance(declared, UnionType), _optional_factory)
    converter.register_structure_hook_factory(attrs.has, _class_in)
    converter.register_unstructure_hook_factory(attrs.has, _class_out)
    return converter


def _problems(error: BaseException, place: tuple[str | int, ...]) -> Iterator[Problem]:
    """Every leaf of cattrs's tree of errors, with its path. Field names become JSON names."""
    if isinstance(error, ClassValidationError | IterableValidationError):
        noted, bare = error.group_exceptions()
        for inner, note in noted:
            step = json_name(note.name) if hasattr(note, "name") else note.index
            yield from _problems(inner, (*place, step))
        for inner in bare:
            yield from _problems(inner, place)
    elif isinstance(error, ForbiddenExtraKeysError):
        for name in sorted(error.extra_fields, key=str):
            yield path((*place, name)), "no such name in this document"
    else:
        yield path(place), str(error)


_converter = _strict()
