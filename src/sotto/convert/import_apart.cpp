#include <sotto/convert/import_apart.hpp>
#include <sotto/convert/json_fields.hpp>
#include <sotto/model/model_file.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sotto::convert {
namespace {

Error system_error(std::string_view doing) {
  return {ErrorCode::io, fmt::format("cannot {}: {}", doing, std::strerror(errno))};
}

// The bytes are a JSON object, a zero byte, and the model file if there is a model.
std::vector<std::byte> encode(const Result<ImportedModel>& imported) {
  const Json head =
      imported ? Json{{"padding_rows", imported.value().padding_rows}, {"notes", imported.value().notes}}
               : Json{{"code", static_cast<std::int32_t>(imported.error().code)}, {"detail", imported.error().detail}};
  const std::string text = head.dump(-1, ' ', false, Json::error_handler_t::replace);
  const auto text_bytes = std::as_bytes(std::span(text.c_str(), text.size() + 1));
  std::vector<std::byte> bytes(text_bytes.begin(), text_bytes.end());
  if (imported) {
    const std::vector<std::byte> model = serialize(imported.value().model);
    bytes.insert(bytes.end(), model.begin(), model.end());
  }
  return bytes;
}

Result<ImportedModel> decode(std::span<const std::byte> bytes) {
  const auto zero = std::ranges::find(bytes, std::byte{0});
  const auto text_size = static_cast<std::size_t>(zero - bytes.begin());
  const Json head =
      Json::parse(std::string_view(reinterpret_cast<const char*>(bytes.data()), text_size), nullptr, false);
  if (zero == bytes.end() || !head.is_object()) return Error{ErrorCode::malformed, "the import's result is damaged"};
  if (head.contains("code")) {
    return Error{static_cast<ErrorCode>(head.value("code", 0)), head.value("detail", std::string())};
  }
  auto model = parse_float_model(bytes.subspan(text_size + 1));
  if (!model) return std::move(model).error();
  return ImportedModel{.model = *std::move(model),
                       .padding_rows = head.value("padding_rows", std::uint32_t{0}),
                       .notes = head.value("notes", std::vector<std::string>())};
}

constexpr int exit_out_of_memory = 12;
#if defined(__SANITIZE_ADDRESS__)
constexpr bool memory_is_limited = false;
#elif defined(__has_feature)
constexpr bool memory_is_limited = !__has_feature(address_sanitizer);
#else
constexpr bool memory_is_limited = true;
#endif

[[noreturn]] void run_child(int out, const std::function<Result<ImportedModel>()>& import, const ImportLimits& limits) {
  const rlimit nothing{.rlim_cur = 0, .rlim_max = 0};
  ::setrlimit(RLIMIT_CORE, &nothing);
  // The soft limit sends SIGXCPU, which tells why the process ended. The hard limit sends SIGKILL.
  const rlimit time{.rlim_cur = static_cast<rlim_t>(limits.processor_time.count()),
                    .rlim_max = static_cast<rlim_t>(limits.processor_time.count() + 1)};
  ::setrlimit(RLIMIT_CPU, &time);
  if (memory_is_limited) {
    const rlimit memory{.rlim_cur = limits.memory_bytes, .rlim_max = limits.memory_bytes};
    ::setrlimit(RLIMIT_AS, &memory);
    std::set_new_handler([] { ::_exit(exit_out_of_memory); });
  }
  const std::vector<std::byte> result = encode(import());
  for (std::span<const std::byte> left = result; !left.empty();) {
    const ssize_t written = ::write(out, left.data(), left.size());
    if (written < 0 && errno != EINTR) ::_exit(1);
    left = left.subspan(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
  }
  ::_exit(0);  // the parent flushes the open files and buffers that this process inherited
}

std::vector<std::byte> read_to_the_end(int in) {
  std::vector<std::byte> bytes;
  std::array<std::byte, std::size_t{1} << 16> buffer;
  for (;;) {
    const ssize_t count = ::read(in, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return bytes;
    bytes.insert(bytes.end(), buffer.begin(), buffer.begin() + count);
  }
}

}  // namespace

bool import_memory_is_limited() noexcept { return memory_is_limited; }

Result<ImportedModel> import_apart(const std::function<Result<ImportedModel>()>& import, const ImportLimits& limits) {
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) return system_error("open a pipe");
  const auto [in, out] = pipe;
  const ::pid_t child = ::fork();
  if (child == 0) {
    ::close(in);
    run_child(out, import, limits);
  }
  ::close(out);
  if (child < 0) {
    ::close(in);
    return system_error("start a process");
  }
  const std::vector<std::byte> result = read_to_the_end(in);
  ::close(in);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return system_error("wait for a process");
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return decode(result);
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) {
    return Error{
        ErrorCode::malformed,
        fmt::format("the HDF5 library did not come to an end within {} s of processor time, the file is damaged",
                    limits.processor_time.count())};
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == exit_out_of_memory) {
    return Error{ErrorCode::malformed, fmt::format("reading the file takes more than {} MB of memory, it is damaged",
                                                   limits.memory_bytes >> 20)};
  }
  return Error{ErrorCode::malformed,
               fmt::format("the HDF5 library crashed ({}), the file is damaged",
                           WIFSIGNALED(status) ? fmt::format("signal {}", WTERMSIG(status))
                                               : fmt::format("exit code {}", WEXITSTATUS(status)))};
}

}  // namespace sotto::convert
