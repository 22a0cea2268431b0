#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"
#include "chat/accounts.h"
#include "chat/ask_answers.h"
#include "chat/console_sessions.h"
#include "chat/friend_requests.h"
#include "chat/passwords.h"
#include "chat/payload.h"
#include "chat/rate_limits.h"
#include "chat/resumable_uploads.h"
#include "chat/sessions.h"
#include "chat/uploads.h"
#include "chat/video_covers.h"
#include "gateway/options.h"
#include "net/server.h"
#include "store/group_store.h"
#include "store/sqlite/sqlite_database.h"

namespace qn::app {

// Everything an operator can set, as the options of the parts that use it. The
// initial values are the defaults; names, bounds and explanations stand once, in
// settings.cc. Immutable after loading, so any thread may read it.
struct Settings {
  struct Redis {  // the reference system's way to name the cache
    std::string host;
    std::uint16_t port = 6379;
    std::string password;
    int db = 0;
  };
  struct PasswordPool {
    std::size_t threads = 0;  // 0: one per core
    std::size_t queue = 256;
  };

  net::ServerOptions server;
  std::size_t loops = 0;  // 0: one per core
  Millis shutdown_grace = std::chrono::seconds(10);
  std::chrono::minutes utc_offset = std::chrono::hours(8);

  std::filesystem::path data_dir = "data";
  std::string store_url = "sqlite:qingniao.db";
  store::Durability durability = store::Durability::kFull;
  std::size_t readers = 2;

  std::string cache_url = "memory:";  // holds what redis.* names once loaded
  Redis redis;
  std::string bus_url = "memory:";

  log::Level log_level = log::Level::kInfo;
  log::Format log_format = log::Format::kText;
  std::vector<std::string> web_origins = {"*"};

  std::size_t max_body = 1_MiB;
  chat::RateOptions rates;

  std::string jwt_secret;  // "": made at the first start, kept in data_dir
  std::string visitor_salt = "45ncashdaksh2!#@3nxjdas*_259";
  chat::SessionOptions session;
  PasswordPool password_pool;
  chat::PasswordCost password_cost;

  chat::AccountOptions users = {
      .default_avatar = "https://docs-51yrc-com.oss-cn-hangzhou.aliyuncs.com/chat/user.jpg",
      .reserved_names = {"系统消息", "系统通知", "系统管理员", "管理员", "官方客服", "admin",
                         "administrator", "system", "root"}};
  chat::ConsoleSessionOptions console;
  store::GroupCaps group_caps;
  chat::UploadOptions uploads;
  chat::FriendOptions friends;
  chat::AskAnswerOptions ask_answers;
  chat::PayloadLimits payloads;
  gateway::GatewayOptions gateway;
  std::string media_url = "disk:";
  Millis object_time = std::chrono::seconds(60);  // for a file to reach the bucket
  chat::ResumableOptions resumables;
  chat::CoverOptions covers;
  std::size_t min_free = 512_MiB;  // of the disk, which uploads leave
  std::string metrics_token;       // "": only this machine may read /metrics
};

// Where values come from; a later source overrides an earlier one: the file,
// then the environment, then the assignments of the command line.
struct SettingSources {
  std::optional<std::filesystem::path> config_file;  // --config
  std::vector<std::string> environment;              // "NAME=value"
  std::vector<std::string> assignments;              // --set name=value
  // Read when neither --config nor QINGNIAO_CONFIG names a file, if it exists.
  std::filesystem::path fallback_file = "qingniao.toml";
};

// kRefused with one line for the operator that names the setting, where the
// value came from and what is allowed. No side effects.
Result<Settings> load_settings(const SettingSources& sources);

// What only the machine can tell: whether the data folder can be written and
// the TLS files can be read. Creates nothing. kRefused with a text.
Result<void> check_machine(const Settings& settings);

// The database `store.url` names; a relative file is inside data_dir.
store::SqliteOptions sqlite_options(const Settings& settings);

// Every setting with type, default, environment variable and explanation.
std::string settings_help();
std::string settings_markdown();
// One "name = value" per line, with secrets as ***.
std::string effective_settings(const Settings& settings);

}  // namespace qn::app
