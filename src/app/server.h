#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "app/settings.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "base/random.h"
#include "base/result.h"
#include "chat/online.h"

namespace qn::app {

// One running node: builds every part from the settings, starts them in order
// and stops them in reverse. Tests run several in one process.
class Server {
 public:
  // What tests replace; the pointed-to objects outlive the server.
  struct Environment {
    Clock* clock = nullptr;          // nullptr: the system's
    Random* random = nullptr;        // nullptr: the kernel's
    chat::Online* online = nullptr;  // what the console sees; nullptr: who is connected here
  };

  // kRefused with one line for the operator; nothing is left behind then.
  static Result<std::unique_ptr<Server>> start(const Settings& settings, Environment environment);
  static Result<std::unique_ptr<Server>> start(const Settings& settings) {
    return start(settings, Environment());
  }
  ~Server();

  std::uint16_t port() const;
  // http://127.0.0.1:7001 or its https twin.
  std::string url() const;
  // The one-time link of the first administrator; "" when there is one already.
  std::string setup_url() const;

  // SIGHUP: certificate and key again.
  Result<void> reload();
  // Stops accepting, finishes requests in flight, flushes. Idempotent; from no loop.
  void stop();

  Metrics& metrics();

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// `qingniao serve`: runs until SIGTERM or SIGINT. Prints where to go on stdout,
// first line "ready URL". kRefused when the start fails.
Result<void> serve(const Settings& settings);

}  // namespace qn::app
