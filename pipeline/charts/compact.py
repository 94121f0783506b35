"""What matplotlib writes as SVG, as a part of an HTML page: small, without styles, ids of its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from operator import itemgetter

_TAG = re.compile(r"<[a-zA-Z][^>]*>")
_SHAPE = r"<(?:path|use|circle) [^>]*/>"
# Shapes side by side, marks or not, and what they mostly have in common.
_RUN_OF = rf"(?:<[ag] [^>]*>{_SHAPE}</[ag]>|{_SHAPE})"
_SHAPES = re.compile(rf"<g>({_RUN_OF}+)</g>|(?<=</defs>)({_RUN_OF}{{3,}})(?=</g>)")
_LOOKS = ("fill", "stroke", "stroke-width", "stroke-linejoin", "stroke-linecap")
_TEXT = r"(?:<text[^>]*>[^<]*</text>|<a [^>]*><text[^>]*>[^<]*</text></a>)"
_TEXTS = re.compile(rf"{_TEXT}{{3,}}")
_LETTERS = ("font-size", "text-anchor", "fill")
# Shapes that follow each other, look alike and say nothing: one shape. What lets others shine through stays by itself.
_ALIKE = re.compile(
    rf'(<path d="[^"]*)"((?: (?:{"|".join(_LOOKS)})="[^"]*")*)/>(?:<path d="([^"]*)"\2/>)+'
)  # fmt: skip
_RUN = re.compile(r'(?:<path d="[^"]*"[^>]*/>){2,}')
_CIRCLE = re.compile(r' d="M ([-0-9.]+ [-0-9.]+)((?: C(?: [-0-9.]+){6}){8}) z ?"')
_CORNERS = re.compile(r' d="M (\S+) (\S+) L (\S+) \2 L \3 (\S+) L \1 \4 (?:L \1 \2 )?z ?"')
_BOX = re.compile(r"M([^ h]+) ([^ h]+)h([^ v]+)v([^ h]+)h[^ z]+z")
_ONCE = re.compile(r'<defs><path id="([^"]*)" ([^>]*?)/></defs>')
_CLOSE = 0.03  # points by which curves may miss the circle that they stand for


def plain(text: str, name: str) -> str:
    """The drawing without what a page does not need: declaration, styles, grounds that cut nothing; ids begin with ``name``.

    A page has a policy against styles, and a fifth of a hundredth of a point shows nowhere.
    """
    text = re.sub(r"<!--.*?-->\s*|<metadata>.*?</metadata>\s*", "", text[text.index("<svg") :], flags=re.DOTALL)
    text = re.sub(r' style="([^"]*)"', lambda style: attributes_of(style[1]), text)
    # matplotlib's one rule is for all elements: what the root has, they inherit.
    rule = re.search(r"\s*<defs>\s*<style[^>]*>\s*\*\{([^}]*)\}\s*</style>\s*</defs>", text)
    if rule:
        text = text[: rule.start()] + text[rule.end() :]
        text = text.replace("<svg ", f"<svg{attributes_of(rule[1])} ", 1)
    # Axes that are the whole page cut nothing off.
    for whole in re.findall(r'<clipPath id="([^"]+)">\s*<rect x="0" y="0"', text):
        text = text.replace(f' clip-path="url(#{whole})"', "")
    used = dict.fromkeys(re.findall(r'(?:href="|url\()#(?!approach)([^")]+)', text))
    ids = {own: f"{name}-{place}" for place, own in enumerate(used)}
    text = _TAG.sub(lambda tag: _tidy(tag[0], ids), text)
    text = text.replace(' target="_blank"', "")
    head, rest = text.split(">", 1)
    head = re.sub(r' (?:xmlns(?::xlink)?|version|height)="[^"]*"', "", head)
    rest = re.sub(r"<(?:defs|g)>\s*</(?:defs|g)>", "", re.sub(r"<clipPath>.*?</clipPath>", "", rest, flags=re.DOTALL))
    rest = re.sub(r">\s+<", "><", rest).strip()
    rest = re.sub(r' transform="rotate\(-?0 [^)]*\)"', "", rest)
    return head + ">" + re.sub(rf"<g>({_TEXT})</g>", r"\1", rest)


def joined(text: str, *, crowded: bool = False) -> str:
    """The plain drawing with what stands in it several times said once.

    ``crowded``: it has very many cells side by side. None lies on another, so that they may come in any order.
    """
    if crowded:
        text = _RUN.sub(lambda run: _by_looks(run[0]), text)
    text = _ALIKE.sub(lambda shapes: _one(shapes, crowded=crowded), _placed(text))
    text = _SHAPES.sub(lambda group: _hoisted(group[1] or group[2], _LOOKS, _SHAPE), text)
    return _TEXTS.sub(lambda run: _hoisted(run[0], _LETTERS, "<text"), text)


def _tidy(tag: str, ids: dict[str, str]) -> str:
    """A tag with short numbers, short outlines and ids of the figure."""
    tag = re.sub(r' id="([^"]*)"', lambda own: f' id="{ids[own[1]]}"' if own[1] in ids else "", tag, count=1)
    tag = re.sub(
        r'(xlink:href="|url\()#(?!approach)([^")]+)', lambda reference: f"{reference[1]}#{ids[reference[2]]}", tag
    )
    if "mark:" not in tag:
        tag = re.sub(r"-?\d+\.\d{3,}", lambda number: _short(float(number[0])), tag)
    tag = re.sub(r"\s+", " ", tag)
    circle = _CIRCLE.search(tag)
    looks = _circle(circle) if circle else ""
    if circle and looks:
        return tag.replace(circle[0], looks).replace("<path ", "<circle ", 1)
    tag = _CORNERS.sub(lambda corners: f' d="{_box(*map(float, corners.groups()))}"', tag)
    return re.sub(r' d="([^"]*)"', lambda outline: f' d="{_outline(outline[1])}"', tag)


def _box(left: float, top: float, right: float, bottom: float) -> str:
    """A rectangle: from corner to corner along the axes."""
    return f"M{_short(left)} {_short(top)}h{_short(right - left)}v{_short(bottom - top)}h{_short(left - right)}z"


def _outline(text: str) -> str:
    """The outline without blanks that part nothing, and lines along the axes as such."""
    text = re.sub(r" ?([A-Za-z]) ?", r"\1", text).strip()
    text = re.sub(r"M([^ A-Za-z]+) ([^ A-Za-z]+)L([^ A-Za-z]+) \2(?=M|$)", r"M\1 \2H\3", text)
    return re.sub(r"M([^ A-Za-z]+) ([^ A-Za-z]+)L\1 ([^ A-Za-z]+)(?=M|$)", r"M\1 \2V\3", text)


def _circle(curves: re.Match[str]) -> str:
    """Middle and radius, as attributes, of the circle that matplotlib draws as eight curves; nothing where it is none."""
    x, start = map(float, curves[1].split())
    ends = [tuple(map(float, curve.split()[-2:])) for curve in curves[2].split(" C")[1:]]
    side, middle = ends[1]
    across, opposite = side - x, 2 * middle - start
    corners = [(side, middle), (x, opposite), (x - across, middle), (x, start)]
    round_enough = abs(abs(across) - abs(start - middle)) <= _CLOSE and all(
        abs(value - other) <= _CLOSE
        for end, corner in zip(ends[1::2], corners, strict=True)
        for value, other in zip(end, corner, strict=True)
    )
    radius = (abs(across) + abs(start - middle)) / 2
    return f' cx="{_short(x)}" cy="{_short(middle)}" r="{_short(radius)}"' if round_enough else ""


def _placed(text: str) -> str:
    """A shape that is defined and used once stands where it is used."""
    for found in list(_ONCE.finditer(text)):
        own, looks = found[1], found[2]
        if text.count(f'"#{own}"') != 1:
            continue
        use = re.search(rf'<use xlink:href="#{re.escape(own)}" x="([^"]*)" y="([^"]*)"([^>]*?)/>', text)
        outline = re.match(r'd="[^"]*"', looks)
        if use and outline:
            text = text.replace(found[0], "", 1)
            moved = f' transform="translate({use[1]} {use[2]})"'
            text = text.replace(use[0], f"<path {outline[0]}{moved}{_with(use[3], looks[outline.end() :])}/>", 1)
    return text


def _with(looks: str, defined: str) -> str:
    """The looks of a use with those of its definition, which come first."""
    own = dict(re.findall(r' ([\w-]+)="([^"]*)"', looks)) | dict(re.findall(r' ([\w-]+)="([^"]*)"', defined))
    return "".join(f' {name}="{value}"' for name, value in own.items())


def _by_looks(run: str) -> str:
    """The shapes of a run, those of the same looks one after the other."""
    return "".join(sorted(re.findall(r"<path [^>]*/>", run), key=lambda shape: shape.split('"', 2)[2]))


def _one(shapes: re.Match[str], *, crowded: bool) -> str:
    """One shape for several."""
    outlines = re.findall(r' d="([^"]*)"', shapes[0])
    return f'<path d="{_strips(outlines) if crowded else "".join(outlines)}"{shapes[2]}/>'


def _strips(outlines: Sequence[str]) -> str:
    """Boxes that share a side as one box, row by row; any other outlines as they are."""
    boxes = [_BOX.fullmatch(outline) for outline in outlines]
    if None in boxes:
        return "".join(outlines)
    places = [tuple(map(float, box.groups())) for box in boxes if box]
    strips: list[list[float]] = []
    for left, top, width, height in sorted(places, key=itemgetter(1, 3, 0)):
        right = round(left + width, 2)
        if strips and strips[-1][1:] == [top, left, height]:
            strips[-1][2] = right
        else:
            strips.append([left, top, right, height])
    return "".join(_box(left, top, right, top + height) for left, top, right, height in strips)


def _hoisted(inner: str, looks: Iterable[str], element: str) -> str:
    """Elements in a group with the looks that most of them have, where all have one, which these inherit."""
    said, elements = "", len(re.findall(element, inner))
    for name in looks:
        found = re.findall(rf' {name}="[^"]*"', inner)
        if len(found) == elements:
            ((most, _),) = Counter(found).most_common(1)
            said += most
            inner = inner.replace(most, "")
    return f"<g{said}>{inner}</g>"


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def attributes_of(style: str) -> str:
    """`fill: #fff; stroke: none` as attributes of their own; of a font its size: the page has the family."""
    pairs = []
    for rule in filter(str.strip, style.split(";")):
        name, value = (part.strip() for part in rule.split(":", 1))
        size = re.search(r"[\d.]+px", value) if name == "font" else None
        pairs += [("font-size", size[0])] if size else [] if name in ("font-family", "font") else [(name, value)]
    return "".join(f' {name}="{value}"' for name, value in pairs)
