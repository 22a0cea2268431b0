#include "console/mustache.h"

#include <cassert>

#include "wire/escapes.h"

namespace qn::console {
namespace {

// Trees come from a file of bounded depth; deeper than this is a template error.
constexpr int kMaxDepth = 64;

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\n')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n')) text.remove_suffix(1);
  return text;
}

// Indentation is for people who read templates; a browser needs the line break.
std::string without_indentation(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool at_start = false;
  for (const char c : text) {
    if (at_start && (c == ' ' || c == '\n')) continue;
    at_start = c == '\n';
    out += c;
  }
  return out;
}

Error broken(std::string_view name, std::string_view what) {
  return internal_error("template " + std::string(name) + ": " + std::string(what));
}

}  // namespace

// --- View --------------------------------------------------------------------

View& View::set(std::string_view key, View value) {
  auto* object = std::get_if<Object>(&value_);
  assert(object && !find(key));
  if (object) object->emplace_back(key, std::move(value));
  return *this;
}

const View* View::find(std::string_view key) const {
  const auto* object = std::get_if<Object>(&value_);
  if (!object) return nullptr;
  for (const auto& [name, value] : *object) {
    if (name == key) return &value;
  }
  return nullptr;
}

std::string_view View::text() const {
  if (const auto* kept = std::get_if<std::string>(&value_)) return *kept;
  if (const auto* referred = std::get_if<std::string_view>(&value_)) return *referred;
  return {};
}

bool View::truthy() const {
  if (const auto* yes = std::get_if<bool>(&value_)) return *yes;
  if (const auto* elements = list()) return !elements->empty();
  return is_object() || !text().empty();
}

// --- Compiling ---------------------------------------------------------------

struct Templates::Compiler {
  std::string_view name;
  std::string_view rest;
  const Templates& all;
  const Words& translate;
  const Words& asset_url;
  Body body = {};
  std::vector<std::size_t> open = {};  // sections

  Result<Body> run();
  Result<void> add_tag(std::string_view tag);
  Result<void> close(std::string_view section);
  void add_text(std::string text);
};

Result<Templates::Body> Templates::Compiler::run() {
  while (!rest.empty()) {
    const auto start = rest.find("{{");
    add_text(without_indentation(rest.substr(0, start)));
    if (start == std::string_view::npos) break;
    const auto end = rest.find("}}", start);
    if (end == std::string_view::npos) return broken(name, "a tag has no end");
    const auto tag = trim(rest.substr(start + 2, end - start - 2));
    rest.remove_prefix(end + 2);
    CHECK_OK(add_tag(tag));
  }
  if (!open.empty()) return broken(name, "no end of " + body[open.back()].text);
  return std::move(body);
}

Result<void> Templates::Compiler::add_tag(std::string_view tag) {
  if (tag.empty() || tag[0] == '{' || tag[0] == '&') return broken(name, "raw or empty tag");
  if (tag.starts_with("t ")) {
    add_text({});
    wire::append_html(body.back().text, translate(trim(tag.substr(2))));
    return {};
  }
  if (tag.starts_with("asset ")) {
    auto url = asset_url(trim(tag.substr(6)));
    if (url.empty()) return broken(name, "unknown " + std::string(tag));
    add_text(std::move(url));
    return {};
  }
  const std::string_view target = trim(tag.substr(1));
  switch (tag[0]) {
    case '!':
      return {};
    case '/':
      return close(target);
    case '#':
    case '^':
      open.push_back(body.size());
      body.push_back({tag[0] == '#' ? Kind::kSection : Kind::kInverted, std::string(target)});
      return {};
    case '>': {
      const auto found = all.index_.find(target);
      if (found == all.index_.end()) return broken(name, "unknown " + std::string(tag));
      body.push_back({Kind::kPartial, std::string(target), 0, found->second});
      return {};
    }
    default:
      body.push_back({Kind::kVariable, std::string(tag)});
      return {};
  }
}

Result<void> Templates::Compiler::close(std::string_view section) {
  if (open.empty() || body[open.back()].text != section) {
    return broken(name, "unexpected end of " + std::string(section));
  }
  body[open.back()].end = body.size();
  open.pop_back();
  // What follows is behind the section and must not join the text inside it.
  body.push_back({Kind::kText, {}});
  return {};
}

void Templates::Compiler::add_text(std::string text) {
  if (!body.empty() && body.back().kind == Kind::kText) {
    body.back().text += text;
  } else {
    body.push_back({Kind::kText, std::move(text)});
  }
}

Result<Templates> Templates::compile(std::span<const TemplateSource> sources,
                                     const Words& translate, const Words& asset_url) {
  Templates made;
  for (const auto& source : sources) made.index_.emplace(source.name, made.index_.size());
  for (const auto& source : sources) {
    Compiler compiler{source.name, source.text, made, translate, asset_url};
    TRY(auto body, compiler.run());
    made.bodies_.push_back(std::move(body));
  }
  return made;
}

// --- Rendering ---------------------------------------------------------------

struct Templates::Scope {
  const View& root;
  const View& current;
  int depth = 0;

  const View* find(std::string_view name) const {
    if (name == ".") return &current;
    if (name.find('.') == std::string_view::npos) return current.find(name);
    const View* at = &root;
    while (at && !name.empty()) {
      const auto dot = std::min(name.find('.'), name.size());
      at = at->find(name.substr(0, dot));
      name.remove_prefix(std::min(dot + 1, name.size()));
    }
    return at;
  }
};

void Templates::render(std::string_view name, const View& view, std::string& out) const {
  const auto found = index_.find(name);
  assert(found != index_.end());
  if (found == index_.end()) return;
  const auto& body = bodies_[found->second];
  render_range(body, 0, body.size(), Scope{view, view}, out);
}

void Templates::render_range(const Body& body, std::size_t from, std::size_t to, const Scope& scope,
                             std::string& out) const {
  if (scope.depth > kMaxDepth) return;
  for (std::size_t at = from; at < to;) {
    const Node& node = body[at];
    switch (node.kind) {
      case Kind::kText:
        out += node.text;
        break;
      case Kind::kVariable:
        if (const auto* value = scope.find(node.text)) wire::append_html(out, value->text());
        break;
      case Kind::kPartial: {
        const auto& target = bodies_[node.target];
        render_range(target, 0, target.size(), Scope{scope.root, scope.current, scope.depth + 1},
                     out);
        break;
      }
      case Kind::kSection:
      case Kind::kInverted:
        render_section(body, at, scope, out);
        at = node.end;
        continue;
    }
    ++at;
  }
}

void Templates::render_section(const Body& body, std::size_t at, const Scope& scope,
                               std::string& out) const {
  const Node& node = body[at];
  const auto* value = scope.find(node.text);
  const bool yes = value && value->truthy();
  if (node.kind == Kind::kInverted) {
    if (!yes) render_range(body, at + 1, node.end, scope, out);
  } else if (yes && value->list()) {
    for (const auto& element : *value->list()) {
      render_range(body, at + 1, node.end, Scope{scope.root, element, scope.depth}, out);
    }
  } else if (yes) {
    const View& inner = value->is_object() ? *value : scope.current;
    render_range(body, at + 1, node.end, Scope{scope.root, inner, scope.depth}, out);
  }
}

}  // namespace qn::console
