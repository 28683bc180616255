// Ids in the order of their first appearance, each stored once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace sotto::data {

class IdDictionary {
 public:
  IdDictionary() = default;
  // The set's functors point at the ids.
  IdDictionary(const IdDictionary&) = delete;
  IdDictionary& operator=(const IdDictionary&) = delete;

  // The id's index, a new one when it is seen for the first time.
  std::uint32_t index_of(std::string_view id) {
    if (const auto found = indices_.find(id); found != indices_.end()) return *found;
    const auto index = static_cast<std::uint32_t>(ids_.size());
    ids_.emplace_back(id);
    indices_.insert(index);
    return index;
  }
  [[nodiscard]] std::size_t size() const noexcept { return ids_.size(); }

  // Gives the ids away; the dictionary is of no use afterwards.
  [[nodiscard]] std::vector<std::string> release() {
    indices_.clear();
    return std::move(ids_);
  }

 private:
  struct Hash {
    using is_transparent = void;
    const std::vector<std::string>* ids;
    std::size_t operator()(std::string_view id) const noexcept { return std::hash<std::string_view>{}(id); }
    std::size_t operator()(std::uint32_t index) const noexcept { return (*this)(std::string_view((*ids)[index])); }
  };
  struct Equal {
    using is_transparent = void;
    const std::vector<std::string>* ids;
    bool operator()(std::uint32_t a, std::uint32_t b) const noexcept { return a == b; }
    bool operator()(std::string_view id, std::uint32_t index) const noexcept { return id == (*ids)[index]; }
    bool operator()(std::uint32_t index, std::string_view id) const noexcept { return id == (*ids)[index]; }
  };

  std::vector<std::string> ids_;
  std::unordered_set<std::uint32_t, Hash, Equal> indices_{16, Hash{&ids_}, Equal{&ids_}};
};

}  // namespace sotto::data
