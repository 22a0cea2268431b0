#include "base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

namespace qn::log {
namespace {

struct State {
  std::shared_ptr<spdlog::logger> logger = make();
  Format format = Format::kText;

  static std::shared_ptr<spdlog::logger> make() {
    auto logger =
        std::make_shared<spdlog::logger>("qn", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
    logger->set_level(spdlog::level::info);
    logger->flush_on(spdlog::level::info);
    return logger;
  }
};

State& state() {
  static State s;
  return s;
}

spdlog::level::level_enum level_of(Level level) {
  switch (level) {
    case Level::kDebug:
      return spdlog::level::debug;
    case Level::kInfo:
      return spdlog::level::info;
    case Level::kWarn:
      return spdlog::level::warn;
    case Level::kError:
      return spdlog::level::err;
    case Level::kOff:
      return spdlog::level::off;
  }
  return spdlog::level::info;
}

// Quotes what a reader or a log shipper could misread; control characters
// never reach the terminal.
void append_quoted(std::string& out, std::string_view text) {
  constexpr char kDigits[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto b = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (b < 0x20 || b == 0x7f) {
      out += "\\u00";
      out += kDigits[b >> 4];
      out += kDigits[b & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

bool is_plain(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    const auto b = static_cast<unsigned char>(c);
    if (b <= 0x20 || c == '"' || c == '=' || c == '\\' || b == 0x7f) return false;
  }
  return true;
}

std::string text_line(std::string_view event, Fields fields) {
  std::string out(event);
  for (const auto& [key, value] : fields) {
    out += ' ';
    out += key;
    out += '=';
    if (is_plain(value.text)) {
      out += value.text;
    } else {
      append_quoted(out, value.text);
    }
  }
  return out;
}

std::string json_line(std::string_view event, Fields fields) {
  std::string out = "\"event\":";
  append_quoted(out, event);
  for (const auto& [key, value] : fields) {
    out += ',';
    append_quoted(out, key);
    out += ':';
    if (value.quoted) {
      append_quoted(out, value.text);
    } else {
      out += value.text;
    }
  }
  return out + '}';
}

}  // namespace

void configure(Level level, Format format) {
  state().logger->set_level(level_of(level));
  state().format = format;
  state().logger->set_pattern(format == Format::kJson
                                  ? R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l",%v)"
                                  : "%Y-%m-%dT%H:%M:%S.%e%z %l %v");
}

bool enabled(Level level) {
  return state().logger->should_log(level_of(level));
}

void write(Level level, std::string_view event, Fields fields) {
  if (!enabled(level)) return;
  auto& s = state();
  s.logger->log(level_of(level), "{}",
                s.format == Format::kJson ? json_line(event, fields) : text_line(event, fields));
}

}  // namespace qn::log
