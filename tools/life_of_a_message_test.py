"""docs/life-of-a-message.md names functions and files; they must exist."""
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "life-of-a-message.md"
# `function` (`file`), or (`function`, `file`), perhaps over a line's end.
NAMED = re.compile(r"`([\w:]+)`(?:\s*\(|,\s+)`(src/[\w./]+)`")


def defines(text, name):
    """Whether a source defines this function, or declares this class."""
    last = re.escape(name)
    return re.search(r"(?:^|[\s*&])(?:class )?%s(?:\(| \{|;| final)" % last, text, re.MULTILINE) is not None


class LifeOfAMessage(unittest.TestCase):
    def test_every_function_is_where_the_page_says(self):
        named = NAMED.findall(PAGE.read_text(encoding="utf-8"))
        self.assertGreater(len(named), 25)
        for name, file in named:
            with self.subTest(name=name, file=file):
                path = ROOT / file
                self.assertTrue(path.is_file(), file)
                self.assertTrue(defines(path.read_text(encoding="utf-8"), name), name)

    def test_the_test_can_fail(self):
        self.assertFalse(defines("int other();\n", "missing"))
        self.assertTrue(defines("Task<int> A::b(int c) {\n", "A::b"))


if __name__ == "__main__":
    unittest.main()
