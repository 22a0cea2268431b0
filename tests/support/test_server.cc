#include "support/test_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <stdexcept>

#include "chat/visitors.h"

namespace qn::test {
namespace {

constexpr timeval kSocketTimeout{30, 0};

int connect_to(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &kSocketTimeout, sizeof kSocketTimeout);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    ::close(fd);
    throw std::runtime_error("cannot connect to the test server");
  }
  return fd;
}

std::string send_and_read(int fd, std::string_view out) {
  while (!out.empty()) {
    const auto n = ::send(fd, out.data(), out.size(), MSG_NOSIGNAL);
    if (n <= 0) break;
    out.remove_prefix(static_cast<std::size_t>(n));
  }
  std::string in;
  char buffer[16384];
  for (ssize_t n = 0; (n = ::recv(fd, buffer, sizeof buffer, 0)) > 0;) {
    in.append(buffer, static_cast<std::size_t>(n));
  }
  return in;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

TempDir::TempDir() {
  std::string pattern = (std::filesystem::temp_directory_path() / "qn-test-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string Answer::header(std::string_view name) const {
  std::string_view rest = head;
  while (!rest.empty()) {
    const auto end = rest.find("\r\n");
    const auto line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 2);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !equal_ignoring_case(line.substr(0, colon), name)) {
      continue;
    }
    auto value = line.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    return std::string(value);
  }
  return {};
}

json::value Answer::json() const {
  boost::system::error_code failed;
  auto value = json::parse(body, failed);
  return failed ? json::value() : value;
}

json::value Answer::msg() const {
  const auto value = json();
  const auto* object = value.if_object();
  const auto* msg = object ? object->if_contains("msg") : nullptr;
  return msg ? *msg : nullptr;
}

json::value Answer::data() const {
  const auto value = json();
  const auto* object = value.if_object();
  const auto* data = object ? object->if_contains("data") : nullptr;
  return data ? *data : nullptr;
}

Answer http(std::uint16_t port, std::string_view method, std::string_view path,
            std::string_view body, const HeaderList& headers) {
  std::string out = std::string(method) + ' ' + std::string(path) +
                    " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
  for (const auto& [name, value] : headers) out += name + ": " + value + "\r\n";
  if (!body.empty() || method == "POST") {
    out += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  }
  out += "\r\n";
  out += body;

  const int fd = connect_to(port);
  const std::string in = send_and_read(fd, out);
  ::close(fd);

  Answer answer;
  const auto split = in.find("\r\n\r\n");
  if (split == std::string::npos || in.size() < 12) return answer;
  answer.head = in.substr(0, split);
  answer.body = in.substr(split + 4);
  std::from_chars(in.data() + 9, in.data() + 12, answer.status);
  return answer;
}

app::Settings TestServer::settings() {
  app::Settings settings;
  settings.server.listen = "127.0.0.1:0";
  settings.loops = 2;
  settings.log_level = log::Level::kWarn;
  settings.password_cost = {1, 64_KiB};
  settings.rates.per_address = false;
  settings.shutdown_grace = std::chrono::seconds(5);
  settings.min_free = 0;
  return settings;
}

TestServer::TestServer(app::Settings settings, chat::Online* online)
    : settings_(std::move(settings)), online_(online) {
  settings_.data_dir = data_dir();
  log::configure(settings_.log_level, settings_.log_format);
  restart();
}

// The log is the process's: what comes after expects the defaults.
TestServer::~TestServer() {
  server_.reset();
  log::configure(log::Level::kInfo, log::Format::kText);
}

void TestServer::restart() {
  if (server_) settings_.server.listen = "127.0.0.1:" + std::to_string(port());
  server_.reset();
  auto started =
      app::Server::start(settings_, {.clock = &clock_, .random = nullptr, .online = online_});
  if (!started.has_value()) throw std::runtime_error(started.error().text);
  server_ = std::move(*started);
}

Answer TestServer::post(std::string_view path, const json::value& body, std::string_view token) {
  HeaderList headers = {{"Content-Type", "application/json"}};
  if (!token.empty()) headers.emplace_back("token", token);
  return http(port(), "POST", path, json::serialize(body), headers);
}

Answer TestServer::get(std::string_view path, std::string_view token) {
  HeaderList headers;
  if (!token.empty()) headers.emplace_back("token", token);
  return http(port(), "GET", path, {}, headers);
}

json::object TestServer::register_user(std::string_view name) {
  const auto answer = post("/api/regChat", {{"username", name}, {"password", "123456"}});
  if (answer.status != 200) throw std::runtime_error("cannot register: " + answer.body);
  return answer.data().as_object();
}

Answer TestServer::post_signed(std::string_view path, json::object body) {
  static std::atomic<std::int64_t> tick{0};  // equal requests would be replays
  if (!body.contains("timestamp")) body["timestamp"] = to_millis(clock_.now()) + tick++ % 1000;
  const std::string signature =
      chat::visitor_signature(std::string(body.at("deviceId").as_string()), settings_.visitor_salt,
                              body.at("timestamp").as_int64());
  const HeaderList headers = {{"Content-Type", "application/json"}, {"X-Security-Sign", signature}};
  return http(port(), "POST", path, json::serialize(body), headers);
}

std::string text_at(const json::value& object, std::string_view key) {
  const auto* o = object.if_object();
  const auto* value = o ? o->if_contains(key) : nullptr;
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::int64_t integer_at(const json::value& object, std::string_view key) {
  const auto* o = object.if_object();
  const auto* value = o ? o->if_contains(key) : nullptr;
  return value && value->is_int64() ? value->get_int64() : -1;
}

}  // namespace qn::test
