"""A screen as an SVG that looks like a terminal's window. Nothing is loaded from elsewhere; frames are drawn, not written, since
the fonts of readers differ in how far their line characters reach."""
import itertools
import re
from html import escape

WIDTH, HEIGHT = 9.0, 20.0            # of a cell
FONT = 15
MARGIN, BAR = 18.0, 36.0
PAPER, FRAME, INK, TITLE = "#1b1e24", "#3a3f4b", "#d7dae0", "#9aa1ad"
DOTS = ("#ff5f57", "#febc2e", "#28c840")
# Which ways a line character leaves the middle of its cell.
LINES = {"─": "lr", "│": "ud", "┌": "rd", "┐": "ld", "└": "ru", "┘": "lu", "├": "udr", "┤": "udl", "┬": "lrd", "┴": "lru", "┼": "lrud",
         "╭": "rd", "╮": "ld", "╰": "ru", "╯": "lu", "━": "lr", "┃": "ud"}
ROUND = "╭╮╰╯"
_WORDS = re.compile(rf"[^\s{''.join(LINES)}]+(?: [^\s{''.join(LINES)}]+)*")


def svg(rows, title):
    """The picture of rows of (character, Style)."""
    columns = max((len(row) for row in rows), default=0)
    width, height = 2 * MARGIN + columns * WIDTH, BAR + MARGIN + len(rows) * HEIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
        f'role="img" aria-label="{escape(title, quote=True)}">',
        f"<title>{escape(title)}</title>",
        f'<rect x=".5" y=".5" width="{width - 1:g}" height="{height - 1:g}" rx="9" fill="{PAPER}" stroke="{FRAME}"/>',
        *(f'<circle cx="{MARGIN + 2 + 20 * i:g}" cy="{BAR / 2:g}" r="6" fill="{colour}"/>' for i, colour in enumerate(DOTS)),
        f'<text x="{width / 2:g}" y="{BAR / 2 + 4.5:g}" text-anchor="middle" font-family="system-ui,sans-serif" font-size="13" '
        f'fill="{TITLE}">{escape(title)}</text>',
        f'<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,\'DejaVu Sans Mono\',monospace" font-size="{FONT}" fill="{INK}">']
    for number, row in enumerate(rows):
        parts += _row(row, BAR + number * HEIGHT)
    return "\n".join([*parts, "</g>", "</svg>", ""])


def _row(row, top):
    """Backgrounds, then frames, then words."""
    at, backgrounds, lines, words = 0, [], [], []
    for style, group in itertools.groupby(row, key=lambda cell: cell[1]):
        text = "".join(character for character, _ in group)
        x = MARGIN + at * WIDTH
        at += len(text)
        ink, paper = style.colour, style.background
        if style.reverse:
            ink, paper = paper or PAPER, ink or INK
        if paper:
            backgrounds.append(f'<rect x="{x:g}" y="{top:g}" width="{len(text) * WIDTH:g}" height="{HEIGHT:g}" fill="{paper}"/>')
        faded = ' opacity=".6"' if style.dim else ""
        path = "".join(_line(character, x + i * WIDTH, top) for i, character in enumerate(text) if character in LINES)
        if path:
            lines.append(f'<path d="{path}" fill="none" stroke="{ink or TITLE}"{faded}/>')
        words += _words(text, x, top, (f' fill="{ink}"' if ink else "") + (' font-weight="bold"' if style.bold else "") + faded)
    return backgrounds + lines + words


def _words(text, x, top, attributes):
    """Each run of words, made as wide as its cells whatever the font."""
    for match in _WORDS.finditer(text):
        yield (f'<text x="{x + match.start() * WIDTH:g}" y="{top + HEIGHT - 5:g}" textLength="{len(match.group()) * WIDTH:g}" '
               f'lengthAdjust="spacingAndGlyphs"{attributes}>{escape(match.group())}</text>')


def _line(character, x, top):
    middle, centre = x + WIDTH / 2, top + HEIGHT / 2
    ends = {"l": (x, centre), "r": (x + WIDTH, centre), "u": (middle, top), "d": (middle, top + HEIGHT)}
    ways = [ends[way] for way in LINES[character]]
    if character in ROUND:
        (fromx, fromy), (tox, toy) = ways
        return f"M{fromx:g} {fromy:g}Q{middle:g} {centre:g} {tox:g} {toy:g}"
    return "".join(f"M{middle:g} {centre:g}L{endx:g} {endy:g}" for endx, endy in ways)
