// The weights of event types. A purchase says more about a user than a view.
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
  // The built-in weights are: view, click, rating 1; favourite, favorite 2; cart, addtocart, add_to_cart 3; purchase,
  // transaction 5.
  EventWeights();
  // Parses "view=1,cart=3,purchase=5". Only these types have a weight. "*=1" gives all other types a weight. The weight
  // 0 leaves events of a type out. Error details are phrases.
  [[nodiscard]] static Result<EventWeights> parse(std::string_view text);

  // Returns the weight of a type in any case. Empty if the type is unknown.
  [[nodiscard]] std::optional<float> find(std::string_view type) const noexcept;
  // Returns text such as "view=1, cart=3" for an error.
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
