"""Who we are to an API: its table goes in, the secrets come out of the environment, or of the system's keyring.

They are never written by us, and never shown: no repr, no error and no log has them. Where one is missing, it is said where it
is found and where it may be put.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from urllib.parse import quote

from translator.bodies.calls import Api
from translator.errors import SettingsError


class Credentials:
    """The secrets of one API, by the names of its table."""

    __slots__ = ("_held",)

    def __init__(self, held: Mapping[str, str]) -> None:
        self._held = dict(held)

    def __repr__(self) -> str:
        return f"Credentials({', '.join(self._held)})"

    def __getitem__(self, name: str) -> str:
        return self._held[name]

    def hidden(self, text: str) -> str:
        """A text with every secret in it made unreadable: for whatever an answer may echo."""
        forms = {form for value in self._held.values() for form in (value, quote(value, safe=""), value.replace("/", "\\/"))}
        for form in sorted(forms, key=len, reverse=True):
            text = text.replace(form, "[hidden]")
        return text


def service(api: Api) -> str:
    """Under which name the system's keyring has them."""
    return f"translator/{api.partner}"


def credentials(api: Api, environment: Mapping[str, str] | None = None) -> Credentials:
    """The secrets that an API asks for. Raises ``SettingsError`` that says of each missing one where it is found."""
    environment = os.environ if environment is None else environment
    held, missing = {}, []
    for one in api.credentials.values():
        value = (environment.get(one.variable) or _kept(service(api), one.name)).strip()
        if not value:
            missing.append(f"{one.variable} ({one.about})")
        elif not value.isascii() or not value.isprintable() or " " in value:
            raise SettingsError(f"{one.variable} has a character that no credential has: copy it again, without blanks or quotes")
        else:
            held[one.name] = value
    if missing:
        raise SettingsError(
            f"these are needed for {api.partner} and are not set: {'; '.join(missing)}. Put them into the environment of whatever "
            f"starts translator, or into the system's keyring (`keyring set {service(api)} NAME`, NAME one of "
            f"{', '.join(api.credentials)})"
        )
    return Credentials(held)


def _kept(place: str, name: str) -> str:
    """From the system's keyring, where there is one. Raises ``SettingsError`` for one that is locked or broken."""
    try:
        import keyring
        from keyring.errors import NoKeyringError
    except ImportError:
        return ""
    try:
        return keyring.get_password(place, name) or ""
    except NoKeyringError:
        return ""
    except Exception as error:  # whatever the many keyrings raise; what they say of it is not repeated, it may name secrets
        why = f"the system's keyring could not be asked ({type(error).__name__})"
        raise SettingsError(f"{why}: unlock it, or put the credentials of {place} into the environment") from None
