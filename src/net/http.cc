#include "net/http.h"

#include <utility>

namespace qn::net {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

bool equal_without_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

std::string_view to_string(Method method) {
  switch (method) {
    case Method::kGet:
      return "GET";
    case Method::kHead:
      return "HEAD";
    case Method::kPost:
      return "POST";
    case Method::kPut:
      return "PUT";
    case Method::kPatch:
      return "PATCH";
    case Method::kDelete:
      return "DELETE";
    case Method::kOptions:
      return "OPTIONS";
    case Method::kOther:
      return "OTHER";
  }
  return "OTHER";
}

void Headers::add(std::string_view name, std::string_view value) {
  Field field{};
  field.name = static_cast<std::uint32_t>(text_.size());
  field.name_size = static_cast<std::uint32_t>(name.size());
  text_.append(name);
  field.value = static_cast<std::uint32_t>(text_.size());
  field.value_size = static_cast<std::uint32_t>(value.size());
  text_.append(value);
  fields_.push_back(field);
}

std::string_view Headers::find(std::string_view name) const {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const auto [key, value] = at(i);
    if (equal_without_case(key, name)) return value;
  }
  return {};
}

bool Headers::has(std::string_view name) const {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (equal_without_case(at(i).first, name)) return true;
  }
  return false;
}

bool Headers::has_token(std::string_view name, std::string_view token) const {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    auto [key, list] = at(i);
    if (!equal_without_case(key, name)) continue;
    while (!list.empty()) {
      const auto comma = list.find(',');
      if (equal_without_case(trim(list.substr(0, comma)), token)) return true;
      list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
    }
  }
  return false;
}

std::string Headers::join(std::string_view name) const {
  std::string out;
  bool is_first = true;
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const auto [key, value] = at(i);
    if (!equal_without_case(key, name)) continue;
    if (!std::exchange(is_first, false)) out += ", ";
    out += value;
  }
  return out;
}

void Headers::clear() {
  text_.clear();
  fields_.clear();
}

void Headers::reserve(std::size_t bytes, std::size_t fields) {
  text_.reserve(bytes);
  fields_.reserve(fields);
}

std::pair<std::string_view, std::string_view> Headers::at(std::size_t i) const {
  const auto& field = fields_[i];
  const std::string_view text = text_;
  return {text.substr(field.name, field.name_size), text.substr(field.value, field.value_size)};
}

std::string_view HttpRequest::path() const {
  const std::string_view all = target;
  return all.substr(0, all.find('?'));
}

std::string_view HttpRequest::query() const {
  const std::string_view all = target;
  const auto mark = all.find('?');
  return mark == std::string_view::npos ? std::string_view{} : all.substr(mark + 1);
}

bool HttpRequest::is_upgrade() const {
  return method == Method::kGet && headers.has_token("upgrade", "websocket");
}

}  // namespace qn::net
