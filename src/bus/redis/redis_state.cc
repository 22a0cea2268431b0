#include "bus/redis/redis_state.h"

#include <algorithm>

#include "base/log.h"

namespace qn::bus {
namespace {

constexpr std::size_t kMaxLostClients = 256;

}  // namespace

RedisState::RedisState(RedisOptions o, std::size_t connections, Gauge& up)
    : options(std::move(o)),
      erasures(options.max_erasures),
      connections_(connections),
      up_gauge_(up) {
  up_gauge_.set(0);
}

void RedisState::note_up() {
  std::lock_guard lock(mu_);
  if (++up_ < connections_) return;
  up_gauge_.set(1);
  if (!away_since_) {
    log::info("redis.ready", {{"host", options.host}, {"port", options.port}, {"db", options.db}});
    return;
  }
  const std::chrono::duration<double> downtime = std::chrono::steady_clock::now() - *away_since_;
  away_since_.reset();
  log::info(
      "redis.back",
      {{"host", options.host}, {"port", options.port}, {"downtime_seconds", downtime.count()}});
}

void RedisState::note_lost() {
  std::lock_guard lock(mu_);
  --up_;
  up_gauge_.set(0);
}

void RedisState::note_away(std::string_view reason) {
  std::lock_guard lock(mu_);
  if (away_since_) return;
  away_since_ = std::chrono::steady_clock::now();
  log::warn("redis.away",
            {{"host", options.host}, {"port", options.port}, {"reason", std::string(reason)}});
}

void RedisState::add_lost_client(const RedisClient& client) {
  std::lock_guard lock(mu_);
  if (lost_clients_.size() == kMaxLostClients) lost_clients_.erase(lost_clients_.begin());
  lost_clients_.push_back(client);
}

std::vector<RedisClient> RedisState::lost_clients() const {
  std::lock_guard lock(mu_);
  return lost_clients_;
}

void RedisState::forget_lost_clients(const std::vector<RedisClient>& clients) {
  std::lock_guard lock(mu_);
  std::erase_if(lost_clients_, [&](const RedisClient& lost) {
    return std::find(clients.begin(), clients.end(), lost) != clients.end();
  });
}

}  // namespace qn::bus
