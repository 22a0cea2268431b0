#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "console/templates.h"

namespace qn::console {

// What a template is filled with: a text, yes or no, a list, or an object. A
// string is kept; a string_view is referred to and must outlive the view. Keys
// are literals. A plain value; any thread.
class View {
 public:
  using List = std::vector<View>;
  using Object = std::vector<std::pair<std::string_view, View>>;

  View() = default;  // an empty object
  View(bool yes) : value_(yes) {}
  View(const char* literal) : value_(std::string_view(literal)) {}
  View(std::string_view text) : value_(text) {}
  View(std::string text) : value_(std::move(text)) {}
  View(List list) : value_(std::move(list)) {}

  // Of an object; the key must be new.
  View& set(std::string_view key, View value);

  const View* find(std::string_view key) const;  // nothing: no object, no such key
  const List* list() const { return std::get_if<List>(&value_); }
  bool is_object() const { return std::holds_alternative<Object>(value_); }
  std::string_view text() const;  // "" for what is no text
  bool truthy() const;            // all but false, "" and the empty list

 private:
  std::variant<Object, bool, std::string_view, std::string, List> value_;
};

// The part of Mustache that the console needs, compiled once for one language:
//   {{name}}            text, always escaped; there is no way to write raw HTML
//   {{#name}}…{{/name}} once when truthy, inside an object, for each of a list
//   {{^name}}…{{/name}} when not truthy
//   {{>name}}           another template; it may name itself, for trees
//   {{.}}               the element of a list of texts
//   {{t words}}         words of the console, translated when compiled
//   {{asset name}}      the address of an asset, found when compiled
// A name is looked up in the innermost object only; one with dots (page.title)
// from the outermost. So a missing value never borrows one from further out.
// Immutable after compile(); any thread.
class Templates {
 public:
  using Words = std::function<std::string(std::string_view)>;

  // kInternal, with the place in the detail: unclosed, unknown name.
  static Result<Templates> compile(std::span<const TemplateSource> sources, const Words& translate,
                                   const Words& asset_url);

  // Appends to `out`; an unknown template is a bug and gives nothing.
  void render(std::string_view name, const View& view, std::string& out) const;

 private:
  enum class Kind : std::uint8_t { kText, kVariable, kSection, kInverted, kPartial };
  struct Node {
    Kind kind;
    std::string text;        // the text, or the name
    std::size_t end = 0;     // of a section: index of the first node behind it
    std::size_t target = 0;  // of a partial: index in bodies_
  };
  using Body = std::vector<Node>;
  struct Compiler;
  struct Scope;

  void render_range(const Body& body, std::size_t from, std::size_t to, const Scope& scope,
                    std::string& out) const;
  void render_section(const Body& body, std::size_t at, const Scope& scope, std::string& out) const;

  std::vector<Body> bodies_;
  std::unordered_map<std::string_view, std::size_t> index_;  // names are literals
};

}  // namespace qn::console
