#include <sotto/cli/console.hpp>
#include <sotto/cli/exit_code.hpp>
#include <sotto/cli/subcommands.hpp>
#include <sotto/present/privacy_report.hpp>

#include <memory>
#include <string>

namespace sotto::cli {
namespace {

enum class ShownMechanism { both, gaussian, laplace };

struct PrivacyCommand {
  present::PrivacyPlan plan;
  ShownMechanism mechanism = ShownMechanism::both;
  bool json = false;
};

int run(PrivacyCommand& options) {
  options.plan.shows_gaussian = options.mechanism != ShownMechanism::laplace;
  options.plan.shows_laplace = options.mechanism != ShownMechanism::gaussian;
  print_report(present::examine(options.plan), options.json);
  return exit_ok;
}

}  // namespace

Run add_privacy(Command command) {
  auto options = std::make_shared<PrivacyCommand>();
  present::PrivacyPlan& plan = options->plan;
  const Option noise =
      command
          .option("--noise", plan.noise,
                  "deviation of the noise that each aggregator adds to a slot, in choices, 0.1 … 100000")
          .range(0.1, 100'000.0)
          .type("Z")
          .shows_default();
  command.option("--epsilon", plan.wished_epsilon, "find the noise for this epsilon in 28 days, 0.05 … 100")
      .range(0.05, 100.0)
      .type("E")
      .excludes(noise);
  command.option("--reports", plan.reports, "reports of one device in 28 days at most, 1 … 1000")
      .range(1U, 1'000U)
      .type("K")
      .shows_default();
  command.option("--delta", plan.delta, "chance for which epsilon need not hold, 1e-15 … 0.1")
      .range(1e-15, 0.1)
      .type("D")
      .shows_default("1e-06");
  command.option("--months", plan.months, "times 28 days, for the sum over all reports, 1 … 600")
      .range(1U, 600U)
      .type("N")
      .shows_default();
  command
      .choice("--mechanism", options->mechanism,
              {{"both", ShownMechanism::both},
               {"gaussian", ShownMechanism::gaussian},
               {"laplace", ShownMechanism::laplace}},
              "noise to show")
      .shows_default("both");
  command.option("--min-batch", plan.min_batch, "reports of the smallest batch, 1 … 1000000000")
      .range(1U, 1'000'000'000U)
      .type("N")
      .shows_default();
  command.option("--slots", plan.slots, "slots of the histogram, 1 … 16777216")
      .range(1U, 16'777'216U)
      .type("N")
      .shows_default();
  command.flag("--json", options->json, "print the result as one JSON object");
  return [options](app::Logger&) { return run(*options); };
}

}  // namespace sotto::cli
