"""A terminal's screen as `tmux capture-pane -e` gives it: lines of text with SGR sequences, to cells with colours."""
import dataclasses
import re

# What xterm shows by default is too dark on black; these are the usual ones of a dark theme.
PALETTE = ("#3b4048", "#e06c75", "#8fce6b", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#c8ccd4",
           "#7f8794", "#ff7b86", "#a5e075", "#f0d197", "#7cc3ff", "#d99aec", "#6fd0dc", "#ffffff")
_SEQUENCE = re.compile(r"\x1b\[([0-9;:]*)([A-Za-z])|\x1b[()][A-Za-z0-9]|[\x0e\x0f]")


@dataclasses.dataclass(frozen=True)
class Style:
    """A colour of None is the terminal's own."""
    colour: str | None = None
    background: str | None = None
    bold: bool = False
    dim: bool = False
    reverse: bool = False


def cells(text):
    """Rows of (character, Style); a style lasts over the ends of lines, as tmux writes it."""
    style, rows = Style(), []
    for line in text.rstrip("\n").split("\n"):
        row, at = [], 0
        for match in _SEQUENCE.finditer(line):
            row += [(character, style) for character in line[at:match.start()]]
            at = match.end()
            if match.group(2) == "m":
                style = restyle(style, match.group(1))
            elif match.group(2):
                raise ValueError(f"not a screen but a stream: {match.group(0)!r}")
        rows.append(row + [(character, style) for character in line[at:]])
    return rows


def restyle(style, parameters):
    """What an SGR sequence makes of a style."""
    codes = [int(code or 0) for code in re.split("[;:]", parameters)]
    while codes:
        code = codes.pop(0)
        if code == 0:
            style = Style()
        elif code in (1, 2, 7):
            style = dataclasses.replace(style, **{{1: "bold", 2: "dim", 7: "reverse"}[code]: True})
        elif code == 22:
            style = dataclasses.replace(style, bold=False, dim=False)
        elif code == 27:
            style = dataclasses.replace(style, reverse=False)
        elif code in (38, 48):
            style = dataclasses.replace(style, **{"colour" if code == 38 else "background": _extended(codes)})
        elif code in (39, 49):
            style = dataclasses.replace(style, **{"colour" if code == 39 else "background": None})
        elif 30 <= code <= 37 or 90 <= code <= 97:
            style = dataclasses.replace(style, colour=PALETTE[code - 30 if code < 90 else code - 82])
        elif 40 <= code <= 47 or 100 <= code <= 107:
            style = dataclasses.replace(style, background=PALETTE[code - 40 if code < 100 else code - 92])
    return style


def _extended(codes):
    kind = codes.pop(0) if codes else None
    if kind == 2 and len(codes) >= 3:
        red, green, blue = codes.pop(0), codes.pop(0), codes.pop(0)
        return f"#{red:02x}{green:02x}{blue:02x}"
    if kind == 5 and codes:
        return _of_256(codes.pop(0))
    return None


def _of_256(index):
    if index < 16:
        return PALETTE[index]
    if index >= 232:
        level = 8 + 10 * (index - 232)
        return f"#{level:02x}{level:02x}{level:02x}"
    index -= 16
    levels = (0, 95, 135, 175, 215, 255)
    return "#" + "".join(f"{levels[part]:02x}" for part in (index // 36, index // 6 % 6, index % 6))
