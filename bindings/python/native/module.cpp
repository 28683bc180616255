// The extension module sotto._native. src/sotto/_native.pyi has its types.
#include "bindings.hpp"
#include "failure.hpp"
#include "log_input.hpp"

#include <sotto/abi/sotto.h>

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <utility>

namespace sotto::python {
namespace {

namespace nb = nanobind;

// The payload is the class sotto.SottoError, which takes the code and the sentence.
void translate(const std::exception_ptr& thrown, void* error_class) {
  try {
    std::rethrow_exception(thrown);
  } catch (const Failure& failure) {
    const nb::handle type(static_cast<PyObject*>(error_class));
    const nb::object error = type(failure.code, nb::str(failure.detail.data(), failure.detail.size()));
    PyErr_SetObject(type.ptr(), error.ptr());
  }
}

}  // namespace

NB_MODULE(_native, module) {
  if (sotto_abi_version() != SOTTO_ABI_VERSION) throw nb::import_error("sotto._native is of another release");
  // The class lives as long as the process: the translator has no end.
  nb::object error_class = nb::module_::import_("sotto._errors").attr("SottoError");
  nb::register_exception_translator(translate, error_class.release().ptr());
  module.attr("version") = SOTTO_RELEASE;
  nb::class_<FrameColumns>(module, "FrameColumns")
      .def(nb::init<const std::string&>(), nb::arg("name"))
      // An array of another type is an error: converting it would be a copy that nobody sees.
      .def("add_texts", &FrameColumns::add_texts, nb::arg("name"), nb::arg("texts"), nb::arg("places").noconvert())
      .def("add_integers", &FrameColumns::add_integers, nb::arg("name"), nb::arg("values").noconvert())
      .def("add_reals", &FrameColumns::add_reals, nb::arg("name"), nb::arg("values").noconvert())
      .def("add_moments", &FrameColumns::add_moments, nb::arg("name"), nb::arg("milliseconds").noconvert());
  bind_columns(module);
  bind_training(module);
  bind_models(module);
  bind_engine(module);
}

}  // namespace sotto::python
