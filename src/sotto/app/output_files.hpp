// What a command is about to write, checked before its work begins: nothing that the user has is written over by
// mistake.
#pragma once

#include <sotto/base/result.hpp>

#include <filesystem>
#include <span>
#include <string>

namespace sotto::app {

// What a file holds, as far as Sotto writes it.
enum class FileKind {
  fixed_model,
  float_model,
  checkpoint,
  lock,  // of a training (app/file_lock.hpp): an empty file
  state_dict,
  page,
  replayed_users,  // of sotto stream --replay: a line for each user
  dead_letters,    // of sotto stream: records that were set aside
  something_else
};

// Reads the whole file. A model that this build cannot read is something else.
[[nodiscard]] Result<FileKind> kind_of_file(const std::filesystem::path& file);

struct InputFile {
  std::string option;  // as it is typed, "--items"
  std::filesystem::path file;
};

struct OutputFile {
  std::string option;
  std::filesystem::path file;
  FileKind kind = FileKind::something_else;
};

// Fails where an output
// - cannot be created, or is a folder;
// - is an input or another output, through links and relative names, too;
// - exists as a file that is not empty and holds another kind of thing, unless `replaces_any` is set. A lock is made
//   beside what there is and never in its place, so `replaces_any` does not matter to it.
// The errors name the option, the file and what to do. A file of the same kind is replaced; a device or a pipe is
// written through.
[[nodiscard]] Status check_outputs(std::span<const InputFile> inputs, std::span<const OutputFile> outputs,
                                   bool replaces_any);

}  // namespace sotto::app
