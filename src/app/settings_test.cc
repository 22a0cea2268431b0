#include "app/settings.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <set>

#include "app/settings_list.h"
#include "support/test_server.h"

namespace qn::app {
namespace {

using namespace std::chrono_literals;

// Settings from the given sources; the folder of the test is otherwise empty.
class SettingsTest : public testing::Test {
 protected:
  SettingsTest() { sources_.fallback_file = dir_.path() / "qingniao.toml"; }

  void write(const std::filesystem::path& name, std::string_view text) const {
    std::ofstream(dir_.path() / name) << text;
  }
  std::string path(std::string_view name) const { return (dir_.path() / name).string(); }

  Result<Settings> load() const { return load_settings(sources_); }
  Result<Settings> load_set(std::string assignment) {
    sources_.assignments = {std::move(assignment)};
    return load();
  }
  // The text a wrong source is refused with.
  std::string refusal() const {
    const auto loaded = load();
    if (loaded.has_value()) return "accepted";
    EXPECT_EQ(loaded.error().code, ErrorCode::kRefused);
    EXPECT_EQ(loaded.error().text.find('\n'), std::string::npos);
    return loaded.error().text;
  }
  std::string refusal_of(std::string assignment) {
    sources_.assignments = {std::move(assignment)};
    return refusal();
  }

  test::TempDir dir_;
  SettingSources sources_;
};

TEST_F(SettingsTest, DefaultsAreThoseOfTheDesign) {
  const auto settings = load();
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->server.listen, "0.0.0.0:7001");
  EXPECT_EQ(settings->data_dir, "data");
  EXPECT_EQ(settings->store_url, "sqlite:qingniao.db");
  EXPECT_EQ(settings->cache_url, "memory:");
  EXPECT_EQ(settings->utc_offset, 8h);
  EXPECT_TRUE(settings->rates.per_address);
  EXPECT_EQ(settings->rates.visitor_per_device.count, 5);
  EXPECT_EQ(settings->max_body, 1_MiB);
  EXPECT_EQ(settings->users.reserved_names.front(), "系统消息");
}

TEST_F(SettingsTest, EveryDefaultIsAllowedAndReadsBackAsItself) {
  for (const Setting& setting : settings_list()) {
    Settings settings;
    const std::string text = setting.field.format(settings);
    EXPECT_EQ(setting.field.parse(settings, {{text}, false}), "") << setting.name;
    EXPECT_EQ(setting.field.format(settings), text) << setting.name;
  }
}

TEST_F(SettingsTest, NamesAndVariablesAreUnique) {
  std::set<std::string> names;
  std::set<std::string> variables;
  for (const Setting& setting : settings_list()) {
    EXPECT_TRUE(names.insert(std::string(setting.name)).second) << setting.name;
    EXPECT_TRUE(variables.insert(environment_name(setting.name)).second) << setting.name;
    EXPECT_FALSE(setting.doc.empty()) << setting.name;
  }
  EXPECT_EQ(environment_name("store.url"), "QINGNIAO_STORE_URL");
}

TEST_F(SettingsTest, LaterSourcesOverrideEarlierOnes) {
  write("qingniao.toml", "[server]\nloops = 1\nidle_timeout = \"1s\"\nbody_timeout = \"1s\"\n");
  sources_.environment = {"QINGNIAO_SERVER_IDLE_TIMEOUT=2s", "QINGNIAO_SERVER_BODY_TIMEOUT=2s",
                          "PATH=/bin"};
  sources_.assignments = {"server.body_timeout=3s", "server.body_timeout=4s"};
  const auto settings = load();
  ASSERT_TRUE(settings) << settings.error().text;
  EXPECT_EQ(settings->loops, 1u);
  EXPECT_EQ(settings->server.idle_timeout, 2s);
  EXPECT_EQ(settings->server.body_timeout, 4s);
}

TEST_F(SettingsTest, TheFileMayBeNamedByOptionOrEnvironment) {
  write("qingniao.toml", "server.loops = 1");
  write("a.toml", "server.loops = 2");
  write("b.toml", "server.loops = 3");
  sources_.environment = {"QINGNIAO_CONFIG=" + path("a.toml")};
  EXPECT_EQ(load()->loops, 2u);
  sources_.config_file = path("b.toml");
  EXPECT_EQ(load()->loops, 3u);
}

TEST_F(SettingsTest, TomlTypesBecomeSettings) {
  write("qingniao.toml",
        "web.origins = [\"https://a.example\", \"https://b.example:8443\"]\n"
        "limits = { per_address = false, body = 2048, search_per_user = \"7/1s\" }\n"
        "server.trusted_proxies = \"10.0.0.0/8, ::1\"\n");
  const auto settings = load();
  ASSERT_TRUE(settings) << settings.error().text;
  EXPECT_EQ(settings->web_origins.size(), 2u);
  EXPECT_FALSE(settings->rates.per_address);
  EXPECT_EQ(settings->max_body, 2048u);
  EXPECT_EQ(settings->rates.search_per_user.count, 7);
  EXPECT_EQ(settings->server.trusted_proxies, (std::vector<std::string>{"10.0.0.0/8", "::1"}));
}

TEST_F(SettingsTest, AnUnknownKeyInTheFileIsNamedWithItsLineAndNeighbour) {
  write("qingniao.toml", "data_dir = \"x\"\n\n[server]\nlisen = \"127.0.0.1:0\"\n");
  EXPECT_EQ(refusal(), "unknown setting server.lisen (" + path("qingniao.toml") +
                           ":4); did you mean server.listen?");
}

TEST_F(SettingsTest, AnUnknownSectionIsFoundEvenWhenEmpty) {
  write("qingniao.toml", "\n[sevrer]\n");
  EXPECT_NE(refusal().find("unknown setting sevrer (" + path("qingniao.toml") + ":2)"),
            std::string::npos);
}

TEST_F(SettingsTest, AnUnknownVariableIsNamedWithItsNeighbour) {
  sources_.environment = {"QINGNIAO_STORE_ULR=sqlite:x"};
  EXPECT_EQ(refusal(),
            "unknown setting QINGNIAO_STORE_ULR (environment); did you mean QINGNIAO_STORE_URL?");
}

TEST_F(SettingsTest, AnUnknownAssignmentIsNamedWithItsNeighbour) {
  EXPECT_EQ(refusal_of("per_address=false"),
            "unknown setting per_address (--set); did you mean limits.per_address?");
  EXPECT_EQ(refusal_of("flux.capacitor=1"),
            "unknown setting flux.capacitor (--set); qingniao --help-config lists all");
  EXPECT_EQ(refusal_of("server.listen"), "--set takes name=value, not server.listen");
}

TEST_F(SettingsTest, ABadValueIsShownWithItsSourceAndWhatIsAllowed) {
  write("qingniao.toml", "[server]\nloops = \"many\"\n");
  EXPECT_EQ(refusal(), "server.loops = \"many\" (" + path("qingniao.toml") +
                           ":2): must be an integer from 0 to 256");
  write("qingniao.toml", "");
  sources_.environment = {"QINGNIAO_LOG_LEVEL=loud"};
  EXPECT_EQ(refusal(),
            "log.level = \"loud\" (environment QINGNIAO_LOG_LEVEL): must be one of "
            "debug|info|warn|error|off");
  sources_.environment.clear();
  EXPECT_EQ(refusal_of("server.header_timeout=2h"),
            "server.header_timeout = \"2h\" (--set): must be a duration such as 500ms, 30s, 5m, "
            "12h or 7d from 100ms to 1h");
}

TEST_F(SettingsTest, ValuesOutsideTheirBoundsAreRefused) {
  for (const char* assignment : {"server.loops=257",
                                 "server.loops=-1",
                                 "server.loops=1.5",
                                 "server.loops=",
                                 "redis.port=0",
                                 "redis.port=65536",
                                 "limits.body=1",
                                 "limits.body=1GiB",
                                 "limits.per_address=yes",
                                 "limits.search_per_user=0/1m",
                                 "password.memory=1KiB",
                                 "server.listen=localhost",
                                 "server.trusted_proxies=10.0.0.0/99",
                                 "web.origins=example.org",
                                 "web.origins=https://a.example/path",
                                 "server.utc_offset=8",
                                 "store.synchronous=off",
                                 "store.url=sqlite:",
                                 "store.url=sqlite::memory:",
                                 "store.url=sqlite:///x",
                                 "store.url=",
                                 "store.url=mysql://h/db",
                                 "cache.url=redis:",
                                 "cache.url=http://h",
                                 "bus.url=redis://h",
                                 "media.url=s3://bucket",
                                 "media.url=oss://k:s@h/b?style=x",
                                 "data_dir=",
                                 "session.idle=1s",
                                 "metrics.token"}) {
    EXPECT_FALSE(load_set(assignment).has_value()) << assignment;
  }
}

TEST_F(SettingsTest, AListIsRefusedWhereOneValueIsMeant) {
  write("qingniao.toml", "server.listen = [\"127.0.0.1:1\"]");
  EXPECT_NE(refusal().find("must be one value, not a list"), std::string::npos);
}

TEST_F(SettingsTest, PostgresqlIsRecognisedAndItsPasswordNotRepeated) {
  const std::string text = refusal_of("store.url=postgresql://qn:hunter2@db/qn");
  EXPECT_NE(text.find("this version stores in SQLite only"), std::string::npos);
  EXPECT_EQ(text.find("hunter2"), std::string::npos);
}

TEST_F(SettingsTest, TheWeakAndThePublishedSecretAreRefusedWithoutShowingThem) {
  const std::string published = "qhdgw@45ncashdaksh2!#@3nxjdas*_259";
  for (const std::string& secret : {published, std::string("thirty-one bytes are not enough")}) {
    const std::string text = refusal_of("auth.jwt_secret=" + secret);
    EXPECT_TRUE(text.starts_with("auth.jwt_secret (--set): ")) << text;
    EXPECT_EQ(text.find(secret), std::string::npos);
  }
  EXPECT_TRUE(load_set("auth.jwt_secret=0123456789abcdef0123456789abcdef"));
}

TEST_F(SettingsTest, TheFourRedisSettingsMakeTheCacheUrl) {
  sources_.assignments = {"redis.host=cache.local", "redis.port=6380", "redis.password=p@ss",
                          "redis.db=2"};
  const auto settings = load();
  ASSERT_TRUE(settings) << settings.error().text;
  EXPECT_EQ(settings->cache_url, "redis://:p%40ss@cache.local:6380/2");
}

TEST_F(SettingsTest, TheCacheIsNamedOnceOnly) {
  sources_.assignments = {"redis.host=h", "cache.url=memory:"};
  EXPECT_EQ(refusal(), "cache.url and redis.host name the same thing: set one of them");
  EXPECT_EQ(refusal_of("redis.port=6380"), "redis.port has no effect without redis.host");
}

TEST_F(SettingsTest, SettingsThatBelongTogetherAreCheckedTogether) {
  EXPECT_NE(refusal_of("server.tls_cert=/c.pem").find("set both or neither"), std::string::npos);
  EXPECT_NE(refusal_of("session.max_age=1d").find("session.idle = 30d: must not be longer"),
            std::string::npos);
}

TEST_F(SettingsTest, AnUnreadableOrBrokenFileIsRefused) {
  sources_.config_file = path("none.toml");
  EXPECT_EQ(refusal(), "cannot read " + path("none.toml") + ": No such file or directory");
  sources_.config_file = dir_.path();
  EXPECT_NE(refusal().find("cannot read "), std::string::npos);
  write("broken.toml", "a = 1\nb = = 2\n");
  sources_.config_file = path("broken.toml");
  EXPECT_TRUE(refusal().starts_with(path("broken.toml") + ":2:")) << refusal();
}

TEST_F(SettingsTest, EffectiveValuesHideSecrets) {
  sources_.assignments = {"auth.jwt_secret=0123456789abcdef0123456789abcdef",
                          "cache.url=redis://:hunter2@h/1", "metrics.token=sesame",
                          "media.url=s3://key:s3cret@h/b?region=x"};
  const std::string text = effective_settings(*load());
  for (const char* secret : {"0123456789abcdef", "hunter2", "sesame", "s3cret"}) {
    EXPECT_EQ(text.find(secret), std::string::npos) << secret;
  }
  EXPECT_NE(text.find("redis://:***@h/1\n"), std::string::npos);
  EXPECT_NE(text.find("s3://key:***@h/b?region=x\n"), std::string::npos);
  EXPECT_NE(text.find("auth.jwt_secret              = ***\n"), std::string::npos);
}

TEST_F(SettingsTest, TheDatabaseFileIsRelativeToTheDataFolder) {
  EXPECT_EQ(sqlite_options(*load_set("data_dir=/srv/qn")).file, "/srv/qn/qingniao.db");
  EXPECT_EQ(sqlite_options(*load_set("store.url=sqlite:/var/x.db")).file, "/var/x.db");
}

TEST_F(SettingsTest, TheMachineCheckCreatesNothing) {
  const auto settings = load_set("data_dir=" + path("a/b"));
  EXPECT_TRUE(check_machine(*settings));
  EXPECT_FALSE(std::filesystem::exists(dir_.path() / "a"));
}

TEST_F(SettingsTest, TheMachineCheckFindsAFolderBelowAFileAndMissingKeys) {
  write("file", "");
  const auto below_file = check_machine(*load_set("data_dir=" + path("file/data")));
  ASSERT_FALSE(below_file.has_value());
  EXPECT_NE(below_file.error().text.find("is not a folder"), std::string::npos);

  const auto database = check_machine(*load_set("store.url=sqlite:" + path("file/qn.db")));
  ASSERT_FALSE(database.has_value());
  EXPECT_TRUE(database.error().text.starts_with("store.url: ")) << database.error().text;

  sources_.assignments = {"server.tls_cert=" + path("file"), "server.tls_key=" + path("none")};
  const auto no_key = check_machine(*load());
  ASSERT_FALSE(no_key.has_value());
  EXPECT_NE(no_key.error().text.find("server.tls_key: "), std::string::npos);
}

}  // namespace
}  // namespace qn::app
