#include "app/server.h"

#include <future>
#include <thread>

#include "api/chat_api.h"
#include "app/data_folder.h"
#include "app/make_cache.h"
#include "app/site.h"
#include "base/event_loops.h"
#include "base/log.h"
#include "base/worker_pool.h"
#include "bus/cache.h"
#include "chat/accounts.h"
#include "chat/managers.h"
#include "chat/passwords.h"
#include "chat/profiles.h"
#include "chat/rate_limits.h"
#include "chat/sessions.h"
#include "chat/tokens.h"
#include "chat/visitors.h"
#include "console/console.h"
#include "net/server.h"
#include "net/static_files.h"
#include "store/friend_store.h"
#include "store/manager_store.h"
#include "store/session_store.h"
#include "store/sqlite/sqlite_database.h"
#include "store/user_store.h"

namespace qn::app {
namespace {

constexpr std::chrono::minutes kSweepEvery{10};
constexpr std::chrono::seconds kSessionGaugeEvery{15};
constexpr std::chrono::seconds kStartTime{10};
constexpr std::size_t kFileThreads = 2;

std::size_t or_cores(std::size_t n) {
  return n != 0 ? n : std::max(1u, std::thread::hardware_concurrency());
}

net::StaticFiles::Options upload_options() {
  net::StaticFiles::Options options;
  options.attachment_for_active_content = true;  // defect S21
  return options;
}

}  // namespace

// In the order they are made; destroyed in reverse.
struct Server::Parts {
  Parts(const Settings& s, Environment environment)
      : settings(s),
        clock(environment.clock ? *environment.clock : system_clock),
        random(environment.random ? *environment.random : system_random),
        loops(or_cores(s.loops), metrics),
        hashing({.name = "passwords",
                 .threads = or_cores(s.password_pool.threads),
                 .max_queue = s.password_pool.queue},
                metrics),
        files({.name = "files", .threads = kFileThreads}, metrics) {}

  Result<void> open_store();
  void build_services(const std::string& jwt_secret);
  Result<void> listen();
  void start_timers();

  const Settings settings;
  SystemClock system_clock;
  SystemRandom system_random;
  Clock& clock;
  Random& random;
  Metrics metrics;
  std::unique_ptr<DataFolder> folder;
  EventLoops loops;
  WorkerPool hashing;
  WorkerPool files;

  std::unique_ptr<store::Database> db;
  std::unique_ptr<bus::Cache> cache;
  std::unique_ptr<store::UserStore> users;
  std::unique_ptr<store::SessionStore> session_rows;
  std::unique_ptr<store::FriendStore> friends;
  std::unique_ptr<store::ManagerStore> manager_rows;

  std::unique_ptr<chat::TokenSigner> signer;
  std::unique_ptr<chat::SessionService> sessions;
  std::unique_ptr<chat::RateLimits> limits;
  std::unique_ptr<chat::PasswordHasher> passwords;
  std::unique_ptr<chat::AccountService> accounts;
  std::unique_ptr<chat::VisitorService> visitors;
  std::unique_ptr<chat::ProfileService> profiles;
  std::unique_ptr<chat::ManagerService> managers;

  std::unique_ptr<api::ChatApi> api;
  std::unique_ptr<console::Console> console;
  std::unique_ptr<net::StaticFiles> uploads;
  std::unique_ptr<OpsEndpoints> ops;
  std::unique_ptr<Site> site;
  std::unique_ptr<net::Server> http;
  std::string setup_token;
  bool stopped = false;
};

namespace {

Error start_error(std::string_view what, const Error& error) {
  return refused(std::string(what) + ": " + (error.text.empty() ? error.detail : error.text));
}

// Runs one task to its end from a thread that is no loop.
template <class T>
Result<T> run_now(EventLoops& loops, Task<Result<T>> task) {
  std::promise<Result<T>> promise;
  auto future = promise.get_future();
  auto wait = [](Task<Result<T>> inner, std::promise<Result<T>>& out) -> Task<void> {
    out.set_value(co_await std::move(inner));
  };
  loops.spawn(0, wait(std::move(task), promise));
  return future.get();
}

Task<void> sweep_sessions(chat::SessionService& sessions) {
  for (;;) {
    co_await sleep_for(kSweepEvery);
    const auto swept = co_await sessions.sweep(Deadline::after(chat::kRequestTime));
    if (!swept.has_value()) log::warn("session.sweep_failed", {{"detail", swept.error().detail}});
  }
}

Task<void> count_sessions(store::SessionStore& sessions, const Clock& clock, Gauge& gauge) {
  for (;;) {
    const auto count = co_await sessions.count(clock.now(), Deadline::after(chat::kRequestTime));
    if (count.has_value()) gauge.set(static_cast<double>(*count));
    co_await sleep_for(kSessionGaugeEvery);
  }
}

}  // namespace

Result<void> Server::Parts::open_store() {
  auto opened = store::open_sqlite(sqlite_options(settings), metrics);
  if (!opened.has_value()) return start_error("cannot open the database", opened.error());
  db = std::move(*opened);
  users = store::make_user_store(*db);
  session_rows = store::make_session_store(*db);
  friends = store::make_friend_store(*db);
  manager_rows = store::make_manager_store(*db);

  const auto count = run_now(loops, manager_rows->count(Deadline::after(kStartTime)));
  if (!count.has_value()) return start_error("cannot read the database", count.error());
  if (*count == 0) setup_token = random.hex(24);
  return {};
}

void Server::Parts::build_services(const std::string& jwt_secret) {
  signer = std::make_unique<chat::TokenSigner>(jwt_secret);
  sessions = std::make_unique<chat::SessionService>(*session_rows, *cache, *signer, random, clock,
                                                    settings.session);
  limits = std::make_unique<chat::RateLimits>(*cache, settings.rates, metrics);
  passwords = std::make_unique<chat::PasswordHasher>(hashing, settings.password_cost);
  accounts = std::make_unique<chat::AccountService>(*users, *sessions, *passwords, *limits, random,
                                                    clock, settings.users);
  visitors =
      std::make_unique<chat::VisitorService>(*users, *accounts, *passwords, *limits, *cache, random,
                                             clock, settings.visitor_salt, settings.users);
  profiles =
      std::make_unique<chat::ProfileService>(*users, *friends, *limits, clock, settings.users);
  managers = std::make_unique<chat::ManagerService>(*manager_rows, *passwords, clock, setup_token);

  const api::ChatApi::Services services{*sessions, *accounts, *visitors, *profiles};
  api = std::make_unique<api::ChatApi>(services, api::ApiOptions{settings.utc_offset});
  console = std::make_unique<console::Console>(*managers);
  uploads = std::make_unique<net::StaticFiles>(folder->path() / "public", "/public/",
                                               upload_options(), files);
  ops = std::make_unique<OpsEndpoints>(*db, *cache, metrics, settings.metrics_token);
  site = std::make_unique<Site>(*api, *console, *uploads, *ops, Cors(settings.web_origins),
                                settings.max_body);
  db->on_foreign_change([this] { loops.spawn(0, sessions->forget_cached()); });
}

Result<void> Server::Parts::listen() {
  TRY(http, net::start_server(settings.server, *site, loops, random, metrics));
  return {};
}

void Server::Parts::start_timers() {
  loops.spawn(0, sweep_sessions(*sessions));
  auto& gauge = metrics.gauge("qn_sessions", "Sessions that have not ended.");
  loops.spawn(0, count_sessions(*session_rows, clock, gauge));
}

Result<std::unique_ptr<Server>> Server::start(const Settings& settings, Environment environment) {
  // First the port, then the disk: a start that cannot succeed leaves no trace.
  CHECK_OK(net::check_listen(settings.server.listen));
  TRY(auto folder, DataFolder::open(settings.data_dir));
  CHECK_OK(folder->claim());

  auto parts = std::make_unique<Parts>(settings, environment);
  parts->folder = std::move(folder);
  std::unique_ptr<Server> server(new Server(std::move(parts)));
  Parts& p = *server->parts_;

  std::string jwt_secret = settings.jwt_secret;
  if (jwt_secret.empty()) {
    TRY(jwt_secret, p.folder->secret("jwt.key", p.random));
  }
  CHECK_OK(p.open_store());
  TRY(p.cache, make_cache(settings, p.loops, p.clock, p.random, p.metrics));
  p.build_services(jwt_secret);
  CHECK_OK(p.listen());
  p.start_timers();
  p.folder->keep();
  return server;
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Server::~Server() {
  stop();
}

std::uint16_t Server::port() const {
  return parts_->http->port();
}

std::string Server::url() const {
  const bool tls = !parts_->settings.server.tls_cert.empty();
  std::string host = parts_->settings.server.listen;
  host = host.substr(0, host.rfind(':'));
  if (host == "0.0.0.0" || host == "[::]" || host.empty()) host = "127.0.0.1";
  return (tls ? "https://" : "http://") + host + ':' + std::to_string(port());
}

std::string Server::setup_url() const {
  if (parts_->setup_token.empty()) return {};
  return url() + "/admin/setup?token=" + parts_->setup_token;
}

Result<void> Server::reload() {
  return parts_->http->reload_tls();
}

void Server::stop() {
  Parts& p = *parts_;
  if (p.stopped) return;
  p.stopped = true;
  if (p.ops) p.ops->drain();
  if (p.http) p.http->stop(p.settings.shutdown_grace);
  p.hashing.stop();
  p.files.stop();
  if (p.db) p.db->stop();
  if (p.cache) p.cache->stop();
  p.loops.stop();
}

Metrics& Server::metrics() {
  return parts_->metrics;
}

}  // namespace qn::app
