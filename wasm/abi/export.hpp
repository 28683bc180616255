// Marks a function of the C ABI (docs/c-abi.md): the module exports it under the given name.
#pragma once

#define SOTTO_EXPORT(name) extern "C" __attribute__((used, visibility("default"), export_name(#name)))
