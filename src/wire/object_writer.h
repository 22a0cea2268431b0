#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include "wire/json.h"

namespace qn::wire {

// Appends one JSON object to a text, field after field, where building a
// json::object first would cost too much. Keys are written as they are. A plain
// value for one function.
class ObjectWriter {
 public:
  explicit ObjectWriter(std::string& out) : out_(out) { out_ += '{'; }

  ObjectWriter& number(std::string_view key, std::int64_t value) {
    begin(key);
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    out_.append(digits, end);
    return *this;
  }
  ObjectWriter& text(std::string_view key, std::string_view value) {
    begin(key);
    append_json_string(out_, value);
    return *this;
  }
  // `json` is JSON already.
  ObjectWriter& raw(std::string_view key, std::string_view json) {
    begin(key) += json;
    return *this;
  }
  // Keys and whatever follows by hand.
  std::string& begin(std::string_view key) {
    if (!is_empty_) out_ += ',';
    is_empty_ = false;
    out_ += '"';
    out_ += key;
    out_ += "\":";
    return out_;
  }
  void end() { out_ += '}'; }

 private:
  std::string& out_;
  bool is_empty_ = true;
};

}  // namespace qn::wire
