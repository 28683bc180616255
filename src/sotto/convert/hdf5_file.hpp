// Reads the data that Keras stores in HDF5 files: text attributes and small trees of float arrays. It reads from memory
// only and does not follow links or storage outside of the file.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/convert/float_tensor.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace sotto::convert {

// Owns an object of the HDF5 library and closes it. The integer is HDF5's hid_t.
class Hdf5Handle {
 public:
  using Close = int (*)(std::int64_t);

  Hdf5Handle(std::int64_t id, Close close) noexcept : id_(id), close_(close) {}
  Hdf5Handle(Hdf5Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Hdf5Handle(const Hdf5Handle&) = delete;
  Hdf5Handle& operator=(const Hdf5Handle&) = delete;
  Hdf5Handle& operator=(Hdf5Handle&&) = delete;
  ~Hdf5Handle() {
    if (valid()) close_(id_);
  }
  [[nodiscard]] bool valid() const noexcept { return id_ >= 0; }
  [[nodiscard]] std::int64_t id() const noexcept { return id_; }

 private:
  std::int64_t id_;
  Close close_;
};

class Hdf5File {
 public:
  [[nodiscard]] static Result<Hdf5File> open(std::span<const std::byte> bytes);

  // Tells whether the path names an object. Every step must be a link within the file.
  [[nodiscard]] bool contains(const std::string& path) const;
  // Returns the paths of all datasets below the group, relative to it.
  [[nodiscard]] Result<std::vector<std::string>> datasets_below(const std::string& group) const;
  // Reads a dataset of a float type and exactly this shape as float32.
  [[nodiscard]] Result<FloatTensor> floats(const std::string& path, const TensorShape& shape) const;

  [[nodiscard]] bool has_attribute(const std::string& object, const std::string& attribute) const;
  // Reads an attribute that is one string.
  [[nodiscard]] Result<std::string> text_attribute(const std::string& object, const std::string& attribute) const;

 private:
  explicit Hdf5File(Hdf5Handle file) : file_(std::move(file)) {}

  Hdf5Handle file_;
};

}  // namespace sotto::convert
