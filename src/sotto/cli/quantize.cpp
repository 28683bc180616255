#include <sotto/app/calibration.hpp>
#include <sotto/app/interruption.hpp>
#include <sotto/app/model_files.hpp>
#include <sotto/cli/console.hpp>
#include <sotto/cli/exit_code.hpp>
#include <sotto/cli/head_bits.hpp>
#include <sotto/cli/read_log.hpp>
#include <sotto/cli/subcommands.hpp>
#include <sotto/data/split.hpp>
#include <sotto/present/conversion_report.hpp>
#include <sotto/present/provenance.hpp>
#include <sotto/train/quantize.hpp>

#include <fmt/format.h>

#include <memory>

namespace sotto::cli {
namespace {

struct QuantizeCommand {
  LogOptions log;
  std::string model;
  std::string out;
  int head_bits = 8;
  bool json = false;
};

int run(app::Logger& log, QuantizeCommand& options) {
  auto loaded = app::load_float_model(options.model);
  if (!loaded) return fail(log, loaded.error());
  if (auto possible = train::check_head_bits(loaded->model.info.architecture.head, options.head_bits); !possible)
    return fail(log, possible.error());
  const TrainingRecord& training = loaded->model.info.training;
  options.log.take_vocabulary_limit(training.vocabulary);
  const data::SplitKind kind = data::parse_split_kind(training.split.kind).value_or(data::SplitKind::none);
  auto read = read_log(log, options.log, kind, app::stop_on_interruption());
  if (!read) return fail(log, read.error());
  if (app::knows_no_log(training)) {
    read->log = app::in_indices_of(loaded->model.info.catalogue, read->log);
    if (read->log.events() == 0) {
      return fail(log, {ErrorCode::mismatch,
                        fmt::format("{}: none of its items is one of {}; import the model with --vocabulary",
                                    options.log.name(), options.model)});
    }
  } else if (read->identity.fingerprint != training.log.fingerprint) {
    return fail(log,
                {ErrorCode::mismatch,
                 fmt::format("{}: not the log that {} was trained on ('{}', fingerprint {}); calibration needs that "
                             "one; {}",
                             options.log.name(), options.model, training.log.name,
                             present::fingerprint_text(training.log.fingerprint), same_log_options_hint)});
  }
  data::Split split(read->log, kind);
  if (training.split.validation_trained) split = split.with_validation_trained();
  auto fixed = train::quantize(loaded->model, data::sample_training_sequences(split, app::calibration_events),
                               options.head_bits);
  if (!fixed) return fail(log, fixed.error());
  auto bytes = app::save_model(*fixed, options.out);
  if (!bytes) return fail(log, bytes.error());

  const present::QuantizationReport report{.model_file = options.out,
                                           .model_bytes = *bytes,
                                           .float_model_file = options.model,
                                           .float_model_bytes = loaded->bytes,
                                           .head_bits = options.head_bits,
                                           .architecture = fixed->info.architecture};
  print_report(report, options.json);
  return exit_ok;
}

}  // namespace

Run add_quantize(Command command) {
  auto options = std::make_shared<QuantizeCommand>();
  command.option("--model", options->model, "float model, as 'sotto train' or 'sotto import' wrote it")
      .required()
      .type("FLOAT")
      .reads();
  options->log.add_to(command);
  options->log.add_strict_to(command);
  command.option("--out", options->out, "fixed-point model to write")
      .required()
      .type("MODEL")
      .writes(app::FileKind::fixed_model);
  add_head_bits(command, options->head_bits, head_bits_description);
  command.flag("--json", options->json, "print the result as one JSON object");
  return [options](app::Logger& log) { return run(log, *options); };
}

}  // namespace sotto::cli
