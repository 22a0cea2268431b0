#include "base/initials.h"

#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <cstdint>
#include <memory>

namespace qn {
namespace {

constexpr char kNoLetter = '#';
constexpr int kContext = 4;  // characters that may decide on the reading of the first

// Null when ICU came without its data.
const icu::Transliterator* shared_pinyin() {
  static const std::unique_ptr<icu::Transliterator> pinyin = [] {
    UErrorCode status = U_ZERO_ERROR;
    return std::unique_ptr<icu::Transliterator>(
        icu::Transliterator::createInstance("Han-Latin", UTRANS_FORWARD, status));
  }();
  return pinyin.get();
}

// Transliterators are not for several threads; copies share the rules.
const icu::Transliterator* pinyin_of_this_thread() {
  const icu::Transliterator* shared = shared_pinyin();
  if (shared == nullptr) return nullptr;
  thread_local const std::unique_ptr<icu::Transliterator> mine(shared->clone());
  return mine.get();
}

char letter_from(UChar32 c) {
  if (c >= 'a' && c <= 'z') return static_cast<char>(c - 'a' + 'A');
  if (c >= 'A' && c <= 'Z') return static_cast<char>(c);
  return kNoLetter;
}

// Pinyin begins with a letter that may carry a tone: ā, ǹ.
UChar32 without_tone(UChar32 c) {
  UErrorCode status = U_ZERO_ERROR;
  const auto* normalizer = icu::Normalizer2::getNFDInstance(status);
  icu::UnicodeString parts;
  if (U_FAILURE(status) || !normalizer->getDecomposition(c, parts)) return c;
  return parts.char32At(0);
}

// The first characters of the name, up to one that is not Chinese.
icu::UnicodeString leading_chinese(std::string_view utf8) {
  icu::UnicodeString text;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(utf8.data());
  const auto length = static_cast<std::int32_t>(utf8.size());
  std::int32_t at = 0;
  for (int count = 0; at < length && count < kContext; ++count) {
    UChar32 c = 0;
    U8_NEXT(bytes, at, length, c);
    UErrorCode status = U_ZERO_ERROR;
    if (c < 0 || uscript_getScript(c, &status) != USCRIPT_HAN) break;
    text.append(c);
  }
  return text;
}

}  // namespace

char initial_of(std::string_view utf8) {
  if (utf8.empty()) return kNoLetter;
  if (static_cast<unsigned char>(utf8[0]) < 0x80) return letter_from(utf8[0]);
  icu::UnicodeString text = leading_chinese(utf8);
  const icu::Transliterator* pinyin = text.isEmpty() ? nullptr : pinyin_of_this_thread();
  if (pinyin == nullptr) return kNoLetter;
  pinyin->transliterate(text);
  return letter_from(without_tone(text.char32At(0)));
}

void prepare_initials() {
  initial_of("中");
}

}  // namespace qn
