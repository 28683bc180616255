// Why one report was refused. It is a byte inside of messages; problems of a whole request are in problem_type.hpp.
#pragma once

#include <cstdint>
#include <string_view>

namespace sotto::sync {

enum class ReportError : std::uint8_t {
  batch_collected = 1,
  report_replayed = 2,
  report_dropped = 3,
  hpke_unknown_config_id = 4,  // registered; the draft's text uses the next one or outdated_config
  hpke_decrypt_error = 5,
  vdaf_verify_error = 6,
  task_expired = 7,
  invalid_message = 8,
  report_too_early = 9,
  task_not_started = 10,
  outdated_config = 11,  // at upload: the HPKE configuration's id is unknown
};

// Returns the draft's name, such as "report_replayed".
[[nodiscard]] std::string_view report_error_name(ReportError error) noexcept;

}  // namespace sotto::sync
