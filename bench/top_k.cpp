// Exact top-k of large catalogues: a session that scores every row, against one that searches by the head's sketch.
// bench/README.md has the figures and how to compile this, for WebAssembly too.
//
//   top_k MODEL LOG [--items N] [--noise A | --random] [--k K]
//
// The states are those of 64 users of the log (CSV, columns user_id,item_id,timestamp; no quotes) after their first 100
// events. The catalogue is the model's head extended to N items: row = mean + √(1 - A²) · (trained row - mean) + A · g,
// with the bias of the trained row, g Gaussian with the covariance of the trained rows. That keeps their mean,
// covariance and biases for every A (a smoothed bootstrap); A = 1, the default, has nothing else of them.
// --random: rows and biases are independent and uniform, where no bound can help.
//
// Neither a history term nor a count expert: what they add is the same work for both.
#include <sotto/base/random.hpp>
#include <sotto/model/model_file.hpp>
#include <sotto/model/vocabulary.hpp>
#include <sotto/runtime/internal/principal_axes.hpp>
#include <sotto/runtime/owning_session.hpp>
#include <sotto/runtime/recommender.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <numbers>
#include <string>
#include <vector>

namespace {

using namespace sotto;

constexpr double bias_unit = 1.0 / (1 << score_bits);
constexpr double multiplier_unit = 0x1p-30;

using Row = std::vector<double>;

double gaussian(Random& random) {
  const double a = static_cast<double>((random.next() >> 11) + 1) * 0x1p-53;
  return std::sqrt(-2 * std::log(a)) * std::cos(2 * std::numbers::pi * double{random.uniform()});
}

void set_row(FixedWeights& weights, std::size_t item, const Row& row, double bias) {
  double largest = 0;
  for (const double v : row) largest = std::max(largest, std::abs(v));
  const double scale = std::max(largest / 127, multiplier_unit);
  for (std::size_t c = 0; c < row.size(); ++c) {
    weights.embedding.values[item * row.size() + c] = static_cast<std::int8_t>(std::lround(row[c] / scale));
  }
  weights.head_multiplier[item] = static_cast<std::int32_t>(std::lround(scale / multiplier_unit));
  weights.head_bias[item] = static_cast<std::int32_t>(std::lround(bias / bias_unit));
}

// The trained network without what adds to scores beside it, and with room for a tied head of so many items.
FixedWeights network_for(const FixedWeights& trained, std::size_t items, std::size_t dim) {
  FixedWeights weights = trained;
  weights.embedding = MatrixS8(static_cast<std::uint32_t>(items), static_cast<std::uint32_t>(dim));
  weights.head = {};
  weights.head_multiplier.resize(items);
  weights.head_bias.resize(items);
  weights.history.reset();
  weights.counts.reset();
  return weights;
}

void extend_head(FixedWeights& weights, const FixedWeights& trained, std::size_t trained_items, double noise,
                 Random& random) {
  const std::size_t items = weights.embedding.rows, dim = weights.embedding.cols;
  std::vector<Row> rows(trained_items, Row(dim));
  Row mean(dim);
  for (std::size_t i = 0; i < trained_items; ++i) {
    for (std::size_t c = 0; c < dim; ++c) {
      rows[i][c] = trained.head_values()[i * dim + c] * (trained.head_multiplier[i] * multiplier_unit);
      mean[c] += rows[i][c] / static_cast<double>(trained_items);
    }
  }
  std::vector<double> covariance(dim * dim);
  for (Row& row : rows) {
    for (std::size_t c = 0; c < dim; ++c) row[c] -= mean[c];
    for (std::size_t a = 0; a < dim; ++a) {
      for (std::size_t b = 0; b < dim; ++b) covariance[a * dim + b] += row[a] * row[b];
    }
  }
  const PrincipalAxes principal = principal_axes(covariance, dim);
  Row extended(dim);
  for (std::size_t i = 0; i < items; ++i) {
    const std::uint32_t like = random.below(static_cast<std::uint32_t>(trained_items));
    for (std::size_t c = 0; c < dim; ++c) extended[c] = mean[c] + std::sqrt(1 - noise * noise) * rows[like][c];
    for (std::size_t a = 0; a < dim; ++a) {
      const double variance = std::max(0.0, principal.moment[a]) / static_cast<double>(trained_items);
      const double along = noise * std::sqrt(variance) * gaussian(random);
      for (std::size_t c = 0; c < dim; ++c) extended[c] += along * principal.axes[a * dim + c];
    }
    set_row(weights, i, extended, trained.head_bias[like] * bias_unit);
  }
}

void randomize_head(FixedWeights& weights, Random& random) {
  Row row(weights.embedding.cols);
  for (std::size_t i = 0; i < weights.embedding.rows; ++i) {
    for (double& v : row) v = 2 * random.uniform() - 1;
    set_row(weights, i, row, random.uniform());
  }
}

std::vector<std::vector<std::byte>> states_of_log(std::istream& log, const Recommender& recommender) {
  const Vocabulary vocabulary(recommender.info().catalogue);
  std::map<std::string, std::vector<std::pair<double, ItemIndex>>> users;
  std::string line;
  std::getline(log, line);
  while (std::getline(log, line)) {
    const std::size_t first = line.find(',');
    const std::size_t second = line.find(',', first + 1);
    const auto item = vocabulary.find(std::string_view(line).substr(first + 1, second - first - 1));
    if (item) users[line.substr(0, first)].emplace_back(std::atof(line.c_str() + second + 1), *item);
  }
  std::vector<std::vector<std::byte>> states;
  std::size_t user = 0;
  for (auto& [id, events] : users) {
    if (user++ % std::max<std::size_t>(1, users.size() / 64) != 0 || states.size() == 64) continue;
    std::ranges::stable_sort(events, {}, [](const auto& event) { return event.first; });
    OwningSession session(recommender.engine());
    for (std::size_t e = 0; e < std::min<std::size_t>(events.size(), 100); ++e) (void)session.observe(events[e].second);
    session.export_state(states.emplace_back(session.state_size()));
  }
  return states;
}

template <class Work>
double milliseconds(Work&& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t items = 1'000'000, k = 10;
  double noise = 1;
  bool independent = false;
  std::vector<std::string> paths;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--items" && i + 1 < argc)
      items = std::strtoull(argv[++i], nullptr, 10);
    else if (argument == "--k" && i + 1 < argc)
      k = std::strtoull(argv[++i], nullptr, 10);
    else if (argument == "--noise" && i + 1 < argc)
      noise = std::strtod(argv[++i], nullptr);
    else if (argument == "--random")
      independent = true;
    else
      paths.push_back(argument);
  }
  paths.resize(2);
  std::ifstream file(paths[0], std::ios::binary);
  const std::vector<char> text{std::istreambuf_iterator<char>(file), {}};
  const auto bytes = std::as_bytes(std::span(text));
  const auto model = parse_fixed_model(bytes);
  const auto recommender = Recommender::open(bytes);
  if (!model || !recommender || !model->info.architecture.tied_head || model->weights.head_bits() != 8 || items < k ||
      k == 0) {
    std::fputs("usage: top_k MODEL LOG [--items N] [--noise A | --random] [--k K]; a tied head of 8 bits\n", stderr);
    return 2;
  }
  std::ifstream log(paths[1]);
  const auto states = states_of_log(log, **recommender);
  if (states.empty()) {
    std::fputs("top_k: the log has no user of this model\n", stderr);
    return 2;
  }
  Architecture architecture = model->info.architecture;
  const std::size_t trained_items = architecture.items;
  FixedWeights weights = network_for(model->weights, items, architecture.hidden_dim);
  Random random(7);
  if (independent) {
    randomize_head(weights, random);
  } else {
    extend_head(weights, model->weights, trained_items, noise, random);
  }
  architecture.items = static_cast<std::uint32_t>(items);
  Engine engine(std::move(weights), architecture, (*recommender)->engine().fingerprint());
  OwningSession every_row(engine);
  const double build = milliseconds([&] { engine.sketch_head(); });
  OwningSession searching(engine);

  std::vector<ScoredItem> plain(k), found(k);
  std::vector<double> plain_ms, search_ms, ratio;
  for (const auto& state : states) {
    (void)every_row.import_state(state);
    plain_ms.push_back(milliseconds([&] { (void)every_row.recommend({}, plain); }));
    (void)searching.import_state(state);
    search_ms.push_back(milliseconds([&] { (void)searching.recommend({}, found); }));
    ratio.push_back(search_ms.back() / plain_ms.back());
    for (std::size_t rank = 0; rank < k; ++rank) {
      if (plain[rank].item == found[rank].item && plain[rank].score == found[rank].score) continue;
      std::fprintf(stderr, "top_k: rank %zu differs\n", rank);
      return 1;
    }
  }
  std::printf(
      "%s, %zu items, best %zu, %zu states: every row %.3f ms, search %.3f ms, median ratio %.3f; sketch made in %.0f "
      "ms, %.1f bytes per item\n",
      engine.kernels().name, items, k, states.size(), median(plain_ms), median(search_ms), median(ratio), build,
      static_cast<double>(engine.head_sketch()->bytes()) / static_cast<double>(items));
}
