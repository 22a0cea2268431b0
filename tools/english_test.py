"""Every Chinese word that the console shows has an English one."""
import pathlib
import re
import unittest

CONSOLE = pathlib.Path(__file__).resolve().parents[1] / "src" / "console"
# Texts of the services that the console shows as they are.
SERVICE_TEXTS = CONSOLE.parent / "chat" / "texts.h"
FIRST_CONSOLE_TEXT = "// Console: logins"
CHINESE = re.compile(r"[\u3400-\u9fff]")
LITERAL = r'"((?:[^"\\\n]|\\.)*)"'
# Names of columns and parameters that only stand in messages the validation makes.
NOT_SHOWN_ALONE = {"分类id"}


def literals(code):
    """Texts of a C++ source, adjacent literals joined, without comments."""
    code = re.sub(r"(?m)^\s*//.*$|\s//\s.*$", "", code)
    for run in re.finditer(r"(?:%s\s*)+" % LITERAL, code):
        yield "".join(part.group(1) for part in re.finditer(LITERAL, run.group()))


def menu_names(code):
    """Names of the menu that comes with the program, JSON in a raw literal."""
    return re.findall(r'"name":"([^"]*)"', code)


def shown_texts():
    for path in sorted(CONSOLE.rglob("*")):
        if path.name.endswith("_test.cc") or path.name == "english.cc":
            continue
        if path.suffix in (".cc", ".h"):
            code = path.read_text(encoding="utf-8")
            raw = re.compile(r'R"(\w*)\(.*?\)\1"', re.S)
            for text in [*literals(raw.sub('""', code)), *menu_names(code)]:
                yield path, text
        elif path.suffix == ".mustache":
            for text in re.findall(r"\{\{t (.*?)\}\}", path.read_text(encoding="utf-8")):
                yield path, text.strip()
    code = SERVICE_TEXTS.read_text(encoding="utf-8")
    for text in literals(code[code.index(FIRST_CONSOLE_TEXT):]):
        yield SERVICE_TEXTS, text


def translations():
    code = (CONSOLE / "english.cc").read_text(encoding="utf-8")
    pair = re.compile(r"\{((?:%s\s*)+),\s*((?:%s\s*)+)\}" % (LITERAL, LITERAL))
    for match in pair.finditer(code):
        yield tuple("".join(re.findall(LITERAL, part)) for part in (match.group(1), match.group(3)))


class EnglishTest(unittest.TestCase):
    def test_the_table_is_read(self):
        self.assertGreater(len(list(translations())), 150)

    def test_every_shown_text_has_a_translation(self):
        known = {chinese for chinese, _ in translations()} | NOT_SHOWN_ALONE
        missing = sorted({"%s: %s" % (path.name, text) for path, text in shown_texts()
                          if CHINESE.search(text) and text not in known})
        self.assertEqual(missing, [])

    def test_translations_keep_the_places_of_data(self):
        for chinese, english in translations():
            self.assertEqual(chinese.count("{}"), english.count("{}"), chinese)

    def test_no_text_is_translated_twice(self):
        texts = [chinese for chinese, _ in translations()]
        self.assertEqual(sorted(texts), sorted(set(texts)))

    def test_templates_show_no_untranslated_words(self):
        for path in sorted((CONSOLE / "templates").glob("*.mustache")):
            rest = re.sub(r"\{\{t .*?\}\}", "", path.read_text(encoding="utf-8"))
            self.assertIsNone(CHINESE.search(rest), path.name)

    def test_scripts_take_their_words_from_the_page(self):
        for path in sorted((CONSOLE / "assets").glob("*.js")):
            self.assertIsNone(CHINESE.search(path.read_text(encoding="utf-8")), path.name)


if __name__ == "__main__":
    unittest.main()
