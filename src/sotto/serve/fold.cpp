#include <sotto/personal/internal/stored_personal_state.hpp>
#include <sotto/serve/fold.hpp>

#include <fmt/format.h>

namespace sotto::serve {
namespace {

Refusal version_refusal(std::uint64_t fingerprint, const Error& error) {
  if (error.code == ErrorCode::missing) {
    return {503, "model_version_missing",
            fmt::format("The state belongs to version {:016x} of the model, which this server does not have. Nothing "
                        "was changed.",
                        fingerprint)};
  }
  return {503, "model_version_unreadable",
          fmt::format("The state belongs to version {:016x} of the model, which cannot be opened. Nothing was changed.",
                      fingerprint)};
}

}  // namespace

void fold(PersonalUser& user, std::span<const store::Event> events, ModelScratch& scratch) {
  PersonalSession session = scratch.session(user);
  for (const store::Event& event : events) {
    const auto item = scratch.model().find(event.item);
    // Kinds and amounts were checked before the event was stored.
    if (item) (void)session.feedback(*item, static_cast<FeedbackKind>(event.kind), event.amount, event.at);
  }
}

store::Bytes state_bytes(PersonalUser& user, ModelScratch& scratch) {
  const PersonalSession session = scratch.session(user);
  store::Bytes bytes(session.state_size());
  session.export_state(bytes);
  return bytes;
}

Answered<PersonalUser> carried_over(std::span<const std::byte> state, const LoadedModel& from, ModelScratch& scratch) {
  PersonalUser user(scratch.model().personal());
  PersonalSession session = scratch.session(user);
  if (const auto status = session.carry_over_state(state, scratch.pairs_from(from)); !status) {
    return Refusal{500, "state_damaged", "The state cannot be carried over: " + status.error().detail + "."};
  }
  (void)session.relearn(user.waiting());
  return user;
}

Answered<PersonalUser> user_from(std::span<const std::byte> state, ModelScratch& scratch, Models& models,
                                 const Refusal& damaged) {
  const auto stored = read_personal_state(state);
  if (!stored) return damaged;
  if (stored->fingerprint == scratch.model().fingerprint()) {
    PersonalUser user(scratch.model().personal());
    if (!scratch.session(user).import_state(state)) return damaged;
    return user;
  }
  const auto from = models.version(stored->fingerprint);
  if (!from) return version_refusal(stored->fingerprint, from.error());
  // It must be a sound state of its own version before it may be one of this version.
  ModelScratch theirs(*from);
  PersonalUser there((*from)->personal());
  if (!theirs.session(there).import_state(state)) return damaged;
  return carried_over(state, **from, scratch);
}

Answered<PersonalUser> restored(const store::StoredUser& stored, ModelScratch& scratch, Models& models) {
  PersonalUser user(scratch.model().personal());
  if (stored.snapshot) {
    static const Refusal damaged{500, "store_damaged", "The user's stored state cannot be read. Nothing was changed."};
    auto opened = user_from(stored.snapshot->state, scratch, models, damaged);
    if (!opened) return opened.refusal();
    user = std::move(*opened);
  }
  fold(user, stored.events, scratch);
  return user;
}

}  // namespace sotto::serve
