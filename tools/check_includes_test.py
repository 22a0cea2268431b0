"""The include checker finds what it is there to find."""
import pathlib
import tempfile
import unittest

import check_includes


class CheckIncludesTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)

    def violations(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        found, _ = check_includes.check_tree(self.root)
        file.unlink()
        return found

    def assert_refused(self, path, text, part):
        found = self.violations(path, text)
        self.assertEqual(len(found), 1, found)
        self.assertIn(part, found[0])

    def assert_fine(self, path, text):
        self.assertEqual(self.violations(path, text), [])

    def test_a_folder_outside_the_table_is_refused_with_its_line(self):
        self.assertEqual(self.violations("src/net/a.cc", '#include <map>\n#include "chat/b.h"\n'),
                         ["src/net/a.cc:2: net/ may not include chat/ (chat/b.h)"])

    def test_every_pair_follows_the_table(self):
        for place, allowed in check_includes.MAY_INCLUDE.items():
            for other in check_includes.MAY_INCLUDE:
                text = '#include "%s/x.h"\n' % other
                if other == place or other in allowed:
                    self.assert_fine("src/%s/a.cc" % place, text)
                else:
                    self.assert_refused("src/%s/a.cc" % place, text, "may not include")

    def test_api_console_and_gateway_do_not_know_each_other(self):
        for place in ("api", "console", "gateway"):
            for other in {"api", "console", "gateway"} - {place}:
                self.assert_refused("src/%s/a.cc" % place, '#include "%s/x.h"\n' % other, "may not")

    def test_private_subfolders_belong_to_their_folder_and_to_app(self):
        text = '#include "store/sqlite/x.h"\n'
        self.assert_refused("src/chat/a.cc", text, "store/sqlite/ is private to store/")
        self.assert_fine("src/store/a.cc", text)
        self.assert_fine("src/store/sqlite/a.cc", text)
        self.assert_fine("src/app/a.cc", text)
        self.assert_fine("tests/inproc/a_test.cc", text)
        self.assert_fine("bench/a.cc", text)

    def test_beast_is_for_sources_of_net(self):
        text = "#pragma once\n#include <boost/beast/core.hpp>\n"
        self.assert_fine("src/net/a.cc", text)
        for path in ("src/net/a.h", "src/api/a.cc", "src/app/a.cc", "tests/a.cc"):
            self.assert_refused(path, text, "Boost.Beast")

    def test_json_stays_out_of_the_lower_headers(self):
        text = "#pragma once\n#include <boost/json.hpp>\n"
        for place in ("base", "model", "store", "bus", "net"):
            self.assert_refused("src/%s/a.h" % place, text, "Boost.JSON")
        self.assert_fine("src/wire/a.h", text)

    def test_paths_start_at_src(self):
        self.assert_refused("src/net/a.cc", '#include "../base/x.h"\n', "from src/")
        self.assert_refused("src/net/a.cc", '#include "/usr/include/x.h"\n', "from src/")
        self.assert_refused("src/net/a.cc", '#include "x.h"\n', "not a folder of src/")
        self.assert_refused("src/net/a.cc", "#include <base/x.h>\n", "in quotes")
        self.assert_refused("src/net/a.cc", '  #  include   "chat/x.h"  // why\n', "may not include")

    def test_test_support_is_for_tests(self):
        self.assert_fine("src/chat/a_test.cc", '#include "support/x.h"\n')
        self.assert_refused("src/chat/a.cc", '#include "support/x.h"\n', "not a folder")

    def test_a_header_has_pragma_once(self):
        self.assert_refused("src/base/a.h", "int x;\n", "#pragma once")
        self.assert_fine("src/base/a.cc", "int x;\n")

    def test_long_files_are_refused_unless_they_are_tables(self):
        text = "int x;\n" * 501
        self.assert_refused("src/base/a.cc", text, "501 lines")
        self.assert_fine("src/api/chat_routes.cc", text)
        self.assert_fine("src/app/settings.cc", text)
        self.assert_fine("src/base/a.cc", "int x;\n" * 500)

    # The first build answered one request and then died of a double free.
    def test_awaiting_inside_a_conditional_expression_is_refused(self):
        self.assert_refused("src/app/a.cc", "auto r = a\n  ? b()\n  : co_await c(x);\n", "?:")
        self.assert_refused("src/app/a.cc", "auto r = a ? co_await b() : c();\n", "?:")
        self.assert_fine("src/app/a.cc", "r = co_await b(x ? y : z);\nauto q = a ? b : c;\n")

    def test_a_folder_nobody_knows_is_refused(self):
        self.assert_refused("src/misc/a.cc", "", "not in the table")

    def test_an_empty_tree_is_an_error(self):
        self.assertEqual(check_includes.check_tree(self.root), ([], 0))


if __name__ == "__main__":
    unittest.main()
