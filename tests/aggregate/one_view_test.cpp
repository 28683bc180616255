// What one aggregator has of a report says nothing about its choice, and what both have says it. A classifier is
// trained to tell devices that chose one item from the others, by every byte that a side receives, opens, computes and
// sends.
#include <sotto/aggregate/keyring.hpp>
#include <sotto/aggregate/share_opener.hpp>
#include <sotto/base/random.hpp>
#include <sotto/sync/aggregation_job.hpp>
#include <sotto/sync/leader_job.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <numeric>
#include <optional>
#include <span>
#include <utility>
#include <variant>
#include <vector>

namespace {

using namespace sotto;
using namespace sotto::aggregate;

constexpr std::size_t canary = 11;
constexpr std::size_t reports = 4000;  // the AUC of a classifier that knows nothing has a deviation of 0.009
constexpr std::size_t job_reports = 500;
constexpr std::uint64_t now = 500'000;  // in units of the task's time precision

// Seeded, so that the test is the same every time. What it hands out is not secret, and nobody here looks for that.
class SeededEntropy final : public privacy::Entropy {
 public:
  explicit SeededEntropy(std::uint64_t seed) : random_(seed) {}
  Status fill(std::span<std::byte> out) override {
    for (std::byte& byte : out) byte = static_cast<std::byte>(random_.next() >> 56U);
    return Ok{};
  }

 private:
  Random random_;
};

template <class T>
T got(Result<T> result) {
  REQUIRE(result.ok());
  return std::move(result).value();
}

void append(sync::Bytes& bytes, sync::ByteSpan more) { bytes.insert(bytes.end(), more.begin(), more.end()); }

// Everything that one side has of one report, and its share of the choice.
struct View {
  sync::Bytes bytes;
  std::vector<privacy::Field128> share;
};

struct Views {
  std::vector<View> leader;
  std::vector<View> helper;
  std::vector<bool> chose;  // the canary
};

AggregationTask task_of(const privacy::Prio3Histogram& vdaf) {
  return {.id = {},
          .configuration = sync::Bytes(90, std::byte{7}),  // HPKE authenticates it, and nobody reads it here
          .parameters = {},
          .verification = {{}, vdaf, {}, 0},
          .collector = {}};
}

class Pair {
 public:
  Pair(std::size_t slots, std::size_t chunk_length)
      : vdaf_(got(privacy::Prio3Histogram::create(slots, chunk_length))), task_(task_of(vdaf_)) {
    REQUIRE(entropy_.fill(task_.id.bytes));
    task_.verification.id = task_.id;
    REQUIRE(entropy_.fill(task_.verification.verify_key));
    leader_keys_ = got(generate_hpke_key_pair(entropy_));
    helper_keys_ = got(generate_hpke_key_pair(entropy_));
  }

  Views collect(std::size_t count) {
    Views views;
    for (std::size_t n = 0; n < count; ++n) {
      const bool chose = chance_.below(2) == 1;
      auto slot = static_cast<std::size_t>(chance_.below(static_cast<std::uint32_t>(vdaf_.length() - 1)));
      if (slot >= canary) ++slot;
      device_reports_.push_back(report_of(chose ? canary : slot));
      views.chose.push_back(chose);
      if (device_reports_.size() == job_reports || n + 1 == count) run_job(views);
    }
    return views;
  }

 private:
  sync::HpkeCiphertext seal(const HpkeKeyPair& keys, sync::Role receiver, const sync::Report& report,
                            sync::Bytes share) {
    const auto aad = got(sync::input_share_aad(task_.id, task_.configuration, report.metadata, report.public_share));
    const auto plaintext = got(sync::PlaintextInputShare{{}, std::move(share)}.encode());
    return got(
        hpke_seal(hpke_config(shares_config_id, keys), sync::input_share_info(receiver), aad, plaintext, entropy_));
  }

  sync::Report report_of(std::size_t slot) {
    sync::Report report;
    REQUIRE(entropy_.fill(report.metadata.report_id.bytes));
    report.metadata.time = now - chance_.below(24);
    report.public_share.resize(vdaf_.public_share_bytes());
    sync::Bytes random(vdaf_.random_bytes());
    REQUIRE(entropy_.fill(random));
    sync::Bytes leader(vdaf_.leader_share_bytes());
    sync::Bytes helper(vdaf_.helper_share_bytes());
    REQUIRE(vdaf_.shard(sync::vdaf_context(task_.id), slot, report.metadata.report_id.bytes, random,
                        report.public_share, leader, helper));
    report.leader_encrypted_input_share = seal(leader_keys_, sync::Role::leader, report, std::move(leader));
    report.helper_encrypted_input_share = seal(helper_keys_, sync::Role::helper, report, std::move(helper));
    return report;
  }

  privacy::SecretBytes opened(ShareOpener& opener, const sync::Report& report, const sync::HpkeCiphertext& share) {
    auto bytes = sync::open_input_share(report.metadata, report.public_share, share, opener);
    REQUIRE(std::holds_alternative<privacy::SecretBytes>(bytes));
    return std::get<privacy::SecretBytes>(std::move(bytes));
  }

  // The share of the choice, and its sum over the slots.
  View view_of(privacy::Party party, const sync::Report& report, std::span<const std::byte> input_share) {
    auto started = got(vdaf_.start_verification(party, task_.verification.verify_key, sync::vdaf_context(task_.id),
                                                report.metadata.report_id.bytes, report.public_share, input_share));
    View view{{}, started.state.output_share};
    privacy::Field128 sum;
    for (const privacy::Field128 element : view.share) sum += element;
    view.share.push_back(sum);
    append(view.bytes, input_share);
    append(view.bytes, started.verifier_share);
    for (const privacy::Field128 element : started.state.output_share) {
      const auto words = std::array{element.low(), element.high()};
      append(view.bytes, std::as_bytes(std::span(words)));
    }
    append(view.bytes, started.state.joint_rand_seed);
    const auto words = std::array{sum.low(), sum.high()};
    append(view.bytes, std::as_bytes(std::span(words)));
    return view;
  }

  // Both sides verify the reports as they do for real.
  void run_job(Views& views) {
    ShareOpener leader_opener(task_, leader_keys_, shares_config_id, sync::Role::leader);
    ShareOpener helper_opener(task_, helper_keys_, shares_config_id, sync::Role::helper);
    std::vector<sync::OpenedReport> job_input;
    std::vector<privacy::SecretBytes> helper_shares;
    for (const sync::Report& report : device_reports_) {
      job_input.push_back({report.metadata, report.public_share,
                           opened(leader_opener, report, report.leader_encrypted_input_share),
                           report.helper_encrypted_input_share});
      helper_shares.push_back(opened(helper_opener, report, report.helper_encrypted_input_share));
    }
    const auto job = got(sync::LeaderJob::start(task_.verification, {}, job_input));
    const auto request = got(sync::AggregationJobInitReq::decode(job.request()));
    auto verified =
        sync::HelperJob::verify(task_.verification, job.request(), {now + 1, 2 * now}, job_reports, helper_opener);
    REQUIRE(std::holds_alternative<sync::HelperJob>(verified));
    const auto& helper_job = std::get<sync::HelperJob>(verified);
    const auto answer = got(helper_job.answer(std::vector<std::optional<sync::ReportError>>(job_input.size())));
    const auto response = got(sync::AggregationJobResp::decode(answer.response));
    REQUIRE(response.verify_resps.size() == job_input.size());
    for (std::size_t n = 0; n < job_input.size(); ++n) {
      const auto sent = got(request.verify_inits[n].encode());
      const auto answered = got(response.verify_resps[n].encode());
      View leader = view_of(privacy::Party::leader, device_reports_[n], job_input[n].input_share.span());
      append(leader.bytes, got(device_reports_[n].encode()));
      append(leader.bytes, answered);
      View helper = view_of(privacy::Party::helper, device_reports_[n], helper_shares[n].span());
      append(helper.bytes, sent);
      append(helper.bytes, answered);
      views.leader.push_back(std::move(leader));
      views.helper.push_back(std::move(helper));
    }
    device_reports_.clear();
  }

  SeededEntropy entropy_{20};
  Random chance_{4};
  privacy::Prio3Histogram vdaf_;
  AggregationTask task_;
  HpkeKeyPair leader_keys_;
  HpkeKeyPair helper_keys_;
  std::vector<sync::Report> device_reports_;
};

// The probability that a device that chose the item has the larger score; ties count half.
double auc(const std::vector<double>& scores, const std::vector<bool>& chose) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t n) { return scores[n]; });
  double ranks = 0;  // of those that chose it
  double positive = 0;
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin;
    while (end < order.size() && scores[order[end]] == scores[order[begin]]) ++end;
    const double rank = (static_cast<double>(begin + end) + 1) / 2;
    for (; begin < end; ++begin) {
      if (!chose[order[begin]]) continue;
      ranks += rank;
      ++positive;
    }
  }
  return (ranks - positive * (positive + 1) / 2) / (positive * (static_cast<double>(scores.size()) - positive));
}

// Scores each half of the reports by what `learn` made of the other half.
template <class Learn>
double cross_validated_auc(const std::vector<View>& views, const std::vector<bool>& chose, Learn learn) {
  std::vector<double> scores(views.size());
  for (const std::size_t held_out : {std::size_t{0}, std::size_t{1}}) {
    std::vector<std::size_t> training;
    for (std::size_t n = 1 - held_out; n < views.size(); n += 2) training.push_back(n);
    const auto score = learn(views, chose, training);
    for (std::size_t n = held_out; n < views.size(); n += 2) scores[n] = score(views[n]);
  }
  return auc(scores, chose);
}

// Naive Bayes over the bytes that seem to tell the most, whatever their places and values mean.
auto learn_bytes(const std::vector<View>& views, const std::vector<bool>& chose,
                 const std::vector<std::size_t>& training) {
  constexpr std::size_t kept = 8;
  struct Place {
    std::size_t at = 0;
    double information = 0;
    std::array<double, 256> evidence{};
  };
  std::vector<Place> places(views.front().bytes.size());
  for (std::size_t at = 0; at < places.size(); ++at) {
    std::array<std::array<double, 2>, 256> counts;
    counts.fill({1, 1});
    for (const std::size_t n : training) {
      counts[std::to_integer<std::size_t>(views[n].bytes[at])][chose[n] ? 1 : 0] += 1;
    }
    places[at].at = at;
    for (std::size_t value = 0; value < counts.size(); ++value) {
      const auto [without, with] = counts[value];
      places[at].evidence[value] = std::log(with / without);
      places[at].information += (with - without) * places[at].evidence[value];
    }
  }
  std::ranges::partial_sort(places, places.begin() + kept, std::ranges::greater{}, &Place::information);
  places.resize(kept);
  return [places = std::move(places)](const View& view) {
    double sum = 0;
    for (const Place& place : places) sum += place.evidence[std::to_integer<std::size_t>(view.bytes[place.at])];
    return sum;
  };
}

// The bits of the share at the canary's slot, beside it, and of the sum over all slots.
std::vector<double> share_bits(const View& view) {
  std::vector<double> bits;
  for (const std::size_t at : {canary, canary - 1, view.share.size() - 1}) {
    for (const std::uint64_t word : {view.share[at].low(), view.share[at].high()}) {
      for (unsigned bit = 0; bit < 64; ++bit) bits.push_back((word >> bit & 1U) != 0 ? 1 : -1);
    }
  }
  return bits;
}

// Logistic regression on these bits.
auto learn_shares(const std::vector<View>& views, const std::vector<bool>& chose,
                  const std::vector<std::size_t>& training) {
  constexpr int epochs = 4;
  constexpr double rate = 0.01;
  std::vector<double> weights(share_bits(views.front()).size() + 1);
  const auto score = [](const std::vector<double>& w, const std::vector<double>& bits) {
    return std::inner_product(bits.begin(), bits.end(), w.begin(), w.back());
  };
  for (int epoch = 0; epoch < epochs; ++epoch) {
    for (const std::size_t n : training) {
      const std::vector<double> bits = share_bits(views[n]);
      const double error = (chose[n] ? 1.0 : 0.0) - 1 / (1 + std::exp(-score(weights, bits)));
      for (std::size_t at = 0; at < bits.size(); ++at) weights[at] += rate * error * bits[at];
      weights.back() += rate * error;
    }
  }
  return [weights = std::move(weights), score](const View& view) { return score(weights, share_bits(view)); };
}

double auc_by_bytes(const std::vector<View>& views, const std::vector<bool>& chose) {
  return cross_validated_auc(views, chose, [](const auto&... in) { return learn_bytes(in...); });
}

double auc_by_shares(const std::vector<View>& views, const std::vector<bool>& chose) {
  return cross_validated_auc(views, chose, [](const auto&... in) { return learn_shares(in...); });
}

void check_knows_nothing(const char* side, const std::vector<View>& views, const std::vector<bool>& chose) {
  CAPTURE(side);
  // Not even the size of what a side has depends on the choice.
  const std::size_t size = views.front().bytes.size();
  CHECK(std::ranges::all_of(views, [size](const View& view) { return view.bytes.size() == size; }));
  CHECK(std::abs(auc_by_bytes(views, chose) - 0.5) < 0.03);
  CHECK(std::abs(auc_by_shares(views, chose) - 0.5) < 0.03);
}

}  // namespace

TEST_CASE("one aggregator's view says nothing about a choice, and both together say it") {
  const auto [slots, chunk_length] =
      GENERATE(std::pair<std::size_t, std::size_t>{16, 4}, std::pair<std::size_t, std::size_t>{64, 8});
  CAPTURE(slots);
  const Views views = Pair(slots, chunk_length).collect(reports);
  check_knows_nothing("leader", views.leader, views.chose);
  check_knows_nothing("helper", views.helper, views.chose);

  std::vector<double> scores;
  for (std::size_t n = 0; n < reports; ++n) {
    scores.push_back(views.leader[n].share[canary] + views.helper[n].share[canary] == privacy::Field128{1} ? 1 : 0);
  }
  CHECK(auc(scores, views.chose) > 0.95);

  // A fifth of the choices in one bit would be found out.
  std::vector<View> leaky = views.helper;
  const std::size_t place = leaky.front().bytes.size() / 2;
  for (std::size_t n = 0; n < reports; n += 5) {
    const std::uint64_t bit = views.chose[n] ? 1 : 0;
    leaky[n].bytes[place] = static_cast<std::byte>(bit);
    privacy::Field128& share = leaky[n].share[canary];
    share = privacy::Field128::from_words((share.low() & ~std::uint64_t{1}) | bit, share.high());
  }
  CHECK(auc_by_bytes(leaky, views.chose) > 0.53);
  CHECK(auc_by_shares(leaky, views.chose) > 0.53);
}
