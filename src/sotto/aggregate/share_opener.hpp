// Opens the input shares of a task that clients sealed for one aggregator.
#pragma once

#include <sotto/aggregate/aggregation_task.hpp>
#include <sotto/aggregate/hpke.hpp>
#include <sotto/sync/helper_job.hpp>
#include <sotto/sync/protocol.hpp>

namespace sotto::aggregate {

class ShareOpener final : public sync::InputShareOpener {
 public:
  // What is referred to must outlive the opener. receiver: leader or helper.
  ShareOpener(const AggregationTask& task, const HpkeKeyPair& keys, std::uint8_t config_id, sync::Role receiver)
      : task_(task), keys_(keys), config_id_(config_id), info_(sync::input_share_info(receiver)) {}

  // Fails with mismatch for a share of another key, of another task or with other parameters.
  [[nodiscard]] Result<privacy::SecretBytes> open(const sync::ReportMetadata& metadata, sync::ByteSpan public_share,
                                                  const sync::HpkeCiphertext& share) override;

 private:
  const AggregationTask& task_;
  const HpkeKeyPair& keys_;
  std::uint8_t config_id_;
  sync::Bytes info_;
};

}  // namespace sotto::aggregate
