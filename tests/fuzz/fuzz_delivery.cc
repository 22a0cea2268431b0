// The session state machine of the gateway: every byte is something that happens
// (tests/support/delivery_model.h), in whatever order; no message may be lost,
// doubled, overtaken or noted as delivered too early.
#include <cstddef>
#include <cstdint>

#include "require.h"
#include "support/delivery_model.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using qn::test::DeliveryModel;
  constexpr std::size_t kMaxEvents = 2'000;
  if (size == 0) return 0;
  std::size_t at = 1;
  const auto clients = static_cast<DeliveryModel::Clients>(data[0] % 3);
  DeliveryModel model(
      [&](std::uint32_t bound) { return at < size ? data[at++] % bound : std::uint32_t{0}; },
      clients);
  for (std::size_t i = 0; i < kMaxEvents && at < size; ++i) model.step();
  model.finish();
  qn::fuzz::require(model.failure().empty());
  return 0;
}
