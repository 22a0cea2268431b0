#include "app/settings_file.h"

#include <toml++/toml.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace qn::app {
namespace {

void collect(const toml::table& table, const std::string& prefix, std::vector<FileEntry>& out);
RawValue raw_value(const toml::node& node);
std::string scalar_text(const toml::node& node);

Result<std::string> read_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  if (in) text << in.rdbuf();
  if (!in || in.bad() || std::filesystem::is_directory(file)) {
    const int reason = errno != 0 ? errno : EISDIR;
    return refused("cannot read " + file.string() + ": " + std::strerror(reason));
  }
  return text.str();
}

void collect(const toml::table& table, const std::string& prefix, std::vector<FileEntry>& out) {
  for (const auto& [key, node] : table) {
    const std::string name = prefix + std::string(key.str());
    const toml::table* inner = node.as_table();
    if (inner != nullptr && !inner->empty()) {
      collect(*inner, name + ".", out);
    } else {
      out.push_back({name, raw_value(node), static_cast<unsigned>(key.source().begin.line)});
    }
  }
}

RawValue raw_value(const toml::node& node) {
  const toml::array* array = node.as_array();
  if (array == nullptr) return {{scalar_text(node)}, false};
  RawValue value{{}, true};
  for (const toml::node& element : *array) value.items.push_back(scalar_text(element));
  return value;
}

// What the operator wrote, without the quotes; other types in TOML's own form,
// for the field to refuse.
std::string scalar_text(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  std::ostringstream out;
  node.visit([&](const auto& value) {
    if constexpr (!toml::is_table<decltype(value)> && !toml::is_array<decltype(value)>) {
      out << value.get();
    }
  });
  return out.str();
}

}  // namespace

Result<std::vector<FileEntry>> read_settings_file(const std::filesystem::path& file) {
  errno = 0;
  TRY(const std::string text, read_text(file));
  std::vector<FileEntry> entries;
  try {
    collect(toml::parse(text, file.string()), "", entries);
  } catch (const toml::parse_error& e) {
    const auto& at = e.source().begin;
    return refused(file.string() + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) +
                   ": " + std::string(e.description()));
  }
  std::stable_sort(entries.begin(), entries.end(),
                   [](const auto& a, const auto& b) { return a.line < b.line; });
  return entries;
}

}  // namespace qn::app
