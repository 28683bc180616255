// sotto_alloc and sotto_free: how a host puts bytes into the module's memory.
#include "export.hpp"

#include <sotto/base/aligned_buffer.hpp>

#include <cstdint>
#include <cstdlib>

SOTTO_EXPORT(sotto_alloc) void* sotto_alloc(std::uint32_t size) {
  // aligned_alloc wants a whole number of alignments; one more than needed keeps size 0 distinct.
  const std::size_t alignment = sotto::vector_alignment;
  const std::size_t rounded = (std::size_t{size} / alignment + 1) * alignment;
  return rounded < size ? nullptr : std::aligned_alloc(alignment, rounded);
}

SOTTO_EXPORT(sotto_free) void sotto_free(void* bytes) { std::free(bytes); }
