// The parts of the module _native.
#pragma once

#include <nanobind/nanobind.h>

namespace sotto::python {

void bind_columns(nanobind::module_& module);
void bind_training(nanobind::module_& module);
void bind_models(nanobind::module_& module);
void bind_engine(nanobind::module_& module);

}  // namespace sotto::python
