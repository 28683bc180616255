// What XNNPACK found out about the machine, which decides its kernels (its src/configs/gemm-config.c).
#include <xnnpack/hardware-config.h>

extern "C" __attribute__((export_name("xnnpack_choice"))) const char* xnnpack_choice() {
  const xnn_hardware_config* hardware = xnn_init_hardware_config();
#if defined(__wasm_relaxed_simd__)
  // By what the relaxed dot product of int8 does where the standard leaves it open; only exact ones are of use to it.
  if (hardware->use_wasm_sdot) return "int8 by relaxed dot products, signed";
  if (hardware->use_wasm_usdot) return "int8 by relaxed dot products, unsigned by signed";
  return "int8 as in simd128, because relaxed dot products saturate here";
#else
  return hardware->is_x86 ? "f32 for x86, by the number of cores" : "f32 not for x86";
#endif
}
