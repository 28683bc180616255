// A user's state as a fold of the user's events.
#pragma once

#include <sotto/personal/personal_user.hpp>
#include <sotto/serve/deployment.hpp>
#include <sotto/serve/model_scratch.hpp>
#include <sotto/serve/refusal.hpp>
#include <sotto/store/store.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace sotto::serve {

// Takes events into a user's state, in their order, like PersonalSession::feedback for each. Events on items that the
// version does not have, because it is a later one, are left out.
void fold(PersonalUser& user, std::span<const store::Event> events, ModelScratch& scratch);

[[nodiscard]] store::Bytes state_bytes(PersonalUser& user, ModelScratch& scratch);

// A state that belongs to `from`, carried over to the scratch's version and learned again.
[[nodiscard]] Answered<PersonalUser> carried_over(std::span<const std::byte> state, const LoadedModel& from,
                                                  ModelScratch& scratch);

// The state in these bytes, of the scratch's version or of another one, which is then carried over. Refuses with
// `damaged` bytes that are no state, and with 503 model_version_missing where the registry lacks the state's version.
[[nodiscard]] Answered<PersonalUser> user_from(std::span<const std::byte> state, ModelScratch& scratch, Models& models,
                                               const Refusal& damaged);

// What the store has of a user, as a state of the scratch's version.
[[nodiscard]] Answered<PersonalUser> restored(const store::StoredUser& stored, ModelScratch& scratch, Models& models);

}  // namespace sotto::serve
