#include <sotto/model/catalogue_json.hpp>
#include <sotto/model/internal/checksum.hpp>
#include <sotto/model/internal/tensor_list.hpp>

#include <algorithm>
#include <functional>
#include <map>

namespace sotto {

void TensorList::add_bytes(std::string name, TensorView view, std::string role) {
  roles_.push_back({name, std::move(role)});
  tensors_.push_back({std::move(name), std::move(view)});
}

void TensorList::add_table(const char* name, std::span<const std::int32_t> values, std::string role) {
  add(name, {values.size()}, values, std::move(role));
}

void TensorList::add_s4(std::string name, const MatrixS4& matrix, std::string role) {
  add_bytes(std::move(name), {TensorType::u8, {matrix.rows, matrix.stride()}, std::as_bytes(matrix.bytes.span())},
            std::move(role));
}

void TensorList::add_history(const std::optional<HistoryTerm>& term) {
  if (!term) return;
  add_table(history_age_name, term->age, "logit of a seen item by events since, Q15.16 [age buckets]");
  add_table(history_count_name, term->count, "logit of a seen item by occurrences, Q15.16 [count buckets]");
  add_table(history_follow_name, std::span(&term->follow, 1),
            "logit of what followed the last item before, Q15.16 [1]");
}

void TensorList::add_memory(const std::optional<MemoryTerm>& term, std::size_t hidden_dim) {
  if (!term) return;
  add_table(memory_temperature_name, std::span(&term->temperature, 1), "of the scores as log-odds, Q15.16 [1]");
  add_table(memory_weight_name, term->weight, "first weights of the personal memory, Q15.16 [weights]");
  add_table(memory_recent_name, term->recent, "first parts of the recent means, Q15.16 [means]");
  add(memory_direction_name, {adapter_rank_of(hidden_dim), hidden_dim}, term->direction,
      "what a user's adapter reads of the head's input, 1/127 [directions, hidden]");
}

void TensorList::add_counts(const std::optional<CountExpert>& expert, std::uint32_t items) {
  if (!expert) return;
  add(counts_begin_name, {expert->begin.size()}, expert->begin, "first neighbour of each item [items + 1]");
  const std::string role = "items that followed the item [neighbours]";
  if (items <= max_items_of_u16) {
    narrow_indices_.assign(expert->neighbor.begin(), expert->neighbor.end());
    add(counts_neighbor_name, {narrow_indices_.size()}, narrow_indices_, role);
  } else {
    add(counts_neighbor_name, {expert->neighbor.size()}, expert->neighbor, role);
  }
  add(counts_weight_name, {expert->weight.size()}, expert->weight, "how often, in units of the row [neighbours]");
  add(counts_multiplier_name, {expert->multiplier.size()}, expert->multiplier, "a row's unit, 2^-20 [items]");
  add_table(counts_decay_name, expert->decay, "weight of the latest events by age, Q15 [events]");
  add_table(counts_curve_name, expert->curve, "logit at counts of powers of two, Q15.16 [knots]");
}

std::vector<std::byte> TensorList::write(const ModelInfo& info, const std::optional<FixedNumbers>& fixed) {
  if (!info.training_event_sketch.empty()) {
    add(sketch_name, {info.training_event_sketch.size()}, info.training_event_sketch,
        "bottom-k sketch of the events trained on");
  }
  const std::string catalogue = to_json_text(info.catalogue);
  add(catalogue_name, {catalogue.size()},
      std::span(reinterpret_cast<const std::uint8_t*>(catalogue.data()), catalogue.size()),
      "ids and what is known of the items, JSON text [bytes]");
  // Wider types come first, so that every tensor is aligned to its type.
  std::ranges::stable_sort(tensors_, std::ranges::greater{},
                           [](const NamedTensor& t) { return tensor_type_size(t.view.type); });
  const int version = info.architecture.memory_term    ? format_version_with_memory
                      : fixed && fixed->head_bits == 4 ? format_version_with_s4_head
                                                       : format_version;
  std::map<std::string, std::string, std::less<>> metadata{
      {format_key, format_name}, {version_key, std::to_string(version)}, {spec_key, to_json_text(info, fixed, roles_)}};
  TensorBytes bytes;
  for (const auto& [name, view] : tensors_) bytes.emplace(name, view.bytes);
  metadata.emplace(checksum_key, model_checksum(metadata.find(spec_key)->second, bytes));
  return write_safetensors(metadata, tensors_);
}

}  // namespace sotto
