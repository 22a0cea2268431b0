#include "app/server.h"

#include <future>
#include <thread>

#include "api/chat_api.h"
#include "app/data_folder.h"
#include "app/load_menu.h"
#include "app/make_cache.h"
#include "app/media_parts.h"
#include "app/message_parts.h"
#include "app/site.h"
#include "app/version.h"
#include "base/event_loops.h"
#include "base/initials.h"
#include "base/log.h"
#include "base/worker_pool.h"
#include "bus/cache.h"
#include "chat/access.h"
#include "chat/accounts.h"
#include "chat/ask_answers.h"
#include "chat/audit_log.h"
#include "chat/complaints.h"
#include "chat/console_sessions.h"
#include "chat/contacts.h"
#include "chat/figures.h"
#include "chat/friend_requests.h"
#include "chat/group_admin.h"
#include "chat/groups.h"
#include "chat/managers.h"
#include "chat/message_admin.h"
#include "chat/passwords.h"
#include "chat/profiles.h"
#include "chat/qr_codes.h"
#include "chat/rate_limits.h"
#include "chat/sessions.h"
#include "chat/tokens.h"
#include "chat/user_admin.h"
#include "chat/visitors.h"
#include "console/console.h"
#include "media/qr_cache.h"
#include "net/server.h"
#include "net/static_files.h"
#include "store/apply_store.h"
#include "store/askanswer_store.h"
#include "store/audit_store.h"
#include "store/complaint_store.h"
#include "store/figure_store.h"
#include "store/fill_initials.h"
#include "store/friend_store.h"
#include "store/group_admin_store.h"
#include "store/group_store.h"
#include "store/manager_store.h"
#include "store/message_admin_store.h"
#include "store/session_store.h"
#include "store/sqlite/sqlite_database.h"
#include "store/user_admin_store.h"
#include "store/user_store.h"
#include "wire/message_json.h"

namespace qn::app {
namespace {

constexpr std::chrono::minutes kSweepEvery{10};
constexpr std::chrono::seconds kSessionGaugeEvery{15};
constexpr std::chrono::minutes kFiguresEvery{1};
constexpr std::chrono::seconds kStartTime{10};
constexpr int kInitialsAtOnce = 50;  // some 2 ms of a loop
constexpr std::size_t kFileThreads = 2;
constexpr std::size_t kWriterThreads = 2;
constexpr std::size_t kMaxUploads = 4096;  // pieces waiting to be written, one per upload
constexpr std::size_t kMaxToolRuns = 256;
constexpr std::size_t kQrCacheBytes = 8_MiB;

std::size_t or_cores(std::size_t n) {
  return n != 0 ? n : std::max(1u, std::thread::hardware_concurrency());
}

net::StaticFiles::Options public_options() {
  net::StaticFiles::Options options;
  options.attachment_for_active_content = true;  // defect S21
  return options;
}

// What has a name once never changes.
net::StaticFiles::Options upload_options() {
  net::StaticFiles::Options options = public_options();
  options.cache_control = "public, max-age=31536000, immutable";
  return options;
}

}  // namespace

// In the order they are made; destroyed in reverse.
struct Server::Parts {
  Parts(const Settings& s, Environment environment)
      : settings(s),
        clock(environment.clock ? *environment.clock : system_clock),
        random(environment.random ? *environment.random : system_random),
        given_online(environment.online),
        loops(or_cores(s.loops), metrics),
        hashing({.name = "passwords",
                 .threads = or_cores(s.password_pool.threads),
                 .max_queue = s.password_pool.queue},
                metrics),
        files({.name = "files", .threads = kFileThreads}, metrics),
        writers({.name = "uploads", .threads = kWriterThreads, .max_queue = kMaxUploads}, metrics),
        tools({.name = "tools", .threads = 1, .max_queue = kMaxToolRuns}, metrics) {}

  Result<void> open_store();
  void build_services(const std::string& jwt_secret);
  void build_console(console::Menu menu);
  void build_groups();
  void build_messages();
  chat::Online& online() { return given_online ? *given_online : message_parts->gateway; }
  void build_uploads();
  void build_site();
  Result<void> listen();
  void start_timers();

  const Settings settings;
  SystemClock system_clock;
  SystemRandom system_random;
  Clock& clock;
  Random& random;
  chat::Online* const given_online;
  Metrics metrics;
  std::unique_ptr<DataFolder> folder;
  EventLoops loops;
  WorkerPool hashing;
  WorkerPool files;
  WorkerPool writers;
  WorkerPool tools;

  std::unique_ptr<store::Database> db;
  std::unique_ptr<bus::Cache> cache;
  std::unique_ptr<store::UserStore> users;
  std::unique_ptr<store::SessionStore> session_rows;
  std::unique_ptr<store::FriendStore> friends;
  std::unique_ptr<store::ApplyStore> applies;
  std::unique_ptr<store::GroupStore> group_rows;
  std::unique_ptr<store::GroupAdminStore> group_admin_rows;
  std::unique_ptr<store::ManagerStore> manager_rows;
  std::unique_ptr<store::AskAnswerStore> askanswer_rows;
  std::unique_ptr<store::ComplaintStore> complaint_rows;
  std::unique_ptr<store::UserAdminStore> user_admin_rows;
  std::unique_ptr<store::AuditStore> audit_rows;
  std::unique_ptr<store::FigureStore> figure_rows;
  std::unique_ptr<store::MessageAdminStore> message_admin_rows;

  std::unique_ptr<chat::TokenSigner> signer;
  std::unique_ptr<chat::SessionService> sessions;
  std::unique_ptr<chat::RateLimits> limits;
  std::unique_ptr<chat::PasswordHasher> passwords;
  std::unique_ptr<chat::AccountService> accounts;
  std::unique_ptr<chat::VisitorService> visitors;
  std::unique_ptr<chat::ProfileService> profiles;
  std::unique_ptr<chat::ContactService> contacts;
  std::unique_ptr<chat::FriendRequestService> friend_requests;
  std::unique_ptr<chat::Access> access;
  std::unique_ptr<chat::GroupService> groups;
  std::unique_ptr<chat::AskAnswers> ask_answers;
  std::unique_ptr<chat::Complaints> complaints;
  std::unique_ptr<media::QrCache> qr_images;
  std::unique_ptr<chat::QrCodes> qr_codes;
  std::unique_ptr<MediaParts> media_parts;
  std::unique_ptr<MessageParts> message_parts;
  std::unique_ptr<chat::ManagerService> managers;
  std::unique_ptr<chat::ConsoleSessions> console_sessions;
  std::unique_ptr<chat::UserAdmin> user_admin;
  std::unique_ptr<chat::AuditLog> audit;
  std::unique_ptr<chat::Figures> figures;
  std::unique_ptr<chat::GroupAdmin> group_admin;
  std::unique_ptr<chat::MessageAdmin> message_admin;

  std::unique_ptr<api::ChatApi> api;
  std::unique_ptr<api::ApiDocs> api_docs;
  std::unique_ptr<console::Console> console;
  std::unique_ptr<net::StaticFiles> upload_files;
  std::unique_ptr<net::StaticFiles> public_files;
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

Task<void> sweep_console(chat::ConsoleSessions& sessions) {
  for (;;) {
    co_await sleep_for(kSweepEvery);
    const auto swept = co_await sessions.sweep(Deadline::after(chat::kRequestTime));
    if (!swept.has_value()) log::warn("console.sweep_failed", {{"detail", swept.error().detail}});
  }
}

Task<void> record_figures(chat::Figures& figures) {
  for (;;) {
    const auto done = co_await figures.record(Deadline::after(chat::kRequestTime));
    if (!done.has_value()) log::warn("figures.failed", {{"detail", done.error().detail}});
    co_await sleep_for(kFiguresEvery);
  }
}

// Friend lists are right without it, and faster with it.
Task<void> fill_all_initials(store::Database& db) {
  for (;;) {
    const auto filled =
        co_await store::fill_initials(db, kInitialsAtOnce, Deadline::after(chat::kRequestTime));
    if (!filled.has_value()) log::warn("initials.failed", {{"detail", filled.error().detail}});
    if (!filled.has_value() || *filled == 0) co_return;
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
  applies = store::make_apply_store(*db);
  group_rows = store::make_group_store(*db);
  group_admin_rows = store::make_group_admin_store(*db);
  manager_rows = store::make_manager_store(*db);
  askanswer_rows = store::make_askanswer_store(*db);
  complaint_rows = store::make_complaint_store(*db);
  user_admin_rows = store::make_user_admin_store(*db);
  audit_rows = store::make_audit_store(*db);
  figure_rows = store::make_figure_store(*db);
  message_admin_rows = store::make_message_admin_store(*db);

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
  profiles = std::make_unique<chat::ProfileService>(*users, *friends, *limits, *cache, clock,
                                                    settings.users);
  contacts = std::make_unique<chat::ContactService>(*friends, clock);
  friend_requests = std::make_unique<chat::FriendRequestService>(
      chat::FriendRequestService::Stores{*applies, *users}, &wire::write_message, random, clock,
      settings.friends);
  ask_answers =
      std::make_unique<chat::AskAnswers>(*askanswer_rows, *limits, clock, settings.ask_answers);
  complaints = std::make_unique<chat::Complaints>(*complaint_rows, *limits, clock);
}

void Server::Parts::build_groups() {
  access = std::make_unique<chat::Access>(*group_rows);
  groups = std::make_unique<chat::GroupService>(
      *access, chat::GroupService::Stores{*group_rows, *friends}, &wire::write_message, random,
      clock, chat::GroupOptions{settings.group_caps, settings.utc_offset});
  qr_images = std::make_unique<media::QrCache>(files, kQrCacheBytes);
  qr_codes = std::make_unique<chat::QrCodes>(*access, *users, *qr_images, settings.web_origins);
}

void Server::Parts::build_messages() {
  message_parts = std::make_unique<MessageParts>(MessageParts::Needs{
      settings, *db, *cache, *sessions, *limits, *ask_answers, loops, clock, random, metrics});
}

void Server::Parts::build_console(console::Menu menu) {
  managers = std::make_unique<chat::ManagerService>(*manager_rows, *passwords, clock, setup_token);
  console_sessions = std::make_unique<chat::ConsoleSessions>(
      chat::ConsoleSessions::Stores{*manager_rows, *audit_rows}, *passwords, *limits, random, clock,
      settings.console);
  user_admin = std::make_unique<chat::UserAdmin>(
      chat::UserAdmin::Stores{*user_admin_rows, *users, *audit_rows, *friends}, *sessions,
      *passwords, random, clock, settings.users);
  audit = std::make_unique<chat::AuditLog>(*audit_rows, clock);
  figures = std::make_unique<chat::Figures>(*figure_rows, clock, settings.utc_offset);
  group_admin = std::make_unique<chat::GroupAdmin>(*group_admin_rows, &wire::write_message, random,
                                                   clock, settings.utc_offset);
  message_admin = std::make_unique<chat::MessageAdmin>(
      chat::MessageAdmin::Stores{*message_admin_rows, *user_admin_rows, *group_admin_rows,
                                 *audit_rows},
      clock);
  const console::Console::Services services{
      *managers,    *console_sessions, *user_admin,    *audit,   *figures, media_parts->uploads,
      *group_admin, *complaints,       *message_admin, online(), clock};
  console = std::make_unique<console::Console>(
      services, std::move(menu),
      console::ConsoleOptions{settings.utc_offset, kVersion, settings.users.default_avatar});
}

void Server::Parts::build_uploads() {
  media_parts = std::make_unique<MediaParts>(
      MediaParts::Needs{settings, folder->path() / "public" / "uploads", *db, *limits, writers,
                        tools, clock, random, metrics});
}

void Server::Parts::build_site() {
  const api::ChatApi::Services services{*sessions,
                                        *accounts,
                                        *visitors,
                                        *profiles,
                                        *contacts,
                                        *friend_requests,
                                        *groups,
                                        *qr_codes,
                                        media_parts->uploads,
                                        media_parts->resumables,
                                        media_parts->covers,
                                        *ask_answers,
                                        *complaints,
                                        message_parts->send_message,
                                        message_parts->recall,
                                        online()};
  api = std::make_unique<api::ChatApi>(services, api::ApiOptions{settings.utc_offset});
  upload_files = std::make_unique<net::StaticFiles>(folder->path() / "public" / "uploads",
                                                    "/public/uploads/", upload_options(), files);
  public_files = std::make_unique<net::StaticFiles>(folder->path() / "public", "/public/",
                                                    public_options(), files);
  ops = std::make_unique<OpsEndpoints>(*db, *cache, metrics, settings.metrics_token);
  api_docs = std::make_unique<api::ApiDocs>(kVersion);
  site = std::make_unique<Site>(Site::Api{*api, *api_docs, message_parts->gateway}, *console,
                                Site::Files{*upload_files, *public_files}, *ops,
                                Cors(settings.web_origins), settings.max_body);
  db->on_foreign_change([this] { loops.spawn(0, sessions->forget_cached()); });
}

Result<void> Server::Parts::listen() {
  TRY(http, net::start_server(settings.server, *site, loops, random, metrics));
  return {};
}

void Server::Parts::start_timers() {
  tools.submit(&prepare_initials);
  loops.spawn(0, fill_all_initials(*db));
  loops.spawn(0, sweep_sessions(*sessions));
  loops.spawn(0, sweep_console(*console_sessions));
  media_parts->start_timers(loops);
  loops.spawn(0, record_figures(*figures));
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
  TRY(auto menu, load_menu(settings.data_dir / "root.json"));
  CHECK_OK(p.open_store());
  TRY(p.cache, make_cache(settings, p.loops, p.clock, p.random, p.metrics));
  p.build_services(jwt_secret);
  p.build_groups();
  p.build_messages();
  p.build_uploads();
  p.build_console(std::move(menu));
  p.build_site();
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
  if (p.message_parts) p.message_parts->gateway.stop();
  if (p.http) p.http->stop(p.settings.shutdown_grace);
  p.hashing.stop();
  p.files.stop();
  p.writers.stop();
  if (p.media_parts) p.media_parts->stop();
  p.tools.stop();
  if (p.db) p.db->stop();
  if (p.cache) p.cache->stop();
  p.loops.stop();
}

Metrics& Server::metrics() {
  return parts_->metrics;
}

}  // namespace qn::app
