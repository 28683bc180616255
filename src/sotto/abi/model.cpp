// Models: opened, described, given a sketch, freed.
#include <sotto/abi/border.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace {

using sotto::ErrorCode;
using namespace sotto::abi;

// Every error of the core has its number in the header.
static_assert(SOTTO_TRUNCATED == -static_cast<int>(ErrorCode::truncated));
static_assert(SOTTO_MALFORMED == -static_cast<int>(ErrorCode::malformed));
static_assert(SOTTO_UNSUPPORTED_VERSION == -static_cast<int>(ErrorCode::unsupported_version));
static_assert(SOTTO_WRONG_SHAPE == -static_cast<int>(ErrorCode::wrong_shape));
static_assert(SOTTO_WRONG_TYPE == -static_cast<int>(ErrorCode::wrong_type));
static_assert(SOTTO_MISSING == -static_cast<int>(ErrorCode::missing));
static_assert(SOTTO_OUT_OF_RANGE == -static_cast<int>(ErrorCode::out_of_range));
static_assert(SOTTO_MISMATCH == -static_cast<int>(ErrorCode::mismatch));
static_assert(SOTTO_IO == -static_cast<int>(ErrorCode::io));
static_assert(SOTTO_INTERRUPTED == -static_cast<int>(ErrorCode::interrupted));
static_assert(SOTTO_INVALID_ARGUMENT == -static_cast<int>(ErrorCode::invalid_argument));
static_assert(SOTTO_UNKNOWN_ITEM == -static_cast<int>(ErrorCode::unknown_item));
static_assert(SOTTO_UNSUPPORTED == -static_cast<int>(ErrorCode::unsupported));

struct NamedTier {
  std::string_view kernels;  // as sotto::Kernels calls them
  sotto_tier tier;
};
constexpr std::array<NamedTier, 5> tiers{{{"reference", SOTTO_REFERENCE},
                                          {"avx2", SOTTO_AVX2},
                                          {"avx512-vnni", SOTTO_AVX512_VNNI},
                                          {"simd128", SOTTO_SIMD128},
                                          {"relaxed-simd", SOTTO_RELAXED_SIMD}}};

sotto_tier tier_of(const sotto::Kernels& kernels) noexcept {
  for (const auto& [name, tier] : tiers) {
    if (name == kernels.name) return tier;
  }
  return SOTTO_REFERENCE;
}

// Tells whether the bytes can come from sotto_alloc.
bool is_aligned(const void* bytes) noexcept {
  return reinterpret_cast<std::uintptr_t>(bytes) % sotto::vector_alignment == 0;
}

}  // namespace

std::int32_t sotto_model_open(void* bytes, std::size_t size, sotto_model** model) {
  if (const auto refused = check_given(bytes, "bytes"); refused != SOTTO_OK) return refused;
  if (const auto refused = check_given(model, "model"); refused != SOTTO_OK) return refused;
  if (!is_aligned(bytes)) return fail({ErrorCode::invalid_argument, "the argument bytes is not memory of sotto_alloc"});
  // A host that shows items and license reads them itself.
  auto opened = sotto::Recommender::open(sotto::AlignedBuffer<std::byte>::adopt(static_cast<std::byte*>(bytes), size),
                                         sotto::leave_out_info);
  if (!opened) return fail(opened.error());
  *model = new sotto_model{std::make_shared<OpenedModel>(std::move(opened).value())};
  return SOTTO_OK;
}

void sotto_model_free(sotto_model* model) { delete model; }

std::int32_t sotto_model_describe(const sotto_model* model, sotto_model_info* info) {
  if (const auto refused = check_given(model, "model"); refused != SOTTO_OK) return refused;
  if (const auto refused = check_given(info, "info"); refused != SOTTO_OK) return refused;
  const sotto::Engine& engine = model->opened->engine();
  const sotto::PersonalUser stranger(model->opened->personal);
  *info = {.fingerprint = engine.fingerprint(),
           .items = engine.architecture().items,
           .tier = static_cast<std::uint32_t>(tier_of(engine.kernels())),
           .taste_size = static_cast<std::uint32_t>(stranger.taste().learned().size()),
           .memory_weights = static_cast<std::uint32_t>(stranger.memory_weight().size()),
           .temperature = model->opened->personal.temperature(),
           .reserved = 0};
  return SOTTO_OK;
}

std::int32_t sotto_model_sketch(sotto_model* model) {
  if (const auto refused = check_given(model, "model"); refused != SOTTO_OK) return refused;
  model->opened->recommender->sketch_head();
  return SOTTO_OK;
}
