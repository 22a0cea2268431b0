#include <algorithm>
#include <numeric>
#include <set>

#include "app/settings_file.h"
#include "app/settings_list.h"
#include "bus/redis/redis_url.h"

namespace qn::app {
namespace {

constexpr std::string_view kConfigVariable = "QINGNIAO_CONFIG";

// Applies the sources in their order and remembers which settings were given.
class Loader {
 public:
  Result<void> apply_file(const SettingSources& sources);
  Result<void> apply_environment(const std::vector<std::string>& environment);
  Result<void> apply_assignments(const std::vector<std::string>& assignments);
  Result<void> check_together();

  Settings settings;

 private:
  Result<void> apply(const Setting& setting, const RawValue& value, const std::string& origin);
  Result<void> resolve_cache_url();
  bool given(std::string_view name) const { return given_.contains(name); }

  std::set<std::string_view> given_;
};

const Setting* find_setting(std::string_view name);
Error unknown(std::string_view name, const std::string& origin,
              const std::vector<std::string>& known);
std::vector<std::string> known_names();
std::vector<std::string> known_variables();
std::string nearest(std::string_view name, const std::vector<std::string>& known);
std::size_t edit_distance(std::string_view a, std::string_view b);

std::optional<std::filesystem::path> config_file(const SettingSources& sources) {
  if (sources.config_file) return sources.config_file;
  for (const auto& entry : sources.environment) {
    const std::string_view variable = entry;
    if (variable.starts_with(kConfigVariable) && variable.size() > kConfigVariable.size() + 1 &&
        variable[kConfigVariable.size()] == '=') {
      return variable.substr(kConfigVariable.size() + 1);
    }
  }
  std::error_code ignored;
  if (std::filesystem::exists(sources.fallback_file, ignored)) return sources.fallback_file;
  return std::nullopt;
}

Result<void> Loader::apply_file(const SettingSources& sources) {
  const auto file = config_file(sources);
  if (!file) return {};
  TRY(const auto entries, read_settings_file(*file));
  for (const FileEntry& entry : entries) {
    const std::string origin = file->string() + ":" + std::to_string(entry.line);
    const Setting* setting = find_setting(entry.name);
    if (setting == nullptr) return unknown(entry.name, origin, known_names());
    CHECK_OK(apply(*setting, entry.value, origin));
  }
  return {};
}

Result<void> Loader::apply_environment(const std::vector<std::string>& environment) {
  const std::vector<std::string> variables = known_variables();
  for (const auto& entry : environment) {
    const std::size_t equals = std::min(entry.find('='), entry.size());
    const std::string name = entry.substr(0, equals);
    if (!name.starts_with("QINGNIAO_") || name == kConfigVariable) continue;
    const auto at = std::find(variables.begin(), variables.end(), name);
    if (at == variables.end()) return unknown(name, "environment", variables);
    const std::string value = equals < entry.size() ? entry.substr(equals + 1) : "";
    CHECK_OK(apply(settings_list()[static_cast<std::size_t>(at - variables.begin())],
                   {{value}, false}, "environment " + name));
  }
  return {};
}

Result<void> Loader::apply_assignments(const std::vector<std::string>& assignments) {
  for (const auto& assignment : assignments) {
    const std::size_t equals = assignment.find('=');
    if (equals == std::string::npos) return refused("--set takes name=value, not " + assignment);
    const std::string name = assignment.substr(0, equals);
    const Setting* setting = find_setting(name);
    if (setting == nullptr) return unknown(name, "--set", known_names());
    CHECK_OK(apply(*setting, {{assignment.substr(equals + 1)}, false}, "--set"));
  }
  return {};
}

Result<void> Loader::apply(const Setting& setting, const RawValue& value,
                           const std::string& origin) {
  const std::string problem = setting.field.parse(settings, value);
  if (problem.empty()) {
    given_.insert(setting.name);
    return {};
  }
  std::string text(setting.name);
  if (!setting.is_secret()) {
    std::string written;
    for (const auto& item : value.items) written += (written.empty() ? "" : ",") + item;
    text += " = \"" + shown(setting, written) + "\"";
  }
  return refused(text + " (" + origin + "): " + problem);
}

// Rules that concern several settings.
Result<void> Loader::check_together() {
  if (settings.server.tls_cert.empty() != settings.server.tls_key.empty()) {
    return refused("server.tls_cert and server.tls_key: set both or neither");
  }
  if (settings.session.idle > settings.session.max_age) {
    return refused(
        "session.idle = " + format_duration(settings.session.idle) +
        ": must not be longer than session.max_age = " + format_duration(settings.session.max_age));
  }
  return resolve_cache_url();
}

Result<void> Loader::resolve_cache_url() {
  if (settings.redis.host.empty()) {
    for (const std::string_view name : {"redis.port", "redis.password", "redis.db"}) {
      if (given(name) && !given("redis.host")) {
        return refused(std::string(name) + " has no effect without redis.host");
      }
    }
    return {};
  }
  if (given("cache.url")) {
    return refused("cache.url and redis.host name the same thing: set one of them");
  }
  bus::RedisOptions redis;
  redis.host = settings.redis.host;
  redis.port = settings.redis.port;
  redis.password = settings.redis.password;
  redis.db = settings.redis.db;
  settings.cache_url = bus::make_redis_url(redis);
  return {};
}

const Setting* find_setting(std::string_view name) {
  for (const Setting& setting : settings_list()) {
    if (setting.name == name) return &setting;
  }
  return nullptr;
}

Error unknown(std::string_view name, const std::string& origin,
              const std::vector<std::string>& known) {
  const std::string near = nearest(name, known);
  return refused(
      "unknown setting " + std::string(name) + " (" + origin + "); " +
      (near.empty() ? "qingniao --help-config lists all" : "did you mean " + near + "?"));
}

std::vector<std::string> known_names() {
  std::vector<std::string> names;
  for (const Setting& setting : settings_list()) names.emplace_back(setting.name);
  return names;
}

std::vector<std::string> known_variables() {
  std::vector<std::string> names;
  for (const Setting& setting : settings_list()) names.push_back(environment_name(setting.name));
  return names;
}

// The known name most like this one; "" when none is like it.
std::string nearest(std::string_view name, const std::vector<std::string>& known) {
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const auto& candidate : known) {
    const std::size_t distance =
        candidate.ends_with("." + std::string(name)) ? 1 : edit_distance(name, candidate);
    if (distance >= best_distance) continue;
    best_distance = distance;
    best = candidate;
  }
  return best;
}

// Levenshtein: single insertions, deletions and replacements.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] != b[j]);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, replaced});
    }
  }
  return row.back();
}

}  // namespace

Result<Settings> load_settings(const SettingSources& sources) {
  Loader loader;
  CHECK_OK(loader.apply_file(sources));
  CHECK_OK(loader.apply_environment(sources.environment));
  CHECK_OK(loader.apply_assignments(sources.assignments));
  CHECK_OK(loader.check_together());
  return std::move(loader.settings);
}

}  // namespace qn::app
