// One version of a model, in memory and ready to serve. It does not change; all requests share it.
#pragma once

#include <sotto/base/aligned_buffer.hpp>
#include <sotto/base/result.hpp>
#include <sotto/model/catalogue.hpp>
#include <sotto/model/item_index.hpp>
#include <sotto/personal/personal_model.hpp>
#include <sotto/personal/personal_session.hpp>
#include <sotto/runtime/recommender.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sotto::serve {

class LoadedModel {
 public:
  // Validates the bytes of a fixed-point model file and keeps them.
  [[nodiscard]] static Result<std::shared_ptr<const LoadedModel>> open(std::string name, AlignedBuffer<std::byte> file);

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] std::uint64_t fingerprint() const noexcept { return recommender_->engine().fingerprint(); }
  // The fingerprint as 16 hexadecimal digits: the version's name in addresses, answers and figures.
  [[nodiscard]] const std::string& version() const noexcept { return version_; }
  [[nodiscard]] const Recommender& recommender() const noexcept { return *recommender_; }
  [[nodiscard]] const Engine& engine() const noexcept { return recommender_->engine(); }
  [[nodiscard]] const PersonalModel& personal() const noexcept { return *personal_; }
  [[nodiscard]] const Catalogue& catalogue() const noexcept { return recommender_->info().catalogue; }

  [[nodiscard]] std::optional<ItemIndex> find(std::string_view item_id) const;
  // Items of a category, as the package matches categories; empty for an unknown one.
  [[nodiscard]] const std::vector<ItemIndex>& items_of(std::string_view category) const;
  // The pairs that carry a state of another version over to this one, ascending by the other's index.
  [[nodiscard]] std::vector<ItemPair> pairs_from(const LoadedModel& other) const;

 private:
  LoadedModel(std::string name, std::unique_ptr<Recommender> recommender);

  std::string name_;
  std::string version_;
  std::unique_ptr<Recommender> recommender_;
  std::unique_ptr<PersonalModel> personal_;
  std::unordered_map<std::string_view, ItemIndex> index_;  // views into the catalogue
  std::unordered_map<std::string_view, std::vector<ItemIndex>> by_category_;
};

}  // namespace sotto::serve
