#include <sotto/base/random.hpp>
#include <sotto/evaluate/model_rankers.hpp>
#include <sotto/runtime/owning_session.hpp>

#include "../support/random_model.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>
#include <functional>
#include <vector>

using namespace sotto;

namespace {

// Asks a ranker about users of various lengths, more than go together, some of whom are interrupted by finish(), and
// a session about the same.
class Interview {
 public:
  explicit Interview(const Engine& engine)
      : items_(engine.architecture().items),
        ranker_(evaluate::make_fixed_ranker(engine)->clone()),
        session_(engine),
        scores_(items_) {}

  void ask(Random& random) {
    for (std::size_t user = 0; user < 40; ++user) {
      ranker_->reset();
      session_.reset();
      const std::uint32_t events = random.below(25);
      for (std::uint32_t event = 0; event < events; ++event) {
        if (random.below(4) == 0) ask_later(user);
        if (random.below(9) == 0) ask_later(user);
        if (random.below(30) == 0) ranker_->finish();
        if (random.below(30) == 0) ask_now();
        observe(random.below(items_));
      }
      ask_later(user);
    }
    ranker_->finish();
  }

  std::size_t asked = 0;
  std::size_t answered = 0;
  std::size_t wrong = 0;

 private:
  void observe(ItemIndex item) {
    ranker_->observe(item);
    REQUIRE(session_.observe(item).ok());
  }

  void ask_later(std::size_t user) {
    const auto own = session_.scores();
    ranker_->scores_later(scores_, [this, user, moment = asked++, expected = std::vector(own.begin(), own.end())] {
      ++answered;
      if (!std::ranges::equal(scores_, expected)) ++wrong;
      last_moment_.resize(std::max(last_moment_.size(), user + 1));
      CHECK(last_moment_[user] <= moment);
      last_moment_[user] = moment;
    });
  }

  void ask_now() {
    ranker_->scores(scores_);
    CHECK(std::ranges::equal(scores_, session_.scores()));
  }

  std::uint32_t items_;
  std::unique_ptr<evaluate::Ranker> ranker_;
  OwningSession session_;
  std::vector<double> scores_;
  std::vector<std::size_t> last_moment_;  // of each user
};

}  // namespace

TEST_CASE("a fixed ranker scores users who go together as a session scores each", "[evaluate][rankers]") {
  const bool binary = GENERATE(false, true);
  const Architecture architecture = binary ? Architecture{61, 5, 9, 2, false, false, false, false, HeadKind::binary}
                                           : Architecture{61, 16, 16, 2, true, true, true, true};
  const Engine engine(test::random_fixed_model(architecture, 3), 1);
  Interview interview(engine);
  Random random(8);
  interview.ask(random);
  CHECK(interview.asked > 60);
  CHECK(interview.answered == interview.asked);
  CHECK(interview.wrong == 0);
}
