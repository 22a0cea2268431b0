"""web/package-lock.json pins what the console's pages are made of, and names no registry."""
import json
import pathlib
import re
import unittest

WEB = pathlib.Path(__file__).resolve().parents[1] / "web"


class WebTest(unittest.TestCase):
    def setUp(self):
        self.package = json.loads((WEB / "package.json").read_text(encoding="utf-8"))
        self.lock = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))

    def test_versions_are_exact(self):
        for group in ("dependencies", "devDependencies"):
            for name, version in self.package[group].items():
                self.assertRegex(version, r"^\d+\.\d+\.\d+$", name)

    def test_the_lock_belongs_to_the_package(self):
        root = self.lock["packages"][""]
        for group in ("dependencies", "devDependencies"):
            self.assertEqual(root[group], self.package[group])

    def test_every_package_has_a_checksum_and_no_address(self):
        for path, entry in self.lock["packages"].items():
            if path:
                self.assertRegex(entry["integrity"], re.compile(r"^sha512-"), path)
                self.assertNotIn("resolved", entry, path)


if __name__ == "__main__":
    unittest.main()
