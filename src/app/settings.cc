#include "app/settings.h"

#include "app/settings_list.h"
#include "bus/redis/redis_url.h"
#include "media/object_url.h"

namespace qn::app {
namespace {

using namespace std::chrono_literals;
using S = Settings;
using Days = std::chrono::days;

std::string check_listen(std::string_view text) {
  return is_listen_address(text)
             ? ""
             : "must be an address and a port, such as 0.0.0.0:7001 or [::]:7001";
}

std::string check_network(std::string_view text) {
  return is_network(text) ? "" : "must hold addresses or networks, such as 127.0.0.1 or 10.0.0.0/8";
}

std::string check_origin(std::string_view text) {
  if (text == "*" || text == "null") return "";
  const std::size_t scheme = text.find("://");
  const bool bare = scheme != std::string_view::npos && scheme > 0 && text.size() > scheme + 3 &&
                    text.find('/', scheme + 3) == std::string_view::npos;
  return bare ? "" : "must hold origins such as https://chat.example.org, without a path, or *";
}

std::string check_folder(std::string_view text) {
  return text.empty() ? "must name a folder" : "";
}

std::string check_store_url(std::string_view text) {
  if (text.starts_with("postgresql:") || text.starts_with("postgres:")) {
    return "this version stores in SQLite only; use sqlite:FILE";
  }
  const std::string_view file = text.substr(std::min(text.find(':'), text.size() - 1) + 1);
  const bool good = text.starts_with("sqlite:") && !file.empty() && !file.starts_with("//") &&
                    !file.starts_with(":");
  return good ? "" : "must be sqlite:FILE, with FILE relative to data_dir or absolute";
}

std::string check_cache_url(std::string_view text) {
  if (text == "memory:") return "";
  if (!text.starts_with("redis://")) {
    return "must be memory: or redis://[:PASSWORD@]HOST[:PORT][/DB]";
  }
  const auto redis = bus::parse_redis_url(text);
  return redis ? "" : redis.error().text;
}

std::string check_media_url(std::string_view text) {
  const auto target = media::parse_media_url(text);
  return target ? "" : target.error().text;
}

std::string check_bus_url(std::string_view text) {
  return text == "memory:" ? "" : "must be memory:";
}

std::string check_jwt_secret(std::string_view text) {
  if (text == "qhdgw@45ncashdaksh2!#@3nxjdas*_259") {
    return "this secret is published in the reference system's tutorial, anybody can forge tokens "
           "with it; leave it empty to have one made";
  }
  return text.empty() || text.size() >= 32 ? "" : "must be empty or at least 32 bytes long";
}

SettingField core_count_field(Member<std::size_t> member) {
  return integer_field(member, 0, 256);
}

SettingField timeout_field(Member<Millis> member) {
  return duration_field(member, 100ms, 1h);
}

SettingField session_time_field(Member<Millis> member) {
  return duration_field(member, 1min, Days(3650));
}

}  // namespace

const std::vector<Setting>& settings_list() {
  using Http = net::ServerOptions;
  using Rates = chat::RateOptions;
  using Gateway = gateway::GatewayOptions;
  using Users = chat::AccountOptions;
  using Cost = chat::PasswordCost;
  using Uploads = chat::UploadOptions;
  using log::Format;
  using log::Level;
  using store::Durability;
  constexpr auto kSecret = Secrecy::kSecret;

  static const std::vector<Setting> list = {
      {"server.listen", text_field(at(&S::server, &Http::listen), check_listen),
       "Address and port of HTTP, WebSocket and console; port 0 takes a free one"},
      {"server.loops", core_count_field(at(&S::loops)),
       "Event loops, each with a thread of its own; 0: one per core"},
      {"server.tls_cert", path_field(at(&S::server, &Http::tls_cert)),
       "PEM file with the certificate and its chain; empty: no TLS"},
      {"server.tls_key", path_field(at(&S::server, &Http::tls_key)),
       "PEM file with the certificate's private key"},
      {"server.trusted_proxies", list_field(at(&S::server, &Http::trusted_proxies), check_network),
       "Proxies whose X-Forwarded-For tells the client's address"},
      {"server.max_connections",
       integer_field(at(&S::server, &Http::max_connections), 1, 10'000'000),
       "Connections open at the same time; more are closed at once"},
      {"server.header_timeout", timeout_field(at(&S::server, &Http::header_timeout)),
       "From the first byte of a request to the end of its header"},
      {"server.body_timeout", timeout_field(at(&S::server, &Http::body_timeout)),
       "Silence allowed while a request body is due"},
      {"server.idle_timeout", duration_field(at(&S::server, &Http::idle_timeout), 100ms, Days(1)),
       "How long a connection may rest between two requests"},
      {"server.write_timeout", timeout_field(at(&S::server, &Http::write_timeout)),
       "How long a client may take nothing of an answer"},
      {"server.shutdown_grace", duration_field(at(&S::shutdown_grace), 0ms, 10min),
       "How long a stop waits for requests in flight"},
      {"server.utc_offset", utc_offset_field(at(&S::utc_offset)),
       "Time zone of the times in answers (create_time)"},

      {"data_dir", path_field(at(&S::data_dir), check_folder),
       "Folder of the database, the uploads and the generated secrets; made when missing"},
      {"store.url", text_field(at(&S::store_url), check_store_url),
       "The database: sqlite:FILE, relative to data_dir or absolute"},
      {"store.synchronous",
       choice_field<Durability>(at(&S::durability),
                                {{"full", Durability::kFull}, {"normal", Durability::kNormal}}),
       "full: an answer survives a power cut; normal: it survives a crash of the server"},
      {"store.readers", integer_field(at(&S::readers), 1, 64),
       "Database connections for reading, each with a thread of its own"},

      {"gateway.max_sockets", integer_field(at(&S::server, &Http::max_websockets), 1, 10'000'000),
       "WebSockets open at the same time; more are answered 503"},
      {"gateway.sockets_per_token",
       integer_field(at(&S::gateway, &Gateway::sockets_per_token), 1, 1'000),
       "WebSockets of one login; more are answered 503"},
      {"gateway.max_message",
       size_field(at(&S::server, &Http::websocket, &net::WsOptions::max_message), 1_KiB, 16_MiB),
       "Largest message from a client over a WebSocket"},
      {"gateway.max_outbound",
       size_field(at(&S::server, &Http::websocket, &net::WsOptions::max_outbound), 64_KiB, 256_MiB),
       "What may wait for a client that reads slowly; more drops its connection"},
      {"gateway.compression",
       choice_field<bool>(at(&S::server, &Http::websocket, &net::WsOptions::deflate),
                          {{"true", true}, {"false", false}}),
       "permessage-deflate for clients that offer it: less traffic, much more memory and CPU"},
      {"gateway.heartbeat", duration_field(at(&S::gateway, &Gateway::heartbeat), 1s, 10min),
       "How often open WebSockets are pinged; proxies cut silent ones, many after 60 s"},
      {"gateway.dead_after", duration_field(at(&S::gateway, &Gateway::dead_after), 2s, 1h),
       "Without a sign of life a WebSocket is dropped"},
      {"gateway.fetch_wait", duration_field(at(&S::gateway, &Gateway::fetch_wait), 0s, 60s),
       "How long new messages wait for a client that has yet to ask for those it missed"},

      {"cache.url", text_field(at(&S::cache_url), check_cache_url),
       "Sessions and rate limits: memory: or redis://[:PASSWORD@]HOST[:PORT][/DB]"},
      {"redis.host", text_field(at(&S::redis, &S::Redis::host)),
       "Another way to name the Redis of cache.url; set one of the two"},
      {"redis.port", integer_field(at(&S::redis, &S::Redis::port), 1, 65'535),
       "Port of redis.host"},
      {"redis.password", text_field(at(&S::redis, &S::Redis::password)), "Password of redis.host",
       kSecret},
      {"redis.db", integer_field(at(&S::redis, &S::Redis::db), 0, 65'535),
       "Database number at redis.host"},
      {"bus.url", text_field(at(&S::bus_url), check_bus_url),
       "Events between parts of the server: memory:"},

      {"log.level",
       choice_field<Level>(at(&S::log_level), {{"debug", Level::kDebug},
                                               {"info", Level::kInfo},
                                               {"warn", Level::kWarn},
                                               {"error", Level::kError},
                                               {"off", Level::kOff}}),
       "The least important lines that are written to standard error"},
      {"log.format",
       choice_field<Format>(at(&S::log_format), {{"text", Format::kText}, {"json", Format::kJson}}),
       "Form of a log line"},
      {"web.origins", list_field(at(&S::web_origins), check_origin),
       "Web pages that may call the API from a browser (CORS); *: all"},

      {"limits.per_address",
       choice_field<bool>(at(&S::rates, &Rates::per_address), {{"true", true}, {"false", false}}),
       "Whether the limits per client address apply; the others always do"},
      {"limits.body", size_field(at(&S::max_body), 1_KiB, 64_MiB),
       "Largest request body, except uploads"},
      {"limits.login_per_address", rate_field(at(&S::rates, &Rates::login_per_address)),
       "Login attempts from one address"},
      {"limits.login_per_account", rate_field(at(&S::rates, &Rates::login_per_account)),
       "Failed logins to one account"},
      {"limits.register_per_address", rate_field(at(&S::rates, &Rates::register_per_address)),
       "Registrations from one address"},
      {"limits.visitor_per_device", rate_field(at(&S::rates, &Rates::visitor_per_device)),
       "Visitor calls of one device; clients expect 5/1h"},
      {"limits.visitor_per_address", rate_field(at(&S::rates, &Rates::visitor_per_address)),
       "Visitor calls from one address"},
      {"limits.search_per_user", rate_field(at(&S::rates, &Rates::search_per_user)),
       "User searches of one user"},
      {"limits.profile_per_address", rate_field(at(&S::rates, &Rates::profile_per_address)),
       "Public profiles read from one address"},
      {"limits.send", rate_field(at(&S::rates, &Rates::send_per_user)), "Messages of one user"},
      {"limits.message", size_field(at(&S::payloads, &chat::PayloadLimits::data), 1_KiB, 256_KiB),
       "What one message says"},
      {"limits.upload_per_user", rate_field(at(&S::rates, &Rates::upload_per_user)),
       "Uploads of one user or manager"},
      {"limits.upload_bytes_per_day",
       size_field(at(&S::uploads, &Uploads::bytes_per_day), 1_MiB, 1024 * 1024_MiB),
       "Bytes one user may upload on one day; managers ten times as much"},
      {"limits.friends_per_user",
       integer_field(at(&S::friends, &chat::FriendOptions::max_friends), 1, 100'000),
       "Friends one user may have; with more nobody is added"},
      {"limits.group_members",
       integer_field(at(&S::group_caps, &store::GroupCaps::members), 2, 100'000),
       "Members of one group; with more nobody gets in"},
      {"limits.groups_per_user",
       integer_field(at(&S::group_caps, &store::GroupCaps::groups_per_user), 1, 100'000),
       "Groups one user may be in; with more none is made or joined"},
      {"limits.qa_per_user",
       integer_field(at(&S::ask_answers, &chat::AskAnswerOptions::per_user), 1, 10'000),
       "Automatic answers one user may have"},
      {"limits.qa_search_per_user", rate_field(at(&S::rates, &Rates::qa_search_per_user)),
       "Searches in automatic answers of one user"},
      {"limits.complaint_per_user", rate_field(at(&S::rates, &Rates::complaint_per_user)),
       "Complaints of one user"},
      {"limits.admin_login_per_address", rate_field(at(&S::rates, &Rates::admin_login_per_address)),
       "Console login attempts from one address"},
      {"limits.admin_login_per_account", rate_field(at(&S::rates, &Rates::admin_login_per_account)),
       "Failed console logins to one account from one address"},

      {"auth.jwt_secret", text_field(at(&S::jwt_secret), check_jwt_secret),
       "Key that signs the login tokens; empty: made at the first start, kept in data_dir",
       kSecret},
      {"auth.visitor_salt", text_field(at(&S::visitor_salt)),
       "Salt of the visitors' request signature; compiled into the clients, so no secret"},
      {"session.idle", session_time_field(at(&S::session, &chat::SessionOptions::idle)),
       "A login not used for so long ends"},
      {"session.max_age", session_time_field(at(&S::session, &chat::SessionOptions::max_age)),
       "A login ends after this time, however much it is used"},
      {"password.threads", core_count_field(at(&S::password_pool, &S::PasswordPool::threads)),
       "Threads that hash passwords; 0: one per core"},
      {"password.queue", integer_field(at(&S::password_pool, &S::PasswordPool::queue), 1, 100'000),
       "Logins that may wait for them; more are refused"},
      {"password.ops", integer_field(at(&S::password_cost, &Cost::passes), 1, 20),
       "Argon2id passes over the memory of a hash"},
      {"password.memory", size_field(at(&S::password_cost, &Cost::memory), 1_MiB, 1024_MiB),
       "Argon2id memory of a hash; times password.threads at worst"},

      {"media.max_upload", size_field(at(&S::uploads, &Uploads::max_bytes), 1_KiB, 1024_MiB),
       "Largest uploaded file"},
      {"media.max_resumable",
       size_field(at(&S::resumables, &chat::ResumableOptions::max_bytes), 1_KiB, 16 * 1024_MiB),
       "Largest file that is uploaded in pieces"},
      {"media.url", text_field(at(&S::media_url), check_media_url),
       "Where uploadAliyun stores: disk:, or a bucket, "
       "s3://KEY:SECRET@ENDPOINT/BUCKET?region=…, oss://KEY:SECRET@ENDPOINT/BUCKET"},
      {"media.object_timeout", duration_field(at(&S::object_time), 1s, 10min),
       "How long a file may take to the bucket, with retries"},
      {"media.cover_base64",
       choice_field<bool>(at(&S::covers, &chat::CoverOptions::with_base64),
                          {{"true", true}, {"false", false}}),
       "Whether film covers are also in the answer as Base64, which clients ignore"},
      {"media.min_free", size_field(at(&S::min_free), 0, 1024 * 1024_MiB),
       "Space uploads leave free on the disk of data_dir; below it they are refused"},

      {"users.default_avatar", text_field(at(&S::users, &Users::default_avatar)),
       "Picture of users without one"},
      {"users.reserved_names", list_field(at(&S::users, &Users::reserved_names)),
       "Names nobody may take as account or nickname"},
      {"console.session_idle",
       session_time_field(at(&S::console, &chat::ConsoleSessionOptions::idle)),
       "A manager's login to the console not used for so long ends"},
      {"metrics.token", text_field(at(&S::metrics_token)),
       "Bearer token with which other machines may read /metrics; empty: they may not", kSecret},
  };
  return list;
}

store::SqliteOptions sqlite_options(const Settings& settings) {
  const std::string_view url = settings.store_url;
  store::SqliteOptions options;
  options.file = settings.data_dir / url.substr(url.find(':') + 1);
  options.durability = settings.durability;
  options.readers = settings.readers;
  return options;
}

}  // namespace qn::app
