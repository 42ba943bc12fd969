"""Values of columns, as MySQL writes them, made into values of fields."""

import re

# What JavaScript trims; str.strip() takes other characters.
_SPACES = "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_PREFIXED = re.compile(r"0(?:[xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)")
_DOLLARS = re.compile(r"([0-9]{0,9})(?:\.([0-9]*))?")


def trim(written: str) -> str:
    """Takes white space off both ends, exactly what JavaScript's trim takes."""
    return written.strip(_SPACES)


def number_of(written: str) -> int | float | None:
    """The finite number that a text writes as JavaScript reads it, None if it is none."""
    if _PREFIXED.fullmatch(written):
        return int(written, 0)
    if not _DECIMAL.fullmatch(written):
        return None
    value = float(written)
    if value in (float("inf"), float("-inf")):
        return None
    return int(value) if value.is_integer() else value


def cents_of(dollars: str) -> int | None:
    """"4.125" is 413 cents, without going through binary fractions; None if it is no amount."""
    match = _DOLLARS.fullmatch(dollars)
    if match is None or not re.search("[0-9]", dollars):
        return None
    whole, fraction = match[1] or "0", match[2] or ""
    cents = int(whole + fraction[:2].ljust(2, "0"))
    return cents + 1 if fraction[2:3] >= "5" else cents


def read_value(written: str | None, kind: str, is_number: bool) -> str | int | float | None:
    """
    The value of a field from the text of its column; None for NULL and for empty text. What cannot be converted stays
    as it is written, so that the check names it. `is_number` says that the column holds numbers: its ZIP codes have
    lost their leading zeros.
    """
    text = trim(written) if written is not None else ""
    if text == "":
        return None
    if kind == "number":
        value = number_of(text)
        return text if value is None else value
    if kind == "zip":
        return text.rjust(5, "0") if is_number else text
    if kind == "dollars":
        cents = cents_of(text)
        return text if cents is None else cents
    return text


def read_key(written: str | None) -> str | None:
    """The key of a row exactly as it is: ids that differ in case or in spaces are different ids."""
    return written or None
