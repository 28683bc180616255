#include <sotto/train/item_features.hpp>

#include <sotto/base/hash.hpp>

#include <cmath>

namespace sotto::train {

std::uint64_t ItemFeatures::fingerprint() const {
  std::uint64_t hash = xxh64(std::as_bytes(std::span(&columns, 1)));
  hash = xxh64(std::as_bytes(std::span(begin)), hash);
  hash = xxh64(std::as_bytes(std::span(column)), hash);
  return xxh64(std::as_bytes(std::span(value)), hash);
}

ItemFeatures vector_features(const data::ItemVectors& vectors) {
  ItemFeatures features;
  features.columns = vectors.dimension;
  features.begin.push_back(0);
  for (std::size_t at = 0; at < vectors.values.size(); at += vectors.dimension) {
    const auto vector = std::span(vectors.values).subspan(at, vectors.dimension);
    double sum = 0;
    for (const float value : vector) sum += std::abs(static_cast<double>(value));
    if (sum > 0) {
      for (std::size_t column = 0; column < vector.size(); ++column) {
        features.column.push_back(static_cast<std::uint32_t>(column));
        features.value.push_back(static_cast<float>(static_cast<double>(vector[column]) / sum));
      }
    }
    features.begin.push_back(features.column.size());
  }
  return features;
}

}  // namespace sotto::train
