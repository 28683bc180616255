// Versions of a small random model.
#pragma once

#include <sotto/model/model_file.hpp>
#include <sotto/serve/deployment.hpp>

#include "../support/random_model.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace sotto::test {

inline serve::ModelPointer small_model(std::uint64_t seed, std::uint32_t items = 40) {
  const auto bytes =
      serialize(random_fixed_model({.items = items, .embedding_dim = 8, .hidden_dim = 8, .layers = 1}, seed));
  AlignedBuffer<std::byte> file(bytes.size());
  std::copy(bytes.begin(), bytes.end(), file.data());
  auto model = serve::LoadedModel::open("shop", std::move(file));
  return model ? *model : nullptr;
}

inline serve::DeploymentPointer deployment_of(serve::ModelPointer current, serve::ModelPointer candidate = nullptr,
                                              serve::ModelPointer shadow = nullptr) {
  serve::Deployment deployment;
  deployment.name = "shop";
  deployment.current = std::move(current);
  deployment.candidate = std::move(candidate);
  deployment.share = deployment.candidate ? 0.25 : 0;
  deployment.shadow = std::move(shadow);
  deployment.shadow_share = deployment.shadow ? 0.5 : 0;
  return std::make_shared<const serve::Deployment>(std::move(deployment));
}

}  // namespace sotto::test
