#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "store/test_support.h"

namespace qn::store {
namespace {

constexpr Migration kSchema[] = {{1, "0001_test", R"(
CREATE TABLE item (writer INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (writer, n)) STRICT;)"}};

constexpr std::int64_t kWriters = 16;
constexpr int kReportsBeforeTheKill = 400;

struct Report {
  std::int64_t writer;
  std::int64_t n;
};

// Writes rows for ever; tells the pipe about each that is said to be durable.
Task<void> write_for_ever(Database& db, int pipe, std::int64_t writer, std::int64_t first) {
  for (std::int64_t n = first;; ++n) {
    Database::Job job = [&](Connection& c) -> Result<void> {
      const Param params[] = {writer, n};
      CHECK_OK(c.execute("INSERT INTO item (writer, n) VALUES ($1, $2)", params));
      return {};
    };
    const auto done = co_await db.write(std::move(job), test::soon());
    const Report report{writer, n};
    if (!done || ::write(pipe, &report, sizeof report) != sizeof report) _exit(1);
  }
}

[[noreturn]] void be_the_victim(const SqliteOptions& options, int pipe, std::int64_t first) {
  Metrics metrics;
  auto db = open_sqlite(options, metrics);
  if (!db) _exit(2);
  boost::asio::io_context io(1);
  for (std::int64_t writer = 0; writer < kWriters; ++writer) {
    boost::asio::co_spawn(io, write_for_ever(**db, pipe, writer, first), boost::asio::detached);
  }
  io.run();
  _exit(3);
}

// Starts a process that writes, kills it in the middle and returns what it
// claimed to have written.
std::vector<Report> kill_a_writer(const SqliteOptions& options, std::int64_t first) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) std::abort();
  const pid_t child = fork();
  if (child == 0) be_the_victim(options, ends[1], first);
  close(ends[1]);
  std::vector<Report> reports;
  Report report{};
  bool killed = false;
  while (read(ends[0], &report, sizeof report) == sizeof report) {
    reports.push_back(report);
    if (!killed && reports.size() >= kReportsBeforeTheKill) {
      kill(child, SIGKILL);
      killed = true;
    }
  }
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "exit code " << WEXITSTATUS(status);
  return reports;
}

class DurabilityTest : public test::DatabaseTest {
 protected:
  DurabilityTest() { options_.schema = kSchema; }
};

TEST_F(DurabilityTest, WhatWasReportedIsThereAfterKillNine) {
  for (std::int64_t round = 0; round < 3; ++round) {
    const auto reports = kill_a_writer(options_, round * 1'000'000);
    ASSERT_GE(reports.size(), static_cast<std::size_t>(kReportsBeforeTheKill));
    open();
    for (const Report& report : reports) {
      ASSERT_EQ(number("SELECT count(*) FROM item WHERE writer = " + std::to_string(report.writer) +
                       " AND n = " + std::to_string(report.n)),
                1);
    }
    // A row that was not reported yet may be there; at most one per writer.
    EXPECT_LE(number("SELECT count(*) FROM item WHERE n >= " + std::to_string(round * 1'000'000)),
              static_cast<std::int64_t>(reports.size()) + kWriters);
    EXPECT_EQ(number("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"),
              0);
    db_.reset();
  }
}

}  // namespace
}  // namespace qn::store
