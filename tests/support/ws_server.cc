#include "support/ws_server.h"

#include <algorithm>
#include <future>
#include <stdexcept>
#include <utility>

#include "base/log.h"

namespace qn::test {
namespace {

class RecordingHandler final : public net::WsHandler {
 public:
  explicit RecordingHandler(std::shared_ptr<WsRecord> record) : record_(std::move(record)) {}
  ~RecordingHandler() override { record_->add("destroyed"); }

  void on_open(net::WsConnection& connection) override {
    connection_ = &connection;
    record_->connection = &connection;
    record_->add("open");
    if (record_->on_open) record_->on_open(connection);
  }
  void on_message(std::string_view payload) override { note("message ", payload); }
  void on_binary(std::string_view payload) override { note("binary ", payload); }
  void on_pong(std::uint64_t number) override { record_->add("pong " + std::to_string(number)); }
  void on_drained() override { record_->add("drained"); }
  void on_closed(Ended how) override {
    if (record_->on_closed) record_->on_closed(*connection_);
    record_->connection = nullptr;
    record_->add(how == Ended::kClosed ? "closed" : how == Ended::kBroken ? "broken" : "dropped");
  }

 private:
  void note(std::string_view kind, std::string_view payload) {
    record_->add(std::string(kind).append(payload));
    if (record_->on_message) record_->on_message(*connection_, payload);
  }

  const std::shared_ptr<WsRecord> record_;
  net::WsConnection* connection_ = nullptr;
};

}  // namespace

void WsRecord::add(std::string event) {
  std::lock_guard lock(mu_);
  events_.push_back(std::move(event));
}

std::vector<std::string> WsRecord::events() const {
  std::lock_guard lock(mu_);
  return events_;
}

bool WsRecord::ends_with(const std::string& event) const {
  return holds_soon([&] {
    std::lock_guard lock(mu_);
    return !events_.empty() && events_.back() == event;
  });
}

std::size_t WsRecord::count(const std::string& event) const {
  std::lock_guard lock(mu_);
  return static_cast<std::size_t>(std::count(events_.begin(), events_.end(), event));
}

Task<net::HttpReply> WsServer::Service::handle(net::HttpRequest request) {
  if (request.path().starts_with("/gate")) {
    co_await gate.wait();
  }
  co_return server_.answer(request);
}

net::HttpReply WsServer::answer(const net::HttpRequest& request) {
  net::HttpReply reply;
  reply.route = "sample";
  if (request.path().ends_with("/ws") && request.is_upgrade()) {
    record(next_);
    std::lock_guard lock(mu_);
    reply.websocket = std::make_unique<RecordingHandler>(records_[next_++]);
  } else {
    reply.content_type = "text/plain";
    reply.body = "plain";
  }
  return reply;
}

net::HttpReply WsServer::Service::transport_error(int status) {
  net::HttpReply reply;
  reply.route = "transport";
  reply.body = "error " + std::to_string(status);
  return reply;
}

WsServer::QuietLog::QuietLog() {
  log::configure(log::Level::kOff, log::Format::kText);
}

WsServer::WsServer(net::ServerOptions options) : loops_(1, metrics_), service_(*this) {
  options.listen = "127.0.0.1:0";
  auto started = net::start_server(std::move(options), service_, loops_, random_, metrics_);
  if (!started) throw std::runtime_error(started.error().text);
  server_ = std::move(*started);
}

WsServer::~WsServer() {
  service_.gate.open();
  server_->stop(std::chrono::milliseconds(0));
  loops_.stop();
}

WsRecord& WsServer::record(std::size_t n) {
  std::lock_guard lock(mu_);
  while (records_.size() <= n) records_.push_back(std::make_shared<WsRecord>());
  return *records_[n];
}

bool WsServer::on_loop(std::size_t n, const std::function<void(net::WsConnection&)>& act) {
  auto& of = record(n);
  bool is_open = false;
  const auto run = [this](const std::function<void()>& fn) {
    std::promise<void> done;
    loops_.post(0, [&] {
      fn();
      done.set_value();
    });
    done.get_future().get();
  };
  run([&] {
    is_open = of.connection != nullptr;
    if (is_open) act(*of.connection);
  });
  // What the loop posts to itself may come one place later than what others post.
  run([] {});
  run([] {});
  return is_open;
}

std::string WsServer::metric(const std::string& line) const {
  const std::string all = metrics_.render();
  const auto at = all.find("\n" + line + " ");
  if (at == std::string::npos) return "";
  const auto from = at + line.size() + 2;
  return all.substr(from, all.find('\n', from) - from);
}

}  // namespace qn::test
