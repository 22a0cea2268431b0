#include "bus/redis/redis_connection.h"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "base/log.h"
#include "bus/cache.h"
#include "bus/redis/hiredis_socket.h"
#include "bus/redis/resolve.h"

namespace qn::bus {
namespace asio = boost::asio;
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kErasuresPerStep = 512;
constexpr const char* kEraseScript =
    "for _, key in ipairs(KEYS) do "
    "redis.call('UNLINK', key) "
    "redis.pcall('SET', key, ARGV[1], 'PX', ARGV[2]) "
    "end "
    "return #KEYS";
constexpr std::string_view kScanCount = "512";
constexpr milliseconds kLong = std::chrono::hours(1);

RedisReply copy(const redisReply& from) {
  RedisReply to;
  switch (from.type) {
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
      to.kind = RedisReply::Kind::kText;
      break;
    case REDIS_REPLY_INTEGER:
      to.kind = RedisReply::Kind::kInteger;
      break;
    case REDIS_REPLY_ARRAY:
      to.kind = RedisReply::Kind::kArray;
      break;
    case REDIS_REPLY_ERROR:
      to.kind = RedisReply::Kind::kError;
      break;
    default:
      to.kind = RedisReply::Kind::kNil;
      break;
  }
  to.integer = from.integer;
  if (from.str) to.text.assign(from.str, from.len);
  for (std::size_t i = 0; i < from.elements; ++i) to.items.push_back(copy(*from.element[i]));
  return to;
}

// An unknown command's error repeats its arguments: keys and values.
std::string without_arguments(std::string text) {
  if (const auto at = text.find(", with args"); at != text.npos) text.resize(at);
  return text;
}

// After these the connection is of no use: another server, another moment or
// another password is needed.
bool needs_new_connection(std::string_view error) {
  for (const std::string_view prefix : {"READONLY", "LOADING", "NOAUTH", "MASTERDOWN"}) {
    if (error.starts_with(prefix)) return true;
  }
  return false;
}

// The value of a line "name:value\r\n" in the answer to INFO.
std::string info_field(std::string_view info, std::string_view name) {
  const auto at = info.find(name);
  if (at == info.npos) return {};
  const auto value = info.substr(at + name.size());
  return std::string(value.substr(0, value.find('\r')));
}

// A prefix may hold what MATCH takes for a wildcard.
std::string glob_of_prefix(std::string_view prefix) {
  std::string out;
  for (const char c : prefix) {
    if (std::string_view("*?[]\\").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out + '*';
}

RedisCommand line(RedisCommand::Words words) {
  RedisCommand command;
  command.words = std::move(words);
  return command;
}

RedisConnection& owner(const redisAsyncContext* context) {
  return *static_cast<RedisConnection*>(context->data);
}

}  // namespace

RedisConnection::RedisConnection(asio::any_io_executor loop, std::shared_ptr<RedisState> state,
                                 Random& random)
    : loop_(std::move(loop)),
      state_(std::move(state)),
      random_(random),
      overdue_(loop_),
      change_(loop_) {}

RedisConnection::~RedisConnection() {
  if (!context_) return;
  context_->data = nullptr;
  redisAsyncFree(context_);
}

Task<void> RedisConnection::run(std::shared_ptr<RedisConnection> self) {
  RedisConnection& me = *self;
  while (me.phase_ != Phase::kClosed) {
    auto up = co_await me.connect();
    if (up) up = co_await me.greet();
    while (me.phase_ == Phase::kServing) co_await me.wait_for_change(kLong);
    if (!up && me.phase_ == Phase::kGreeting) me.give_up(up.error().detail);
    if (me.phase_ == Phase::kClosed) break;
    if (!up) me.reason_ = up.error().detail;
    me.state_->note_away(me.reason_);
    log::debug("redis.retry", {{"attempt", me.failed_attempts_}, {"reason", me.reason_}});
    co_await me.wait_for_change(me.next_backoff());
  }
}

Task<Result<void>> RedisConnection::connect() {
  const auto& options = state_->options;
  CO_TRY(const auto addresses, co_await resolve_host(options.host, options.connect_timeout));
  if (phase_ == Phase::kClosed) co_return unavailable("closed");
  Result<void> opened = unavailable("no address");
  for (const auto& address : addresses) {
    opened = open(address);
    if (!opened) continue;
    co_await wait_for_change(options.connect_timeout);
    if (phase_ == Phase::kGreeting) co_return Result<void>();
    if (phase_ == Phase::kConnecting) give_up("cannot connect: no answer");
    if (phase_ == Phase::kClosed) break;
    opened = unavailable(reason_);
  }
  co_return opened;
}

Task<Result<void>> RedisConnection::greet() {
  CO_CHECK_OK(co_await sign_in());
  co_await fence_lost_clients();
  CO_CHECK_OK(co_await settle_erasures());
  // Nothing has run on this loop since the last look at the erasures.
  if (phase_ != Phase::kGreeting) co_return unavailable(reason_);
  phase_ = Phase::kServing;
  failed_attempts_ = 0;
  state_->note_up();
  co_return Result<void>();
}

Task<Result<void>> RedisConnection::sign_in() {
  const auto& options = state_->options;
  std::vector<Words> lines;
  if (!options.password.empty() && options.user.empty())
    lines.push_back({"AUTH", options.password});
  if (!options.user.empty()) lines.push_back({"AUTH", options.user, options.password});
  if (options.db != 0) lines.push_back({"SELECT", std::to_string(options.db)});
  // Also finds out a server that is still loading and a user who may not.
  lines.push_back({"EVAL", "return 1", "0"});
  for (auto& words : lines) {
    const auto name = words[0];
    auto command = line(std::move(words));
    const auto reply = co_await ask(std::move(command));
    if (!reply) co_return unavailable(name + " failed: " + reply.error().detail);
  }
  co_return Result<void>();
}

// Redis may still find commands of our lost connections in its socket buffers
// and run them after the erasures: a stalled server, a healed network. Killing
// those clients first settles the order. Who may not (ACL) does without.
Task<void> RedisConnection::fence_lost_clients() {
  auto ask_info = line({"INFO", "server"});
  auto ask_id = line({"CLIENT", "ID"});
  const auto info = co_await ask(std::move(ask_info));
  const auto id = co_await ask(std::move(ask_id));
  if (!info || !id) co_return;
  const auto run_id = info_field(info->text, "run_id:");
  if (run_id.empty()) co_return;
  const auto lost = state_->lost_clients();
  for (const auto& client : lost) {
    if (client.run_id != run_id) continue;
    auto kill = line({"CLIENT", "KILL", "ID", std::to_string(client.id)});
    const auto killed = co_await ask(std::move(kill));
    if (!killed) co_return;
  }
  state_->forget_lost_clients(lost);
  identity_ = RedisClient{run_id, id->integer};
}

Task<Result<void>> RedisConnection::settle_erasures() {
  const auto& prefix = state_->options.key_prefix;
  const RedisAsk ask_here = [this](RedisCommand command) { return ask(std::move(command)); };
  for (;;) {
    const auto batch = state_->erasures.next(kErasuresPerStep);
    if (batch.empty()) co_return Result<void>();
    if (batch.everything) {
      CO_CHECK_OK(co_await clear_redis_keys(ask_here, prefix, RedisCommand::IfLost::kForget));
    } else {
      std::vector<std::string> full_keys;
      for (const auto& [key, mark] : batch.keys) full_keys.push_back(prefix + key);
      auto erase = erase_command(full_keys);
      const auto reply = co_await ask(std::move(erase));
      if (!reply) co_return unavailable("erasing failed: " + reply.error().detail);
    }
    state_->erasures.settle(batch);
  }
}

Task<Result<RedisReply>> RedisConnection::ask(RedisCommand command) {
  Result<RedisReply> out = unavailable("no answer");
  const std::function<void(std::function<void()>)> start = [&](std::function<void()> resume) {
    send(std::move(command), [&out, resume](Result<RedisReply> reply) {
      out = std::move(reply);
      resume();
    });
  };
  co_await suspend(start);
  co_return out;
}

// Wakes early, and then for good reason, when the phase has changed.
Task<void> RedisConnection::wait_for_change(milliseconds at_most) {
  boost::system::error_code failure;
  auto token = asio::redirect_error(asio::use_awaitable, failure);
  change_.expires_after(at_most);
  co_await change_.async_wait(token);
}

// Half of it fixed, half of it random, so that loops and nodes spread out.
milliseconds RedisConnection::next_backoff() {
  const auto& options = state_->options;
  const int doublings = std::min(failed_attempts_++, 16);
  const auto most = std::min(options.max_backoff, options.min_backoff * (1 << doublings));
  const auto half = static_cast<std::uint64_t>(most.count()) / 2;
  return milliseconds(half + random_.below(half + 1));
}

Result<void> RedisConnection::open(const std::string& address) {
  redisAsyncContext* context = redisAsyncConnect(address.c_str(), state_->options.port);
  if (!context) return unavailable("cannot connect: out of memory");
  if (context->err) {
    reason_ = std::string("cannot connect: ") + context->errstr;
    redisAsyncFree(context);
    return unavailable(reason_);
  }
  if (const auto failure = HiredisSocket::attach(*context, loop_)) {
    redisAsyncFree(context);
    return unavailable("cannot connect: " + failure.message());
  }
  context_ = context;
  context_->data = this;
  phase_ = Phase::kConnecting;
  redisAsyncSetConnectCallback(context_, [](const redisAsyncContext* c, int status) {
    if (c->data) owner(c).on_connect(status);
  });
  redisAsyncSetDisconnectCallback(context_, [](const redisAsyncContext* c, int) {
    if (c->data && owner(c).context_ == c) owner(c).on_disconnect();
  });
  return {};
}

void RedisConnection::submit(RedisCommand command, Done done) {
  Pending pending{std::move(command), std::move(done), {}};
  if (phase_ != Phase::kServing) return fail(std::move(pending), reason_);
  if (pending_.size() >= state_->options.max_pending) {
    // An erasure must not be lost: reconnecting makes up for it.
    if (pending.command.if_lost != RedisCommand::IfLost::kForget) give_up("too many commands wait");
    return fail(std::move(pending), "too many commands wait");
  }
  send(std::move(pending.command), std::move(pending.done));
}

void RedisConnection::send(RedisCommand command, Done done) {
  Pending pending{std::move(command), std::move(done), steady_clock::now()};
  pending.deadline += state_->options.timeout;
  if (!context_ || !write(pending.command)) return fail(std::move(pending), reason_);
  pending_.push_back(std::move(pending));
  if (!overdue_armed_) arm_overdue();
}

// Into hiredis's buffer; the socket is written at the end of the loop's turn.
bool RedisConnection::write(const RedisCommand& command) {
  std::vector<const char*> words;
  std::vector<std::size_t> sizes;
  for (const auto& word : command.words) {
    words.push_back(word.data());
    sizes.push_back(word.size());
  }
  redisCallbackFn* answer = [](redisAsyncContext* context, void* reply, void*) {
    if (context->data) owner(context).on_reply(static_cast<const redisReply*>(reply));
  };
  return redisAsyncCommandArgv(context_, answer, nullptr, static_cast<int>(words.size()),
                               words.data(), sizes.data()) == REDIS_OK;
}

void RedisConnection::close() {
  give_up("closed");
  phase_ = Phase::kClosed;
}

// hiredis answers everything that waits with "no reply" before it returns, or,
// when called from one of its callbacks, right after.
void RedisConnection::give_up(std::string reason) {
  if (phase_ == Phase::kClosed) return;
  if (phase_ == Phase::kServing) {
    state_->note_lost();
    if (identity_) state_->add_lost_client(*identity_);
  }
  phase_ = Phase::kAway;
  reason_ = std::move(reason);
  identity_.reset();
  overdue_.cancel();
  overdue_armed_ = false;
  change_.cancel();
  if (auto* context = std::exchange(context_, nullptr)) redisAsyncFree(context);
}

void RedisConnection::fail(Pending pending, const std::string& why) {
  using IfLost = RedisCommand::IfLost;
  if (pending.command.if_lost == IfLost::kEraseKey) state_->erasures.add(pending.command.key);
  if (pending.command.if_lost == IfLost::kEraseEverything) state_->erasures.add_everything();
  pending.done(unavailable(why));
}

void RedisConnection::check_overdue() {
  overdue_armed_ = false;
  if (pending_.empty()) return;
  if (pending_.front().deadline > steady_clock::now()) return arm_overdue();
  give_up("no answer within " + std::to_string(state_->options.timeout.count()) + " ms");
}

// One timer for all: answers come in order, so the first is overdue first.
void RedisConnection::arm_overdue() {
  overdue_armed_ = true;
  overdue_.expires_at(pending_.front().deadline);
  overdue_.async_wait([self = shared_from_this()](boost::system::error_code failure) {
    if (!failure) self->check_overdue();
  });
}

void RedisConnection::on_connect(int status) {
  if (status == REDIS_OK) {
    phase_ = Phase::kGreeting;
    redisEnableKeepAlive(&context_->c);
    change_.cancel();
    return;
  }
  const std::string reason = std::string("cannot connect: ") + context_->c.errstr;
  context_ = nullptr;  // hiredis frees it
  give_up(reason);
}

void RedisConnection::on_disconnect() {
  const std::string reason = std::string("connection lost: ") + context_->c.errstr;
  context_ = nullptr;
  give_up(reason);
}

void RedisConnection::on_reply(const redisReply* reply) {
  if (!reply && context_) on_disconnect();
  Pending pending = std::move(pending_.front());
  pending_.pop_front();
  if (!reply) return fail(std::move(pending), reason_);
  if (reply->type != REDIS_REPLY_ERROR) return pending.done(copy(*reply));

  const auto text = without_arguments(std::string(reply->str, reply->len));
  const bool must_retry = pending.command.if_lost != RedisCommand::IfLost::kForget;
  if (phase_ == Phase::kServing && (must_retry || needs_new_connection(text))) give_up(text);
  fail(std::move(pending), text);
}

RedisCommand erase_command(const std::vector<std::string>& full_keys) {
  RedisCommand::Words words{"EVAL", kEraseScript, std::to_string(full_keys.size())};
  words.insert(words.end(), full_keys.begin(), full_keys.end());
  words.emplace_back(kRedisTombstone);
  words.push_back(std::to_string(milliseconds(Cache::kErasureGuard).count()));
  return line(std::move(words));
}

Task<Result<void>> clear_redis_keys(RedisAsk ask, std::string prefix,
                                    RedisCommand::IfLost if_lost) {
  const auto pattern = glob_of_prefix(prefix);
  std::string cursor = "0";
  do {
    auto scan = line({"SCAN", cursor, "MATCH", pattern, "COUNT", std::string(kScanCount)});
    scan.if_lost = if_lost;
    CO_TRY(RedisReply page, co_await ask(std::move(scan)));
    if (page.items.size() != 2) co_return unavailable("SCAN answered something else");
    cursor = page.items[0].text;
    if (page.items[1].items.empty()) continue;
    auto unlink = line({"UNLINK"});
    unlink.if_lost = if_lost;
    for (auto& key : page.items[1].items) unlink.words.push_back(std::move(key.text));
    CO_TRY(const RedisReply gone, co_await ask(std::move(unlink)));
  } while (cursor != "0");
  co_return Result<void>();
}

}  // namespace qn::bus
