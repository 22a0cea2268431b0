#include "support/net_server.h"

#include <stdexcept>
#include <thread>
#include <utility>

#include "base/bytes.h"
#include "base/log.h"

namespace qn::test {
namespace {

using namespace std::chrono_literals;
constexpr auto kPatience = 10s;
constexpr auto kPoll = 1ms;

class Pieces final : public net::BodySource {
 public:
  enum class End { kGood, kError };
  Pieces(std::vector<std::string> pieces, End end) : pieces_(std::move(pieces)), end_(end) {}

  Task<Result<std::string>> next() override {
    if (at_ < pieces_.size()) co_return pieces_[at_++];
    if (end_ == End::kError) co_return internal_error("the source failed");
    co_return std::string();
  }

 private:
  const std::vector<std::string> pieces_;
  const End end_;
  std::size_t at_ = 0;
};

void set_source(net::HttpReply& reply, std::string_view path) {
  std::vector<std::string> pieces{"one", "two", "three"};
  constexpr std::uint64_t kSize = 11;
  const auto end = path == "/broken" ? Pieces::End::kError : Pieces::End::kGood;
  reply.source = std::make_unique<Pieces>(std::move(pieces), end);
  if (path == "/measured") reply.content_length = kSize;
  if (path == "/short") reply.content_length = kSize + 1;
}

// Counts what it gets; knows when it is too much.
class CountingSink final : public net::BodySink {
 public:
  CountingSink(std::string path, SampleService& service)
      : path_(std::move(path)), service_(service) {
    ++service_.sinks;
  }
  ~CountingSink() override { --service_.sinks; }

  Task<Result<void>> write(std::string_view piece) override {
    if (path_ == "/sink/burst") throw std::runtime_error("as the test wanted");
    if (path_ == "/sink/gate") co_await service_.gate.wait();
    if (piece.size() > service_.largest_piece) service_.largest_piece = piece.size();
    bytes_ += piece.size();
    for (const char c : piece) sum_ = sum_ * 31 + static_cast<unsigned char>(c);
    if (is_full()) co_return Error{ErrorCode::kTooLarge, {}, {}};
    co_return Result<void>();
  }

  std::string report() const {
    return is_full() ? "full" : std::to_string(bytes_) + ' ' + std::to_string(sum_);
  }

 private:
  bool is_full() const { return path_ == "/sink/full" && bytes_ > 10; }

  const std::string path_;
  SampleService& service_;
  std::size_t bytes_ = 0;
  std::uint32_t sum_ = 0;
};

}  // namespace

std::uint32_t sink_sum(std::string_view body) {
  std::uint32_t sum = 0;
  for (const char c : body) sum = sum * 31 + static_cast<unsigned char>(c);
  return sum;
}

std::optional<std::size_t> SampleService::body_limit(const net::HttpRequest& head) {
  if (head.path().starts_with("/sink")) return std::nullopt;
  return kBodyLimit;
}

Task<net::BodyPlan> SampleService::open_body(const net::HttpRequest& head) {
  net::BodyPlan plan;
  if (head.path() == "/sink/throw") throw std::runtime_error("as the test wanted");
  if (head.path() == "/sink/refuse") {
    plan.refusal.emplace();
    plan.refusal->status = 403;
    plan.refusal->body = "no " + head.id;
    co_return plan;
  }
  plan.limit = kSinkLimit;
  plan.sink = std::make_unique<CountingSink>(std::string(head.path()), *this);
  co_return plan;
}

Task<void> Gate::wait() {
  co_await suspend([this](std::function<void()> resume) {
    std::unique_lock lock(mu_);
    ++arrived_;
    if (!open_) {
      waiting_.push_back(std::move(resume));
      return;
    }
    lock.unlock();
    resume();
  });
}

bool Gate::has_arrived(std::size_t count) {
  return holds_soon([&] {
    std::lock_guard lock(mu_);
    return arrived_ >= count;
  });
}

void Gate::open() {
  std::vector<std::function<void()>> waiting;
  {
    std::lock_guard lock(mu_);
    open_ = true;
    waiting = std::exchange(waiting_, {});
  }
  for (const auto& resume : waiting) resume();
}

Task<net::HttpReply> SampleService::handle(net::HttpRequest request) {
  net::HttpReply reply;
  reply.route = "sample";
  reply.content_type = "text/plain";
  const std::string path(request.path());
  if (request.sink) {
    reply.body = dynamic_cast<const CountingSink&>(*request.sink).report();
    co_return reply;
  }
  if (path == "/who") {
    reply.body = request.peer + ' ' + request.address + ' ' + request.id +
                 (request.is_tls ? " tls" : " plain");
  } else if (path == "/gate") {
    co_await gate.wait();
    reply.body = "passed";
  } else if (path == "/sleep") {
    co_await sleep_for(1min);
  } else if (path == "/throw") {
    throw std::runtime_error("as the test wanted");
  } else if (path == "/big") {
    reply.body.assign(4_MiB, 'b');
  } else if (path == "/chunks" || path == "/measured" || path == "/short" || path == "/broken") {
    set_source(reply, path);
  } else if (path == "/empty") {
    reply.status = 204;
  } else {
    reply.body = std::string(to_string(request.method)) + ' ' + request.target + ' ' + request.body;
  }
  co_return reply;
}

net::HttpReply SampleService::transport_error(int status) {
  net::HttpReply reply;
  reply.status = status;
  reply.route = "transport";
  reply.body = "error " + std::to_string(status);
  return reply;
}

NetServer::QuietLog::QuietLog() {
  log::configure(log::Level::kOff, log::Format::kText);
}

NetServer::NetServer(net::ServerOptions options, std::size_t loops) : loops_(loops, metrics_) {
  options.listen = "127.0.0.1:0";
  auto started = net::start_server(std::move(options), service_, loops_, random_, metrics_);
  if (!started) throw std::runtime_error(started.error().text);
  server_ = std::move(*started);
}

// Whoever still waits at the gate is let go, and the loops stand still before
// anything they use is gone.
NetServer::~NetServer() {
  service_.gate.open();
  server_->stop(0ms);
  loops_.stop();
}

bool holds_soon(const std::function<bool()>& condition) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(kPoll);
  }
  return true;
}

}  // namespace qn::test
