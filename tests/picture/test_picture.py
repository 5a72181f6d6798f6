"""From a terminal's screen to an SVG, without a terminal."""
import pathlib
import sys
import unittest
import xml.etree.ElementTree

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TOP / "docs" / "picture"))

from screen import PALETTE, Style, cells
from svg import BAR, HEIGHT, MARGIN, PAPER, WIDTH, svg

SVG = "{http://www.w3.org/2000/svg}"


def picture(text):
    return xml.etree.ElementTree.fromstring(svg(cells(text), "a & <title>"))


def words(text):
    return [node for node in picture(text).iter(SVG + "text") if node.get("textLength")]


class ScreenTests(unittest.TestCase):
    def style(self, sequence):
        return cells(f"\x1b[{sequence}mx")[0][0][1]

    def test_colours_of_every_kind(self):
        self.assertEqual(PALETTE[2], self.style("32").colour)
        self.assertEqual(PALETTE[9], self.style("91").colour)
        self.assertEqual(PALETTE[10], self.style("38;5;10").colour)
        self.assertEqual("#0a1e28", self.style("38;2;10;30;40").colour)
        self.assertEqual("#ff0000", self.style("38;5;196").colour)
        self.assertEqual("#080808", self.style("48;5;232").background)
        self.assertEqual(PALETTE[4], self.style("44").background)

    def test_a_style_lasts_until_it_is_taken_back(self):
        rows = cells("\x1b[1;32ma\nb\x1b[22mc\x1b[39md\x1b[7;2me\x1b[mf")
        self.assertEqual([[("a", Style(PALETTE[2], bold=True))],
                          [("b", Style(PALETTE[2], bold=True)), ("c", Style(PALETTE[2])), ("d", Style()),
                           ("e", Style(reverse=True, dim=True)), ("f", Style())]], rows)

    def test_what_moves_the_cursor_is_no_screen(self):
        with self.assertRaisesRegex(ValueError, "stream"):
            cells("\x1b[2Kx")


class SvgTests(unittest.TestCase):
    def test_words_stand_in_their_cells_and_are_as_wide(self):
        first, second = words("  one two   three\n")
        self.assertEqual(("one two", MARGIN + 2 * WIDTH, 7 * WIDTH), (first.text, float(first.get("x")), float(first.get("textLength"))))
        self.assertEqual(("three", MARGIN + 12 * WIDTH), (second.text, float(second.get("x"))))

    def test_colours_and_weight_are_kept(self):
        node, = words("\x1b[1;33mgold")
        self.assertEqual((PALETTE[3], "bold"), (node.get("fill"), node.get("font-weight")))

    def test_frames_are_drawn_and_not_written(self):
        root = picture("╭──╮\n│ab│\n╰──╯")
        self.assertEqual(["ab"], [node.text for node in root.iter(SVG + "text") if node.get("textLength")])
        top, sides, bottom = [node.get("d") for node in root.iter(SVG + "path")]
        self.assertEqual((2, 2), (top.count("Q"), bottom.count("Q")))
        # The left side runs from the row's top to its end: no gap between rows.
        middle = MARGIN + WIDTH / 2
        self.assertIn(f"L{middle:g} {BAR + HEIGHT:g}", sides)
        self.assertIn(f"L{middle:g} {BAR + 2 * HEIGHT:g}", sides)

    def test_it_is_as_large_as_the_screen(self):
        root = picture("12345\n1\n1")
        self.assertEqual([2 * MARGIN + 5 * WIDTH, BAR + MARGIN + 3 * HEIGHT], [float(root.get(name)) for name in ("width", "height")])

    def test_reverse_changes_ink_and_paper(self):
        root = picture("\x1b[7;31mx")
        self.assertEqual(PAPER, next(node for node in root.iter(SVG + "text") if node.get("textLength")).get("fill"))
        self.assertIn(PALETTE[1], [node.get("fill") for node in root.iter(SVG + "rect")])

    def test_what_a_program_writes_stays_text(self):
        node, = words("<script>&")
        self.assertEqual("<script>&", node.text)
        self.assertEqual("a & <title>", picture("x").find(SVG + "title").text)


class CommittedPictureTests(unittest.TestCase):
    def test_it_is_small_whole_and_of_a_run_that_mined(self):
        file = TOP / "docs" / "demo.svg"
        self.assertLess(file.stat().st_size, 60_000)
        text = file.read_text(encoding="utf-8")
        shown = [node.text for node in xml.etree.ElementTree.fromstring(text).iter(SVG + "text")]
        self.assertIn("$ ./stratum demo", shown)
        self.assertGreater(int(shown[shown.index("accepted") + 1]), 0)
        for outside in ("href", "url(", "@import", "<script"):
            self.assertNotIn(outside, text)


if __name__ == "__main__":
    unittest.main()
