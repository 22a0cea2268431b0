#include "media/qr_cache.h"

#include <utility>

#include "media/qr_image.h"

namespace qn::media {

Task<Result<std::string>> QrCache::png(std::string text) {
  auto work = [this, &text] { return find_or_draw(text); };
  CO_TRY(auto drawn, co_await pool_.run(work));
  co_return drawn;
}

std::size_t QrCache::bytes() const {
  const std::lock_guard lock(mu_);
  return bytes_;
}

Result<std::string> QrCache::find_or_draw(const std::string& text) {
  std::string known;
  if (find(text, known)) return known;
  TRY(auto png, qr_png(text));
  keep({text, png});
  return png;
}

bool QrCache::find(const std::string& text, std::string& png) {
  const std::lock_guard lock(mu_);
  const auto found = by_text_.find(text);
  if (found == by_text_.end()) return false;
  entries_.splice(entries_.begin(), entries_, found->second);
  png = found->second->png;
  return true;
}

void QrCache::keep(Entry entry) {
  if (entry.cost() > max_bytes_) return;
  const std::lock_guard lock(mu_);
  if (by_text_.contains(entry.text)) return;  // drawn twice at the same time
  bytes_ += entry.cost();
  entries_.push_front(std::move(entry));
  by_text_.emplace(entries_.front().text, entries_.begin());
  while (bytes_ > max_bytes_) {
    bytes_ -= entries_.back().cost();
    by_text_.erase(entries_.back().text);
    entries_.pop_back();
  }
}

}  // namespace qn::media
