#include "chat/answer_matcher.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "base/text.h"

namespace qn::chat {
namespace {

constexpr double kPerKeyword = 5;     // what a match must have for each
constexpr std::size_t kLongWord = 3;  // code points
constexpr std::size_t kShortestKey = 2;

constexpr std::string_view kSpaces = " \t\r\n\v\f";

// The longer ones first: some begin like others.
constexpr std::pair<std::string_view, std::string_view> kSynonyms[] = {
    {"为什么", "为何"}, {"怎么办", "如何处理"}, {"怎么", "如何"}, {"哪里", "何处"}, {"什么", "啥"},
};

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + part.size())) {
    ++n;
  }
  return n;
}

std::string_view first_code_points(std::string_view utf8, std::size_t count) {
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const bool starts = (static_cast<unsigned char>(utf8[i]) & 0xc0) != 0x80;
    if (starts && count-- == 0) return utf8.substr(0, i);
  }
  return utf8;
}

bool is_ascii_alnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Folding has turned wide punctuation into ASCII; U+3000 to U+303F, such as the
// Chinese full stop, is left.
std::string without_punctuation(std::string_view folded) {
  std::string out;
  for (std::size_t i = 0; i < folded.size(); ++i) {
    const auto c = static_cast<unsigned char>(folded[i]);
    const bool is_cjk_mark =
        c == 0xe3 && i + 1 < folded.size() && static_cast<unsigned char>(folded[i + 1]) == 0x80;
    if (is_cjk_mark) {
      i += 2;
    } else if (c >= 0x80 || is_ascii_alnum(folded[i])) {
      out += folded[i];
    }
  }
  return out;
}

std::string key_of(std::string_view folded) {
  std::string key = without_punctuation(folded);
  for (const auto& [from, to] : kSynonyms) {
    for (auto at = key.find(from); at != std::string::npos; at = key.find(from, at + to.size())) {
      key.replace(at, from.size(), to);
    }
  }
  return key;
}

// A single letter or digit stands in nearly every text.
bool says_something(std::string_view word) {
  const std::string letters = without_punctuation(word);
  return letters.size() > 1;
}

std::vector<std::string> keywords_of(std::string_view folded) {
  std::vector<std::string> words;
  while (!folded.empty() && words.size() < AnswerMatcher::kMaxKeywords) {
    const auto end = std::min(folded.find_first_of(kSpaces), folded.size());
    const auto word = folded.substr(0, end);
    if (says_something(word)) words.emplace_back(word);
    folded.remove_prefix(std::min(end + 1, folded.size()));
  }
  return words;
}

std::string trim(std::string text) {
  const auto last = text.find_last_not_of(kSpaces);
  text.erase(last == std::string::npos ? 0 : last + 1);
  text.erase(0, std::min(text.find_first_not_of(kSpaces), text.size()));
  return text;
}

}  // namespace

// An entry's texts as they are compared.
struct AnswerMatcher::Entry {
  std::string ask;
  std::string answer;
};

AnswerMatcher::AnswerMatcher(std::string_view question, Time now) : now_(now) {
  question = first_code_points(question, kMaxQuestion);
  question_ = trim(fold_name(question));
  key_ = key_of(question_);
  length_ = count_utf16_units(question);
  keywords_ = keywords_of(question_);
}

void AnswerMatcher::look_at(const model::AskAnswer& entry) {
  has_seen_any_ = true;
  if (question_.empty()) return;
  const Entry folded{fold_name(entry.ask), fold_name(entry.answer)};
  const bool is_equal = folded.ask == question_;
  if (keywords_.empty() && !is_equal) return;
  const double relevant = relevance(folded);
  const double score = relevant + closeness(entry);
  if (is_equal || relevant >= kPerKeyword * static_cast<double>(keywords_.size())) {
    if (!by_score_ || score > by_score_->score) by_score_ = Match{entry, score, true};
  } else if (!by_words_ && has_half_of_the_words(folded)) {
    by_words_ = Match{entry, score, false};
  } else if (!by_key_ && is_much_the_same(folded)) {
    by_key_ = Match{entry, score, false};
  }
}

std::optional<AnswerMatcher::Match> AnswerMatcher::best() const {
  if (by_score_) return by_score_;
  return by_words_ ? by_words_ : by_key_;
}

double AnswerMatcher::relevance(const Entry& entry) const {
  const bool whole = contains(entry.ask, question_) || contains(entry.answer, question_);
  double points = whole ? 100 : 0;
  for (const auto& word : keywords_) {
    const auto in_ask = static_cast<double>(count(entry.ask, word));
    const auto in_answer = static_cast<double>(count(entry.answer, word));
    if (in_ask > 0) points += 10 + 2 * in_ask;
    if (in_answer > 0) points += 5 + in_answer;
  }
  return points;
}

// What makes one entry better than another that is as relevant.
double AnswerMatcher::closeness(const model::AskAnswer& entry) const {
  using Days = std::chrono::duration<double, std::chrono::days::period>;
  const auto length = static_cast<double>(count_utf16_units(entry.ask));
  const double difference = std::abs(length - static_cast<double>(length_));
  const double age = Days(now_ - entry.update_time).count();
  return std::max(0.0, 10 - difference / 5) + std::max(0.0, 5 - age / 10) +
         std::min(entry.like_count, 10);
}

bool AnswerMatcher::has_half_of_the_words(const Entry& entry) const {
  std::size_t words = 0;
  std::size_t hits = 0;
  for (const auto& word : keywords_) {
    if (count_code_points(word) < kLongWord) continue;
    ++words;
    if (contains(entry.ask, word) || contains(entry.answer, word)) ++hits;
  }
  return hits > 0 && 2 * hits >= words;
}

bool AnswerMatcher::is_much_the_same(const Entry& entry) const {
  const std::string key = key_of(entry.ask);
  if (count_code_points(key_) < kShortestKey || count_code_points(key) < kShortestKey) return false;
  return contains(key, key_) || contains(key_, key);
}

}  // namespace qn::chat
