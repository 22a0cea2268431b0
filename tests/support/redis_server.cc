#include "support/redis_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

namespace qn::test {
namespace {

using namespace std::chrono_literals;

constexpr auto kStartPatience = 10s;
constexpr int kPortAttempts = 5;

std::uint16_t free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* any = reinterpret_cast<sockaddr*>(&address);
  const bool ok = ::bind(fd, any, size) == 0 && ::getsockname(fd, any, &size) == 0;
  ::close(fd);
  if (!ok) throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

std::filesystem::path make_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "qn-redis-XXXXXX").string();
  if (!::mkdtemp(name.data())) throw std::runtime_error("cannot make " + name);
  return name;
}

std::string text_of(const redisReply& reply) {
  switch (reply.type) {
    case REDIS_REPLY_INTEGER:
      return std::to_string(reply.integer);
    case REDIS_REPLY_NIL:
      return "nil";
    case REDIS_REPLY_ARRAY: {
      std::string out;
      for (std::size_t i = 0; i < reply.elements; ++i) out += text_of(*reply.element[i]) + '\n';
      return out;
    }
    default:
      return std::string(reply.str, reply.len);
  }
}

std::string ask(redisContext& connection, const std::string& words) {
  auto* reply = static_cast<redisReply*>(redisCommand(&connection, words.c_str()));
  if (!reply) throw std::runtime_error(std::string("redis-server: ") + connection.errstr);
  const auto text = text_of(*reply);
  freeReplyObject(reply);
  return text;
}

[[noreturn]] void run_server(const std::vector<std::string>& words, pid_t parent) {
  // Dies with the test even when that crashes.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);
  const int null = ::open("/dev/null", O_RDWR);
  for (const int fd : {0, 1, 2}) ::dup2(null, fd);
  std::vector<char*> arguments;
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  ::execvp(arguments[0], arguments.data());
  ::_exit(127);
}

}  // namespace

RedisServer::RedisServer(std::string password)
    : password_(std::move(password)), folder_(make_folder()) {
  for (int i = 0; i < kPortAttempts; ++i) {
    // Somebody else may take the port before the server binds it.
    port_ = free_port();
    start();
    if (wait_for_pong() && !has_exited()) return;
    kill();
  }
  std::filesystem::remove_all(folder_);
  throw std::runtime_error("redis-server does not start; is it installed?");
}

RedisServer::~RedisServer() {
  kill();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void RedisServer::kill() {
  if (pid_ == 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

void RedisServer::restart() {
  kill();
  start();
  if (!wait_for_pong()) throw std::runtime_error("redis-server does not restart");
}

void RedisServer::pause() {
  int status = 0;
  ::kill(pid_, SIGSTOP);
  ::waitpid(pid_, &status, WUNTRACED);
}

void RedisServer::resume() {
  ::kill(pid_, SIGCONT);
}

std::string RedisServer::command(const std::string& words, int db) const {
  const std::unique_ptr<redisContext, void (*)(redisContext*)> connection(
      redisConnectWithTimeout("127.0.0.1", port_, {2, 0}), redisFree);
  if (!connection || connection->err) throw std::runtime_error("redis-server is not there");
  redisSetTimeout(connection.get(), {2, 0});
  if (!password_.empty()) ask(*connection, "AUTH " + password_);
  if (db != 0) ask(*connection, "SELECT " + std::to_string(db));
  return ask(*connection, words);
}

void RedisServer::start() {
  std::vector<std::string> words = {
      "redis-server", "--save", "", "--appendonly", "no", "--port",      "",  "--bind",
      "127.0.0.1",    "--dir",  "", "--logfile",    "",   "--daemonize", "no"};
  words[6] = std::to_string(port_);
  words[10] = folder_.string();
  if (!password_.empty()) words.insert(words.end(), {"--requirepass", password_});
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("cannot fork");
  if (pid_ == 0) run_server(words, parent);
}

bool RedisServer::wait_for_pong() const {
  const auto deadline = std::chrono::steady_clock::now() + kStartPatience;
  while (std::chrono::steady_clock::now() < deadline) {
    try {
      if (command("PING") == "PONG") return true;
    } catch (const std::runtime_error&) {
      int status = 0;
      if (::waitpid(pid_, &status, WNOHANG | WNOWAIT) == pid_) return false;
    }
    std::this_thread::sleep_for(3ms);
  }
  return false;
}

bool RedisServer::has_exited() {
  if (::waitpid(pid_, nullptr, WNOHANG) != pid_) return false;
  pid_ = 0;
  return true;
}

}  // namespace qn::test
