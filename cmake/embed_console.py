#!/usr/bin/env python3
"""Puts what the administration console sends into the binary.

  embed_console.py OUT ASSETS TEMPLATES WEB

Writes to the folder OUT: assets.bin (every asset, as it is and gzip-compressed),
console_assets.cc (the table of console/asset_table.h, which includes that file
through the assembler) and console_templates.cc. An asset's public name contains
the hash of its content; references between assets are written with these names.
"""
import gzip
import hashlib
import pathlib
import re
import sys

TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
         ".svg": "image/svg+xml", ".woff2": "font/woff2"}
COMPRESSED = {".css", ".js", ".svg"}


def vendor_assets(web):
    """Bootstrap's stylesheet and Font Awesome, cut down to what browsers of today read."""
    modules = web / "node_modules"
    bootstrap = (modules / "bootstrap/dist/css/bootstrap.min.css").read_text(encoding="utf-8")
    icons = (modules / "font-awesome/css/font-awesome.min.css").read_text(encoding="utf-8")
    face = ("@font-face{font-family:'FontAwesome';src:url(fontawesome.woff2) format('woff2');"
            "font-weight:normal;font-style:normal;font-display:block}")
    icons, replaced = re.subn(r"@font-face\{.*?\}", face, icons, count=1, flags=re.S)
    if replaced != 1:
        sys.exit("embed_console.py: font-awesome.min.css has no @font-face")
    return {
        "bootstrap.css": re.sub(r"/\*# sourceMappingURL=.*?\*/", "", bootstrap).encode(),
        "fontawesome.css": icons.encode(),
        "fontawesome.woff2": (modules / "font-awesome/fonts/fontawesome-webfont.woff2").read_bytes(),
    }


def references(name, content):
    """Assets that this one names: url(x) in a stylesheet, from "./x" in a module."""
    if name.endswith(".css"):
        return re.findall(rb"url\(([\w.-]+)\)", content)
    if name.endswith(".js"):
        return re.findall(rb'(?:from|import) "\./([\w.-]+)"', content)
    return []


def published(assets):
    """Content and public name of each asset, references first."""
    done = {}

    def visit(name, above):
        if name in done:
            return
        if name in above or name not in assets:
            sys.exit("embed_console.py: %s refers to %s" % (above[-1] if above else "?", name))
        content = assets[name]
        for target in {reference.decode() for reference in references(name, content)}:
            visit(target, above + [name])
            public = done[target][0].encode()
            content = content.replace(b"url(%s)" % target.encode(), b"url(%s)" % public)
            content = content.replace(b'"./%s"' % target.encode(), b'"./%s"' % public)
        stem, dot, suffix = name.rpartition(".")
        digest = hashlib.sha256(content).hexdigest()[:8]
        done[name] = ("%s.%s%s%s" % (stem, digest, dot, suffix), content)

    for name in sorted(assets):
        visit(name, [])
    return done


def assets_source(done, blob_path):
    blob, rows = bytearray(), []
    for name, (public, content) in sorted(done.items()):
        suffix = pathlib.PurePath(name).suffix
        packed = gzip.compress(content, 9, mtime=0) if suffix in COMPRESSED else b""
        rows.append('    {"%s", "%s", "%s", %d, %d, %d},' % (
            name, public, TYPES[suffix], len(blob), len(content), len(packed)))
        blob += content + packed
    blob_path.write_bytes(blob)
    return """// Made by cmake/embed_console.py; %s
#include "console/asset_table.h"

asm(".section .rodata\\n"
    ".global qn_console_assets\\n"
    "qn_console_assets:\\n"
    ".incbin \\"%s\\"\\n"
    ".text\\n");

extern "C" const char qn_console_assets[];

namespace qn::console {
namespace {

constexpr AssetEntry kAssets[] = {
%s
};

}  // namespace

std::span<const AssetEntry> asset_entries() { return kAssets; }

std::string_view asset_bytes() { return {qn_console_assets, %d}; }

}  // namespace qn::console
""" % (hashlib.sha256(blob).hexdigest(), blob_path, "\n".join(rows), len(blob))


def templates_source(folder):
    rows = "\n".join('    {"%s", R"qnpage(%s)qnpage"},' % (file.stem, file.read_text(encoding="utf-8"))
                     for file in sorted(folder.glob("*.mustache")))
    return """// Made by cmake/embed_console.py.
#include "console/templates.h"

namespace qn::console {
namespace {

constexpr TemplateSource kTemplates[] = {
%s
};

}  // namespace

std::span<const TemplateSource> template_sources() { return kTemplates; }

}  // namespace qn::console
""" % rows


def main(out, assets, templates, web):
    out, assets, templates, web = map(pathlib.Path, (out, assets, templates, web))
    out.mkdir(parents=True, exist_ok=True)
    ours = {file.name: file.read_bytes() for file in assets.iterdir() if file.suffix in TYPES}
    source = assets_source(published(vendor_assets(web) | ours), out.resolve() / "assets.bin")
    (out / "console_assets.cc").write_text(source, encoding="utf-8")
    (out / "console_templates.cc").write_text(templates_source(templates), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
