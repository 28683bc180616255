#include <sotto/model/model_file.hpp>
#include <sotto/serve/deployment.hpp>

#include "../support/random_model.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <string>

using namespace sotto;
using namespace sotto::serve;

namespace {

ModelPointer small_model(std::uint64_t seed) {
  const auto bytes =
      serialize(test::random_fixed_model({.items = 20, .embedding_dim = 8, .hidden_dim = 8, .layers = 1}, seed));
  AlignedBuffer<std::byte> file(bytes.size());
  std::ranges::copy(bytes, file.data());
  auto model = LoadedModel::open("shop", std::move(file));
  REQUIRE(model);
  return std::move(model).value();
}

int users_of_candidate(const Deployment& deployment, int users) {
  int count = 0;
  for (int user = 0; user < users; ++user) {
    if (deployment.for_user("user-" + std::to_string(user)) == deployment.candidate) ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("the candidate gets its share of the users, always the same ones") {
  Deployment deployment;
  deployment.name = "shop";
  deployment.current = small_model(1);
  CHECK(deployment.for_user("a") == deployment.current);

  deployment.candidate = small_model(2);
  constexpr int users = 20'000;
  for (const double share : {0.01, 0.1, 0.5, 0.9}) {
    CAPTURE(share);
    deployment.share = share;
    const double deviation = std::sqrt(users * share * (1 - share));
    CHECK(std::abs(users_of_candidate(deployment, users) - users * share) < 4 * deviation);
  }
  deployment.share = 0;
  CHECK(users_of_candidate(deployment, users) == 0);
  deployment.share = 1;
  CHECK(users_of_candidate(deployment, users) == users);
  CHECK(deployment.for_user("") == deployment.current);

  // Whoever is in a small share is in every larger one.
  Deployment larger = deployment;
  deployment.share = 0.1;
  larger.share = 0.2;
  for (int user = 0; user < 1000; ++user) {
    const std::string id = "user-" + std::to_string(user);
    if (deployment.for_user(id) == deployment.candidate) CHECK(larger.for_user(id) == larger.candidate);
  }
}

TEST_CASE("who gets the candidate is the same in every build, and differs between models") {
  Deployment deployment;
  deployment.name = "shop";
  deployment.current = small_model(1);
  deployment.candidate = small_model(2);
  deployment.share = 0.5;
  std::string choices;
  for (int user = 0; user < 32; ++user) {
    choices += deployment.for_user("user-" + std::to_string(user)) == deployment.candidate ? '1' : '0';
  }
  CHECK(choices == "11011001011101101001111011010010");

  Deployment other = deployment;
  other.name = "news";
  int equal = 0;
  for (int user = 0; user < 1000; ++user) {
    const std::string id = "user-" + std::to_string(user);
    equal += deployment.for_user(id) == other.for_user(id) ? 1 : 0;
  }
  CHECK(equal > 400);
  CHECK(equal < 600);
}

TEST_CASE("the shadow ranks for its share of the requests") {
  Deployment deployment;
  deployment.name = "shop";
  deployment.current = small_model(1);
  deployment.shadow_share = 1;
  CHECK_FALSE(deployment.is_shadowed("request"));

  deployment.shadow = small_model(2);
  deployment.shadow_share = 0.25;
  int shadowed = 0;
  for (int request = 0; request < 4000; ++request) {
    if (deployment.is_shadowed("request-" + std::to_string(request))) ++shadowed;
  }
  CHECK(std::abs(shadowed - 1000) < 4 * std::sqrt(4000 * 0.25 * 0.75));
}
