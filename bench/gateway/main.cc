// qn_ws_bench: puts load on the message path and the gateway, and says what it cost
// the server. bench/run_chat.sh fills a database for it and starts the server.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <thread>

#include "gateway/ws_clients.h"
#include "load.h"
#include "process_usage.h"

namespace qn::bench {
namespace {

using Steady = std::chrono::steady_clock;

struct Options {
  std::string scenario;
  std::string url;
  std::string users_file;
  std::size_t clients = 64;
  std::size_t senders = 64;
  std::size_t connecting = 256;
  double seconds = 10;
  std::uint64_t messages = 0;  // offline-drain: per client
  int patience = 120;          // seconds
  pid_t pid = 0;
};

double seconds_since(Steady::time_point start) {
  return std::chrono::duration<double>(Steady::now() - start).count();
}

// The clients in a thread of their own.
class Running {
 public:
  Running(const Target& target, const std::vector<ChatUser>& users, std::size_t connecting)
      : clients(target, users, connecting), thread_([this] { clients.run(stop_); }) {}
  ~Running() { stop(); }
  void stop() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }
  // False: not within `patience` seconds.
  template <class Condition>
  static bool wait(Condition condition, int patience) {
    const auto start = Steady::now();
    while (!condition()) {
      if (seconds_since(start) > patience) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
  }

  WsClients clients;

 private:
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

void wait_until_open(Running& running, std::size_t count, int patience) {
  const auto& counts = running.clients.counts();
  if (!Running::wait([&] { return counts.open == count; }, patience)) {
    throw std::runtime_error("only " + std::to_string(counts.open) + " of " +
                             std::to_string(count) + " clients got in, refused " +
                             std::to_string(counts.refused));
  }
}

std::string send_request(const Target& target, const ChatUser& from, std::string_view to,
                         std::string_view type) {
  std::string text = "你好，晚上一起吃饭吗？ " + WsClients::mark();
  const std::string json = R"({"sendto_id":)" + std::string(to) + R"(,"chatType":")" +
                           std::string(type) +
                           R"(","type":"text","options":"%7B%7D","data":{"data":")" + text +
                           R"(","dataType":false,"otherData":null}})";
  return make_request(target, "POST", "/api/chat/socket/sendmessage", from.token, json);
}

double ms(std::uint64_t nanoseconds) {
  return static_cast<double>(nanoseconds) / 1e6;
}

void print_latency(const char* what, const Histogram& h) {
  std::printf("  %-10s ms p50 %.2f  p99 %.2f  max %.2f\n", what, ms(h.quantile(0.5)),
              ms(h.quantile(0.99)), ms(h.max()));
}

// Senders post as fast as they are answered; every message reaches `copies` clients.
int sending(const Target& target, const Options& o, std::size_t copies, bool to_group) {
  const auto users = read_users(o.users_file, std::max(o.clients, o.senders));
  const std::vector<ChatUser> receivers(users.begin(),
                                        users.begin() + static_cast<std::ptrdiff_t>(o.clients));
  Running running(target, receivers, o.connecting);
  wait_until_open(running, o.clients, o.patience);

  std::vector<Group> groups(1);
  groups[0].name = o.scenario;
  groups[0].connections = o.senders;
  groups[0].next = [&](std::size_t n) {
    const auto& to = to_group ? std::string("1") : users[(n + 1) % o.clients].id;
    return send_request(target, users[n % users.size()], to, to_group ? "group" : "single");
  };
  Phases phases;
  phases.warm_up = std::chrono::milliseconds(1000);
  phases.measure = std::chrono::milliseconds(static_cast<std::int64_t>(o.seconds * 1000));
  const auto& counts = running.clients.counts();
  ProcessUsage before;
  std::uint64_t delivered_before = 0;
  Steady::time_point start;
  phases.on_measure = [&] {
    before = usage_of(o.pid);
    delivered_before = counts.messages;
    start = Steady::now();
  };
  run_load(target, groups, phases);
  const double cpu = usage_of(o.pid).cpu_seconds - before.cpu_seconds;
  const auto delivered = counts.messages - delivered_before;
  const double seconds = seconds_since(start);
  // What is still on its way is not part of the figures, but must arrive.
  std::uint64_t last = 0;
  Running::wait([&] { return std::exchange(last, counts.messages.load()) == counts.messages; }, 5);
  running.stop();

  auto& tally = groups[0].tally;
  const auto sent = static_cast<double>(tally.latency.count());
  std::printf("%s: %zu clients, %zu senders, %zu copies\n", o.scenario.c_str(), o.clients,
              o.senders, copies);
  std::printf("  sent       %.0f/s, %.1f us of server CPU per message\n", sent / seconds,
              cpu * 1e6 / sent);
  std::printf("  delivered  %.0f/s, %.0f per second of server CPU\n",
              static_cast<double>(delivered) / seconds, static_cast<double>(delivered) / cpu);
  print_latency("answer", tally.latency);
  print_latency("delivery", running.clients.latency());
  std::printf("  failures   %zu statuses, first: %s, lost clients %llu\n",
              tally.statuses.size() - 1, tally.first_failure.c_str(),
              static_cast<unsigned long long>(counts.lost));
  return tally.statuses.size() == 1 && counts.lost == 0 ? 0 : 1;
}

int idle(const Target& target, const Options& o) {
  const auto users = read_users(o.users_file, o.clients);
  const auto before = usage_of(o.pid);
  const auto start = Steady::now();
  Running running(target, users, o.connecting);
  wait_until_open(running, o.clients, o.patience);
  const double seconds = seconds_since(start);
  const auto connected = usage_of(o.pid);
  std::this_thread::sleep_for(std::chrono::milliseconds(static_cast<int>(o.seconds * 1000)));
  const auto after = usage_of(o.pid);
  const auto n = static_cast<double>(o.clients);
  std::printf("idle: %zu clients, connected in %.1f s\n", o.clients, seconds);
  std::printf("  connect    %.1f us of server CPU each\n",
              (connected.cpu_seconds - before.cpu_seconds) * 1e6 / n);
  std::printf(
      "  memory     %.0f bytes each\n",
      (static_cast<double>(after.resident_bytes) - static_cast<double>(before.resident_bytes)) / n);
  std::printf("  idle       %.2f us of server CPU each per second\n",
              (after.cpu_seconds - connected.cpu_seconds) * 1e6 / n / o.seconds);
  return running.clients.counts().lost == 0 ? 0 : 1;
}

// Waits for somebody to kill the server and start it again on the same port.
int storm(const Target& target, const Options& o) {
  const auto users = read_users(o.users_file, o.clients);
  Running running(target, users, o.connecting);
  wait_until_open(running, o.clients, o.patience);
  const auto& counts = running.clients.counts();
  std::puts("ready");
  std::fflush(stdout);
  if (!Running::wait([&] { return counts.open == 0; }, o.patience)) return 1;
  const auto lost = Steady::now();
  const auto welcomed = counts.welcomed.load();
  if (!Running::wait([&] { return counts.welcomed > welcomed; }, o.patience)) return 1;
  const auto back = Steady::now();
  wait_until_open(running, o.clients, o.patience);
  std::printf(
      "connect-storm: %zu clients back %.1f s after the server was (%.1f s after the loss)\n",
      o.clients, seconds_since(back), seconds_since(lost));
  return 0;
}

int drain(const Target& target, const Options& o) {
  auto users = read_users(o.users_file, o.clients + 1);
  users.erase(users.begin());  // the one who sent
  Running running(target, users, o.connecting);
  wait_until_open(running, o.clients, o.patience);
  const auto before = usage_of(o.pid);
  const auto start = Steady::now();
  for (const auto& user : users) {
    const auto answer = fetch(
        target, make_request(target, "POST", "/api/chat/chatGetmessageOffLine", user.token, "{}"));
    if (answer.status != 200) throw std::runtime_error(answer.body);
  }
  const auto expected = o.messages * o.clients;
  const auto& counts = running.clients.counts();
  const bool all = Running::wait([&] { return counts.messages >= expected; }, o.patience);
  const double seconds = seconds_since(start);
  const double cpu = usage_of(o.pid).cpu_seconds - before.cpu_seconds;
  const auto got = static_cast<double>(counts.messages);
  std::printf("offline-drain: %zu clients with %llu messages each\n", o.clients,
              static_cast<unsigned long long>(o.messages));
  std::printf("  delivered  %.0f of %llu, %.0f/s, %.1f us of server CPU each\n", got,
              static_cast<unsigned long long>(expected), got / seconds, cpu * 1e6 / got);
  return all && counts.messages == expected ? 0 : 1;
}

Options parse(int argc, char** argv) {
  Options o;
  CLI::App app{"Puts load on the message path and the gateway of a running server."};
  app.add_option("--scenario", o.scenario)
      ->check(
          CLI::IsMember({"send-single", "group-1000", "idle", "connect-storm", "offline-drain"}))
      ->required();
  app.add_option("--url", o.url)->required();
  app.add_option("--users", o.users_file, "File of fill_chat.py")->required();
  app.add_option("--pid", o.pid, "Of the server")->required();
  app.add_option("--clients", o.clients, "Open WebSockets")->capture_default_str();
  app.add_option("--senders", o.senders)->capture_default_str();
  app.add_option("--connecting", o.connecting, "At the same time")->capture_default_str();
  app.add_option("--seconds", o.seconds)->capture_default_str();
  app.add_option("--messages", o.messages, "Of each client's backlog");
  app.add_option("--patience", o.patience, "Seconds")->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& done) {
    std::exit(app.exit(done));
  }
  return o;
}

int run(int argc, char** argv) {
  const auto o = parse(argc, argv);
  const auto target = parse_target(o.url);
  if (o.scenario == "send-single") return sending(target, o, 1, false);
  if (o.scenario == "group-1000") return sending(target, o, o.clients - 1, true);
  if (o.scenario == "idle") return idle(target, o);
  if (o.scenario == "connect-storm") return storm(target, o);
  return drain(target, o);
}

}  // namespace
}  // namespace qn::bench

int main(int argc, char** argv) {
  try {
    return qn::bench::run(argc, argv);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "qn_ws_bench: %s\n", failure.what());
    return 1;
  }
}
