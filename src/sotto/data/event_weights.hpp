// What the types of events are worth: a purchase says more about a shopper than a view.
#pragma once

#include <sotto/base/result.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::data {

inline constexpr float max_event_weight = 1000;

class EventWeights {
 public:
  // The built-in weights: view, click, rating 1; favorite, favorite 2; cart, addtocart, add_to_cart 3; purchase,
  // transaction 5.
  EventWeights();
  // "view=1,cart=3,purchase=5": these types and no others. "*=1" gives all other types a weight. 0 leaves events of a
  // type out. Error details are phrases.
  [[nodiscard]] static Result<EventWeights> parse(std::string_view text);

  // The weight of a type, written in whatever case; empty when the type is unknown.
  [[nodiscard]] std::optional<float> find(std::string_view type) const noexcept;
  // "view=1, cart=3", for an error.
  [[nodiscard]] std::string in_words() const;

 private:
  struct Weight {
    std::string type;
    float weight = 1;
  };
  std::vector<Weight> weights_;
  std::optional<float> others_;
};

}  // namespace sotto::data
