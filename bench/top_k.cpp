// Exact top-k of large catalogues: scoring every row, against skipping rows by an upper bound. A measurement, not a
// part of the library (bench/README.md has the figures and what follows from them). Needs AVX2 and Eigen.
//
//   zcat interactions.csv.gz | top_k MODEL [--items N] [--noise A] [--k K] [--json]
//
// The states are those of 64 users of the log (columns user_id,item_id,timestamp; no quotes) after their first 100
// events. The catalogue is the model's head extended to N items: row = mean + √(1 - A²) · (trained row - mean) + A · g,
// with the bias of the trained row, g Gaussian with the covariance of the trained rows. That keeps their mean,
// covariance and biases for every A (a smoothed bootstrap); A = 1, the default, has nothing else of them.
// --random: rows and biases are independent and uniform, where no bound can help.
#include <sotto/base/random.hpp>
#include <sotto/model/model_file.hpp>
#include <sotto/numeric/rounding.hpp>
#include <sotto/runtime/recommender.hpp>

#include <Eigen/Dense>

#include <immintrin.h>

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <numbers>
#include <numeric>
#include <string>
#include <vector>

namespace {

using namespace sotto;
using Eigen::MatrixXf;
using Eigen::RowVectorXf;
using Eigen::VectorXf;

constexpr std::size_t dim = 64;  // of the models that this measures
constexpr std::size_t block_rows = 64;  // rows that share a bound
constexpr std::size_t half = dim / 2;  // principal axes in each of the two sketches
constexpr std::size_t sketch_bytes = half / 2;
constexpr float bias_unit = 1.0F / (1 << score_bits);
constexpr float multiplier_unit = 0x1p-30F;
// Covers the rounding of the score, 2^-17, and of the bounds in float, in logits.
constexpr float slack = 1e-3F;

struct Head {
  std::size_t items;
  AlignedBuffer<std::int8_t> rows;  // [items × dim]
  AlignedBuffer<std::int32_t> offset, multiplier, bias;
};

struct State {
  AlignedBuffer<std::uint8_t> u7{dim};
  int down;  // shift of the products to Q15.16
  VectorXf u;  // the same in real units
};

double gaussian(Random& random) {
  const double a = static_cast<double>((random.next() >> 11) + 1) * 0x1p-53;
  return std::sqrt(-2 * std::log(a)) * std::cos(2 * std::numbers::pi * random.uniform());
}

Head empty_head(std::size_t items) {
  return {items, AlignedBuffer<std::int8_t>(items * dim), AlignedBuffer<std::int32_t>(items),
          AlignedBuffer<std::int32_t>(items), AlignedBuffer<std::int32_t>(items)};
}

void set_row(Head& head, std::size_t item, const VectorXf& row, float bias) {
  const float scale = std::max(row.cwiseAbs().maxCoeff() / 127, multiplier_unit);
  std::int32_t sum = 0;
  for (std::size_t c = 0; c < dim; ++c) {
    const auto weight = static_cast<std::int8_t>(std::lround(row[static_cast<Eigen::Index>(c)] / scale));
    head.rows[item * dim + c] = weight;
    sum += weight;
  }
  head.offset[item] = -activation_zero_point * sum;
  head.multiplier[item] = static_cast<std::int32_t>(std::lround(scale / multiplier_unit));
  head.bias[item] = static_cast<std::int32_t>(std::lround(bias / bias_unit));
}

VectorXf row_of(const Head& head, std::size_t item) {
  VectorXf row(dim);
  for (std::size_t c = 0; c < dim; ++c) {
    row[static_cast<Eigen::Index>(c)] =
        static_cast<float>(head.rows[item * dim + c]) * static_cast<float>(head.multiplier[item]) * multiplier_unit;
  }
  return row;
}

Head extended_head(const FixedModel& model, std::size_t items, float noise, Random& random) {
  const FixedWeights& weights = model.weights;
  const std::uint32_t trained = model.info.architecture.items;
  MatrixXf rows(trained, dim);
  for (std::uint32_t i = 0; i < trained; ++i) {
    for (std::size_t c = 0; c < dim; ++c) {
      rows(i, static_cast<Eigen::Index>(c)) = static_cast<float>(weights.head_values()[i * dim + c]) *
                                              static_cast<float>(weights.head_multiplier[i]) * multiplier_unit;
    }
  }
  const RowVectorXf mean = rows.colwise().mean();
  rows.rowwise() -= mean;
  const MatrixXf covariance = rows.transpose() * rows / trained;
  const Eigen::SelfAdjointEigenSolver<MatrixXf> axes(covariance);
  const MatrixXf root = axes.eigenvectors() * axes.eigenvalues().cwiseMax(0).cwiseSqrt().asDiagonal();
  Head head = empty_head(items);
  VectorXf white(dim);
  for (std::size_t i = 0; i < items; ++i) {
    const std::uint32_t like = random.below(trained);
    for (float& v : white) v = static_cast<float>(gaussian(random));
    const VectorXf row =
        mean.transpose() + std::sqrt(1 - noise * noise) * rows.row(like).transpose() + noise * (root * white);
    set_row(head, i, row, static_cast<float>(weights.head_bias[like]) * bias_unit);
  }
  return head;
}

Head random_head(std::size_t items, Random& random) {
  Head head = empty_head(items);
  VectorXf row(dim);
  for (std::size_t i = 0; i < items; ++i) {
    for (float& v : row) v = 2 * random.uniform() - 1;
    set_row(head, i, row, random.uniform());
  }
  return head;
}

// As the session quantises it (docs/numbers.md); u is Q3.12, the last part of what an exported state carries.
State state_of(const Session& session, const Architecture& architecture) {
  std::vector<std::byte> bytes(session.state_size());
  session.export_state(bytes);
  std::array<std::int16_t, dim> u;
  std::memcpy(u.data(), bytes.data() + 28 + 4 * std::size_t{architecture.layers} * dim, sizeof u);
  std::int32_t peak = 0;
  for (const std::int16_t v : u) peak = std::max(peak, std::abs(std::int32_t{v}));
  int shift = 0;
  while (round_shift(peak, shift) > activation_max) ++shift;
  State state;
  state.down = head_multiplier_bits + head_input_bits - score_bits - shift;
  state.u.resize(dim);
  for (std::size_t c = 0; c < dim; ++c) {
    const auto cut = static_cast<std::int32_t>(round_shift(u[c], shift));
    state.u7[c] = static_cast<std::uint8_t>(cut + activation_zero_point);
    state.u[static_cast<Eigen::Index>(c)] = std::ldexp(static_cast<float>(cut), shift - head_input_bits);
  }
  return state;
}

std::vector<State> states_of_log(std::istream& log, const Recommender& recommender) {
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
  std::vector<State> states;
  std::size_t user = 0;
  for (auto& [id, events] : users) {
    if (user++ % std::max<std::size_t>(1, users.size() / 64) != 0 || states.size() == 64) continue;
    std::ranges::stable_sort(events, {}, [](const auto& event) { return event.first; });
    Session session = recommender.new_session();
    for (std::size_t e = 0; e < std::min<std::size_t>(events.size(), 100); ++e) (void)session.observe(events[e].second);
    states.push_back(state_of(session, recommender.engine().architecture()));
  }
  return states;
}

// Rows as 4-bit coordinates along the principal axes of all rows: the first half of the axes is read of every row, the
// second of those that the first cannot rule out. What the coordinates leave out of a row is bounded by Cauchy and
// Schwarz.
class Sketch {
 public:
  explicit Sketch(const Head& head);
  std::size_t top_k(const State& state, std::span<ScoredItem> best);
  [[nodiscard]] std::size_t bytes() const;

  // Rows since construction.
  std::size_t read = 0;  // first sketch
  std::size_t second = 0;  // second sketch
  std::size_t scored = 0;

 private:
  // Largest over the block's rows.
  struct Block {
    float bias = -1e30F;
    float tail = 0;  // length along the second half of the axes
    float error_first = 0, error_all = 0;  // length of what rounding took away
    float error_levels_first = 0, error_levels = 0;  // the same with each axis in its levels
    float levels_first = 0, levels_all = 0;  // length of the coordinates, in levels
  };

  const Head* head_;
  MatrixXf axes_;  // [dim × dim], columns by descending variance
  VectorXf step_;  // of a level, for each axis
  std::vector<ItemIndex> item_;  // by place
  std::vector<Block> blocks_;
  AlignedBuffer<std::uint8_t> first_, second_;  // [places × sketch_bytes]: axis a low, axis a + 16 high
};

constexpr float zero_level = 7.5F;  // levels are -7.5 … 7.5, stored as 0 … 15

Sketch::Sketch(const Head& head) : head_(&head), step_(dim), item_(head.items) {
  const auto items = static_cast<Eigen::Index>(head.items);
  MatrixXf rows(items, dim);
  for (std::size_t i = 0; i < head.items; ++i) rows.row(static_cast<Eigen::Index>(i)) = row_of(head, i).transpose();
  const MatrixXf moment = rows.transpose() * rows / static_cast<float>(items);
  const Eigen::SelfAdjointEigenSolver<MatrixXf> solver(moment);
  axes_ = solver.eigenvectors().rowwise().reverse();
  // 15 levels hold ±3 standard deviations.
  step_ = 0.4F * solver.eigenvalues().reverse().cwiseMax(1e-12F).cwiseSqrt();
  rows *= axes_;
  const VectorXf tail = rows.rightCols(half).rowwise().norm();

  // Blocks of nearly equal bias, and within many of those of nearly equal tail: then their largest is a tight bound.
  std::iota(item_.begin(), item_.end(), ItemIndex{0});
  std::ranges::sort(item_, std::ranges::greater{}, [&](ItemIndex i) { return head.bias[i]; });
  constexpr std::size_t chunk = 128 * block_rows;
  for (std::size_t at = 0; at < item_.size(); at += chunk) {
    std::ranges::sort(std::span(item_).subspan(at, std::min(chunk, item_.size() - at)), {},
                      [&](ItemIndex i) { return tail[i]; });
  }

  blocks_.resize((head.items + block_rows - 1) / block_rows);
  first_ = AlignedBuffer<std::uint8_t>(blocks_.size() * block_rows * sketch_bytes);
  second_ = AlignedBuffer<std::uint8_t>(blocks_.size() * block_rows * sketch_bytes);
  for (std::size_t place = 0; place < item_.size(); ++place) {
    const auto row = rows.row(item_[place]).transpose();
    const VectorXf level =
        ((row.array() / step_.array()).floor() + 0.5F).cwiseMax(-zero_level).cwiseMin(zero_level).matrix();
    const VectorXf error = row - level.cwiseProduct(step_);
    Block& block = blocks_[place / block_rows];
    const auto raise = [](float& largest, float value) { largest = std::max(largest, value); };
    raise(block.bias, static_cast<float>(head.bias[item_[place]]) * bias_unit);
    raise(block.tail, tail[item_[place]]);
    raise(block.error_first, error.head(half).norm());
    raise(block.error_all, error.norm());
    raise(block.error_levels_first, error.cwiseQuotient(step_).head(half).norm());
    raise(block.error_levels, error.cwiseQuotient(step_).norm());
    raise(block.levels_first, level.head(half).norm());
    raise(block.levels_all, level.norm());
    const auto stored = [&](std::size_t axis) {
      return static_cast<std::uint8_t>(level[static_cast<Eigen::Index>(axis)] + zero_level);
    };
    for (std::size_t b = 0; b < sketch_bytes; ++b) {
      first_[place * sketch_bytes + b] = static_cast<std::uint8_t>(stored(b) | stored(b + 16) << 4);
      second_[place * sketch_bytes + b] = static_cast<std::uint8_t>(stored(half + b) | stored(half + b + 16) << 4);
    }
  }
}

std::size_t Sketch::bytes() const {
  return first_.size() + second_.size() + item_.size() * sizeof(ItemIndex) + blocks_.size() * sizeof(Block);
}

__m128i four_sums(__m128i bytes, __m128i low, __m128i high) {
  const __m128i nibble = _mm_set1_epi8(15);
  const __m128i l = _mm_maddubs_epi16(_mm_and_si128(bytes, nibble), low);
  const __m128i h = _mm_maddubs_epi16(_mm_and_si128(_mm_srli_epi16(bytes, 4), nibble), high);
  return _mm_madd_epi16(_mm_add_epi16(l, h), _mm_set1_epi16(1));
}

std::int32_t sum(__m128i fours) {
  fours = _mm_add_epi32(fours, _mm_shuffle_epi32(fours, 0x4e));
  return _mm_cvtsi128_si32(_mm_add_epi32(fours, _mm_shuffle_epi32(fours, 0xb1)));
}

// Of eight rows' first sketches, those whose product exceeds the limit, as bits.
unsigned above(const std::uint8_t* rows, __m256i low, __m256i high, __m256i limit) {
  const __m256i nibble = _mm256_set1_epi8(15);
  __m256i pair[4];
  for (int p = 0; p < 4; ++p) {
    const __m256i bytes = _mm256_load_si256(reinterpret_cast<const __m256i*>(rows) + p);
    const __m256i l = _mm256_maddubs_epi16(_mm256_and_si256(bytes, nibble), low);
    const __m256i h = _mm256_maddubs_epi16(_mm256_and_si256(_mm256_srli_epi16(bytes, 4), nibble), high);
    pair[p] = _mm256_madd_epi16(_mm256_add_epi16(l, h), _mm256_set1_epi16(1));
  }
  // Even rows in the lower lane, odd ones in the upper.
  const __m256i sums = _mm256_hadd_epi32(_mm256_hadd_epi32(pair[0], pair[1]), _mm256_hadd_epi32(pair[2], pair[3]));
  return static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpgt_epi32(sums, limit))));
}

std::size_t Sketch::top_k(const State& state, std::span<ScoredItem> best) {
  const VectorXf u = axes_.transpose() * state.u;
  const float head_length = u.head(half).norm();
  const float tail_length = u.tail(half).norm();
  const float length = u.norm();
  // The state along the axes, in levels, as int8 in units of `unit`; what that leaves out is bounded as well.
  const VectorXf query = u.cwiseProduct(step_);
  const float unit = std::max(query.cwiseAbs().maxCoeff() / 127, 1e-12F);
  alignas(32) std::array<std::int8_t, dim> q;
  std::int32_t q_sum_first = 0, q_sum = 0;
  VectorXf lost(dim);
  for (std::size_t a = 0; a < dim; ++a) {
    const auto axis = static_cast<Eigen::Index>(a);
    q[a] = static_cast<std::int8_t>(std::lround(query[axis] / unit));
    q_sum += q[a];
    if (a < half) q_sum_first += q[a];
    lost[axis] = query[axis] - unit * static_cast<float>(q[a]);
  }
  const auto part = [&](std::size_t at) { return _mm_load_si128(reinterpret_cast<const __m128i*>(q.data() + at)); };
  const __m256i low = _mm256_broadcastsi128_si256(part(0));
  const __m256i high = _mm256_broadcastsi128_si256(part(16));
  const float lost_first = lost.head(half).norm();
  const float lost_all = lost.norm();
  const float query_first = query.head(half).norm();
  const float query_all = query.norm();

  TopK top(best);
  std::size_t offered = 0;
  const auto score = [&](std::size_t place) {
    const ItemIndex item = item_[place];
    const std::int8_t* row = head_->rows.data() + std::size_t{item} * dim;
    const auto half_row = [&](std::size_t at) {
      const __m256i x = _mm256_load_si256(reinterpret_cast<const __m256i*>(state.u7.data() + at));
      const __m256i w = _mm256_load_si256(reinterpret_cast<const __m256i*>(row + at));
      return _mm256_madd_epi16(_mm256_maddubs_epi16(x, w), _mm256_set1_epi16(1));
    };
    const __m256i fours = _mm256_add_epi32(half_row(0), half_row(half));
    const std::int64_t product =
        head_->offset[item] + sum(_mm_add_epi32(_mm256_castsi256_si128(fours), _mm256_extracti128_si256(fours, 1)));
    const std::int64_t logit = round_shift(product * head_->multiplier[item], state.down) + head_->bias[item];
    const ScoredItem candidate{item, saturate<std::int32_t>(logit)};
    if (top.keeps(candidate)) top.insert(candidate);
    ++scored;
    ++offered;
  };
  // Rows that no bound ruled out lie anywhere in the head: they are fetched some time before they are scored.
  std::array<std::size_t, 16> waiting;
  std::size_t waiting_count = 0;
  const auto score_waiting = [&] {
    for (std::size_t w = 0; w < waiting_count; ++w) score(waiting[w]);
    waiting_count = 0;
  };
  const auto score_later = [&](std::size_t place) {
    const ItemIndex item = item_[place];
    __builtin_prefetch(head_->rows.data() + std::size_t{item} * dim);
    __builtin_prefetch(head_->offset.data() + item);
    __builtin_prefetch(head_->multiplier.data() + item);
    __builtin_prefetch(head_->bias.data() + item);
    waiting[waiting_count++] = place;
    if (waiting_count == waiting.size()) score_waiting();
  };
  std::array<std::size_t, block_rows> left;  // places that the first sketch has not ruled out
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
    const Block& block = blocks_[b];
    const std::size_t begin = b * block_rows;
    const std::size_t end = std::min(begin + block_rows, item_.size());
    if (offered < best.size()) {
      for (std::size_t place = begin; place < end; ++place) score(place);
      continue;
    }
    // What a row's products along the first axes must reach at least, in logits: the worst kept score less all else.
    const auto missing = [&] { return static_cast<float>(best.front().score) * bias_unit - block.bias - slack; };
    const float error = std::min(head_length * block.error_first, query_first * block.error_levels_first);
    const float needed = missing() - tail_length * block.tail - error;
    if (query_first * block.levels_first < needed) continue;
    read += end - begin;
    const float first_limit =
        (needed - lost_first * block.levels_first) / unit + zero_level * static_cast<float>(q_sum_first);
    const __m256i limit = _mm256_set1_epi32(static_cast<std::int32_t>(std::floor(first_limit)) - 1);
    std::size_t left_count = 0;
    for (std::size_t at = begin; at < end; at += 8) {
      for (unsigned bits = above(first_.data() + at * sketch_bytes, low, high, limit); bits != 0; bits &= bits - 1) {
        const auto bit = static_cast<std::size_t>(std::countr_zero(bits));
        const std::size_t place = at + (bit < 4 ? 2 * bit : 2 * (bit - 4) + 1);
        if (place >= end) continue;
        __builtin_prefetch(second_.data() + place * sketch_bytes);
        left[left_count++] = place;
      }
    }
    second += left_count;
    const float rest = std::min(length * block.error_all, query_all * block.error_levels) + lost_all * block.levels_all;
    const float second_limit = (missing() - rest) / unit + zero_level * static_cast<float>(q_sum);
    for (const std::size_t place : std::span(left).first(left_count)) {
      const auto bytes = [&](const AlignedBuffer<std::uint8_t>& sketch) {
        return _mm_load_si128(reinterpret_cast<const __m128i*>(sketch.data() + place * sketch_bytes));
      };
      const std::int32_t product = sum(
          _mm_add_epi32(four_sums(bytes(first_), part(0), part(16)), four_sums(bytes(second_), part(32), part(48))));
      if (static_cast<float>(product) >= second_limit - 1) score_later(place);
    }
  }
  score_waiting();
  return top.finish();
}

std::size_t brute_force(const Head& head, const State& state, AlignedBuffer<std::int32_t>& scores,
                        const std::vector<std::uint8_t>& none, std::span<ScoredItem> best) {
  best_kernels().scores({head.rows.data(), head.offset.data(), head.items, dim}, state.u7.data(),
                        {head.multiplier.data(), head.bias.data(), state.down}, scores.data());
  return top_k(best_kernels(), scores.span(), none, {}, best);
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
  float noise = 1;
  bool json = false, independent = false;
  std::string path;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--items" && i + 1 < argc)
      items = std::strtoull(argv[++i], nullptr, 10);
    else if (argument == "--k" && i + 1 < argc)
      k = std::strtoull(argv[++i], nullptr, 10);
    else if (argument == "--noise" && i + 1 < argc)
      noise = std::strtof(argv[++i], nullptr);
    else if (argument == "--json")
      json = true;
    else if (argument == "--random")
      independent = true;
    else
      path = argument;
  }
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> text{std::istreambuf_iterator<char>(file), {}};
  const auto bytes = std::as_bytes(std::span(text));
  const auto model = parse_fixed_model(bytes);
  const auto recommender = Recommender::open(bytes);
  if (!model || model->info.architecture.hidden_dim != dim || model->weights.head_bits() != 8 || items < k || k == 0) {
    std::fputs("usage: top_k MODEL [--items N] [--noise A | --random] [--k K] [--json] < log.csv; hidden_dim 64\n",
               stderr);
    return 2;
  }
  const auto states = states_of_log(std::cin, **recommender);
  if (states.empty()) {
    std::fputs("top_k: the log has no user of this model\n", stderr);
    return 2;
  }
  Random random(7);
  const Head head = independent ? random_head(items, random) : extended_head(*model, items, noise, random);
  std::vector<Sketch> sketch;
  const double build = milliseconds([&] { sketch.emplace_back(head); });

  AlignedBuffer<std::int32_t> scores(items);
  const std::vector<std::uint8_t> none(items);
  std::vector<ScoredItem> plain(k), skipping(k);
  std::vector<double> brute_ms, skip_ms, ratio;
  for (const State& state : states) {
    brute_ms.push_back(milliseconds([&] { (void)brute_force(head, state, scores, none, plain); }));
    skip_ms.push_back(milliseconds([&] { (void)sketch[0].top_k(state, skipping); }));
    ratio.push_back(skip_ms.back() / brute_ms.back());
    for (std::size_t rank = 0; rank < k; ++rank) {
      if (plain[rank].item == skipping[rank].item && plain[rank].score == skipping[rank].score) continue;
      std::fprintf(stderr, "top_k: rank %zu differs\n", rank);
      return 1;
    }
  }
  const double rows = static_cast<double>(items * states.size());
  const auto share = [&](std::size_t count) { return static_cast<double>(count) / rows; };
  std::printf(
      json ? "{\"items\": %zu, \"k\": %zu, \"states\": %zu, \"brute_force_ms\": %.3f, \"skipping_ms\": %.3f, "
             "\"ratio\": %.3f, \"read\": %.4f, \"read_further\": %.5f, \"scored\": %.6f, \"build_ms\": %.0f, "
             "\"bytes_per_item\": %.1f}\n"
           : "%zu items, best %zu, %zu states: brute force %.3f ms, skipping %.3f ms, median ratio %.3f; rows read "
             "%.4f, further %.5f, scored %.6f; built in %.0f ms, %.1f bytes per item\n",
      items, k, states.size(), median(brute_ms), median(skip_ms), median(ratio), share(sketch[0].read),
      share(sketch[0].second), share(sketch[0].scored), build,
      static_cast<double>(sketch[0].bytes()) / static_cast<double>(items));
}
