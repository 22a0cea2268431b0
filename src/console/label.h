#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace qn::console {

enum class Language { kChinese, kEnglish };

// Words of the console itself. Made from literals only, so that nothing a user
// typed can pass for them; english.cc has the translation of each.
class Label {
 public:
  constexpr Label() = default;
  template <std::size_t N>
  consteval Label(const char (&chinese)[N]) : text_(chinese, N - 1) {}

  constexpr std::string_view chinese() const { return text_; }
  constexpr bool empty() const { return text_.empty(); }
  friend constexpr bool operator==(Label, Label) = default;

 private:
  std::string_view text_;
};

// A label with "{}" where data goes, such as 已停用 {} 个用户; or data alone.
struct Phrase {
  Label label;
  std::vector<std::string> arguments;

  Phrase() = default;
  Phrase(Label l) : label(l) {}
  Phrase(Label l, std::vector<std::string> a) : label(l), arguments(std::move(a)) {}
  // Shown as it is, in every language.
  static Phrase data(std::string text) { return Phrase(Label("{}"), {std::move(text)}); }

  bool empty() const { return label.empty(); }
};

// The words in the reader's language; Chinese where no translation exists.
std::string_view translate(Label label, Language language);
// For contract texts that arrive from services at run time.
std::string_view translate(std::string_view chinese, Language language);
std::string translate(const Phrase& phrase, Language language);

}  // namespace qn::console
