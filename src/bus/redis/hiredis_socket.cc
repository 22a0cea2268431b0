#include "bus/redis/hiredis_socket.h"

#include <boost/asio/post.hpp>

namespace qn::bus {
namespace asio = boost::asio;

boost::system::error_code HiredisSocket::attach(redisAsyncContext& context,
                                                const asio::any_io_executor& loop) {
  auto socket = std::make_shared<HiredisSocket>(context, loop);
  boost::system::error_code failure;
  socket->socket_.assign(context.c.fd, failure);
  if (failure) return failure;
  context.ev.data = socket.get();
  context.ev.addRead = [](void* s) { static_cast<HiredisSocket*>(s)->want_read(); };
  context.ev.delRead = [](void* s) { static_cast<HiredisSocket*>(s)->wants_read_ = false; };
  context.ev.addWrite = [](void* s) { static_cast<HiredisSocket*>(s)->want_write(); };
  context.ev.delWrite = [](void* s) { static_cast<HiredisSocket*>(s)->wants_write_ = false; };
  context.ev.cleanup = [](void* s) { static_cast<HiredisSocket*>(s)->cleanup(); };
  socket->self_ = socket;
  return {};
}

HiredisSocket::HiredisSocket(redisAsyncContext& context, const asio::any_io_executor& loop)
    : context_(&context), socket_(loop) {}

void HiredisSocket::want_read() {
  wants_read_ = true;
  if (!read_in_flight_) wait_readable();
}

void HiredisSocket::want_write() {
  wants_write_ = true;
  if (write_in_flight_) return;
  // A write from inside a write is what the socket did not take.
  if (is_connected() && !in_write_) {
    write_soon();
  } else {
    wait_writable();
  }
}

// hiredis closes the socket right after this.
void HiredisSocket::cleanup() {
  context_ = nullptr;
  socket_.release();
  self_.reset();
}

void HiredisSocket::wait_readable() {
  read_in_flight_ = true;
  socket_.async_wait(asio::posix::stream_descriptor::wait_read,
                     [self = shared_from_this()](boost::system::error_code failure) {
                       self->read_in_flight_ = false;
                       if (failure || !self->context_ || !self->wants_read_) return;
                       redisAsyncHandleRead(self->context_);
                     });
}

void HiredisSocket::wait_writable() {
  write_in_flight_ = true;
  socket_.async_wait(asio::posix::stream_descriptor::wait_write,
                     [self = shared_from_this()](boost::system::error_code failure) {
                       self->write_in_flight_ = false;
                       if (failure) return;
                       self->write_now();
                     });
}

void HiredisSocket::write_soon() {
  write_in_flight_ = true;
  asio::post(socket_.get_executor(), [self = shared_from_this()] {
    self->write_in_flight_ = false;
    self->write_now();
  });
}

void HiredisSocket::write_now() {
  if (!context_ || !wants_write_) return;
  in_write_ = true;
  redisAsyncHandleWrite(context_);
  in_write_ = false;
}

bool HiredisSocket::is_connected() const {
  return (context_->c.flags & REDIS_CONNECTED) != 0;
}

}  // namespace qn::bus
