// A simulated device: one user, what was learned there, and how far its events have been lived through.
#pragma once

#include <sotto/evaluate/arm.hpp>
#include <sotto/personal/personal_user.hpp>
#include <sotto/personal/trend_belief.hpp>

#include <cstddef>
#include <memory>
#include <vector>

namespace sotto::simulate {

// What a device remembers of the present round of one length.
struct DeviceRound {
  ItemIndex latest = evaluate::unknown_item;  // the choice that it will report
  std::size_t number = static_cast<std::size_t>(-1);  // of the round that `weight` is of
  float weight = 0;  // 1 / the number of its choices in the round
};

struct Device {
  std::unique_ptr<PersonalUser> user;  // from the first event to the last
  std::size_t next = 0;  // the next event
  std::vector<TrendBelief> beliefs;  // [tracks]
  std::vector<DeviceRound> rounds;  // [lengths of the rounds]
};

}  // namespace sotto::simulate
