// sotto_alloc and sotto_free: how a host puts bytes into the module's memory.
#include "export.hpp"

#include <sotto/base/aligned_buffer.hpp>

#include <cstdint>
#include <new>

namespace {

constexpr std::align_val_t alignment{sotto::vector_alignment};

}  // namespace

SOTTO_EXPORT(sotto_alloc) void* sotto_alloc(std::uint32_t size) {
  return ::operator new(size == 0 ? 1 : size, alignment, std::nothrow);
}

SOTTO_EXPORT(sotto_free) void sotto_free(void* bytes) { ::operator delete(bytes, alignment); }
