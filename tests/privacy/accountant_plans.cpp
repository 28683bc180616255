// What the accountant says of plans, for tests/privacy/against_dp_accounting.py. Each line of standard input is a plan:
//   sampled DELTA NOISE RATE RELEASES [NOISE RATE RELEASES …]   → epsilon by Rényi divergence, and by the old
//   conversion gaussian DELTA NOISE RELEASES                               → the exact epsilon, for continuous and for
//   discrete noise laplace DELTA SCALE RELEASES                                → the exact epsilon
#include <sotto/privacy/accountant.hpp>

#include <cstdint>
#include <cstdio>
#include <iostream>
#include <sstream>
#include <string>

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string kind;
    double delta = 0;
    double noise = 0;
    double releases = 0;
    words >> kind >> delta;
    if (kind == "sampled") {
      sotto::privacy::RenyiAccountant accountant;
      for (double rate = 0; words >> noise >> rate >> releases;) accountant.add_sampled_gaussian(noise, rate, releases);
      std::printf("%.17g %.17g\n", accountant.epsilon(delta), accountant.epsilon_by_old_conversion(delta));
    } else if (kind == "gaussian" && words >> noise >> releases) {
      std::printf("%.17g %.17g\n", sotto::privacy::gaussian_epsilon_exact(noise, releases, delta),
                  noise >= 2 ? sotto::privacy::discrete_gaussian_epsilon(noise, releases, delta) : 0);
    } else if (kind == "laplace" && words >> noise >> releases) {
      std::printf("%.17g\n", sotto::privacy::laplace_epsilon(noise, static_cast<std::uint32_t>(releases), delta));
    } else {
      std::fprintf(stderr, "not a plan: %s\n", line.c_str());
      return 1;
    }
  }
  return 0;
}
