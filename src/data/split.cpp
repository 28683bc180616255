#include <sotto/data/split.hpp>

namespace sotto::data {

SplitRecord Split::record() const {
  SplitRecord record;
  record.kind = split_kind_name(kind_);
  for (std::size_t user = 0; user < log_->users(); ++user) {
    record.training_events += training_items(user).size();
    if (held_out(user)) ++record.test_targets;
  }
  record.validation_targets = record.test_targets;
  return record;
}

std::string_view split_kind_name(SplitKind kind) noexcept {
  switch (kind) {
    case SplitKind::leave_last_out: return "leave-last-out";
    case SplitKind::none: return "none";
  }
  return "";
}

std::optional<SplitKind> parse_split_kind(std::string_view name) noexcept {
  for (const SplitKind kind : {SplitKind::leave_last_out, SplitKind::none}) {
    if (name == split_kind_name(kind)) return kind;
  }
  return std::nullopt;
}

}  // namespace sotto::data
