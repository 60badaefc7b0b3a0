"""Names of number series: who sends to whom goes in, the name under which the ledger counts comes out.

Interchanges are counted for each sender, receiver and usage (ISA05 to ISA08, ISA15); groups for each GS02, GS03, GS01 and usage;
labels of cartons for each GS1 prefix. These names are in ledgers for ever. No number is given here.
"""

from __future__ import annotations


def between(sender: tuple[str, str], receiver: tuple[str, str]) -> str:
    """Who sends to whom, qualifier and id each: ``ZZ/1234567890>08/6111470100``."""
    return f"{sender[0]}/{sender[1]}>{receiver[0]}/{receiver[1]}"


def interchanges(between: str, usage: str) -> str:
    """The series of ISA13."""
    return f"ISA {between} {usage}"


def groups(sender: str, receiver: str, functional: str, usage: str) -> str:
    """The series of GS06: ids of the GS, and GS01."""
    return f"GS {sender}>{receiver} {functional} {usage}"


def labels(prefix: str) -> str:
    """The series of serial numbers in SSCCs of a GS1 company prefix."""
    return f"SSCC {prefix}"
