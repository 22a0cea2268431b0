#pragma once

#include <hiredis/async.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/system/error_code.hpp>
#include <memory>

namespace qn::bus {

// Lets hiredis wait for its socket on an Asio loop. Owned by the handlers in
// flight and by hiredis itself until it cleans up; everything runs on the loop.
// Commands issued in one turn of the loop leave in one write at its end.
class HiredisSocket : public std::enable_shared_from_this<HiredisSocket> {
 public:
  // The context must be new and without an error. Fails when the loop cannot
  // watch its socket.
  static boost::system::error_code attach(redisAsyncContext& context,
                                          const boost::asio::any_io_executor& loop);

  HiredisSocket(redisAsyncContext& context, const boost::asio::any_io_executor& loop);

 private:
  void want_read();
  void want_write();
  void cleanup();

  void wait_readable();
  void wait_writable();
  void write_soon();
  void write_now();
  bool is_connected() const;

  redisAsyncContext* context_;  // null once hiredis has cleaned up
  boost::asio::posix::stream_descriptor socket_;
  std::shared_ptr<HiredisSocket> self_;  // hiredis's own share

  bool wants_read_ = false;
  bool wants_write_ = false;
  bool read_in_flight_ = false;
  bool write_in_flight_ = false;
  bool in_write_ = false;
};

}  // namespace qn::bus
