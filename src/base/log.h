#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>

namespace qn::log {

enum class Level { kDebug, kInfo, kWarn, kError, kOff };
enum class Format { kText, kJson };

// One value of a log line; numbers and text only, so that no structure with
// secrets can be logged by accident.
struct Value {
  std::string text;
  bool quoted = true;  // false: a bare number in JSON output

  Value(std::string_view s) : text(s) {}
  Value(const char* s) : text(s) {}
  Value(const std::string& s) : text(s) {}
  template <class T>
  requires std::is_arithmetic_v<T> Value(T n) : text(std::to_string(n)), quoted(false) {}
};

struct Field {
  std::string_view key;
  Value value;
};
using Fields = std::initializer_list<Field>;

// Process-wide; call once before threads start. Lines go to stderr.
void configure(Level level, Format format);
bool enabled(Level level);

// One event per line: time, level, event, key=value… . Never pass bodies,
// tokens or passwords. Info is for what an operator cares about, debug for a
// developer. Any thread; does not throw.
void write(Level level, std::string_view event, Fields fields = {});

inline void debug(std::string_view event, Fields fields = {}) {
  write(Level::kDebug, event, fields);
}
inline void info(std::string_view event, Fields fields = {}) {
  write(Level::kInfo, event, fields);
}
inline void warn(std::string_view event, Fields fields = {}) {
  write(Level::kWarn, event, fields);
}
inline void error(std::string_view event, Fields fields = {}) {
  write(Level::kError, event, fields);
}

}  // namespace qn::log
