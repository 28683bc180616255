#include <sotto/personal/personal_session.hpp>
#include <sotto/stream/crc32c.hpp>
#include <sotto/stream/user_fold.hpp>

#include <algorithm>

namespace sotto::stream {

Status UserFold::take(const FoldEvent& event, PersonalWorkspace& workspace) {
  if (is_known(event.id)) {
    ++counts_.repeated;
    return Ok{};
  }
  PersonalSession session(*model_, user_, workspace);
  if (auto taken = session.feedback(event.item, event.kind, event.amount, event.at); !taken) return taken;
  remember(event.id);
  ++counts_.folded;
  if (latest_ && event.at < *latest_) ++counts_.late;
  latest_ = std::max(latest_.value_or(event.at), event.at);
  return Ok{};
}

bool UserFold::is_known(std::string_view id) const { return !id.empty() && std::ranges::find(ids_, id) != ids_.end(); }

void UserFold::remember(std::string_view id) {
  if (id.empty()) return;
  if (ids_.size() == remembered_ids) ids_.pop_front();
  ids_.emplace_back(id);
}

std::vector<ItemIndex> UserFold::recommend(std::size_t count, PersonalWorkspace& workspace) {
  std::vector<ScoredItem> best(count);
  best.resize(PersonalSession(*model_, user_, workspace).recommend(*latest_, {}, best));
  std::vector<ItemIndex> items;
  items.reserve(best.size());
  for (const ScoredItem& scored : best) items.push_back(scored.item);
  return items;
}

std::uint32_t UserFold::state_crc32c(PersonalWorkspace& workspace) {
  const PersonalSession session(*model_, user_, workspace);
  std::vector<std::byte> state(session.state_size());
  session.export_state(state);
  return crc32c(state);
}

}  // namespace sotto::stream
