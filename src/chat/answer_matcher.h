#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "model/ask_answer.h"

namespace qn::chat {

// Finds the entry that answers a question best (chat-rules-and-tables.md §9).
// The reference's score decides among the entries that have something in common
// with the question: length, age and likes alone make no match (defect C28).
// Texts are counted literally, so no question is expensive (defect S23). A plain
// value; one thread at a time.
class AnswerMatcher {
 public:
  static constexpr std::size_t kMaxQuestion = 200;  // code points; the rest is not read
  static constexpr std::size_t kMaxKeywords = 10;

  AnswerMatcher(std::string_view question, Time now);

  // Of equal scores the first entry wins.
  void look_at(const model::AskAnswer& entry);
  bool has_seen_any() const { return has_seen_any_; }

  struct Match {
    model::AskAnswer entry;
    double score = 0;
    bool by_score = false;  // false: the score was too low, but the words are much the same
  };
  std::optional<Match> best() const;

 private:
  struct Entry;
  double relevance(const Entry& entry) const;
  double closeness(const model::AskAnswer& entry) const;
  bool has_half_of_the_words(const Entry& entry) const;
  bool is_much_the_same(const Entry& entry) const;

  const Time now_;
  std::string question_;  // folded
  std::string key_;       // without punctuation, synonyms replaced
  std::size_t length_ = 0;
  std::vector<std::string> keywords_;
  bool has_seen_any_ = false;
  std::optional<Match> by_score_;
  std::optional<Match> by_words_;
  std::optional<Match> by_key_;
};

}  // namespace qn::chat
