#include <sotto/serve/figures.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace sotto::serve {
namespace {

using Document = nlohmann::json;

double ndcg_of(std::optional<std::size_t> rank) noexcept {
  return rank && *rank <= figures_at ? 1 / std::log2(static_cast<double>(*rank) + 1) : 0;
}

bool is_hit(std::optional<std::size_t> rank) noexcept { return rank && *rank <= figures_at; }

// [count, hits, sum of NDCG, sum of its squares, sum of reciprocal ranks]
Document to_json(const Choices& choices) {
  return Document::array(
      {choices.count, choices.hits, choices.ndcg.sum, choices.ndcg.squares, choices.reciprocal_rank});
}

bool is_count(const Document& value) { return value.is_number_unsigned(); }
bool is_amount(const Document& value) { return value.is_number() && std::isfinite(value.get<double>()); }

bool read(const Document& value, Choices& choices) {
  if (!value.is_array() || value.size() != 5 || !is_count(value[0]) || !is_count(value[1])) return false;
  if (!is_amount(value[2]) || !is_amount(value[3]) || !is_amount(value[4])) return false;
  choices = {value[0].get<std::uint64_t>(),
             value[1].get<std::uint64_t>(),
             {value[2].get<double>(), value[3].get<double>()},
             value[4].get<double>()};
  return choices.hits <= choices.count;
}

bool read(const Document& value, PairedChoices& pairs) {
  if (!value.is_object() || value.size() != 4) return false;
  const auto shown = value.find("shown");
  const auto shadow = value.find("shadow");
  const auto only = value.find("only");
  const auto difference = value.find("ndcg_difference");
  for (const auto& member : {shown, shadow, only, difference}) {
    if (member == value.end()) return false;
  }
  if (!read(*shown, pairs.shown) || !read(*shadow, pairs.shadow)) return false;
  if (!only->is_array() || only->size() != 2 || !is_count((*only)[0]) || !is_count((*only)[1])) return false;
  if (!difference->is_array() || difference->size() != 2) return false;
  if (!is_amount((*difference)[0]) || !is_amount((*difference)[1])) return false;
  pairs.only_shown = (*only)[0].get<std::uint64_t>();
  pairs.only_shadow = (*only)[1].get<std::uint64_t>();
  pairs.ndcg_difference = {(*difference)[0].get<double>(), (*difference)[1].get<double>()};
  return pairs.only_shown <= pairs.shown.hits && pairs.only_shadow <= pairs.shadow.hits;
}

// [bucket, count, bucket, count, …] of the buckets that are not empty.
bool read(const Document& value, LatencyHistogram& latency) {
  if (!value.is_array() || value.size() % 2 != 0) return false;
  for (std::size_t i = 0; i < value.size(); i += 2) {
    if (!is_count(value[i]) || !is_count(value[i + 1])) return false;
    const auto bucket = value[i].get<std::uint64_t>();
    if (bucket >= LatencyHistogram::buckets) return false;
    latency.add_to_bucket(bucket, value[i + 1].get<std::uint64_t>());
  }
  return true;
}

}  // namespace

std::int64_t period_of(std::int64_t at) noexcept {
  const std::int64_t into = at % period_seconds;
  return at - (into < 0 ? into + period_seconds : into);
}

void Choices::add(std::optional<std::size_t> rank) noexcept {
  count += 1;
  hits += is_hit(rank) ? 1U : 0U;
  ndcg.add(ndcg_of(rank));
  if (rank) reciprocal_rank += 1 / static_cast<double>(*rank);
}

void Choices::add(const Choices& other) noexcept {
  count += other.count;
  hits += other.hits;
  ndcg.add(other.ndcg);
  reciprocal_rank += other.reciprocal_rank;
}

void PairedChoices::add(std::optional<std::size_t> shown_rank, std::optional<std::size_t> shadow_rank) noexcept {
  shown.add(shown_rank);
  shadow.add(shadow_rank);
  only_shown += is_hit(shown_rank) && !is_hit(shadow_rank) ? 1U : 0U;
  only_shadow += is_hit(shadow_rank) && !is_hit(shown_rank) ? 1U : 0U;
  ndcg_difference.add(ndcg_of(shadow_rank) - ndcg_of(shown_rank));
}

void PairedChoices::add(const PairedChoices& other) noexcept {
  shown.add(other.shown);
  shadow.add(other.shadow);
  only_shown += other.only_shown;
  only_shadow += other.only_shadow;
  ndcg_difference.add(other.ndcg_difference);
}

void Figures::add(const Figures& other) {
  lists += other.lists;
  choices.add(other.choices);
  items.add(other.items);
  latency.add(other.latency);
  as_shadow.add(other.as_shadow);
}

std::optional<std::size_t> rank_of(std::span<const ItemIndex> list, std::optional<ItemIndex> item) noexcept {
  if (!item) return std::nullopt;
  const auto place = std::find(list.begin(), list.end(), *item);
  if (place == list.end()) return std::nullopt;
  return static_cast<std::size_t>(place - list.begin()) + 1;
}

std::string to_text(const Figures& figures) {
  Document document = Document::object();
  if (figures.lists > 0) document["lists"] = figures.lists;
  if (figures.choices.count > 0) document["choices"] = to_json(figures.choices);
  if (figures.items.catalogue_items() > 0) document["items"] = figures.items.to_text();
  Document latency = Document::array();
  for (std::size_t bucket = 0; bucket < LatencyHistogram::buckets; ++bucket) {
    if (figures.latency.count(bucket) == 0) continue;
    latency.push_back(bucket);
    latency.push_back(figures.latency.count(bucket));
  }
  if (!latency.empty()) document["latency"] = std::move(latency);
  if (const PairedChoices& pairs = figures.as_shadow; pairs.shown.count > 0) {
    document["as_shadow"] = {{"shown", to_json(pairs.shown)},
                             {"shadow", to_json(pairs.shadow)},
                             {"only", {pairs.only_shown, pairs.only_shadow}},
                             {"ndcg_difference", {pairs.ndcg_difference.sum, pairs.ndcg_difference.squares}}};
  }
  return document.dump();
}

Result<Figures> figures_from_text(std::string_view text) {
  const Document document = Document::parse(text, nullptr, false);
  if (!document.is_object()) return Error{ErrorCode::malformed, "a row of figures is no JSON object"};
  Figures figures;
  for (const auto& [name, value] : document.items()) {
    bool is_good = true;  // also for members of a later version of this server, which are left out
    if (name == "lists") {
      is_good = is_count(value);
      if (is_good) figures.lists = value.get<std::uint64_t>();
    } else if (name == "choices") {
      is_good = read(value, figures.choices);
    } else if (name == "latency") {
      is_good = read(value, figures.latency);
    } else if (name == "as_shadow") {
      is_good = read(value, figures.as_shadow);
    } else if (name == "items") {
      if (!value.is_string()) return Error{ErrorCode::malformed, "a row of figures has a malformed member 'items'"};
      Result<ShownItems> items = ShownItems::from_text(value.get_ref<const std::string&>());
      if (!items) return items.error();
      figures.items = std::move(*items);
    }
    if (!is_good) return Error{ErrorCode::malformed, "a row of figures has a malformed member '" + name + "'"};
  }
  return figures;
}

}  // namespace sotto::serve
