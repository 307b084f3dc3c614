"""What an ``Evaluator`` is told about classes, as the compiled half reads it."""

import operator
import os
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple, Union

#: Rules ``CLASS -> CLASS``, as text or in a file, or a mapping of names to names.
Rules = Union[str, "os.PathLike[str]", Mapping[str, Optional[str]]]
#: A preset or a classes file.
Set = Union[str, "os.PathLike[str]"]


def description(
    classes: Union[int, Set],
    names: Optional[Sequence[str]],
    *,
    colours: Optional[Sequence[Tuple[int, int, int]]],
    background: Union[bool, str],
    ignore_index: Optional[Union[int, Sequence[int]]],
    labels: Optional[str],
    data_map: Optional[Rules],
    network_classes: Optional[Union[Set, Sequence[str]]],
    map: Optional[Rules],
) -> Dict[str, Any]:
    """The arguments of ``Evaluator`` that say what is scored.

    Raises:
        TypeError: for names that are no text.
        ValueError: for arguments that do not go together.
    """
    own = _set_of(classes)
    if own is not None and (names is not None or colours is not None):
        raise ValueError(f"classes={classes!r} has names and colours of its own (expected neither names nor colours)")
    if own is None:
        _check_count(_count(classes), names, colours)
    if labels not in (None, "indices", "values") or labels == "values" and own is None:
        raise ValueError(f"labels={labels!r} (expected 'indices', or with a preset or a classes file 'values')")
    if isinstance(background, str) and own is None:
        raise ValueError(f"background={background!r}: of listed classes it is the first (expected True or False)")
    network = _set_of(network_classes)
    return {
        "set": own,
        "names": _names("names", names),
        "colours": [_colour(colour) for colour in colours or ()],
        "indices": own is None or labels == "indices",
        "ignore": _ignored(ignore_index),
        "has_background": background is not False,
        "background": background if isinstance(background, str) else None,
        "data_map": _rules(data_map),
        "network_set": network,
        "network_names": _names("network_classes", network_classes) if network is None else [],  # type: ignore[arg-type]
        "map": _rules(map),
    }


def _set_of(classes: Any) -> Optional[str]:
    """The preset or the path, where it is one."""
    return str(os.fspath(classes)) if isinstance(classes, (str, os.PathLike)) else None


def _count(classes: Any) -> int:
    try:
        return operator.index(classes)
    except TypeError:
        raise TypeError(
            f"classes={classes!r} (expected how many, 2 to 254, with their names; a preset such as 'voc'; or the path of a "
            "classes file)"
        ) from None


def _check_count(count: int, names: Optional[Sequence[str]], colours: Optional[Sequence[Any]]) -> None:
    if not 2 <= count <= 254:
        raise ValueError(f"{count} classes (expected 2 to 254)")
    if names is None or isinstance(names, str) or len(names) != count:
        found = "no" if names is None else len(names)
        raise ValueError(f"{found} names for {count} classes (expected one for each)")
    if colours is not None and len(colours) != count:
        raise ValueError(f"{len(colours)} colours for {count} classes (expected one for each)")


def _names(what: str, names: Optional[Sequence[str]]) -> List[str]:
    listed = list(names or ())
    for name in listed:
        if not isinstance(name, str):
            raise TypeError(f"{what}: {name!r} (expected names of classes, which are text)")
    return listed


def _colour(colour: Any) -> Tuple[int, ...]:
    try:
        parts = tuple(operator.index(part) for part in colour)
    except TypeError:
        parts = ()
    if len(parts) != 3 or not all(0 <= part <= 255 for part in parts):
        raise ValueError(f"colours: {colour!r} (expected red, green and blue, whole numbers from 0 to 255)")
    return parts


def _ignored(ignore_index: Optional[Union[int, Sequence[int]]]) -> Optional[List[int]]:
    if ignore_index is None:
        return None
    several = ignore_index if isinstance(ignore_index, Sequence) else [ignore_index]
    found = [operator.index(value) for value in several]
    for value in found:
        if not -(2**31) <= value < 2**16:
            raise ValueError(f"ignore_index: {value} (expected at most 65535)")
    return found


def _rules(rules: Optional[Rules]) -> Optional[str]:
    if rules is None or isinstance(rules, (str, os.PathLike)):
        return None if rules is None else os.fspath(rules)
    lines = []
    for name, target in rules.items():
        if '"' in f"{name}{target}" or "\n" in f"{name}{target}":
            raise ValueError(f"{name!r}: {target!r}: a name with a quotation mark or a line end cannot be mapped")
        source = "*" if name == "*" else f'"{name}"'
        lines.append(f"{source} -> " + ("ignore" if target is None else f'"{target}"'))
    return "\n".join(lines)
