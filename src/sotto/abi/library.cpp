// The library's version, and memory for what a host hands over.
#include <sotto/abi/sotto.h>

#include <sotto/base/aligned_buffer.hpp>

#include <cstddef>
#include <cstdint>
#include <new>

namespace {

constexpr std::align_val_t alignment{sotto::vector_alignment};

}  // namespace

std::uint32_t sotto_abi_version() { return SOTTO_ABI_VERSION; }

void* sotto_alloc(std::size_t size) { return ::operator new(size == 0 ? 1 : size, alignment, std::nothrow); }

void sotto_free(void* bytes) { ::operator delete(bytes, alignment); }
