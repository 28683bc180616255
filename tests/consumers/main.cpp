// What any project that uses the library does first.
#include <sotto/base/result.hpp>

int main() {
  const sotto::Result<int> result = sotto::Error{sotto::ErrorCode::missing, "nothing was opened"};
  return sotto::error_name(result.error().code) == "missing" ? 0 : 1;
}
