#include <sotto/data/split.hpp>

#include <algorithm>

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

std::vector<std::span<const ItemIndex>> sample_training_sequences(const Split& split, std::size_t events) {
  const Interactions& log = split.log();
  const std::size_t every = std::max<std::size_t>(1, log.events() / std::max<std::size_t>(1, events));
  std::vector<std::span<const ItemIndex>> sequences;
  for (std::size_t user = 0; user < log.users(); user += every) sequences.push_back(split.training_items(user));
  return sequences;
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
