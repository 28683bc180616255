// What the page calls: opens a case, then checks and runs its contenders by their number.
#include "contender.hpp"

#include <sotto/numeric/kernels.hpp>

namespace {

std::vector<head_products::Contender> contenders;

}  // namespace

extern "C" {

// The contenders of a case; their number.
__attribute__((export_name("open_case"))) std::size_t open_case(bool is_float, std::size_t items, std::size_t dim,
                                                                std::size_t batch) {
  contenders.clear();  // before the next ones take memory
  contenders = is_float ? head_products::float_contenders(items, dim, batch)
                        : head_products::integer_contenders(items, dim, batch);
  return contenders.size();
}

__attribute__((export_name("name"))) const char* name(std::size_t contender) { return contenders[contender].name; }

// Calls it once and compares all of its results with sums in double or in integers.
__attribute__((export_name("is_right"))) bool is_right(std::size_t contender) {
  contenders[contender].call();
  return contenders[contender].is_right();
}

__attribute__((export_name("call"))) void call(std::size_t contender, std::size_t times) {
  for (; times > 0; --times) contenders[contender].call();
}

__attribute__((export_name("tier"))) const char* tier() { return sotto::best_kernels().name; }
}
