#pragma once

// Shared by the tests of this folder; not part of the library.

#include <gtest/gtest.h>
#include <stdlib.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <semaphore>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/metrics.h"
#include "base/result.h"
#include "base/task.h"
#include "store/database.h"
#include "store/sqlite/sqlite_database.h"

namespace qn::store::test {

inline Deadline soon() {
  return Deadline::after(std::chrono::seconds(30));
}

template <class T>
Task<void> keep(Task<T> task, std::optional<T>& out) {
  out.emplace(co_await std::move(task));
}

// An event loop that goes back to a pool instead of being destroyed: a database
// thread may still be leaving post() when the coroutine it woke has ended.
class PooledLoop {
 public:
  PooledLoop() {
    const std::lock_guard lock(pool().mu);
    if (pool().idle.empty()) {
      io_ = std::make_unique<boost::asio::io_context>(1);
    } else {
      io_ = std::move(pool().idle.back());
      pool().idle.pop_back();
    }
  }
  PooledLoop(const PooledLoop&) = delete;
  PooledLoop& operator=(const PooledLoop&) = delete;
  ~PooledLoop() {
    const std::lock_guard lock(pool().mu);
    pool().idle.push_back(std::move(io_));
  }
  boost::asio::io_context* operator->() { return io_.get(); }
  boost::asio::io_context& operator*() { return *io_; }

 private:
  struct Pool {
    std::mutex mu;
    std::vector<std::unique_ptr<boost::asio::io_context>> idle;
  };
  static Pool& pool() {
    static Pool pool;
    return pool;
  }

  std::unique_ptr<boost::asio::io_context> io_;
};

// Runs one task to its end on an event loop of its own.
template <class T>
T run(Task<T> task) {
  PooledLoop io;
  std::optional<T> out;
  boost::asio::co_spawn(*io, keep(std::move(task), out), boost::asio::detached);
  io->run();
  io->restart();
  return std::move(*out);
}

// Tasks that wait side by side on one event loop.
template <class T>
class Together {
 public:
  // Runs the task up to its first wait.
  void start(Task<T> task) {
    results_.push_back(std::make_unique<std::optional<T>>());
    boost::asio::co_spawn(*io_, keep(std::move(task), *results_.back()), boost::asio::detached);
    io_->poll();
    io_->restart();
  }
  bool is_done(std::size_t i) const { return results_[i]->has_value(); }
  // Waits for all; the results in the order of start().
  std::vector<T> finish() {
    io_->run();
    io_->restart();
    std::vector<T> out;
    for (auto& result : results_) out.push_back(std::move(**result));
    results_.clear();
    return out;
  }

 private:
  PooledLoop io_;
  std::vector<std::unique_ptr<std::optional<T>>> results_;
};

// Polls every few milliseconds; false when the condition did not become true.
template <class Condition>
bool eventually(Condition condition) {
  for (int i = 0; i < 5'000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return false;
}

// A folder that disappears with everything in it.
class TempDir {
 public:
  TempDir() {
    std::string name = (std::filesystem::temp_directory_path() / "qn_store.XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::filesystem::path operator/(const char* name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Passes everything on and counts what a test pins.
class CountingDatabase final : public Database {
 public:
  explicit CountingDatabase(Database& db) : db_(db) {}

  Task<Result<void>> write(Job job, Deadline by) override {
    return db_.write(counted(std::move(job), writes), by);
  }
  Task<Result<void>> read(Job job, Deadline by) override {
    return db_.read(counted(std::move(job), reads), by);
  }
  void on_foreign_change(std::function<void()> callback) override {
    db_.on_foreign_change(std::move(callback));
  }
  void on_announced(Listener listener) override { db_.on_announced(std::move(listener)); }
  int schema_version() const override { return db_.schema_version(); }
  bool is_ready() const override { return db_.is_ready(); }
  void stop() override { db_.stop(); }

  // Statements, by the kind of job that ran them.
  std::uint64_t writes = 0;
  std::uint64_t reads = 0;

 private:
  static Job counted(Job job, std::uint64_t& counter) {
    return [job = std::move(job), &counter](Connection& c) {
      const auto before = c.statements();
      auto result = job(c);
      counter += c.statements() - before;
      return result;
    };
  }

  Database& db_;
};

// A database in a folder of its own.
class DatabaseTest : public testing::Test {
 protected:
  DatabaseTest() {
    options_.file = dir_ / "qingniao.db";
    options_.idle_look = std::chrono::milliseconds(5);
  }

  Database& open() {
    db_.reset();
    auto opened = open_sqlite(options_, metrics_);
    if (!opened) {
      ADD_FAILURE() << opened.error().text << " " << opened.error().detail;
      std::abort();
    }
    db_ = std::move(*opened);
    return *db_;
  }

  // Holds the writer's thread from the return of this until release_writer().
  void hold_writer() {
    Database::Job job = [this](Connection&) {
      holding_.release();
      go_on_.acquire();
      return Result<void>();
    };
    holder_ = std::thread([this, job]() mutable {
      EXPECT_TRUE(run(db_->write(std::move(job), soon())).has_value());
    });
    holding_.acquire();
  }
  void release_writer() {
    go_on_.release();
    holder_.join();
  }

  Result<void> write(const std::string& sql) { return run(db_->write(statement(sql), soon())); }

  static Database::Job statement(const std::string& sql) {
    return [sql](Connection& c) -> Result<void> {
      CHECK_OK(c.execute(sql, {}));
      return {};
    };
  }

  // The first column of the last row; -1 when the query fails or finds nothing.
  std::int64_t number(const std::string& sql) {
    std::int64_t value = -1;
    Database::Job job = [&](Connection& c) {
      return c.query(sql, {}, [&](const Row& row) { value = row.integer(0); });
    };
    return run(db_->read(std::move(job), soon())) ? value : -1;
  }

  // Members above db_ outlive it.
  TempDir dir_;
  SqliteOptions options_;
  Metrics metrics_;
  std::binary_semaphore holding_{0};
  std::binary_semaphore go_on_{0};
  std::unique_ptr<Database> db_;
  std::thread holder_;
};

inline ErrorCode code_of(const Result<void>& result) {
  EXPECT_FALSE(result.has_value());
  return result ? ErrorCode::kInternal : result.error().code;
}

}  // namespace qn::store::test
