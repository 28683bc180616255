// The C ABI against the C++ sessions behind it, on small random models: the same results, and every refusal by name.
#include "../personal/visits.hpp"

#include <sotto/abi/sotto.h>
#include <sotto/model/model_file.hpp>
#include <sotto/personal/owning_personal_session.hpp>
#include <sotto/runtime/explanation.hpp>
#include <sotto/runtime/recommender.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace sotto;

constexpr double now = 1'800'000'000;
constexpr std::uint32_t items = 23;

std::vector<std::byte> model_file(std::uint64_t seed = 1) {
  return serialize(test::random_fixed_model(test::small(true), seed));
}

struct Free {
  void operator()(sotto_model* model) const { sotto_model_free(model); }
  void operator()(sotto_user* user) const { sotto_user_free(user); }
  void operator()(sotto_workspace* workspace) const { sotto_workspace_free(workspace); }
};
using Model = std::unique_ptr<sotto_model, Free>;
using User = std::unique_ptr<sotto_user, Free>;
using Work = std::unique_ptr<sotto_workspace, Free>;

Model open_model(const std::vector<std::byte>& file) {
  void* bytes = sotto_alloc(file.size());
  std::memcpy(bytes, file.data(), file.size());
  sotto_model* model = nullptr;
  REQUIRE(sotto_model_open(bytes, file.size(), &model) == SOTTO_OK);
  return Model(model);
}

User new_user(const Model& model) {
  sotto_user* user = nullptr;
  REQUIRE(sotto_user_new(model.get(), &user) == SOTTO_OK);
  return User(user);
}

Work new_workspace(const Model& model) {
  sotto_workspace* workspace = nullptr;
  REQUIRE(sotto_workspace_new(model.get(), &workspace) == SOTTO_OK);
  return Work(workspace);
}

std::vector<std::byte> exported(const User& user) {
  sotto_user_info info{};
  REQUIRE(sotto_user_describe(user.get(), &info) == SOTTO_OK);
  std::vector<std::byte> state(info.state_size);
  REQUIRE(sotto_state_export(user.get(), state.data(), state.size()) == static_cast<std::int32_t>(state.size()));
  return state;
}

void expect_refusal(std::int32_t result, sotto_error code, const std::string& detail) {
  INFO(sotto_error_detail());
  CHECK(result == code);
  CHECK(std::string(sotto_error_detail()).find(detail) != std::string::npos);
}

// The same user through the ABI and in C++.
struct Twins {
  std::vector<std::byte> file = model_file();
  Model model = open_model(file);
  User user = new_user(model);
  Work workspace = new_workspace(model);
  std::unique_ptr<Recommender> opened = std::move(Recommender::open(file)).value();
  OwningPersonalSession session{opened->engine()};

  void feedback(ItemIndex item, FeedbackKind kind, float amount, std::int64_t time) {
    REQUIRE(session.feedback(item, kind, amount, time).ok());
    REQUIRE(sotto_feedback(user.get(), workspace.get(), item, static_cast<std::uint32_t>(kind), amount,
                           static_cast<double>(time)) == SOTTO_OK);
  }
  void visit(std::size_t count) {
    for (const auto& [item, time] : test::visits(count, 7)) feedback(item, FeedbackKind::click, 0, time);
    feedback(9, FeedbackKind::dismiss, 0, static_cast<std::int64_t>(now));
    feedback(11, FeedbackKind::not_this, 0, static_cast<std::int64_t>(now));
  }
};

}  // namespace

TEST_CASE("a user through the C ABI is the user in C++, byte by byte") {
  Twins twins;
  twins.visit(60);
  auto& session = twins.session;
  sotto_user* user = twins.user.get();
  sotto_workspace* workspace = twins.workspace.get();
  const auto time = static_cast<std::int64_t>(now);
  CHECK(exported(twins.user) == test::state_of(session));

  std::vector<std::int32_t> scores(items);
  for (const std::uint32_t base : {0U, 1U}) {
    REQUIRE(sotto_scores(user, workspace, now, base, scores.data(), items) == static_cast<std::int32_t>(items));
    CHECK(std::ranges::equal(scores, base != 0 ? session.base_scores() : session.scores(time)));
    const std::array<ItemIndex, 2> exclude{3, 4};
    std::vector<std::uint8_t> allowed(items, 1);
    allowed[5] = 0;
    const sotto_ranking ranking{
        .exclude = exclude.data(), .allowed = allowed.data(), .exclude_count = 2, .diversity = 10'000, .base = base};
    const RecommendOptions options{.exclude = exclude, .allowed = allowed, .diversity = 10'000};
    std::vector<sotto_scored_item> best(100);
    std::vector<ScoredItem> expected(items);
    expected.resize(base != 0 ? session.recommend_base(time, options, expected)
                              : session.recommend(time, options, expected));
    const std::int32_t found = sotto_recommend(user, workspace, now, &ranking, best.data(), 100);
    REQUIRE(found == static_cast<std::int32_t>(expected.size()));
    for (std::size_t rank = 0; rank < expected.size(); ++rank) {
      CHECK(best[rank].item == expected[rank].item);
      CHECK(best[rank].score == expected[rank].score);
    }
  }

  std::vector<sotto_contribution> reasons(SOTTO_MAX_EXPLAINED_EVENTS);
  const std::int32_t explained = sotto_why(user, workspace, 4, reasons.data(), SOTTO_MAX_EXPLAINED_EVENTS);
  REQUIRE(explained == SOTTO_MAX_EXPLAINED_EVENTS);
  Workspace scratch(twins.opened->engine());
  const auto expected = why(twins.opened->engine(), session.user().state(), 4, scratch);
  REQUIRE(expected.ok());
  for (std::size_t event = 0; event < expected->size(); ++event) {
    CHECK(reasons[event].item == (*expected)[event].item);
    CHECK(reasons[event].age == (*expected)[event].age);
    CHECK(reasons[event].logit == (*expected)[event].logit);
    CHECK(reasons[event].history == (*expected)[event].history);
    CHECK(reasons[event].counts == (*expected)[event].counts);
  }

  sotto_gate_record gate{};
  REQUIRE(sotto_gate(user, &gate) == SOTTO_OK);
  CHECK(gate.events == session.user().gate().record().events);
  CHECK(gate.base_log_likelihood == session.user().gate().record().base_log_likelihood);
  CHECK(gate.personal_log_likelihood == session.user().gate().record().personal_log_likelihood);
  CHECK(gate.trust == static_cast<double>(session.user().gate().trust()));

  sotto_model_info info{};
  REQUIRE(sotto_model_describe(twins.model.get(), &info) == SOTTO_OK);
  CHECK(info.items == items);
  CHECK(info.fingerprint == twins.opened->engine().fingerprint());
  std::vector<float> taste(info.taste_size);
  REQUIRE(sotto_taste(user, taste.data(), info.taste_size) == static_cast<std::int32_t>(taste.size()));
  CHECK(std::ranges::equal(taste, session.user().taste().learned()));
  std::vector<float> weights(info.memory_weights);
  REQUIRE(sotto_memory_weights(user, weights.data(), info.memory_weights) == static_cast<std::int32_t>(weights.size()));
  CHECK(std::ranges::equal(weights, session.user().memory_weight()));
}

TEST_CASE("history and hidden items come with their times, as many as there is room for") {
  Twins twins;
  twins.visit(10);
  const auto history = twins.session.user().state().history();
  const auto times = twins.session.user().times();
  std::array<std::uint32_t, SOTTO_HISTORY_CAPACITY> some_items{};
  std::array<double, SOTTO_HISTORY_CAPACITY> some_times{};
  REQUIRE(sotto_history(twins.user.get(), some_items.data(), some_times.data(), SOTTO_HISTORY_CAPACITY) == 10);
  for (std::size_t event = 0; event < 10; ++event) {
    CHECK(some_items[event] == history[event]);
    CHECK(some_times[event] == static_cast<double>(times[event]));
  }
  REQUIRE(sotto_history(twins.user.get(), some_items.data(), nullptr, 3) == 10);
  CHECK(std::ranges::equal(std::span(some_items).first(3), history.last(3)));
  CHECK(sotto_history(twins.user.get(), nullptr, nullptr, 0) == 10);

  std::array<double, 2> until{};
  REQUIRE(sotto_hidden(twins.user.get(), some_items.data(), until.data(), 2) == 2);
  CHECK(some_items[0] == 9);
  CHECK(until[0] == now + 7 * 86'400);
  CHECK(some_items[1] == 11);
  CHECK(std::isinf(until[1]));
  CHECK(sotto_show(twins.user.get(), 9) == SOTTO_OK);
  CHECK(sotto_hidden(twins.user.get(), nullptr, nullptr, 0) == 1);
}

TEST_CASE("users share a workspace in any order, and popular items need none of their own") {
  const Model model = open_model(model_file());
  const Work shared = new_workspace(model);
  std::vector<User> users;
  std::vector<User> alone;
  for (int i = 0; i < 3; ++i) {
    users.push_back(new_user(model));
    alone.push_back(new_user(model));
  }
  std::array<sotto_scored_item, 5> popular{};
  REQUIRE(sotto_popular(model.get(), shared.get(), nullptr, popular.data(), 5) == 5);
  for (std::uint32_t event = 0; event < 40; ++event) {
    const std::size_t turn = event % 3;
    const auto item = static_cast<std::uint32_t>((event * 7 + turn) % items);
    REQUIRE(sotto_feedback(users[turn].get(), shared.get(), item, SOTTO_CLICK, 0, now + event) == SOTTO_OK);
    const Work own = new_workspace(model);
    REQUIRE(sotto_feedback(alone[turn].get(), own.get(), item, SOTTO_CLICK, 0, now + event) == SOTTO_OK);
    CHECK(exported(users[turn]) == exported(alone[turn]));
    std::array<sotto_scored_item, 5> again{};
    REQUIRE(sotto_popular(model.get(), shared.get(), nullptr, again.data(), 5) == 5);
    CHECK(std::memcmp(popular.data(), again.data(), sizeof popular) == 0);
  }
}

TEST_CASE("a rating outside -1 … 1 is refused through the C ABI and changes nothing") {
  const Model model = open_model(model_file());
  const Work work = new_workspace(model);
  const User user = new_user(model);
  const auto before = exported(user);
  for (const float amount : {1.5F, -5.0F, 5.0F}) {
    expect_refusal(sotto_feedback(user.get(), work.get(), 3, SOTTO_RATING, amount, now), SOTTO_INVALID_ARGUMENT,
                   "rating");
  }
  CHECK(exported(user) == before);
  CHECK(sotto_feedback(user.get(), work.get(), 3, SOTTO_RATING, -1, now) == SOTTO_OK);
  CHECK(sotto_feedback(user.get(), work.get(), 3, SOTTO_RATING, 1, now) == SOTTO_OK);
}

TEST_CASE("a trend set through the C ABI raises an item for every user, and is named as its reason") {
  const Model model = open_model(model_file());
  const Work work = new_workspace(model);
  const User user = new_user(model);
  const auto scores_now = [&] {
    std::array<std::int32_t, items> scores{};
    REQUIRE(sotto_scores(user.get(), work.get(), now, 0, scores.data(), items) == items);
    return scores;
  };
  const auto reason = [&](std::uint32_t item) {
    std::int32_t part = 1;
    REQUIRE(sotto_why_trend(user.get(), work.get(), now, item, &part) == SOTTO_OK);
    return part;
  };
  const auto before = scores_now();
  CHECK(reason(3) == 0);
  const std::array<std::uint32_t, 2> named{3, 7};
  const std::array<float, 2> log_ratios{2, -2};
  REQUIRE(sotto_set_trend(model.get(), named.data(), log_ratios.data(), 2, 0.5F) == SOTTO_OK);
  const auto after = scores_now();
  const std::int32_t elsewhere = after[0] - before[0];
  CHECK(std::abs(after[3] - before[3] - elsewhere - reason(3)) <= 2);
  CHECK(std::abs(after[7] - before[7] - elsewhere - reason(7)) <= 2);
  CHECK(reason(3) > 0);
  CHECK(reason(7) < 0);
  CHECK(reason(0) == 0);
  REQUIRE(sotto_set_trend(model.get(), nullptr, nullptr, 0, 0.5F) == SOTTO_OK);
  CHECK(scores_now() == before);
}

TEST_CASE("what is set before events through the C ABI counts as in C++") {
  Twins twins;
  const std::array<ItemIndex, 3> past{1, 2, 3};
  const std::array<double, 3> past_times{now - 300, now - 200, now - 100};
  const std::array<std::int64_t, 3> seconds{1'799'999'700, 1'799'999'800, 1'799'999'900};
  REQUIRE(twins.session.recall(past, seconds).ok());
  REQUIRE(sotto_recall(twins.user.get(), twins.workspace.get(), past.data(), past_times.data(), 3) == SOTTO_OK);
  REQUIRE(twins.session.set_weight(FeedbackKind::click, 2.5F).ok());
  REQUIRE(sotto_set_weight(twins.user.get(), SOTTO_CLICK, 2.5F) == SOTTO_OK);
  const std::array<ItemIndex, 2> context{6, 7};
  REQUIRE(twins.session.set_context(context, 0.75F).ok());
  REQUIRE(sotto_set_context(twins.user.get(), context.data(), 2, 0.75F) == SOTTO_OK);
  std::array<std::int32_t, items> scores{};
  REQUIRE(sotto_scores(twins.user.get(), twins.workspace.get(), now, 0, scores.data(), items) > 0);
  CHECK(std::ranges::equal(scores, twins.session.scores(static_cast<std::int64_t>(now))));
  twins.visit(5);
  CHECK(exported(twins.user) == test::state_of(twins.session));
  twins.session.set_learning(false);
  REQUIRE(sotto_set_learning(twins.user.get(), 0) == SOTTO_OK);
  twins.visit(5);
  CHECK(exported(twins.user) == test::state_of(twins.session));
}

TEST_CASE("states are imported, merged and carried over as in C++, or refused without a trace") {
  Twins twins;
  twins.visit(50);
  const auto state = exported(twins.user);
  const User second = new_user(twins.model);
  OwningPersonalSession other(twins.opened->engine());
  REQUIRE(other.observe(20, 1'600'000'000).ok());
  REQUIRE(sotto_feedback(second.get(), twins.workspace.get(), 20, SOTTO_CLICK, 0, 1'600'000'000) == SOTTO_OK);
  REQUIRE(other.merge_state(state).ok());
  REQUIRE(sotto_state_merge(second.get(), twins.workspace.get(), state.data(), state.size()) == SOTTO_OK);
  CHECK(exported(second) == test::state_of(other));

  const auto before = exported(second);
  const Model newer = open_model(model_file(2));
  const Work workspace = new_workspace(newer);
  const User user = new_user(newer);
  expect_refusal(sotto_state_import(user.get(), workspace.get(), state.data(), state.size()), SOTTO_MISMATCH, "model");
  expect_refusal(sotto_state_import(second.get(), twins.workspace.get(), state.data(), state.size() - 1),
                 SOTTO_MALFORMED, "state");
  expect_refusal(sotto_state_merge(second.get(), twins.workspace.get(), nullptr, 5), SOTTO_INVALID_ARGUMENT, "bytes");
  expect_refusal(sotto_state_import(second.get(), twins.workspace.get(), nullptr, 0), SOTTO_TRUNCATED, "state");
  CHECK(exported(second) == before);

  std::vector<sotto_item_pair> pairs;
  std::vector<ItemPair> same;
  for (std::uint32_t item = 0; item + 1 < items; ++item) {
    pairs.push_back({item, item + 1});
    same.push_back({item, item + 1});
  }
  const auto count = static_cast<std::uint32_t>(pairs.size());
  const auto opened = std::move(Recommender::open(model_file(2))).value();
  OwningPersonalSession carried(opened->engine());
  REQUIRE(carried.carry_over_state(state, same).ok());
  REQUIRE(sotto_state_carry_over(user.get(), workspace.get(), state.data(), state.size(), pairs.data(), count) ==
          SOTTO_OK);
  const std::int32_t waiting = sotto_relearn(user.get(), workspace.get(), 0);
  CHECK(waiting > 10);
  CHECK(sotto_relearn(user.get(), workspace.get(), 10) == waiting - 10);
  CHECK(sotto_relearn(user.get(), workspace.get(), std::numeric_limits<std::uint32_t>::max()) == 0);
  REQUIRE(carried.relearn(std::numeric_limits<std::size_t>::max()) == 0);
  CHECK(exported(user) == test::state_of(carried));
  std::swap(pairs.front(), pairs.back());
  expect_refusal(sotto_state_carry_over(user.get(), workspace.get(), state.data(), state.size(), pairs.data(), count),
                 SOTTO_INVALID_ARGUMENT, "pairs");
}

TEST_CASE("every pointer, size and index is checked at the border") {
  const Model model = open_model(model_file());
  const User owner = new_user(model);
  const Work scratch = new_workspace(model);
  sotto_user* user = owner.get();
  sotto_workspace* workspace = scratch.get();
  const auto before = exported(owner);
  constexpr sotto_error invalid = SOTTO_INVALID_ARGUMENT;
  constexpr std::uint32_t endless = std::numeric_limits<std::uint32_t>::max();

  sotto_model_info model_info{};
  sotto_user_info user_info{};
  sotto_gate_record gate{};
  sotto_user* made = nullptr;
  std::array<std::int32_t, items> scores{};
  std::array<float, 1> values{};
  std::array<sotto_scored_item, 1> best{};
  std::array<sotto_contribution, 1> reasons{};
  const std::array<std::uint32_t, 1> item{0};
  const std::array<std::uint32_t, 1> unknown{items};
  const std::array<double, 1> time{now};
  const std::array<double, 1> no_time{std::nan("")};

  expect_refusal(sotto_model_describe(nullptr, &model_info), invalid, "model is NULL");
  expect_refusal(sotto_model_describe(model.get(), nullptr), invalid, "info is NULL");
  expect_refusal(sotto_model_sketch(nullptr), invalid, "model is NULL");
  expect_refusal(sotto_user_new(nullptr, &made), invalid, "model is NULL");
  expect_refusal(sotto_user_new(model.get(), nullptr), invalid, "user is NULL");
  expect_refusal(sotto_workspace_new(model.get(), nullptr), invalid, "workspace is NULL");
  expect_refusal(sotto_user_reset(nullptr), invalid, "user is NULL");
  expect_refusal(sotto_user_describe(nullptr, &user_info), invalid, "user is NULL");
  expect_refusal(sotto_user_describe(user, nullptr), invalid, "info is NULL");
  expect_refusal(sotto_recall(user, workspace, nullptr, time.data(), 1), invalid, "items is NULL");
  expect_refusal(sotto_recall(user, workspace, item.data(), nullptr, 1), invalid, "times is NULL");
  expect_refusal(sotto_recall(user, workspace, item.data(), no_time.data(), 1), invalid, "time is not finite");
  expect_refusal(sotto_recall(user, workspace, item.data(), time.data(), endless), invalid, "4294967295 values");
  expect_refusal(sotto_recall(user, workspace, unknown.data(), time.data(), 1), SOTTO_UNKNOWN_ITEM, "23");
  CHECK(sotto_recall(user, workspace, nullptr, nullptr, 0) == SOTTO_OK);
  expect_refusal(sotto_set_weight(user, 9, 1), invalid, "kind of feedback 9");
  expect_refusal(sotto_set_weight(user, SOTTO_CLICK, 11), invalid, "weight");
  expect_refusal(sotto_set_context(user, nullptr, 1, 1), invalid, "items is NULL");
  expect_refusal(sotto_set_context(user, item.data(), 1, 2), invalid, "belief");
  expect_refusal(sotto_set_context(user, unknown.data(), 1, 1), SOTTO_UNKNOWN_ITEM, "23");
  expect_refusal(sotto_set_learning(nullptr, 1), invalid, "user is NULL");
  expect_refusal(sotto_show(nullptr, 1), invalid, "user is NULL");
  expect_refusal(sotto_correct_times(nullptr, 1), invalid, "user is NULL");
  expect_refusal(sotto_show(user, items), SOTTO_UNKNOWN_ITEM, "23");
  expect_refusal(sotto_history(nullptr, nullptr, nullptr, 0), invalid, "user is NULL");
  expect_refusal(sotto_hidden(nullptr, nullptr, nullptr, 0), invalid, "user is NULL");
  expect_refusal(sotto_gate(nullptr, &gate), invalid, "user is NULL");
  expect_refusal(sotto_gate(user, nullptr), invalid, "gate is NULL");
  expect_refusal(sotto_taste(user, values.data(), 1), invalid, "values has room for 1");
  expect_refusal(sotto_memory_weights(user, nullptr, endless), invalid, "values is NULL");
  expect_refusal(sotto_scores(user, workspace, now, 0, scores.data(), items - 1), invalid,
                 "scores has room for 22 of 23");
  expect_refusal(sotto_scores(user, workspace, now, 0, nullptr, items), invalid, "scores is NULL");
  expect_refusal(sotto_scores(user, workspace, HUGE_VAL, 0, scores.data(), items), invalid, "time is not finite");
  expect_refusal(sotto_candidate_scores(user, workspace, now, unknown.data(), scores.data(), 1), SOTTO_UNKNOWN_ITEM,
                 "23");
  expect_refusal(sotto_candidate_scores(user, workspace, now, item.data(), nullptr, 1), invalid, "scores is NULL");
  expect_refusal(sotto_popular(nullptr, workspace, nullptr, best.data(), 1), invalid, "model is NULL");
  expect_refusal(sotto_popular(model.get(), nullptr, nullptr, best.data(), 1), invalid, "workspace is NULL");
  expect_refusal(sotto_popular(model.get(), workspace, nullptr, best.data(), 0), invalid, "k is 0");
  expect_refusal(sotto_why(user, workspace, items, reasons.data(), 1), SOTTO_UNKNOWN_ITEM, "23");
  std::int32_t part = 0;
  expect_refusal(sotto_why_trend(user, workspace, now, 0, nullptr), invalid, "logit is NULL");
  expect_refusal(sotto_why_trend(user, workspace, HUGE_VAL, 0, &part), invalid, "time is not finite");
  expect_refusal(sotto_why_trend(user, workspace, now, items, &part), SOTTO_UNKNOWN_ITEM, "23");
  const std::array<float, 1> log_ratio{1};
  expect_refusal(sotto_set_trend(nullptr, item.data(), log_ratio.data(), 1, 0.5F), invalid, "model is NULL");
  expect_refusal(sotto_set_trend(model.get(), nullptr, log_ratio.data(), 1, 0.5F), invalid, "items is NULL");
  expect_refusal(sotto_set_trend(model.get(), item.data(), nullptr, 1, 0.5F), invalid, "log_ratios is NULL");
  expect_refusal(sotto_set_trend(model.get(), unknown.data(), log_ratio.data(), 1, 0.5F), SOTTO_UNKNOWN_ITEM, "trend");
  expect_refusal(sotto_set_trend(model.get(), item.data(), log_ratio.data(), 1, 1), SOTTO_OUT_OF_RANGE, "prior");
  CHECK(sotto_why(user, workspace, 0, nullptr, 0) == 0);
  expect_refusal(sotto_state_export(user, nullptr, 1'000'000), invalid, "bytes is NULL");
  expect_refusal(sotto_state_carry_over(user, workspace, before.data(), before.size(), nullptr, 1), invalid,
                 "pairs is NULL");
  expect_refusal(sotto_relearn(nullptr, workspace, 1), invalid, "user is NULL");

  const Model other = open_model(model_file());
  expect_refusal(sotto_popular(other.get(), workspace, nullptr, best.data(), 1), SOTTO_MISMATCH, "another model");
  std::array<std::byte, 8> foreign{};
  sotto_model* opened = nullptr;
  expect_refusal(sotto_model_open(foreign.data() + 1, 7, &opened), invalid, "sotto_alloc");
  CHECK(exported(owner) == before);
}

TEST_CASE("a sketch changes no result") {
  const auto file = serialize(test::random_fixed_model({2000, 16, 64, 1, false, true, true, true}, 5));
  const Model plain = open_model(file);
  const Model sketched = open_model(file);
  REQUIRE(sotto_model_sketch(sketched.get()) == SOTTO_OK);
  std::array<sotto_scored_item, 20> expected{};
  std::array<sotto_scored_item, 20> found{};
  REQUIRE(sotto_popular(plain.get(), new_workspace(plain).get(), nullptr, expected.data(), 20) == 20);
  REQUIRE(sotto_popular(sketched.get(), new_workspace(sketched).get(), nullptr, found.data(), 20) == 20);
  CHECK(std::memcmp(expected.data(), found.data(), sizeof expected) == 0);
}

TEST_CASE("handles may be freed in any order") {
  Model model = open_model(model_file());
  const User user = new_user(model);
  const Work workspace = new_workspace(model);
  model.reset();
  CHECK(sotto_feedback(user.get(), workspace.get(), 1, SOTTO_CLICK, 0, now) == SOTTO_OK);
}

TEST_CASE("threads share a model, and each has the last error that it made") {
  const Model model = open_model(model_file());
  std::array<std::vector<std::byte>, 4> states;
  std::array<std::string, 4> details;
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < states.size(); ++t) {
    threads.emplace_back([&, t] {
      sotto_user* user = nullptr;
      sotto_workspace* workspace = nullptr;
      if (sotto_user_new(model.get(), &user) < 0 || sotto_workspace_new(model.get(), &workspace) < 0) return;
      (void)sotto_show(user, static_cast<std::uint32_t>(100 + t));
      for (std::uint32_t event = 0; event < 200; ++event) {
        (void)sotto_feedback(user, workspace, event * event % items, SOTTO_CLICK, 0, now + event);
      }
      sotto_user_info info{};
      (void)sotto_user_describe(user, &info);
      states[t].resize(info.state_size);
      (void)sotto_state_export(user, states[t].data(), states[t].size());
      details[t] = sotto_error_detail();
      sotto_user_free(user);
      sotto_workspace_free(workspace);
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t t = 0; t < states.size(); ++t) {
    CHECK(!states[t].empty());
    CHECK(states[t] == states[0]);
    CHECK(details[t].find(std::to_string(100 + t)) != std::string::npos);
  }
}
