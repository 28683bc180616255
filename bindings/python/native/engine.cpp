// The engine and its users, over the C ABI: one method for each function of sotto.h. Items are indices, times are
// seconds since 1970, and scores are logits.
#include "bindings.hpp"
#include "failure.hpp"

#include <sotto/abi/sotto.h>
#include <sotto/model/model_file.hpp>

#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace sotto::python {
namespace {

namespace nb = nanobind;

template <class T>
using Array = nb::ndarray<const T, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
template <class T>
using Numpy = nb::ndarray<nb::numpy, T, nb::ndim<1>>;
using Pairs = nb::ndarray<const std::uint32_t, nb::shape<-1, 2>, nb::c_contig, nb::device::cpu>;

// An array of NumPy that owns the values.
template <class T>
Numpy<T> numpy_of(std::unique_ptr<T[]> values, std::size_t count) {
  T* data = values.get();
  const nb::capsule owner(data, [](void* memory) noexcept { delete[] static_cast<T*>(memory); });
  (void)values.release();
  return Numpy<T>(data, {count}, owner);
}

// Throws the failure of a call of the C ABI; returns its count.
std::size_t checked(std::int32_t result) {
  if (result >= 0) return static_cast<std::size_t>(result);
  throw Failure(std::string(error_name(static_cast<ErrorCode>(-result))), sotto_error_detail());
}

std::uint32_t count_of(std::size_t size) {
  // The C ABI refuses any count above its own limit.
  return static_cast<std::uint32_t>(std::min(size, std::size_t{SOTTO_MAX_COUNT} + 1));
}

// A model with scratch memory for as many threads as use it at a time.
class OpenModel {
 public:
  explicit OpenModel(std::span<const std::byte> file) {
    void* bytes = sotto_alloc(file.size());
    if (bytes == nullptr) throw Failure("out_of_memory", "the system refused the memory of the model");
    std::memcpy(bytes, file.data(), file.size());
    checked(sotto_model_open(bytes, file.size(), &model_));
  }
  OpenModel(const OpenModel&) = delete;
  OpenModel& operator=(const OpenModel&) = delete;
  ~OpenModel() {
    for (sotto_workspace* workspace : idle_) sotto_workspace_free(workspace);
    sotto_model_free(model_);
  }

  [[nodiscard]] sotto_model* handle() const noexcept { return model_; }
  [[nodiscard]] sotto_model_info info() const {
    sotto_model_info info{};
    checked(sotto_model_describe(model_, &info));
    return info;
  }

  // Before any user computes.
  void sketch() { checked(sotto_model_sketch(model_)); }

  [[nodiscard]] sotto_workspace* borrow() {
    {
      const std::scoped_lock lock(mutex_);
      if (!idle_.empty()) {
        sotto_workspace* workspace = idle_.back();
        idle_.pop_back();
        return workspace;
      }
    }
    sotto_workspace* workspace = nullptr;
    checked(sotto_workspace_new(model_, &workspace));
    return workspace;
  }
  void give_back(sotto_workspace* workspace) {
    const std::scoped_lock lock(mutex_);
    idle_.push_back(workspace);
  }

 private:
  sotto_model* model_ = nullptr;
  std::mutex mutex_;  // guards the following member
  std::vector<sotto_workspace*> idle_;
};

class BorrowedWorkspace {
 public:
  explicit BorrowedWorkspace(OpenModel& model) : model_(model), workspace_(model.borrow()) {}
  BorrowedWorkspace(const BorrowedWorkspace&) = delete;
  BorrowedWorkspace& operator=(const BorrowedWorkspace&) = delete;
  ~BorrowedWorkspace() { model_.give_back(workspace_); }
  [[nodiscard]] sotto_workspace* get() const noexcept { return workspace_; }

 private:
  OpenModel& model_;
  sotto_workspace* workspace_;
};

struct Ranking {
  Array<std::uint32_t> exclude;
  std::optional<Array<std::uint8_t>> allowed;  // a value for each item
  std::int32_t diversity = 0;
  bool base = false;
};

sotto_ranking core_ranking(const Ranking& ranking, std::size_t items) {
  if (ranking.allowed && ranking.allowed->size() != items)
    throw Failure("wrong_shape", "the array of allowed items needs a value for each item of the catalogue");
  return {.exclude = ranking.exclude.data(),
          .allowed = ranking.allowed ? ranking.allowed->data() : nullptr,
          .exclude_count = count_of(ranking.exclude.size()),
          .diversity = ranking.diversity,
          .base = ranking.base ? 1U : 0U};
}

// The items and their logits, best first.
nb::tuple in_columns(std::span<const sotto_scored_item> best) {
  auto items = std::make_unique<std::uint32_t[]>(best.size());
  auto scores = std::make_unique<double[]>(best.size());
  for (std::size_t i = 0; i < best.size(); ++i) {
    items[i] = best[i].item;
    scores[i] = static_cast<double>(best[i].score) / SOTTO_SCORE_ONE;
  }
  return nb::make_tuple(numpy_of(std::move(items), best.size()), numpy_of(std::move(scores), best.size()));
}

// Q15.16 as logits, which a double holds exactly.
Numpy<double> in_logits(std::span<const std::int32_t> scores) {
  auto logits = std::make_unique<double[]>(scores.size());
  for (std::size_t i = 0; i < scores.size(); ++i) logits[i] = static_cast<double>(scores[i]) / SOTTO_SCORE_ONE;
  return numpy_of(std::move(logits), scores.size());
}

class User {
 public:
  explicit User(std::shared_ptr<OpenModel> model) : model_(std::move(model)) {
    checked(sotto_user_new(model_->handle(), &user_));
  }
  User(const User&) = delete;
  User& operator=(const User&) = delete;
  ~User() { sotto_user_free(user_); }

  [[nodiscard]] OpenModel& model() const noexcept { return *model_; }

  // Calls use(user, workspace) without the interpreter's lock.
  template <class Use>
  void compute(const Use& use) {
    const Turn turn(in_use_);
    const nb::gil_scoped_release unlocked;
    const BorrowedWorkspace workspace(*model_);
    checked(use(user_, workspace.get()));
  }
  // Calls use(user), which takes no time.
  template <class Use>
  std::size_t ask(const Use& use) {
    const Turn turn(in_use_);
    return checked(use(user_));
  }

 private:
  // One thread at a time.
  class Turn {
   public:
    explicit Turn(std::atomic<bool>& in_use) : in_use_(in_use) {
      if (in_use_.exchange(true))
        throw Failure("in_use", "another thread uses this recommender: let one thread at a time have it");
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() { in_use_ = false; }

   private:
    std::atomic<bool>& in_use_;
  };

  std::shared_ptr<OpenModel> model_;
  sotto_user* user_ = nullptr;
  std::atomic<bool> in_use_ = false;
};

sotto_user_info info_of(User& user) {
  sotto_user_info info{};
  user.ask([&](sotto_user* u) { return sotto_user_describe(u, &info); });
  return info;
}

// The items and the seconds of sotto_history or sotto_hidden.
template <class Read>
nb::tuple timed_items(User& user, std::uint32_t capacity, const Read& read) {
  auto items = std::make_unique<std::uint32_t[]>(capacity);
  auto times = std::make_unique<double[]>(capacity);
  const std::size_t there = user.ask([&](sotto_user* u) { return read(u, items.get(), times.get(), capacity); });
  const std::size_t count = std::min(there, std::size_t{capacity});
  return nb::make_tuple(numpy_of(std::move(items), count), numpy_of(std::move(times), count));
}

void bind_open_model(nb::module_& module) {
  nb::class_<OpenModel>(module, "Engine")
      .def("describe",
           [](const OpenModel& model) {
             const sotto_model_info info = model.info();
             nb::dict described;
             described["tier"] = info.tier;
             described["temperature"] = info.temperature;
             return described;
           })
      .def("sketch",
           [](OpenModel& model) {
             const nb::gil_scoped_release unlocked;
             model.sketch();
           })
      .def(
          "popular",
          [](OpenModel& model, Array<std::uint32_t> exclude, std::optional<Array<std::uint8_t>> allowed,
             std::int32_t diversity, std::uint32_t k) {
            const Ranking ranking{std::move(exclude), std::move(allowed), diversity};
            const std::uint32_t items = model.info().items;
            const sotto_ranking core = core_ranking(ranking, items);
            std::vector<sotto_scored_item> best(std::min(k, items));
            {
              const nb::gil_scoped_release unlocked;
              const BorrowedWorkspace workspace(model);
              best.resize(checked(sotto_popular(model.handle(), workspace.get(), &core, best.data(),
                                                static_cast<std::uint32_t>(best.size()))));
            }
            return in_columns(best);
          },
          nb::arg("exclude"), nb::arg("allowed").none(), nb::arg("diversity"), nb::arg("k"));
  module.def(
      "open_engine",
      [](const nb::bytes& file) {
        const std::span bytes(reinterpret_cast<const std::byte*>(file.c_str()), file.size());
        const nb::gil_scoped_release unlocked;
        return std::make_shared<OpenModel>(bytes);
      },
      nb::arg("file"));
  module.def(
      "catalogue",
      [](const nb::bytes& file) {
        const std::span bytes(reinterpret_cast<const std::byte*>(file.c_str()), file.size());
        FixedModel model = [&] {
          const nb::gil_scoped_release unlocked;
          return value_of(parse_fixed_model(bytes, {.weights = WeightStorage::in_file}));
        }();
        Catalogue& catalogue = model.info.catalogue;
        nb::dict columns;
        columns["item_ids"] = std::move(catalogue.item_ids);
        columns["titles"] = std::move(catalogue.titles);
        columns["categories"] = std::move(catalogue.categories);
        columns["images"] = std::move(catalogue.images);
        columns["prices"] = std::move(catalogue.prices);
        columns["currency"] = std::move(catalogue.currency);
        return columns;
      },
      nb::arg("file"));
}

void bind_state(nb::class_<User>& user) {
  const auto taker = [](auto call) {
    return [call](User& u, const nb::bytes& state) {
      u.compute([&](sotto_user* handle, sotto_workspace* workspace) {
        return call(handle, workspace, state.c_str(), state.size());
      });
    };
  };
  user.def("export_state",
           [](User& u) {
             const std::uint32_t size = info_of(u).state_size;
             std::vector<std::byte> state(size);
             u.ask([&](sotto_user* handle) { return sotto_state_export(handle, state.data(), state.size()); });
             return nb::bytes(state.data(), state.size());
           })
      .def("import_state", taker(&sotto_state_import), nb::arg("state"))
      .def("merge_state", taker(&sotto_state_merge), nb::arg("state"))
      .def(
          "carry_over",
          [](User& u, const nb::bytes& state, const Pairs& pairs) {
            static_assert(sizeof(sotto_item_pair) == 2 * sizeof(std::uint32_t));
            std::vector<sotto_item_pair> core(pairs.shape(0));
            for (std::size_t i = 0; i < core.size(); ++i) core[i] = {pairs(i, 0), pairs(i, 1)};
            u.compute([&](sotto_user* handle, sotto_workspace* workspace) {
              return sotto_state_carry_over(handle, workspace, state.c_str(), state.size(), core.data(),
                                            count_of(core.size()));
            });
          },
          nb::arg("state"), nb::arg("pairs"))
      .def(
          "relearn",
          [](User& u, std::uint32_t events) {
            std::int32_t left = 0;
            u.compute([&](sotto_user* handle, sotto_workspace* workspace) {
              return left = sotto_relearn(handle, workspace, events);
            });
            return left;
          },
          nb::arg("events"))
      .def("reset", [](User& u) { u.ask([](sotto_user* handle) { return sotto_user_reset(handle); }); });
}

void bind_scores(nb::class_<User>& user) {
  user.def(
          "scores",
          [](User& u, double now, bool base) {
            std::vector<std::int32_t> scores(u.model().info().items);
            u.compute([&](sotto_user* handle, sotto_workspace* workspace) {
              return sotto_scores(handle, workspace, now, base ? 1U : 0U, scores.data(), count_of(scores.size()));
            });
            return in_logits(scores);
          },
          nb::arg("now"), nb::arg("base"))
      .def(
          "candidate_scores",
          [](User& u, double now, const Array<std::uint32_t>& candidates) {
            std::vector<std::int32_t> scores(candidates.size());
            if (!scores.empty()) {
              u.compute([&](sotto_user* handle, sotto_workspace* workspace) {
                return sotto_candidate_scores(handle, workspace, now, candidates.data(), scores.data(),
                                              count_of(scores.size()));
              });
            }
            return in_logits(scores);
          },
          nb::arg("now"), nb::arg("candidates"))
      .def(
          "recommend",
          [](User& u, double now, Array<std::uint32_t> exclude, std::optional<Array<std::uint8_t>> allowed,
             std::int32_t diversity, bool base, std::uint32_t k) {
            const Ranking ranking{std::move(exclude), std::move(allowed), diversity, base};
            const std::uint32_t items = u.model().info().items;
            const sotto_ranking core = core_ranking(ranking, items);
            std::vector<sotto_scored_item> best(std::min(k, items));
            std::int32_t found = 0;
            u.compute([&](sotto_user* handle, sotto_workspace* workspace) {
              return found = sotto_recommend(handle, workspace, now, &core, best.data(),
                                             static_cast<std::uint32_t>(best.size()));
            });
            return in_columns(std::span(best).first(static_cast<std::size_t>(found)));
          },
          nb::arg("now"), nb::arg("exclude"), nb::arg("allowed").none(), nb::arg("diversity"), nb::arg("base"),
          nb::arg("k"))
      .def(
          "why",
          [](User& u, std::uint32_t item) {
            std::array<sotto_contribution, SOTTO_MAX_EXPLAINED_EVENTS> found{};
            std::int32_t count = 0;
            u.compute([&](sotto_user* handle, sotto_workspace* workspace) {
              return count = sotto_why(handle, workspace, item, found.data(), count_of(found.size()));
            });
            nb::list reasons;
            for (const sotto_contribution& c : std::span(found).first(static_cast<std::size_t>(count)))
              reasons.append(nb::make_tuple(c.item, c.age, c.logit, c.history, c.counts));
            return reasons;
          },
          nb::arg("item"));
}

void bind_user(nb::module_& module) {
  nb::class_<User> user(module, "User");
  user.def(nb::init<std::shared_ptr<OpenModel>>(), nb::arg("engine"))
      .def(
          "feedback",
          [](User& u, std::uint32_t item, std::uint32_t kind, float amount, double time) {
            u.compute([&](sotto_user* handle, sotto_workspace* workspace) {
              return sotto_feedback(handle, workspace, item, kind, amount, time);
            });
          },
          nb::arg("item"), nb::arg("kind"), nb::arg("amount"), nb::arg("time"))
      .def(
          "recall",
          [](User& u, const Array<std::uint32_t>& items, const Array<double>& times) {
            if (items.size() != times.size()) throw Failure("wrong_shape", "there must be as many times as items");
            if (items.size() == 0) return;
            u.compute([&](sotto_user* handle, sotto_workspace* workspace) {
              return sotto_recall(handle, workspace, items.data(), times.data(), count_of(items.size()));
            });
          },
          nb::arg("items"), nb::arg("times").noconvert())
      .def(
          "set_weight",
          [](User& u, std::uint32_t kind, float weight) {
            u.ask([&](sotto_user* handle) { return sotto_set_weight(handle, kind, weight); });
          },
          nb::arg("kind"), nb::arg("weight"))
      .def(
          "set_context",
          [](User& u, const Array<std::uint32_t>& items, float belief) {
            u.ask([&](sotto_user* handle) {
              return sotto_set_context(handle, items.data(), count_of(items.size()), belief);
            });
          },
          nb::arg("items"), nb::arg("belief"))
      .def(
          "set_learning",
          [](User& u, bool on) { u.ask([&](sotto_user* handle) { return sotto_set_learning(handle, on ? 1U : 0U); }); },
          nb::arg("on"))
      .def(
          "show",
          [](User& u, std::uint32_t item) { u.ask([&](sotto_user* handle) { return sotto_show(handle, item); }); },
          nb::arg("item"))
      .def("history", [](User& u) { return timed_items(u, info_of(u).history, &sotto_history); })
      .def("hidden", [](User& u) { return timed_items(u, info_of(u).hidden, &sotto_hidden); })
      .def("describe",
           [](User& u) {
             const sotto_user_info info = info_of(u);
             nb::dict described;
             described["events"] = info.events;
             described["state_size"] = info.state_size;
             described["learning"] = info.learning != 0;
             return described;
           })
      .def("gate", [](User& u) {
        sotto_gate_record gate{};
        u.ask([&](sotto_user* handle) { return sotto_gate(handle, &gate); });
        return nb::make_tuple(gate.trust, gate.base_log_likelihood, gate.personal_log_likelihood, gate.events);
      });
  bind_state(user);
  bind_scores(user);
}

}  // namespace

void bind_engine(nb::module_& module) {
  bind_open_model(module);
  bind_user(module);
}

}  // namespace sotto::python
