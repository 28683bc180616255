// The memory of the module. A page makes an instance for each visit of the protocol and then drops it whole, so that
// only the latest block is ever given back. That is what growing a vector needs, and it is a tenth of an allocator.
#include <cstddef>
#include <cstdint>
#include <new>

extern "C" std::byte __heap_base;  // the linker's

namespace {

constexpr std::size_t alignment = alignof(std::max_align_t);
constexpr std::size_t page_bytes = 65'536;

std::uintptr_t next_block = 0;

void* allocate(std::size_t size) noexcept {
  if (next_block == 0) next_block = reinterpret_cast<std::uintptr_t>(&__heap_base);
  const std::uintptr_t begin = (next_block + alignment - 1) / alignment * alignment;
  const std::size_t available = __builtin_wasm_memory_size(0) * page_bytes - begin;
  if (size > available) {
    const std::size_t missing_pages = (size - available + page_bytes - 1) / page_bytes;
    if (__builtin_wasm_memory_grow(0, missing_pages) == SIZE_MAX) return nullptr;
  }
  next_block = begin + size;
  return reinterpret_cast<void*>(begin);
}

}  // namespace

void* operator new(std::size_t size) {
  void* const block = allocate(size);
  if (block == nullptr) __builtin_trap();
  return block;
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void operator delete(void*) noexcept {}
void operator delete(void* block, std::size_t size) noexcept {
  const auto begin = reinterpret_cast<std::uintptr_t>(block);
  if (begin + size == next_block) next_block = begin;
}
