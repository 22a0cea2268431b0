#include "gateway/admission.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace qn::gateway {
namespace {

constexpr int kUnlimited = 0;
// A token that is open too often: none will be given back soon.
constexpr std::chrono::seconds kCrowded{30};

// Tokens and addresses share the table.
std::uint64_t key_of(char kind, std::string_view text) {
  return std::hash<std::string>{}(kind + std::string(text));
}

}  // namespace

Admission::Admission(const GatewayOptions& options, Metrics& metrics)
    : options_(options),
      refused_token_(metrics.counter("qn_gateway_refused_total",
                                     "WebSocket handshakes refused with 503.", {{"by", "token"}})),
      refused_address_(metrics.counter("qn_gateway_refused_total",
                                       "WebSocket handshakes refused with 503.",
                                       {{"by", "address"}})) {}

std::optional<Admission::Place> Admission::enter(std::string_view token, std::string_view address,
                                                 Instant now, std::chrono::seconds& retry_after) {
  if (options_.per_address) {
    const Rate rate{options_.openings_per_address, options_.burst_per_address};
    if (!take(key_of('a', address), rate, now, kUnlimited, retry_after)) {
      refused_address_.add();
      return std::nullopt;
    }
  }
  const std::uint64_t key = key_of('t', token);
  const Rate rate{options_.openings_per_token, options_.burst_per_token};
  if (!take(key, rate, now, options_.sockets_per_token, retry_after)) {
    refused_token_.add();
    return std::nullopt;
  }
  return Place(shared_from_this(), key);
}

bool Admission::take(std::uint64_t key, Rate rate, Instant now, int max_open,
                     std::chrono::seconds& retry_after) {
  Shard& s = shard(key);
  const std::lock_guard lock(s.mu);
  if (s.entries.size() >= kMaxEntries) sweep(s, now);
  if (s.entries.size() >= kMaxEntries && !s.entries.contains(key)) return true;
  const auto [it, is_new] = s.entries.try_emplace(key);
  Entry& e = it->second;
  if (is_new) {
    e = {static_cast<float>(rate.burst), 0, now};
  } else {
    const std::chrono::duration<double> passed = now - e.at;
    e.level = static_cast<float>(std::min(rate.burst, e.level + passed.count() * rate.per_second));
    e.at = now;
  }
  if (max_open != kUnlimited && e.open >= static_cast<std::uint32_t>(max_open)) {
    retry_after = kCrowded;
    return false;
  }
  if (e.level < 1) {
    const double seconds = std::ceil((1 - e.level) / rate.per_second);
    retry_after = std::chrono::seconds(std::clamp(static_cast<int>(seconds), 1, 60));
    return false;
  }
  e.level -= 1;
  if (max_open != kUnlimited) ++e.open;
  return true;
}

void Admission::leave(std::uint64_t token) {
  Shard& s = shard(token);
  const std::lock_guard lock(s.mu);
  const auto it = s.entries.find(token);
  if (it != s.entries.end() && it->second.open > 0) --it->second.open;
}

// Forgets those that would be full again: they would start full anyway.
void Admission::sweep(Shard& s, Instant now) const {
  const double fill = std::max(options_.burst_per_token / options_.openings_per_token,
                               options_.burst_per_address / options_.openings_per_address);
  const auto full = std::chrono::ceil<Instant>(std::chrono::duration<double>(fill));
  std::erase_if(s.entries, [&](const auto& entry) {
    return entry.second.open == 0 && now - entry.second.at >= full;
  });
}

}  // namespace qn::gateway
