#include "app/settings_field.h"

namespace qn::app {
namespace {

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view item = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    item.remove_prefix(std::min(item.find_first_not_of(' '), item.size()));
    item = item.substr(0, item.find_last_not_of(' ') + 1);
    if (!item.empty()) items.emplace_back(item);
  }
  return items;
}

std::string join_list(const std::vector<std::string>& items) {
  std::string text;
  for (const auto& item : items) text += (text.empty() ? "" : ",") + item;
  return text;
}

// A field whose value is the text itself, as T.
template <class T>
SettingField plain_field(std::string type, Member<T> member, TextCheck check,
                         std::function<std::string(const T&)> format) {
  return {std::move(type),
          [=](Settings& settings, const RawValue& raw) -> std::string {
            if (raw.is_array) return "must be one value, not a list";
            if (check) {
              if (auto problem = check(raw.items.front()); !problem.empty()) return problem;
            }
            member.of(settings) = raw.items.front();
            return {};
          },
          [=](const Settings& settings) { return format(member.in(settings)); }};
}

}  // namespace

std::string between(std::string_view what, std::string_view least, std::string_view most) {
  return std::string(what).append(" from ").append(least).append(" to ").append(most);
}

std::string bounded(std::string_view type, std::string_view least, std::string_view most) {
  return std::string(type).append(" ").append(least).append("..").append(most);
}

SettingField text_field(Member<std::string> member, TextCheck check) {
  return plain_field<std::string>("text", std::move(member), std::move(check),
                                  [](const std::string& text) { return text; });
}

SettingField path_field(Member<std::filesystem::path> member, TextCheck check) {
  return plain_field<std::filesystem::path>(
      "path", std::move(member), std::move(check),
      [](const std::filesystem::path& path) { return path.string(); });
}

SettingField list_field(Member<std::vector<std::string>> member, TextCheck check) {
  return {"list",
          [=](Settings& settings, const RawValue& raw) -> std::string {
            auto items = raw.is_array ? raw.items : split_list(raw.items.front());
            for (const auto& item : items) {
              if (!check) break;
              if (auto problem = check(item); !problem.empty()) return problem;
            }
            member.of(settings) = std::move(items);
            return {};
          },
          [=](const Settings& settings) { return join_list(member.in(settings)); }};
}

SettingField duration_field(Member<Millis> member, Millis least, Millis most) {
  return scalar_field<Millis>(
      bounded("duration", format_duration(least), format_duration(most)),
      between("a duration such as 500ms, 30s, 5m, 12h or 7d", format_duration(least),
              format_duration(most)),
      std::move(member),
      [=](std::string_view text) -> std::optional<Millis> {
        const auto span = parse_duration(text);
        return span && *span >= least && *span <= most ? span : std::nullopt;
      },
      format_duration);
}

SettingField size_field(Member<std::size_t> member, std::int64_t least, std::int64_t most) {
  return scalar_field<std::size_t>(
      bounded("size", format_size(least), format_size(most)),
      between("a size such as 512KiB or 1MiB", format_size(least), format_size(most)),
      std::move(member),
      [=](std::string_view text) -> std::optional<std::size_t> {
        const auto bytes = parse_size(text);
        if (!bytes || *bytes < least || *bytes > most) return std::nullopt;
        return static_cast<std::size_t>(*bytes);
      },
      [](std::size_t bytes) { return format_size(static_cast<std::int64_t>(bytes)); });
}

SettingField rate_field(Member<chat::Rate> member) {
  return scalar_field<chat::Rate>("rate",
                                  "a rate such as 20/1m: a count of at least 1 per duration",
                                  std::move(member), parse_rate, format_rate);
}

SettingField utc_offset_field(Member<std::chrono::minutes> member) {
  return scalar_field<std::chrono::minutes>("UTC offset",
                                            "an offset such as +08:00, from -14:00 to +14:00",
                                            std::move(member), parse_utc_offset, format_utc_offset);
}

}  // namespace qn::app
