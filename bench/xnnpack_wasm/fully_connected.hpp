// An operator of XNNPACK and how it is run for a batch, of XNNPACK's release of November 2024.
#pragma once

#include <xnnpack.h>

#include <cstddef>
#include <memory>

namespace head_products {

inline constexpr std::size_t readable_behind = XNN_EXTRA_BYTES;  // elements behind an operator's inputs

using Operator = std::shared_ptr<xnn_operator>;

// create(&op) is one of xnn_create_fully_connected_nc_*; a null pointer where it fails.
template <class Create>
Operator make_operator(Create create) {
  xnn_operator_t op = nullptr;
  if (xnn_initialize(nullptr) != xnn_status_success || create(&op) != xnn_status_success) return {};
  return {op, [](xnn_operator_t p) { (void)xnn_delete_operator(p); }};
}

}  // namespace head_products
