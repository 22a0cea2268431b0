#include <algorithm>

#include "app/settings_list.h"

namespace qn::app {
namespace {

std::string padded(std::string_view text, std::size_t width) {
  std::string out(text);
  out.resize(std::max(width, out.size()), ' ');
  return out;
}

std::string default_of(const Setting& setting) {
  return setting.field.format(Settings{});
}

// A cell of a Markdown table.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

std::string code(std::string_view text) {
  return text.empty() ? "" : "`" + cell(text) + "`";
}

std::string_view section_of(std::string_view name) {
  return name.substr(0, std::min(name.find('.'), name.size()));
}

constexpr std::string_view kIntroduction =
    R"(# Configuration

Generated from the declarations in `src/app/settings.cc` with `qingniao --help-config --markdown`.

Every setting has a default that works. A later source overrides an earlier one:

1. the defaults below;
2. a TOML file: `--config FILE`, else the file `QINGNIAO_CONFIG` names, else `./qingniao.toml` when it exists;
3. the environment, named as in the table;
4. `--set name=value`, as often as needed.

```toml
data_dir = "/var/lib/qingniao"

[server]
listen = "127.0.0.1:7001"
trusted_proxies = ["127.0.0.1"]

[limits]
login_per_address = "60/1m"
```

A name that does not exist and a value that is not allowed stop the start with a line that says where
they stand. `qingniao check-config` checks everything and shows the effective values without starting
or creating anything.

Durations are written `500ms`, `30s`, `5m`, `12h`, `7d`; sizes `64KiB`, `1MiB`, `1GiB`; rates `20/1m`, at
most 20 in any one minute; lists as a TOML array, and with commas elsewhere. Relative paths start at
the folder the server is started in.
)";

}  // namespace

std::string environment_name(std::string_view setting) {
  std::string name = "QINGNIAO_";
  for (const char c : setting) {
    name += c == '.' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  return name;
}

std::string shown(const Setting& setting, std::string_view value) {
  if (setting.is_secret()) return value.empty() ? "" : "***";
  std::string text(value);
  const std::size_t scheme = text.find("://");
  const std::size_t host = text.rfind('@');
  if (scheme != std::string::npos && host != std::string::npos && host > scheme) {
    const std::size_t colon = text.find(':', scheme + 3);
    if (colon < host) text.replace(colon + 1, host - colon - 1, "***");
  }
  std::replace_if(
      text.begin(), text.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  return text;
}

std::string settings_help() {
  std::string out =
      "Settings, with type, default and environment variable. Sources, later ones win:\n"
      "defaults, TOML file, environment, --set name=value.\n";
  for (const Setting& setting : settings_list()) {
    const std::string value = default_of(setting);
    out += "\n" + padded(setting.name, 28) + " " + padded(setting.field.type, 12) + " " +
           (value.empty() ? "(empty)" : value) + "\n    " + std::string(setting.doc) + "\n    " +
           environment_name(setting.name) + "\n";
  }
  return out;
}

std::string settings_markdown() {
  std::string out(kIntroduction);
  std::string_view section;
  for (const Setting& setting : settings_list()) {
    if (section_of(setting.name) != section) {
      section = section_of(setting.name);
      out += "\n## " + std::string(section) +
             "\n\n| Setting | Type | Default | Meaning | Environment |\n|---|---|---|---|---|\n";
    }
    out += "| `" + std::string(setting.name) + "` | " + cell(setting.field.type) + " | " +
           code(default_of(setting)) + " | " + cell(setting.doc) +
           (setting.is_secret() ? " (secret)" : "") + " | `" + environment_name(setting.name) +
           "` |\n";
  }
  return out;
}

std::string effective_settings(const Settings& settings) {
  std::string out;
  for (const Setting& setting : settings_list()) {
    out += padded(setting.name, 28) + " = " + shown(setting, setting.field.format(settings)) + "\n";
  }
  return out;
}

}  // namespace qn::app
