#pragma once

#include <cstddef>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/result.h"
#include "base/task.h"
#include "base/worker_pool.h"

namespace qn::media {

// QR codes by their text, drawn on a pool's threads and kept while there is
// room, the least lately used go first. Any loop; owned by app/. The mutex is
// taken on the pool's threads only, and never while drawing.
class QrCache {
 public:
  // `max_bytes`: of texts and pictures together.
  QrCache(WorkerPool& pool, std::size_t max_bytes) : pool_(pool), max_bytes_(max_bytes) {}

  // The PNG. kTooLarge as qr_png(); kOverloaded when the pool's queue is full.
  Task<Result<std::string>> png(std::string text);

  std::size_t bytes() const;

 private:
  struct Entry {
    std::string text;
    std::string png;
    std::size_t cost() const { return text.size() + png.size(); }
  };
  Result<std::string> find_or_draw(const std::string& text);
  bool find(const std::string& text, std::string& png);
  void keep(Entry entry);

  WorkerPool& pool_;
  const std::size_t max_bytes_;

  mutable std::mutex mu_;
  std::list<Entry> entries_;  // the latest use first
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_text_;
  std::size_t bytes_ = 0;
};

}  // namespace qn::media
