#include "console/html.h"

namespace qn::console {

const std::string_view kStylesheet = R"(
:root { color-scheme: light dark; --card: #fff; --page: #f3f5f9; --text: #1d2433;
  --quiet: #5b6576; --line: #cfd6e2; --accent: #1f5fd1; --on-accent: #fff; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --card: #1b2130; --page: #11151f; --text: #e7ebf3;
  --quiet: #a2adbf; --line: #3a4459; --accent: #7aa7ff; --on-accent: #0c1424; --bad: #ffb4ab; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem;
  background: var(--page); color: var(--text); line-height: 1.6;
  font-family: system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
main { width: 100%; max-width: 26rem; padding: 2rem; background: var(--card);
  border: 1px solid var(--line); border-radius: 1rem; }
h1 { margin: 0 0 .25rem; font-size: 1.4rem; }
p { margin: .5rem 0 1rem; color: var(--quiet); }
label { display: block; margin: 1rem 0 .3rem; font-weight: 600; }
input { width: 100%; padding: .65rem .8rem; font: inherit; color: inherit; background: transparent;
  border: 1px solid var(--line); border-radius: .6rem; }
input:focus-visible, button:focus-visible, a:focus-visible { outline: 3px solid var(--accent);
  outline-offset: 2px; }
button { width: 100%; margin-top: 1.5rem; padding: .75rem; font: inherit; font-weight: 600;
  color: var(--on-accent); background: var(--accent); border: 0; border-radius: .6rem;
  cursor: pointer; }
.error { color: var(--bad); font-weight: 600; }
a { color: var(--accent); }
)";

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string card_page(std::string_view title, std::string_view body) {
  std::string page =
      "<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>";
  page += escape_html(title);
  page +=
      " · 青鸟</title>\n<link rel=\"stylesheet\" href=\"/admin/console.css\">\n</head>\n"
      "<body>\n<main>\n<h1>";
  page += escape_html(title);
  page += "</h1>\n";
  page += body;
  page += "</main>\n</body>\n</html>\n";
  return page;
}

}  // namespace qn::console
