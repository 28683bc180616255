#include "module.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <utility>

namespace sotto::wasm {
namespace {

struct Module {
  std::array<char, 256> error{};
  std::vector<std::vector<std::byte>> parts;
};

Module& module() {
  static Module one;
  return one;
}

}  // namespace

std::int32_t fail(const Error& error) {
  auto& text = module().error;
  const std::string_view detail = std::string_view(error.detail).substr(0, text.size() - 1);
  *std::ranges::copy(detail, text.begin()).out = 0;
  return -static_cast<std::int32_t>(error.code);
}

void clear_parts() noexcept { module().parts.clear(); }

void add_part(std::vector<std::byte> part) { module().parts.push_back(std::move(part)); }

void add_part(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  add_part(std::vector(bytes.begin(), bytes.end()));
}

}  // namespace sotto::wasm

using namespace sotto::wasm;

std::uint32_t sotto_sync_abi_version() { return SOTTO_SYNC_ABI_VERSION; }

const char* sotto_sync_error_detail() { return module().error.data(); }

void* sotto_sync_alloc(std::size_t size) { return ::operator new(size == 0 ? 1 : size, std::nothrow); }

const void* sotto_sync_part(std::uint32_t part) {
  return part < module().parts.size() ? module().parts[part].data() : nullptr;
}

std::size_t sotto_sync_part_size(std::uint32_t part) {
  return part < module().parts.size() ? module().parts[part].size() : 0;
}
