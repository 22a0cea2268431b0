#include "net/access_log.h"

#include "base/log.h"
#include "base/text.h"

namespace qn::net {
namespace {

constexpr std::string_view kRedacted = "[redacted]";

bool is_token(std::string_view encoded_name) {
  const std::string name = percent_decode(encoded_name, Plus::kSpace);
  constexpr std::string_view kToken = "token";
  if (name.size() != kToken.size()) return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if ((name[i] | 0x20) != kToken[i]) return false;
  }
  return true;
}

}  // namespace

std::string redact_target(std::string_view target) {
  const auto mark = target.find('?');
  if (mark == std::string_view::npos) return std::string(target);
  std::string out(target.substr(0, mark + 1));
  std::string_view rest = target.substr(mark + 1);
  for (;;) {
    auto end = rest.find_first_of("&;");
    const auto pair = rest.substr(0, end);
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos && is_token(pair.substr(0, equals))) {
      out.append(pair.substr(0, equals + 1)).append(kRedacted);
      end = rest.find('&');  // a semicolon may be part of the secret
    } else {
      out.append(pair);
    }
    if (end == std::string_view::npos) return out;
    out += rest[end];
    rest.remove_prefix(end + 1);
  }
}

void log_access(const AccessLine& line) {
  if (!log::enabled(log::Level::kInfo)) return;
  log::info("http", {{"method", line.method},
                     {"path", redact_target(line.target)},
                     {"status", line.status},
                     {"bytes", line.bytes},
                     {"us", line.micros},
                     {"addr", line.address},
                     {"id", line.id},
                     {"route", line.route}});
}

}  // namespace qn::net
