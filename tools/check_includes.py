#!/usr/bin/env python3
"""Holds the sources to the include table of docs/ARCHITECTURE.md.

Checks every .h and .cc of src/, tests/ and bench/: which folder includes which,
where Boost.Beast and Boost.JSON may appear, private subfolders, #pragma once,
the length of files, and one expression that g++ 12 miscompiles. Prints one line per violation and exits with 1 if there is one.
"""
import pathlib
import re
import sys

# What a folder of src/ may include besides itself.
MAY_INCLUDE = {
    "base": set(),
    "model": {"base"},
    "store": {"base", "model"},
    "bus": {"base", "model"},
    "media": {"base", "model"},
    "chat": {"base", "model", "store", "bus", "media"},
    "wire": {"base", "model"},
    "net": {"base"},
    "intake": {"base", "model", "chat", "wire", "net"},
    "api": {"base", "model", "chat", "wire", "net", "intake"},
    "console": {"base", "model", "chat", "wire", "net", "intake"},
    "gateway": {"base", "model", "chat", "wire", "net", "bus"},
    "app": {"base", "model", "store", "bus", "media", "chat", "wire", "net", "api", "console", "gateway", "intake"},
}
# Outside src/: tests and benchmarks may look at everything.
UNBOUND = {"tests", "bench"}
# Builders and fakes for tests, in tests/support/.
TEST_SUPPORT = "support"
WITHOUT_JSON_HEADERS = {"base", "model", "store", "bus", "net"}
MAX_LINES = 500
LONG_TABLES = re.compile(r"(_routes|/settings)\.cc$")

# g++ 12 destroys the operands of a conditional expression twice when one of them
# is awaited: a double free at run time.
CONDITIONAL_AWAIT = re.compile(r"[^?]\?[^:;]*co_await|[^?]\?\s[^;]*?\s:\s+co_await")

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def check_target(place, is_header, is_test, quote, target):
    """What is wrong with one include in a file of the folder `place`, or None."""
    if target.startswith(("/", ".")) or "/../" in target:
        return "includes %s: write the path from src/" % target
    if target.startswith("boost/beast") and (place != "net" or is_header):
        return "includes %s: Boost.Beast belongs into net/*.cc" % target
    if target.startswith("boost/json") and is_header and place in WITHOUT_JSON_HEADERS:
        return "includes %s: no Boost.JSON in the headers of %s/" % (target, place)
    parts = target.split("/")
    if quote == "<":
        is_ours = len(parts) > 1 and parts[0] in MAY_INCLUDE
        return "includes <%s>: our own headers go in quotes" % target if is_ours else None
    if place in UNBOUND or (is_test and parts[0] == TEST_SUPPORT):
        return None
    if parts[0] not in MAY_INCLUDE:
        return 'includes "%s": not a folder of src/' % target
    if parts[0] == place:
        return None
    if parts[0] not in MAY_INCLUDE[place]:
        return "%s/ may not include %s/ (%s)" % (place, parts[0], target)
    if len(parts) > 2 and place != "app":
        return "%s/ is private to %s/ (%s)" % ("/".join(parts[:-1]), parts[0], target)
    return None


def check_file(root, path):
    relative = path.relative_to(root)
    place = relative.parts[1] if relative.parts[0] == "src" else relative.parts[0]
    lines = path.read_text(encoding="utf-8").splitlines()
    is_header = path.suffix == ".h"
    is_test = path.name.endswith("_test.cc")
    problems = []
    if place not in MAY_INCLUDE and place not in UNBOUND:
        problems.append((1, "src/%s/ is not in the table of tools/check_includes.py" % place))
        return problems
    if is_header and "#pragma once" not in lines:
        problems.append((1, "has no #pragma once"))
    if len(lines) > MAX_LINES and not LONG_TABLES.search(relative.as_posix()):
        problems.append((MAX_LINES, "has %d lines, more than %d" % (len(lines), MAX_LINES)))
    for number, line in enumerate(lines, 1):
        match = INCLUDE.match(line)
        problem = match and check_target(place, is_header, is_test, *match.groups())
        if problem:
            problems.append((number, problem))
    # Statement by statement; a comment cannot hide one, strings with '?' are rare.
    code = re.sub(r"//[^\n]*", "", "\n".join(lines))
    for match in re.finditer(r"[^;{}]+", code):
        if CONDITIONAL_AWAIT.search(match.group()):
            line = code.count("\n", 0, match.end()) + 1
            problems.append((line, "awaits inside ?: (miscompiled by g++ 12); use if"))
    return problems


def check_tree(root):
    """All violations below `root` as "path:line: problem", and the number of files."""
    files = [path for top in ("src", *sorted(UNBOUND)) for path in sorted((root / top).rglob("*"))
             if path.suffix in (".h", ".cc") and path.is_file()]
    return ["%s:%d: %s" % (path.relative_to(root), line, problem)
            for path in files for line, problem in check_file(root, path)], len(files)


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[1])
    violations, count = check_tree(root.resolve())
    for violation in violations:
        print(violation)
    if count == 0:
        print("no sources below %s" % root)
    elif not violations:
        print("%d files keep to the include table" % count)
    return 1 if violations or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
