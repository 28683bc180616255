#include <sotto/aggregate/stored_share.hpp>

#include <sotto/aggregate/sha256.hpp>
#include <sotto/sync/report_id_checksum.hpp>

#include <map>
#include <string>
#include <utility>

namespace sotto::aggregate {

Result<privacy::AggregateShare> decode_stored_share(std::span<const std::byte> stored, std::size_t length) {
  if (stored.empty()) return privacy::AggregateShare(length);
  return privacy::AggregateShare::decode(stored, length);
}

store::BatchAddition batch_addition(const sync::AggregatedReports& reports) {
  sync::ReportIdChecksum checksum;
  for (const sync::ReportId& id : reports.accepted) checksum.add(sha256(id.bytes));
  return {reports.accepted.size(), checksum.value(),
          [share = reports.share](std::span<const std::byte> stored) -> Result<store::Bytes> {
            auto sum = decode_stored_share(stored, share.length());
            if (!sum) return std::move(sum).error();
            if (auto merged = sum->merge(share); !merged) return std::move(merged).error();
            return sum->encode();
          }};
}

std::vector<store::RefusalCount> count_by_reason(std::span<const sync::ReportUploadStatus> refused) {
  std::map<std::string, std::uint64_t> counts;
  for (const sync::ReportUploadStatus& report : refused) ++counts[std::string(sync::report_error_name(report.error))];
  std::vector<store::RefusalCount> list;
  for (const auto& [reason, reports] : counts) list.push_back({reason, reports});
  return list;
}

}  // namespace sotto::aggregate
