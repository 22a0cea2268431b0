#include "media/run_tool.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "base/deadline.h"

namespace qn::media {
namespace {

constexpr int kMaxDescriptors = 64;
constexpr int kNiceness = 10;
constexpr int kCannotStart = 127;  // exit status, as a shell's
constexpr std::chrono::milliseconds kReapPause{2};
constexpr int kLookAround = 20;  // ms between two looks at the clock

Error failed(const ToolRun& run, std::string_view what) {
  return internal_error(run.program.filename().string() + ": " + std::string(what));
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (auto& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

// --- In the child: async-signal-safe calls only, from here to exec. ---

void limit(int what, rlim_t value) {
  const rlimit both{value, value};
  ::setrlimit(static_cast<__rlimit_resource_t>(what), &both);
}

void give_up_everything(const ToolRun& run) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(run.time).count();
  limit(RLIMIT_CPU, static_cast<rlim_t>(seconds));
  limit(RLIMIT_AS, run.memory);
  limit(RLIMIT_FSIZE, run.max_file);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_NOFILE, kMaxDescriptors);
  ::setpriority(PRIO_PROCESS, 0, kNiceness);
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // Where the kernel lets everybody make one: a network with nobody in it.
  ::unshare(CLONE_NEWUSER | CLONE_NEWNET);
}

void close_all_others() {
  if (::syscall(SYS_close_range, 3u, ~0u, 0u) == 0) return;
  for (int fd = 3; fd < 65'536; ++fd) ::close(fd);
}

[[noreturn]] void become(const ToolRun& run, char* const* argv, char* const* envp, int nothing,
                         int out) {
  ::setpgid(0, 0);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  ::signal(SIGXFSZ, SIG_IGN);  // a file too large is an error of the write, not the end
  const bool ready = ::dup2(run.input >= 0 ? run.input : nothing, STDIN_FILENO) >= 0 &&
                     ::dup2(out, STDOUT_FILENO) >= 0 && ::dup2(nothing, STDERR_FILENO) >= 0;
  if (ready) {
    close_all_others();
    give_up_everything(run);
    ::execve(argv[0], argv, envp);
  }
  ::_exit(kCannotStart);
}

// --- In the parent. ---

// A child and the reading end of its output. Whoever lets go of it kills it.
class Child {
 public:
  Child(pid_t pid, int out) : pid_(pid), out_(out) {}
  ~Child() {
    ::close(out_);
    if (pid_ > 0) kill_and_reap();
  }
  Child(const Child&) = delete;

  // Up to the end of the output.
  Result<std::string> read_all(const ToolRun& run, Deadline by);
  // The status that waitpid() gives; nothing when its time is over.
  std::optional<int> wait(const ToolRun& run, Deadline by);

 private:
  void kill_and_reap() {
    ::kill(-pid_, SIGKILL);
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  pid_t pid_;
  const int out_;
};

bool is_over(const ToolRun& run, Deadline by) {
  return by.passed() || (run.is_cancelled != nullptr && run.is_cancelled->load());
}

Error too_slow(const ToolRun& run) {
  return {ErrorCode::kDeadline, {}, failed(run, "its time is over").detail};
}

Result<std::string> Child::read_all(const ToolRun& run, Deadline by) {
  std::string output;
  std::array<char, 16 * 1024> buffer;
  for (;;) {
    pollfd waited{out_, POLLIN, 0};
    const int ready = ::poll(&waited, 1, kLookAround);
    if (ready < 0 && errno != EINTR) return failed(run, std::strerror(errno));
    if (is_over(run, by)) return too_slow(run);
    if (ready <= 0) continue;
    const ssize_t n = ::read(out_, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed(run, std::strerror(errno));
    if (n == 0) return output;
    output.append(buffer.data(), static_cast<std::size_t>(n));
    if (output.size() > run.max_output) {
      return Error{ErrorCode::kTooLarge, {}, failed(run, "too much output").detail};
    }
  }
}

// It may go on for long after it has closed its output.
std::optional<int> Child::wait(const ToolRun& run, Deadline by) {
  for (;;) {
    int status = 0;
    const pid_t ended = ::waitpid(pid_, &status, WNOHANG);
    if (ended == pid_) {
      ::kill(-pid_, SIGKILL);  // whatever it has left behind
      pid_ = 0;
      return status;
    }
    if (is_over(run, by)) return std::nullopt;
    std::this_thread::sleep_for(kReapPause);
  }
}

}  // namespace

Result<std::string> run_tool(const ToolRun& run) {
  const Deadline by = Deadline::after(run.time);
  std::vector<std::string> arguments{run.program.string()};
  arguments.insert(arguments.end(), run.arguments.begin(), run.arguments.end());
  std::vector<std::string> environment{"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8"};
  environment.insert(environment.end(), run.environment.begin(), run.environment.end());
  const auto argv = pointers(arguments);
  const auto envp = pointers(environment);

  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return failed(run, std::strerror(errno));
  const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  const pid_t pid = ::fork();
  if (pid == 0) become(run, argv.data(), envp.data(), nothing, ends[1]);
  const int reason = errno;
  ::close(ends[1]);
  if (nothing >= 0) ::close(nothing);
  if (pid < 0) {
    ::close(ends[0]);
    return failed(run, std::strerror(reason));
  }
  ::setpgid(pid, pid);  // whoever is first
  Child child(pid, ends[0]);

  TRY(std::string output, child.read_all(run, by));
  const auto status = child.wait(run, by);
  if (!status) return too_slow(run);
  if (WIFSIGNALED(*status)) return failed(run, ::strsignal(WTERMSIG(*status)));
  if (WEXITSTATUS(*status) != 0) {
    return failed(run, "exit status " + std::to_string(WEXITSTATUS(*status)));
  }
  return output;
}

std::optional<std::filesystem::path> find_tool(std::string_view name) {
  const char* path = std::getenv("PATH");
  std::string_view rest = path ? path : "/usr/local/bin:/usr/bin:/bin";
  while (!rest.empty()) {
    const auto end = std::min(rest.find(':'), rest.size());
    const std::filesystem::path folder = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const auto program = folder / name;
    if (folder.is_absolute() && ::access(program.c_str(), X_OK) == 0) return program;
  }
  return std::nullopt;
}

}  // namespace qn::media
