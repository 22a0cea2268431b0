#include "media/run_tool.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "support/net_server.h"
#include "support/test_server.h"

namespace qn::media {
namespace {

using namespace std::chrono_literals;

ToolRun shell(std::string script) {
  ToolRun run;
  run.program = "/bin/sh";
  run.arguments = {"-c", std::move(script)};
  return run;
}

ErrorCode failure(const ToolRun& run) {
  const auto output = run_tool(run);
  EXPECT_FALSE(output.has_value());
  return output ? ErrorCode::kMalformed : output.error().code;
}

TEST(RunTool, GivesWhatTheToolWrites) {
  ToolRun run = shell("echo \"$1 $THING\"; exit 0");
  run.arguments.insert(run.arguments.end(), {"sh", "a b;$HOME"});
  run.environment = {"THING=x"};
  const auto output = run_tool(run);
  ASSERT_TRUE(output.has_value()) << output.error().detail;
  EXPECT_EQ(*output, "a b;$HOME x\n");
}

TEST(RunTool, ItsInputIsADescriptorOrNothing) {
  EXPECT_EQ(*run_tool(shell("cat")), "");
  const test::TempDir dir;
  const auto path = dir.path() / "in";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  ASSERT_EQ(::pwrite(fd, "hello", 5, 0), 5);
  ToolRun run = shell("cat");
  run.input = fd;
  EXPECT_EQ(*run_tool(run), "hello");
  ::close(fd);
}

TEST(RunTool, AFailureIsAnError) {
  EXPECT_EQ(failure(shell("exit 3")), ErrorCode::kInternal);
  EXPECT_EQ(failure(shell("kill -TERM $$")), ErrorCode::kInternal);
  ToolRun none;
  none.program = "/nonexistent/tool";
  EXPECT_EQ(failure(none), ErrorCode::kInternal);
}

TEST(RunTool, ASleepingToolIsKilledWithItsChildren) {
  const test::TempDir dir;
  const auto file = (dir.path() / "pid").string();
  ToolRun run = shell("sleep 600 & echo $! > " + file + "; sleep 600");
  run.max_file = 100;
  run.time = 300ms;
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(failure(run), ErrorCode::kDeadline);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 10s);
  std::string pid(20, '\0');
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_GT(::read(fd, pid.data(), pid.size()), 0);
  ::close(fd);
  const std::string stat = "/proc/" + std::to_string(std::stoi(pid)) + "/cmdline";
  // Whoever inherits the orphan may take a moment to bury it.
  EXPECT_TRUE(test::holds_soon([&] {
    char c = 0;
    const int line = ::open(stat.c_str(), O_RDONLY | O_CLOEXEC);
    const bool lives = line >= 0 && ::read(line, &c, 1) == 1;
    if (line >= 0) ::close(line);
    return !lives;
  }));
}

TEST(RunTool, AToolThatOnlyClosesItsOutputIsKilledToo) {
  ToolRun run = shell("exec >&-; sleep 600");
  run.time = 200ms;
  EXPECT_EQ(failure(run), ErrorCode::kDeadline);
}

TEST(RunTool, ItCanBeCancelled) {
  std::atomic<bool> is_cancelled = true;
  ToolRun run = shell("sleep 600");
  run.time = 600s;
  run.is_cancelled = &is_cancelled;
  EXPECT_EQ(failure(run), ErrorCode::kDeadline);
}

TEST(RunTool, MemoryFilesAndOutputAreBounded) {
  ToolRun greedy = shell("x=$(head -c 200000000 /dev/zero | tr '\\0' x); echo ${#x}");
  greedy.memory = 100'000'000;
  EXPECT_EQ(failure(greedy), ErrorCode::kInternal);

  const test::TempDir dir;
  ToolRun writing = shell("echo text > " + (dir.path() / "file").string());
  EXPECT_EQ(failure(writing), ErrorCode::kInternal);

  ToolRun loud = shell("yes");
  loud.max_output = 100'000;
  EXPECT_EQ(failure(loud), ErrorCode::kTooLarge);
}

// The bug was in this test: it counted descriptors, and caught the shell between
// making a pipe and closing its ends.
TEST(RunTool, NoDescriptorIsInherited) {
  const int low = ::open("/dev/null", O_RDONLY);
  const int leak = ::fcntl(low, F_DUPFD, 50);  // without CLOEXEC, as a library might
  const auto output =
      run_tool(shell("test -e /proc/$$/fd/" + std::to_string(leak) + " && echo open || echo gone"));
  ::close(leak);
  ::close(low);
  ASSERT_TRUE(output.has_value());
  EXPECT_EQ(*output, "gone\n");
}

TEST(RunTool, ToolsAreFoundByPath) {
  EXPECT_TRUE(find_tool("sh").has_value());
  EXPECT_FALSE(find_tool("no-such-tool-anywhere").has_value());
}

}  // namespace
}  // namespace qn::media
