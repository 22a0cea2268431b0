#include <malloc.h>
#include <pthread.h>
#include <signal.h>

#include <cerrno>
#include <cstdio>

#include "app/server.h"
#include "base/log.h"

namespace qn::app {
namespace {

sigset_t served_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
  return set;
}

void print_where_to_go(const Server& server) {
  const std::string url = server.url();
  std::printf("ready %s\n", url.c_str());
  std::printf("  chat API  %s/api\n", url.c_str());
  std::printf("  web chat  %s/\n", url.c_str());
  std::printf("  console   %s/admin\n", url.c_str());
  if (const auto setup = server.setup_url(); !setup.empty()) {
    std::printf("  first administrator, once: %s\n", setup.c_str());
  }
  std::fflush(stdout);
}

void reload(Server& server) {
  const auto reloaded = server.reload();
  if (reloaded.has_value()) {
    log::info("tls.reloaded");
  } else {
    log::error("tls.reload_failed", {{"why", reloaded.error().text}});
  }
}

}  // namespace

Result<void> serve(const Settings& settings) {
  // A peer that hangs up is an error code, not a signal. The others are blocked
  // before any thread starts, so that all inherit it and this one waits.
  ::signal(SIGPIPE, SIG_IGN);
  const sigset_t signals = served_signals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  // Argon2id takes and returns large blocks; keep them out of the heap. What is
  // smaller, such as SQLite's savepoints, stays in it from one job to the next.
  ::mallopt(M_MMAP_THRESHOLD, 1024 * 1024);
  ::mallopt(M_TRIM_THRESHOLD, 4 * 1024 * 1024);

  log::configure(settings.log_level, settings.log_format);
  TRY(auto server, Server::start(settings));
  print_where_to_go(*server);
  for (;;) {
    int signal = 0;
    ::sigwait(&signals, &signal);
    if (signal != SIGHUP) break;
    reload(*server);
  }
  log::info("server.stopping");
  server->stop();
  log::info("server.stopped");
  return {};
}

}  // namespace qn::app
