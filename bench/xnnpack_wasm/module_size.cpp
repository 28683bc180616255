// A module that does nothing but use what its WITH_* macros name: build.sh prints what each adds to it.
#include <sotto/numeric/internal/vector_kernels.hpp>
#include <sotto/numeric/internal/vector_simd128.hpp>

#include <xnnpack.h>

#include <cstdlib>

namespace {

[[maybe_unused]] constexpr float no_limit = __builtin_inff();
template <class T>
T* values() {
  return static_cast<T*>(std::calloc(1 << 16, sizeof(T)));
}

}  // namespace

extern "C" __attribute__((export_name("use"))) int use([[maybe_unused]] std::size_t items,
                                                       [[maybe_unused]] std::size_t dim,
                                                       [[maybe_unused]] std::size_t batch) {
  int done = 0;
#if defined(WITH_SOTTO)
  using Kernels = sotto::VectorKernels<sotto::VectorSimd128>;
  const sotto::KernelMatrix matrix{values<std::int8_t>(), values<std::int32_t>(), items, dim};
  auto* sums = values<std::int32_t>();
  Kernels::scores(matrix, {values<std::uint8_t>(), values<int>(), batch}, {sums, sums}, &sums);
  Kernels::matmul(matrix, values<std::uint8_t>(), batch, sums, items);
  auto* logits = values<float>();
  sotto::dot_rows_f32({values<float>(), items, dim}, values<float>(), values<float>(), logits);
  done += sums[batch] + (logits[batch] > 0 ? 1 : 0);
#endif
#if defined(WITH_F32) || defined(WITH_QS8) || defined(WITH_QD8)
  xnn_operator_t op = nullptr;
  done += xnn_initialize(nullptr);
#endif
#if defined(WITH_F32)
  done += xnn_create_fully_connected_nc_f32(dim, items, dim, items, values<float>(), values<float>(), -no_limit,
                                            no_limit, 0, nullptr, nullptr, &op);
  done += xnn_reshape_fully_connected_nc_f32(op, batch, nullptr);
  done += xnn_setup_fully_connected_nc_f32(op, values<float>(), values<float>());
  done += xnn_run_operator(op, nullptr);
#endif
#if defined(WITH_QS8)
  done += xnn_create_fully_connected_nc_qs8_qc8w(dim, items, dim, items, 0, 1, values<float>(), values<std::int8_t>(),
                                                 values<std::int32_t>(), 0, 1, -128, 127, 0, nullptr, nullptr, &op);
  done += xnn_reshape_fully_connected_nc_qs8_qc8w(op, batch, nullptr);
  done += xnn_setup_fully_connected_nc_qs8_qc8w(op, values<std::int8_t>(), values<std::int8_t>());
  done += xnn_run_operator(op, nullptr);
#endif
#if defined(WITH_QD8)
  done += xnn_create_fully_connected_nc_qd8_f32_qc8w(dim, items, dim, items, values<float>(), values<std::int8_t>(),
                                                     values<float>(), -no_limit, no_limit, 0, nullptr, nullptr, &op);
  done += xnn_reshape_fully_connected_nc_qd8_f32_qc8w(op, batch, nullptr);
  done += xnn_setup_fully_connected_nc_qd8_f32_qc8w(op, values<std::int8_t>(), values<float>(),
                                                    values<xnn_quantization_params>());
  done += xnn_run_operator(op, nullptr);
#endif
#if defined(WITH_F32) || defined(WITH_QS8) || defined(WITH_QD8)
  done += xnn_delete_operator(op);
#endif
  return done;
}
