#include <sotto/base/random.hpp>
#include <sotto/measure/workbench.hpp>
#include <sotto/runtime/internal/stored_state.hpp>

#include <utility>

namespace sotto::measure {
namespace {

static_assert(grouped_users == SessionGroup::max_users);

// There are enough events that the same few embedding rows are not reused.
constexpr std::size_t different_events = 64 * replayed_events;

// The scores of several users take turns. Otherwise the processor learns the places of one user's best items. The
// scores stay in the L2 cache, like scores that were just computed.
constexpr std::size_t scored_users = 8;

std::vector<ItemIndex> random_items(std::size_t count, std::uint32_t items, Random& random) {
  std::vector<ItemIndex> drawn(count);
  for (ItemIndex& item : drawn) item = random.below(items);
  return drawn;
}

std::span<const std::int8_t> bytes_of(const PackedMatrix& matrix) noexcept {
  return {matrix.view().weights, matrix.rows * matrix.stride};
}

}  // namespace

std::vector<std::span<const std::int8_t>> weights_of(const Engine& engine, WeightPart part) {
  std::vector<std::span<const std::int8_t>> matrices;
  if (part != WeightPart::head) {
    for (const PackedLstmLayer& layer : engine.lstm()) {
      matrices.push_back(bytes_of(layer.input_weights));
      matrices.push_back(bytes_of(layer.hidden_weights));
    }
    if (engine.skip().rows > 0) matrices.push_back(bytes_of(engine.skip()));
  }
  if (part != WeightPart::lstm) matrices.push_back(engine.head().scored_bytes());
  return matrices;
}

Result<std::unique_ptr<Workbench>> Workbench::open(std::span<const std::byte> file, const Kernels& kernels,
                                                   std::uint64_t seed) {
  auto recommender = Recommender::open(file, kernels);
  if (!recommender) return std::move(recommender).error();
  return std::unique_ptr<Workbench>(new Workbench(file, std::move(recommender).value(), seed));
}

Workbench::Workbench(std::span<const std::byte> file, std::unique_ptr<Recommender> recommender, std::uint64_t seed)
    : file_(file),
      recommender_(std::move(recommender)),
      workspace_(recommender_->engine()),
      current_(recommender_->engine()),
      restored_(recommender_->engine()),
      group_(recommender_->engine(), workspace_) {
  Random random(seed);
  const std::uint32_t items = engine().architecture().items;
  events_ = random_items(different_events, items, random);
  session_of(restored_).observe_known(std::span(events_).first(replayed_events));
  stored_state_.resize(stored_size(restored_));
  export_state(restored_, engine().fingerprint(), stored_state_);
}

void Workbench::prepare(Task task) {
  if ((task == Task::group_event || task == Task::group_event_top10) && users_.empty()) {
    for (std::size_t user = 0; user < grouped_users; ++user) users_.emplace_back(engine());
    for (UserState& user : users_) grouped_.push_back(&user);
  }
  if (task != Task::top10 || !scored_.empty()) return;
  for (std::size_t user = 0; user < scored_users; ++user) {
    UserState state(engine());
    Session session = session_of(state);
    session.observe_known(std::span(events_).subspan(user * replayed_events, replayed_events));
    scored_.emplace_back(session.scores().begin(), session.scores().end());
  }
}

std::uint32_t Workbench::run(Task task) {
  switch (task) {
    case Task::event: observe_next(); return static_cast<std::uint16_t>(current_.head_input().front());
    case Task::event_top10: observe_next(); return best_item(session_of(current_));
    case Task::group_event:
      observe_next_of_group();
      return static_cast<std::uint16_t>(users_.back().head_input().front());
    case Task::group_event_top10: {
      observe_next_of_group();
      std::uint32_t sum = 0;
      group_.for_each_user(grouped_, [&](std::size_t, Session session) { sum += best_item(session); });
      return sum;
    }
    case Task::replay_top10:
      current_.reset();
      session_of(current_).observe_known(std::span(events_).first(replayed_events));
      return best_item(session_of(current_));
    case Task::scores: restore_stored_user(); return static_cast<std::uint32_t>(session_of(restored_).scores().front());
    case Task::top10: return best_scored();
    case Task::open: return open_again();
  }
  return 0;
}

// Users restart after as many events as a replay has, so that histories stay shorter than their bound.
void Workbench::observe_next() {
  if (next_event_ % replayed_events == 0) current_.reset();
  session_of(current_).observe_known(std::span(events_).subspan(next_event_, 1));
  next_event_ = (next_event_ + 1) % events_.size();
}

// Each user starts at a place of its own, and restarts after as many events as a single user.
void Workbench::observe_next_of_group() {
  std::array<ItemIndex, grouped_users> items{};
  for (std::size_t user = 0; user < grouped_users; ++user) {
    if (next_group_event_ % replayed_events == 0) users_[user].reset();
    items[user] = events_[(next_group_event_ + user * replayed_events) % events_.size()];
  }
  group_.observe_known(grouped_, items);
  next_group_event_ = (next_group_event_ + 1) % events_.size();
}

std::uint32_t Workbench::best_item(Session session) noexcept {
  const std::size_t found = session.recommend({}, best_);
  return found == 0 ? 0 : best_.front().item;
}

std::uint32_t Workbench::best_scored() noexcept {
  const std::size_t found = session_of(current_).recommend_by(scored_[next_scored_], {}, best_);
  next_scored_ = (next_scored_ + 1) % scored_.size();
  return found == 0 ? 0 : best_.front().item;
}

// This is the first step of a page. Afterwards scores must be computed again.
void Workbench::restore_stored_user() { static_cast<void>(session_of(restored_).import_state(stored_state_)); }

std::uint32_t Workbench::open_again() const {
  const auto opened = Recommender::open(file_, engine().kernels());
  return static_cast<std::uint32_t>((*opened)->engine().fingerprint());
}

}  // namespace sotto::measure
