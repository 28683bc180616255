// The parts of the targets for which accuracy is reported. They show which users gain, and whether an arm depends on
// popularity or on repetition.
#pragma once

#include <sotto/data/split.hpp>
#include <sotto/evaluate/popularity.hpp>

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

namespace sotto::evaluate {

// In each dimension every target is in exactly one slice.
struct SliceName {
  std::string_view dimension;  // "history", "popularity" or "repeat"
  std::string_view name;
};
inline constexpr std::array<SliceName, 12> slice_names = {{{"history", "1–2"},
                                                           {"history", "3–5"},
                                                           {"history", "6–10"},
                                                           {"history", "11–20"},
                                                           {"history", "21–50"},
                                                           {"history", "51+"},
                                                           {"popularity", "head"},
                                                           {"popularity", "mid"},
                                                           {"popularity", "tail"},
                                                           {"popularity", "never in training"},
                                                           {"repeat", "new item"},
                                                           {"repeat", "repeat item"}}};

class Slicer {
 public:
  // The split must outlive the slicer.
  explicit Slicer(const data::Split& split)
      : split_(&split), popularity_(popularity_classes(data::training_counts(split))) {}

  // Returns the target's slices as places in slice_names, one for each dimension.
  [[nodiscard]] std::array<std::size_t, 3> slices_of(const data::Target& target) const;

 private:
  const data::Split* split_;
  std::vector<PopularityClass> popularity_;  // [items]
};

}  // namespace sotto::evaluate
