#include "console/label.h"

#include "console/english.h"

namespace qn::console {

std::string_view translate(std::string_view chinese, Language language) {
  if (language == Language::kChinese) return chinese;
  const auto& words = english();
  const auto found = words.find(chinese);
  return found == words.end() ? chinese : found->second;
}

std::string_view translate(Label label, Language language) {
  return translate(label.chinese(), language);
}

std::string translate(const Phrase& phrase, Language language) {
  constexpr std::string_view kPlace = "{}";
  auto rest = translate(phrase.label, language);
  std::string out;
  for (const auto& argument : phrase.arguments) {
    const auto at = rest.find(kPlace);
    if (at == std::string_view::npos) break;
    out.append(rest.substr(0, at)).append(argument);
    rest.remove_prefix(at + kPlace.size());
  }
  return out.append(rest);
}

}  // namespace qn::console
