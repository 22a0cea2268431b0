#include "bus/redis/erasures.h"

namespace qn::bus {

void Erasures::add(const std::string& key) {
  std::lock_guard lock(mu_);
  keys_[key] = ++last_mark_;
  if (keys_.size() > max_keys_) {
    everything_mark_ = ++last_mark_;
    keys_.clear();
  }
  update_any();
}

void Erasures::add_everything() {
  std::lock_guard lock(mu_);
  everything_mark_ = ++last_mark_;
  keys_.clear();
  update_any();
}

bool Erasures::block(const std::string& key) const {
  if (!any_.load(std::memory_order_acquire)) return false;
  std::lock_guard lock(mu_);
  return everything_mark_ != 0 || keys_.contains(key);
}

Erasures::Batch Erasures::next(std::size_t max_keys) const {
  std::lock_guard lock(mu_);
  Batch batch;
  batch.everything = everything_mark_ != 0;
  batch.everything_mark = everything_mark_;
  if (batch.everything) return batch;
  for (auto it = keys_.begin(); it != keys_.end() && batch.keys.size() < max_keys; ++it) {
    batch.keys.emplace_back(it->first, it->second);
  }
  return batch;
}

void Erasures::settle(const Batch& batch) {
  std::lock_guard lock(mu_);
  if (batch.everything && everything_mark_ == batch.everything_mark) everything_mark_ = 0;
  for (const auto& [key, mark] : batch.keys) {
    const auto it = keys_.find(key);
    if (it != keys_.end() && it->second == mark) keys_.erase(it);
  }
  update_any();
}

void Erasures::update_any() {
  any_.store(everything_mark_ != 0 || !keys_.empty(), std::memory_order_release);
}

}  // namespace qn::bus
