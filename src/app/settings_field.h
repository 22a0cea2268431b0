#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/settings.h"
#include "app/settings_value.h"

namespace qn::app {

// A value as its source wrote it: one item, or the elements of a TOML array.
struct RawValue {
  std::vector<std::string> items;
  bool is_array = false;
};

// How one kind of setting becomes its member and back.
struct SettingField {
  std::string type;  // for people, with the bounds: "integer 0..64"
  // Stores the value; the result is empty, or what is wrong with it ("must be…").
  std::function<std::string(Settings&, const RawValue&)> parse;
  std::function<std::string(const Settings&)> format;
};

// The member a field reads and writes: at(&S::server, &S::Server::loops).
template <class T>
struct Member {
  std::function<T&(Settings&)> of;
  std::function<const T&(const Settings&)> in;
};

template <class T>
Member<T> at(T Settings::*member) {
  const auto get = [member](auto& s) -> auto& {
    return s.*member;
  };
  return {get, get};
}
template <class Section, class T>
Member<T> at(Section Settings::*section, T Section::*member) {
  const auto get = [ section, member ](auto& s) -> auto& {
    return s.*section.*member;
  };
  return {get, get};
}
template <class Section, class Part, class T>
Member<T> at(Section Settings::*section, Part Section::*part, T Part::*member) {
  const auto get = [ section, part, member ](auto& s) -> auto& {
    return s.*section.*part.*member;
  };
  return {get, get};
}

// A setting that is one value: `parse` gives nothing when the text does not fit
// `must`, the end of the sentence "must be …".
template <class T>
SettingField scalar_field(std::string type, std::string must, Member<T> member,
                          std::function<std::optional<T>(std::string_view)> parse,
                          std::function<std::string(const T&)> format) {
  return {std::move(type),
          [=](Settings& settings, const RawValue& raw) -> std::string {
            if (raw.is_array) return "must be one value, not a list";
            std::optional<T> value = parse(raw.items.front());
            if (!value) return "must be " + must;
            member.of(settings) = std::move(*value);
            return {};
          },
          [=](const Settings& settings) { return format(member.in(settings)); }};
}

// "integer 0..64" and "an integer from 0 to 64".
std::string bounded(std::string_view type, std::string_view least, std::string_view most);
std::string between(std::string_view what, std::string_view least, std::string_view most);

template <std::integral T>
SettingField integer_field(Member<T> member, std::int64_t least, std::int64_t most) {
  return scalar_field<T>(
      bounded("integer", std::to_string(least), std::to_string(most)),
      between("an integer", std::to_string(least), std::to_string(most)), member,
      [=](std::string_view text) -> std::optional<T> {
        const auto value = parse_integer(text);
        if (!value || *value < least || *value > most) return std::nullopt;
        return static_cast<T>(*value);
      },
      [](T value) { return std::to_string(value); });
}

// A fixed set of words.
template <class T>
SettingField choice_field(Member<T> member, std::vector<std::pair<std::string, T>> words) {
  std::string names;
  for (const auto& [word, value] : words) names += (names.empty() ? "" : "|") + word;
  return scalar_field<T>(
      names, "one of " + names, member,
      [words](std::string_view text) -> std::optional<T> {
        for (const auto& [word, value] : words) {
          if (word == text) return value;
        }
        return std::nullopt;
      },
      [words](T wanted) -> std::string {
        for (const auto& [word, value] : words) {
          if (value == wanted) return word;
        }
        return {};
      });
}

// What is wrong with a text, or "".
using TextCheck = std::function<std::string(std::string_view)>;

SettingField text_field(Member<std::string> member, TextCheck check = nullptr);
SettingField path_field(Member<std::filesystem::path> member, TextCheck check = nullptr);
// From a TOML array, or from one text with commas between the elements.
SettingField list_field(Member<std::vector<std::string>> member, TextCheck check = nullptr);
SettingField duration_field(Member<Millis> member, Millis least, Millis most);
SettingField size_field(Member<std::size_t> member, std::int64_t least, std::int64_t most);
SettingField rate_field(Member<chat::Rate> member);
SettingField utc_offset_field(Member<std::chrono::minutes> member);

}  // namespace qn::app
