#include <sotto/sync/report_error.hpp>

#include <sotto/sync/internal/messages.hpp>

namespace sotto::sync {

std::string_view report_error_name(ReportError error) noexcept {
  switch (error) {
    case ReportError::batch_collected: return "batch_collected";
    case ReportError::report_replayed: return "report_replayed";
    case ReportError::report_dropped: return "report_dropped";
    case ReportError::hpke_unknown_config_id: return "hpke_unknown_config_id";
    case ReportError::hpke_decrypt_error: return "hpke_decrypt_error";
    case ReportError::vdaf_verify_error: return "vdaf_verify_error";
    case ReportError::task_expired: return "task_expired";
    case ReportError::invalid_message: return "invalid_message";
    case ReportError::report_too_early: return "report_too_early";
    case ReportError::task_not_started: return "task_not_started";
    case ReportError::outdated_config: return "outdated_config";
  }
  return "unknown";
}

void read(WireReader& reader, ReportError& error) {
  const std::uint8_t value = reader.u8("a report's error");
  error = static_cast<ReportError>(value);
  if (error >= ReportError::batch_collected && error <= ReportError::outdated_config) return;
  if (reader.ok()) {
    reader.fail(Error{ErrorCode::malformed, "report error " + std::to_string(value) + " is not defined"});
  }
}

void write(WireWriter& writer, ReportError error) { writer.u8(static_cast<std::uint8_t>(error)); }

}  // namespace sotto::sync
