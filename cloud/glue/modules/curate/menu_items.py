"""Menu items: a name of the menu, in one size or in all, and what one costs to make."""

from curate.checks import Fault, Number, Row, Text, Word, faults_of

_CHECKS = {
    "menu_item_id": Text(64, shortest=1),
    "menu_item": Text(120, shortest=1),
    "kind": Word(("pizza", "side", "drink")),
    "size": Text(40),
    "unit_cost_cents": Number(0, 1_000_000, is_whole=True),
}


def normalise_menu_item(row: Row) -> Row | list[Fault]:
    """A menu item, or what is wrong with it. Costs in cents count before costs in dollars."""
    item = {member: value for member, value in row.items() if member != "unit_cost"}
    if "unit_cost" in row:
        item.setdefault("unit_cost_cents", row["unit_cost"])
    if "kind" in row:
        item["kind"] = str(row["kind"]).lower()
    faults = faults_of(item, _CHECKS, required=("menu_item_id", "menu_item"))
    if faults:
        return faults
    return {
        "menu_item_id": item["menu_item_id"],
        "menu_item": item["menu_item"],
        "kind": item.get("kind"),
        "size": item.get("size"),
        "unit_cost_cents": item.get("unit_cost_cents"),
        "changed_at": None,
    }
