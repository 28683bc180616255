#include <sotto/cli/calibration.hpp>
#include <sotto/cli/console.hpp>
#include <sotto/cli/exit_code.hpp>
#include <sotto/cli/head_bits.hpp>
#include <sotto/cli/interruption.hpp>
#include <sotto/cli/log_options.hpp>
#include <sotto/cli/model_files.hpp>
#include <sotto/cli/provenance.hpp>
#include <sotto/cli/subcommands.hpp>
#include <sotto/data/split.hpp>
#include <sotto/train/quantize.hpp>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <memory>

namespace sotto::cli {
namespace {

constexpr std::string_view command = "quantize";

struct QuantizeCommand {
  LogOptions log;
  std::string model;
  std::string out;
  int head_bits = 8;
  bool json = false;
};

int run(QuantizeCommand& options) {
  if (auto writable = check_writable(options.out); !writable) return fail(command, writable.error());
  auto loaded = load_float_model(options.model);
  if (!loaded) return fail(command, loaded.error());
  if (auto possible = train::check_head_bits(loaded->model.info.architecture.head, options.head_bits); !possible)
    return fail(command, possible.error());
  const TrainingRecord& training = loaded->model.info.training;
  options.log.take_vocabulary_limit(training.vocabulary);
  const data::SplitKind kind = data::parse_split_kind(training.split.kind).value_or(data::SplitKind::none);
  auto read = read_log(command, options.log, kind, stop_on_interruption());
  if (!read) return fail(command, read.error());
  if (knows_no_log(training)) {
    read->log = in_indices_of(loaded->model.info.catalogue, read->log);
    if (read->log.events() == 0) {
      return fail(command, {ErrorCode::mismatch,
                            fmt::format("{}: none of its items is one of {}; import the model with --vocabulary",
                                        options.log.name(), options.model)});
    }
  } else if (read->identity.fingerprint != training.log.fingerprint) {
    return fail(command,
                {ErrorCode::mismatch,
                 fmt::format("{}: not the log that {} was trained on ('{}', fingerprint {}); calibration needs that "
                             "one; {}",
                             options.log.name(), options.model, training.log.name,
                             fingerprint_text(training.log.fingerprint), same_log_options_hint)});
  }
  const data::Split split(read->log, kind);
  auto fixed =
      train::quantize(loaded->model, data::sample_training_sequences(split, calibration_events), options.head_bits);
  if (!fixed) return fail(command, fixed.error());
  auto bytes = save_model(*fixed, options.out);
  if (!bytes) return fail(command, bytes.error());

  if (options.json) {
    print_json({{"model", options.out},
                {"model_bytes", *bytes},
                {"float_model", options.model},
                {"float_model_bytes", loaded->bytes},
                {"head_bits", options.head_bits},
                {"architecture", to_json(fixed->info.architecture)}});
  } else {
    print(fmt::format("{}\nfixed-point model: {} ({}), from {} ({})\n", in_words(fixed->info.architecture), options.out,
                      bytes_in_words(*bytes), options.model, bytes_in_words(loaded->bytes)));
  }
  return exit_ok;
}

}  // namespace

Subcommand add_quantize(CLI::App& app) {
  auto options = std::make_shared<QuantizeCommand>();
  CLI::App* quantize = app.add_subcommand("quantize", "Make a fixed-point model from a float model");
  quantize->add_option("--model", options->model, "float model, as 'sotto train' or 'sotto import' wrote it")
      ->required()
      ->type_name("FLOAT");
  options->log.add_to(*quantize);
  options->log.add_strict_to(*quantize);
  quantize->add_option("--out", options->out, "fixed-point model to write")->required()->type_name("MODEL");
  add_head_bits(*quantize, options->head_bits, head_bits_description);
  quantize->add_flag("--json", options->json, "print the result as one JSON object");
  return {quantize, [options] { return run(*options); }};
}

}  // namespace sotto::cli
