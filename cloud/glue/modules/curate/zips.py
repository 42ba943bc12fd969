"""ZIP codes as people and spreadsheets write them, and the time zones of those that there are."""

import re
import unicodedata
from collections.abc import Mapping

from curate.states import state_time_zone

_SPACES = "\\t\\n\\v\\f\\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_GAPS = re.compile(f"[{_SPACES}]+")
_WRITTEN = re.compile("(?:([0-9]{3,5})(?: ?[-–] ?[0-9]{4})?|([0-9]{5}) ?[0-9]{4})")

# The state and the time zone (None if not known) of every ZIP code.
ZipZones = Mapping[str, tuple[str, str | None]]


def plain_zip(written: str) -> str | None:
    """The five digits of a ZIP code: of "78704-1234", "787041234", "2139" for 02139, "78704.0". None if it is none."""
    normal = unicodedata.normalize("NFKC", written)
    spaced = "".join(" " if unicodedata.category(one) == "Cf" else one for one in normal)
    text = _GAPS.sub(" ", spaced).strip(" ")
    match = _WRITTEN.fullmatch(text[:-2] if text.endswith(".0") else text)
    return None if match is None else (match[1] or match[2]).rjust(5, "0")


def store_time_zone(state: str, written: str | None, zones: ZipZones) -> str:
    """
    The IANA time zone of a store: its ZIP code's, or its state's commonest one when the ZIP code is absent, unknown or
    of another state.
    """
    known = zones.get(plain_zip(written) or "") if written else None
    if known is None or known[0] != state:
        return state_time_zone(state)
    return known[1] or state_time_zone(state)
