"""The 50 states, the District of Columbia and Puerto Rico, by what people write for them."""

import json
import pkgutil
import re
import unicodedata

# The same table as src/contract/states.ts; a test keeps them equal.
_STATES = json.loads(pkgutil.get_data(__package__, "states.json"))
_CODES = {state["code"] for state in _STATES}
_ZONES = {state["code"]: state["time_zone"] for state in _STATES}
_CODE_OF = {word: state["code"] for state in _STATES for word in state["spoken"]}
for _state in _STATES:
    for _word in (_state["code"], _state["name"], _state["name"].replace(" ", "")):
        _CODE_OF[_word.lower()] = _state["code"]

_SILENT = re.compile("['’‘ʻ`]")
_BETWEEN = re.compile("[\\t\\n\\v\\f\\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff.,;:/()_\\-–—]+")
_AROUND = re.compile(r"^(?:us|usa|(?:the )?(?:state|commonwealth) of) | (?:us|usa|united states)$")
_INITIALS = re.compile("[a-z] [a-z]")


def state_code(written: str) -> str | None:
    """The USPS code for what people write ("tx", "Texas", "calif.", "N.Y."), or None if it is none of the 52."""
    if written in _CODES:
        return written
    bare = _AROUND.sub("", _plain(written))
    code = _CODE_OF.get(bare)
    if code is None and _INITIALS.fullmatch(bare):
        code = _CODE_OF.get(bare.replace(" ", ""))
    return code


def state_time_zone(code: str) -> str:
    """The commonest time zone of a state."""
    return _ZONES.get(code, "UTC")


def _plain(written: str) -> str:
    """No case, no marks, no odd widths or invisible characters; one space between words."""
    lower = unicodedata.normalize("NFKC", written).lower()
    visible = "".join(one for one in lower if unicodedata.category(one) != "Cf")
    return _BETWEEN.sub(" ", _SILENT.sub("", visible)).strip(" ")
