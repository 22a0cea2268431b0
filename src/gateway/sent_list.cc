#include "gateway/sent_list.h"

#include <algorithm>

namespace qn::gateway {
namespace {

// How far back something to merge with is looked for: conversations that talk at
// the same time. Missing one only makes the list longer.
constexpr std::size_t kMergeReach = 16;

struct Span {
  model::ConversationId conversation;
  model::Seq first;
  model::Seq last;
  bool operator<(const Span& other) const {
    return conversation != other.conversation ? conversation < other.conversation
                                              : first < other.first;
  }
};

// Sorted, and without overlaps, so that one look finds any message.
std::vector<Span> flatten(std::vector<Span> spans) {
  std::sort(spans.begin(), spans.end());
  std::vector<Span> flat;
  for (const Span& span : spans) {
    if (!flat.empty() && flat.back().conversation == span.conversation &&
        span.first <= flat.back().last + 1) {
      flat.back().last = std::max(flat.back().last, span.last);
    } else {
      flat.push_back(span);
    }
  }
  return flat;
}

bool covers(const std::vector<Span>& flat, const model::PendingMessage& message) {
  const Span wanted{message.conversation, message.seq, message.seq};
  auto after = std::upper_bound(flat.begin(), flat.end(), wanted);
  if (after == flat.begin()) return false;
  --after;
  return after->conversation == message.conversation && message.seq <= after->last;
}

}  // namespace

void SentList::write(model::ConversationId conversation, model::Seq seq, bool is_in_turn,
                     std::uint64_t mark) {
  const std::size_t reach = std::min(in_flight_.size(), kMergeReach);
  for (std::size_t i = 1; i <= reach; ++i) {
    Stretch& s = in_flight_[in_flight_.size() - i];
    if (s.mark != mark) break;
    if (s.conversation != conversation) continue;
    // In turn, what lies between is not for this user; else it may be missing.
    if (s.is_in_turn != is_in_turn || seq <= s.last || (!is_in_turn && seq != s.last + 1)) break;
    s.last = seq;
    ++s.count;
    return;
  }
  in_flight_.push_back({.conversation = conversation,
                        .first = seq,
                        .last = seq,
                        .mark = mark,
                        .count = 1,
                        .is_in_turn = is_in_turn});
}

void SentList::write_end(const model::ConversationEnd& end, std::uint64_t mark) {
  in_flight_.push_back({.conversation = end.conversation,
                        .first = end.last_seq,
                        .last = end.last_seq,
                        .mark = mark});
}

bool SentList::acknowledge(std::uint64_t mark) {
  std::size_t done = 0;
  while (done < in_flight_.size() && in_flight_[done].mark <= mark) note(in_flight_[done++]);
  if (done == 0) return false;
  in_flight_.erase(in_flight_.begin(), in_flight_.begin() + static_cast<std::ptrdiff_t>(done));
  return true;
}

void SentList::acknowledge(model::ConversationId conversation, model::Seq seq,
                           model::LogPosition until) {
  const model::Seq sent = last_sent(conversation);
  if (sent > 0) acknowledge_sent(conversation, std::min(seq, sent));
  if (seq > sent) note({.conversation = conversation, .last = seq, .until = until});
}

// 0: nothing that is still known here.
model::Seq SentList::last_sent(model::ConversationId conversation) const {
  model::Seq last = 0;
  for (const auto* list : {&in_flight_, &acknowledged_, &writing_, &written_}) {
    for (const auto& s : *list) {
      if (s.conversation == conversation && s.until == 0) last = std::max(last, s.last);
    }
  }
  return last;
}

// Everything before is the client's too: nothing of it may be sent again.
void SentList::acknowledge_sent(model::ConversationId conversation, model::Seq seq) {
  Stretch whole{.conversation = conversation, .last = seq};
  for (auto& s : in_flight_) {
    if (s.conversation != conversation || s.first > seq) continue;
    if (s.last <= seq) {
      whole.count += s.count;
      s.count = 0;
      s.last = s.first - 1;  // empty
    } else {
      s.first = seq + 1;
    }
  }
  std::erase_if(in_flight_, [](const Stretch& s) { return s.last < s.first; });
  note(whole);
}

bool SentList::abandon() {
  const bool had = !in_flight_.empty();
  in_flight_ = {};
  return had;
}

void SentList::note(const Stretch& stretch) {
  const std::size_t reach = std::min(acknowledged_.size(), kMergeReach);
  for (std::size_t i = 1; i <= reach; ++i) {
    Stretch& s = acknowledged_[acknowledged_.size() - i];
    if (s.conversation != stretch.conversation || s.is_in_turn != stretch.is_in_turn ||
        s.until != stretch.until) {
      continue;
    }
    const bool touches = stretch.first <= s.last + 1 && s.first <= stretch.last + 1;
    if (!s.is_in_turn && !touches) continue;
    s.first = std::min(s.first, stretch.first);
    s.last = std::max(s.last, stretch.last);
    s.count += stretch.count;
    return;
  }
  acknowledged_.push_back(stretch);
}

bool SentList::has_arrived(const model::PendingMessage& message) const {
  const auto has = [&](const std::vector<Stretch>& list) {
    return std::any_of(list.begin(), list.end(), [&](const auto& s) { return s.covers(message); });
  };
  return has(acknowledged_) || has(writing_) || has(written_);
}

void SentList::filter(std::vector<model::PendingMessage>& messages) const {
  if (empty() || messages.empty()) return;
  std::vector<Span> spans;
  std::vector<Stretch> said;  // by the client, few
  for (const auto* list : {&in_flight_, &acknowledged_, &writing_, &written_}) {
    for (const auto& s : *list) {
      if (s.until == 0) {
        spans.push_back({s.conversation, s.first, s.last});
      } else {
        said.push_back(s);
      }
    }
  }
  const auto flat = flatten(std::move(spans));
  std::erase_if(messages, [&](const auto& message) {
    return covers(flat, message) ||
           std::any_of(said.begin(), said.end(), [&](const auto& s) { return s.covers(message); });
  });
}

void SentList::take(UserId user, std::size_t most, std::vector<model::Delivered>& out) {
  const std::size_t count = std::min(most, acknowledged_.size());
  for (std::size_t i = 0; i < count; ++i) {
    const Stretch& s = acknowledged_[i];
    out.push_back({s.conversation, user, s.first, s.last, s.is_in_turn, s.until});
    writing_.push_back(s);
  }
  const auto end = acknowledged_.begin() + static_cast<std::ptrdiff_t>(count);
  acknowledged_.erase(acknowledged_.begin(), end);
}

void SentList::on_written(bool keep) {
  if (keep) written_.insert(written_.end(), writing_.begin(), writing_.end());
  writing_ = {};
}

std::size_t SentList::unconfirmed() const {
  std::size_t sum = 0;
  for (const auto* list : {&in_flight_, &acknowledged_, &writing_}) {
    for (const auto& s : *list) sum += s.count;
  }
  return sum;
}

}  // namespace qn::gateway
