// The published vectors of draft-irtf-cfrg-vdaf in $SOTTO_VECTORS_DIR/vdaf: every share and message, byte for byte, and
// every report that must be refused.
#include "../support/hex.hpp"

#include <sotto/privacy/internal/count.hpp>
#include <sotto/privacy/internal/histogram.hpp>
#include <sotto/privacy/internal/prio3.hpp>
#include <sotto/privacy/internal/sum.hpp>
#include <sotto/privacy/internal/sum_vec.hpp>
#include <sotto/privacy/prio3_histogram.hpp>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <type_traits>

namespace sotto::privacy {
namespace {

using Json = nlohmann::json;

// Skips the test where the vectors are not at hand.
std::filesystem::path vector_folder() {
  const char* folder = std::getenv("SOTTO_VECTORS_DIR");
  if (folder == nullptr || *folder == '\0') SKIP("SOTTO_VECTORS_DIR is not set");
  return std::filesystem::path{folder} / "vdaf";
}

Json read_json(const std::filesystem::path& path) {
  std::ifstream file{path};
  const Json json = Json::parse(file, nullptr, false);
  REQUIRE(json.is_object());
  return json;
}

std::vector<std::byte> bytes_of(const Json& hex) { return test::from_hex(hex.get<std::string>()); }

// Whether the vector says that the operation must succeed, or nothing when it does not run it.
std::optional<bool> expected_success(const Json& vector, std::string_view operation, std::size_t report) {
  for (const Json& entry : vector["operations"]) {
    if (entry["operation"] == operation && entry.value("report_index", std::size_t{0}) == report) {
      return entry["success"].get<bool>();
    }
  }
  return std::nullopt;
}

template <class Field>
std::string hex_of(std::span<const Field> elements) {
  return test::to_hex(encoding_of(elements));
}

// Runs all operations of a vector.
template <class C>
void check_vector(const Json& vector, const Prio3<C>& prio3,
                  const std::function<std::vector<typename C::Field>(const Json&)>& encode) {
  using Field = typename C::Field;
  const auto context = bytes_of(vector["ctx"]);
  const auto verify_key = bytes_of(vector["verify_key"]);
  const auto shares = vector["shares"].get<std::size_t>();
  std::vector<std::vector<Field>> aggregates(shares);

  for (std::size_t index = 0; index < vector["reports"].size(); ++index) {
    CAPTURE(index);
    const Json& report = vector["reports"][index];
    const auto nonce = bytes_of(report["nonce"]);
    std::vector<std::vector<std::byte>> input_shares;
    for (const Json& share : report["input_shares"]) input_shares.push_back(bytes_of(share));
    const auto public_share = bytes_of(report["public_share"]);

    if (expected_success(vector, "shard", index)) {
      const auto random = bytes_of(report["rand"]);
      REQUIRE(random.size() == prio3.random_bytes());
      std::vector<std::byte> made_public(prio3.public_share_bytes());
      std::vector<std::byte> leader(prio3.leader_share_bytes());
      std::vector<std::byte> helpers(prio3.helper_share_bytes() * (shares - 1));
      prio3.shard(context, encode(report["measurement"]), nonce, random, made_public, leader, helpers);
      CHECK(test::to_hex(made_public) == report["public_share"].get<std::string>());
      CHECK(test::to_hex(leader) == report["input_shares"][0].get<std::string>());
      std::string all_helpers;
      for (std::size_t party = 1; party < shares; ++party) all_helpers += report["input_shares"][party];
      CHECK(test::to_hex(helpers) == all_helpers);
    }

    std::vector<typename Prio3<C>::VerifyState> states;
    std::vector<std::vector<std::byte>> verifier_shares;
    if (!input_shares.empty()) {
      for (std::size_t party = 0; party < shares; ++party) {
        CAPTURE(party);
        auto verification = prio3.start_verification(static_cast<std::uint8_t>(party), verify_key, context, nonce,
                                                     public_share, input_shares[party]);
        REQUIRE(verification.ok());
        states.push_back(verification->state);
        verifier_shares.push_back(verification->verifier_share);
        // One vector has the leader's alone.
        const Json& expected = report["verifier_shares"][0];
        if (party < expected.size())
          CHECK(test::to_hex(verification->verifier_share) == expected[party].get<std::string>());
      }
    }

    std::vector<std::byte> message;
    if (const auto success = expected_success(vector, "verifier_shares_to_message", index)) {
      const std::vector<std::span<const std::byte>> spans(verifier_shares.begin(), verifier_shares.end());
      const auto combined = prio3.combine(context, spans);
      REQUIRE(combined.ok() == *success);
      if (!*success) {
        CHECK(combined.error().code == ErrorCode::mismatch);
        continue;
      }
      message.assign(combined->begin(), combined->end());
      message.resize(prio3.verifier_message_bytes());
      CHECK(test::to_hex(message) == report["verifier_messages"][0].get<std::string>());
    } else {
      // A vector that begins with the message.
      message = bytes_of(report["verifier_messages"][0]);
    }

    const auto success = expected_success(vector, "verify_next", index);
    REQUIRE(success.has_value());
    for (std::size_t party = 0; party < states.size(); ++party) {
      const auto output_share = prio3.finish(states[party], message);
      REQUIRE(output_share.ok() == *success);
      if (!*success) {
        CHECK(output_share.error().code == ErrorCode::mismatch);
        continue;
      }
      const std::span<const Field> elements{*output_share};
      const Json& expected = report["out_shares"][party];
      CHECK(hex_of(elements) == expected.get<std::string>());
      aggregates[party].resize(elements.size());
      add_to(std::span{aggregates[party]}, elements);
    }
  }

  if (vector["agg_shares"].empty()) return;
  std::vector<Field> sum(aggregates[0].size());
  for (std::size_t party = 0; party < shares; ++party) {
    CHECK(hex_of(std::span<const Field>{aggregates[party]}) == vector["agg_shares"][party].get<std::string>());
    add_to(std::span{sum}, std::span<const Field>{aggregates[party]});
  }
  const Json& result = vector["agg_result"];
  for (std::size_t i = 0; i < sum.size(); ++i) {
    CHECK(sum[i] == Field{(result.is_array() ? result[i] : result).get<std::uint64_t>()});
  }
}

// Circuits of the names of files.
void check_file(const std::filesystem::path& path) {
  const std::string name = path.stem().string();
  CAPTURE(name);
  const Json vector = read_json(path);
  const auto number = [&](const char* key) { return vector[key].get<std::size_t>(); };
  const auto shares = static_cast<std::uint8_t>(number("shares"));
  const auto encoded = [](const auto& circuit, const auto& measurement) {
    std::vector<typename std::remove_cvref_t<decltype(circuit)>::Field> elements(circuit.measurement_length());
    circuit.encode(measurement, elements);
    return elements;
  };
  const auto check_sum_vec = [&]<class Field>(const SumVec<Field>& circuit, std::uint32_t id, std::uint8_t proofs) {
    check_vector<SumVec<Field>>(vector, {circuit, id, shares, proofs}, [&](const Json& measurement) {
      return encoded(circuit, measurement.get<std::vector<std::uint64_t>>());
    });
  };
  if (name.starts_with("Prio3Count")) {
    const Count circuit;
    check_vector<Count>(vector, {circuit, 1, shares, 1},
                        [&](const Json& measurement) { return encoded(circuit, measurement.get<std::uint64_t>()); });
  } else if (name.starts_with("Prio3Sum_")) {
    const Sum circuit{number("max_measurement")};
    check_vector<Sum>(vector, {circuit, 2, shares, 1},
                      [&](const Json& measurement) { return encoded(circuit, measurement.get<std::uint64_t>()); });
  } else if (name.starts_with("Prio3SumVecWithMultiproof")) {
    check_sum_vec(SumVec<Field64>{number("length"), number("max_measurement"), number("chunk_length")}, 0xffff'ffff, 3);
  } else if (name.starts_with("Prio3SumVec")) {
    check_sum_vec(SumVec<Field128>{number("length"), number("max_measurement"), number("chunk_length")}, 3, 1);
  } else {
    REQUIRE(name.starts_with("Prio3Histogram"));
    const Histogram circuit{number("length"), number("chunk_length")};
    check_vector<Histogram>(vector, {circuit, 4, shares, 1}, [&](const Json& measurement) {
      return encoded(circuit, measurement.get<std::uint64_t>());
    });
  }
}

}  // namespace

TEST_CASE("Prio3 agrees with every published vector, and refuses what they say must be refused") {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator{vector_folder()}) {
    if (!entry.path().filename().string().starts_with("Prio3")) continue;
    check_file(entry.path());
    ++files;
  }
  CHECK(files == 21);
}

TEST_CASE("Prio3Histogram agrees with the published vectors of two parties") {
  for (const std::string name : {"Prio3Histogram_0", "Prio3Histogram_2"}) {
    CAPTURE(name);
    const Json vector = read_json(vector_folder() / (name + ".json"));
    const auto vdaf =
        Prio3Histogram::create(vector["length"].get<std::size_t>(), vector["chunk_length"].get<std::size_t>());
    REQUIRE(vdaf.ok());
    const auto context = bytes_of(vector["ctx"]);
    const auto key = bytes_of(vector["verify_key"]);
    const std::span<const std::byte, prio3_verify_key_bytes> verify_key{key};
    AggregateShare leader{vdaf->length()};
    AggregateShare helper{vdaf->length()};
    for (const Json& report : vector["reports"]) {
      const auto nonce_bytes = bytes_of(report["nonce"]);
      const std::span<const std::byte, prio3_nonce_bytes> nonce{nonce_bytes};
      std::vector<std::byte> public_share(vdaf->public_share_bytes());
      std::vector<std::byte> leader_share(vdaf->leader_share_bytes());
      std::vector<std::byte> helper_share(vdaf->helper_share_bytes());
      REQUIRE(vdaf->shard(context, report["measurement"].get<std::size_t>(), nonce, bytes_of(report["rand"]),
                          public_share, leader_share, helper_share)
                  .ok());
      CHECK(test::to_hex(public_share) == report["public_share"].get<std::string>());
      CHECK(test::to_hex(leader_share) == report["input_shares"][0].get<std::string>());
      CHECK(test::to_hex(helper_share) == report["input_shares"][1].get<std::string>());
      const auto at_leader =
          vdaf->start_verification(Party::leader, verify_key, context, nonce, public_share, leader_share);
      const auto at_helper =
          vdaf->start_verification(Party::helper, verify_key, context, nonce, public_share, helper_share);
      REQUIRE((at_leader.ok() && at_helper.ok()));
      CHECK(test::to_hex(at_leader->verifier_share) == report["verifier_shares"][0][0].get<std::string>());
      CHECK(test::to_hex(at_helper->verifier_share) == report["verifier_shares"][0][1].get<std::string>());
      const auto message = vdaf->combine(context, at_leader->verifier_share, at_helper->verifier_share);
      REQUIRE(message.ok());
      CHECK(test::to_hex(*message) == report["verifier_messages"][0].get<std::string>());
      const auto leader_output = vdaf->finish(at_leader->state, *message);
      const auto helper_output = vdaf->finish(at_helper->state, *message);
      REQUIRE((leader_output.ok() && helper_output.ok()));
      CHECK(hex_of(std::span{*leader_output}) == report["out_shares"][0].get<std::string>());
      CHECK(hex_of(std::span{*helper_output}) == report["out_shares"][1].get<std::string>());
      REQUIRE(leader.add(*leader_output).ok());
      REQUIRE(helper.add(*helper_output).ok());
    }
    CHECK(test::to_hex(leader.encode()) == vector["agg_shares"][0].get<std::string>());
    CHECK(test::to_hex(helper.encode()) == vector["agg_shares"][1].get<std::string>());
    const auto sums = unshard(leader, helper, vector["reports"].size());
    REQUIRE(sums.ok());
    CHECK(*sums == vector["agg_result"].get<std::vector<std::uint64_t>>());
  }
}

TEST_CASE("XofTurboShake128 agrees with the published vector") {
  const Json vector = read_json(vector_folder() / "XofTurboShake128.json");
  const auto seed = bytes_of(vector["seed"]);
  const auto tag = bytes_of(vector["dst"]);
  const auto binder = bytes_of(vector["binder"]);
  CHECK(test::to_hex(XofTurboShake128{seed, tag, {}}.bind(binder).next_seed()) ==
        vector["derived_seed"].get<std::string>());
  std::vector<Field128> elements(vector["length"].get<std::size_t>());
  // The tag may come in two parts.
  XofTurboShake128{seed, std::span{tag}.first(5), std::span{tag}.subspan(5)}.bind(binder).next_elements(
      std::span{elements});
  CHECK(hex_of(std::span<const Field128>{elements}) == vector["expanded_vec_field128"].get<std::string>());
}

}  // namespace sotto::privacy
