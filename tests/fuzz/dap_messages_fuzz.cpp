// Messages of DAP: no bytes may break the decoders, and what they accept has one encoding. The first byte selects the
// message.
#include <sotto/sync/aggregation_job.hpp>
#include <sotto/sync/collection_job.hpp>
#include <sotto/sync/ping_pong_message.hpp>
#include <sotto/sync/report.hpp>
#include <sotto/sync/task_configuration.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>

namespace {

using sotto::sync::ByteSpan;

template <class Message>
void check(ByteSpan bytes) {
  const auto message = Message::decode(bytes);
  if (!message) return;
  const auto encoded = message->encode();
  if (!encoded || !std::equal(encoded->begin(), encoded->end(), bytes.begin(), bytes.end())) std::abort();
}

constexpr std::array checks{check<sotto::sync::HpkeConfigList>,         check<sotto::sync::TaskConfiguration>,
                            check<sotto::sync::PlaintextInputShare>,    check<sotto::sync::UploadRequest>,
                            check<sotto::sync::UploadErrors>,           check<sotto::sync::AggregationJobInitReq>,
                            check<sotto::sync::AggregationJobResp>,     check<sotto::sync::AggregationJobContinueReq>,
                            check<sotto::sync::CollectionJobReq>,       check<sotto::sync::CollectionJobResp>,
                            check<sotto::sync::AggregateShareReq>,      check<sotto::sync::AggregateShare>,
                            check<sotto::sync::HistogramConfiguration>, check<sotto::sync::PingPongMessage>};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  checks[data[0] % checks.size()](std::as_bytes(std::span(data + 1, size - 1)));
  return 0;
}
