#include <sotto/convert/errors.hpp>
#include <sotto/convert/hdf5_file.hpp>
#include <sotto/data/text.hpp>

#include <fmt/format.h>

#include <hdf5.h>

#include <cstring>
#include <type_traits>

namespace sotto::convert {
namespace {

static_assert(std::is_same_v<hid_t, std::int64_t> && std::is_same_v<herr_t, int>);

constexpr std::size_t max_text_bytes = std::size_t{64} << 20;  // max size of an attribute
constexpr std::size_t max_datasets = 10'000;

// Returns HDF5's own reason for the last failed call: the innermost entry of its error stack.
std::string hdf5_reason() {
  std::string reason;
  H5Ewalk2(
      H5E_DEFAULT, H5E_WALK_UPWARD,
      [](unsigned, const H5E_error2_t* entry, void* text) -> herr_t {
        auto& kept = *static_cast<std::string*>(text);
        if (kept.empty() && entry->desc != nullptr) kept = entry->desc;
        return 0;
      },
      &reason);
  return reason.empty() ? "HDF5 gives no reason" : reason;
}

std::vector<hsize_t> extents(hid_t dataspace) {
  const int rank = H5Sget_simple_extent_ndims(dataspace);
  std::vector<hsize_t> result(rank > 0 ? static_cast<std::size_t>(rank) : 0);
  if (rank > 0) H5Sget_simple_extent_dims(dataspace, result.data(), nullptr);
  return result;
}

}  // namespace

Result<Hdf5File> Hdf5File::open(std::span<const std::byte> bytes) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);  // errors are values here, and nothing is printed
  const Hdf5Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  constexpr std::size_t growth = 1 << 16;
  // HDF5 copies the image. Its parameter is not const because of callbacks that are not used here.
  void* image = const_cast<std::byte*>(bytes.data());
  if (bytes.empty() || !access.valid() || H5Pset_fapl_core(access.id(), growth, 0) < 0 ||
      H5Pset_file_image(access.id(), image, bytes.size()) < 0) {
    return malformed(fmt::format("the HDF5 file of {} bytes cannot be taken into memory", bytes.size()));
  }
  Hdf5Handle file(H5Fopen("in memory", H5F_ACC_RDONLY, access.id()), H5Fclose);
  if (!file.valid()) {
    return malformed(fmt::format("the HDF5 file cannot be read, it is cut off or damaged: {}", hdf5_reason()));
  }
  return Hdf5File(std::move(file));
}

bool Hdf5File::contains(const std::string& path) const {
  for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    const std::string step = path.substr(0, end);
    H5L_info_t link;
    if (H5Lexists(file_.id(), step.c_str(), H5P_DEFAULT) <= 0 ||
        H5Lget_info(file_.id(), step.c_str(), &link, H5P_DEFAULT) < 0 || link.type != H5L_TYPE_HARD) {
      return false;
    }
    if (end == std::string::npos) return true;
  }
}

Result<std::vector<std::string>> Hdf5File::datasets_below(const std::string& group) const {
  if (!contains(group)) return Error{ErrorCode::missing, fmt::format("there is no group {}", data::in_quotes(group))};
  const Hdf5Handle opened(H5Gopen2(file_.id(), group.c_str(), H5P_DEFAULT), H5Gclose);
  if (!opened.valid()) return malformed(fmt::format("{} is not a group: {}", data::in_quotes(group), hdf5_reason()));
  std::vector<std::string> names;
  const auto add = [](hid_t, const char* name, const H5L_info_t* link, void* list) -> herr_t {
    auto& found = *static_cast<std::vector<std::string>*>(list);
    if (link->type == H5L_TYPE_HARD) found.emplace_back(name);
    return found.size() > max_datasets ? -1 : 0;
  };
  if (H5Lvisit(opened.id(), H5_INDEX_NAME, H5_ITER_INC, add, &names) < 0) {
    return malformed(fmt::format("the tree below {} cannot be read: {}", data::in_quotes(group), hdf5_reason()));
  }
  std::erase_if(names, [&](const std::string& name) {
    H5O_info_t object;
    return H5Oget_info_by_name2(opened.id(), name.c_str(), &object, H5O_INFO_BASIC, H5P_DEFAULT) < 0 ||
           object.type != H5O_TYPE_DATASET;
  });
  return names;
}

Result<FloatTensor> Hdf5File::floats(const std::string& path, const TensorShape& shape) const {
  const std::string where = fmt::format("dataset {}", data::in_quotes(path));
  if (!contains(path)) return Error{ErrorCode::missing, fmt::format("there is no {}", where)};
  const Hdf5Handle dataset(H5Dopen2(file_.id(), path.c_str(), H5P_DEFAULT), H5Dclose);
  if (!dataset.valid()) return malformed(fmt::format("{} cannot be opened: {}", where, hdf5_reason()));
  const Hdf5Handle type(H5Dget_type(dataset.id()), H5Tclose);
  if (!type.valid() || H5Tget_class(type.id()) != H5T_FLOAT) {
    return Error{ErrorCode::wrong_type, fmt::format("{} does not hold floating-point numbers", where)};
  }
  const Hdf5Handle space(H5Dget_space(dataset.id()), H5Sclose);
  const auto found = extents(space.id());
  const TensorShape found_shape(found.begin(), found.end());
  if (found_shape != shape) {
    return Error{ErrorCode::wrong_shape,
                 fmt::format("{} has shape {}, expected {}", where, to_string(found_shape), to_string(shape))};
  }
  // Keras stores arrays without filters or external files. Other storage may refer to other places, or be far smaller
  // than its stated size.
  const Hdf5Handle creation(H5Dget_create_plist(dataset.id()), H5Pclose);
  const auto count = element_count(shape);
  const H5D_layout_t layout = creation.valid() ? H5Pget_layout(creation.id()) : H5D_LAYOUT_ERROR;
  const std::uint64_t type_size = H5Tget_size(type.id());
  if (!count || (layout != H5D_CONTIGUOUS && layout != H5D_COMPACT && layout != H5D_CHUNKED) ||
      H5Pget_external_count(creation.id()) != 0 || H5Pget_nfilters(creation.id()) != 0 || type_size == 0 ||
      H5Dget_storage_size(dataset.id()) / type_size < *count) {
    return Error{
        ErrorCode::unsupported,
        fmt::format("{} is compressed, incomplete or stored outside the file; save the model with Keras again", where)};
  }
  FloatTensor tensor{shape, std::vector<float>(static_cast<std::size_t>(*count))};
  if (H5Dread(dataset.id(), H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, tensor.values.data()) < 0) {
    return malformed(fmt::format("{} cannot be read: {}", where, hdf5_reason()));
  }
  return tensor;
}

bool Hdf5File::has_attribute(const std::string& object, const std::string& attribute) const {
  return (object == "/" || contains(object)) &&
         H5Aexists_by_name(file_.id(), object.c_str(), attribute.c_str(), H5P_DEFAULT) > 0;
}

Result<std::string> Hdf5File::text_attribute(const std::string& object, const std::string& attribute) const {
  const std::string where = fmt::format("attribute {} of {}", data::in_quotes(attribute), data::in_quotes(object));
  if (!has_attribute(object, attribute)) return Error{ErrorCode::missing, fmt::format("there is no {}", where)};
  const Hdf5Handle opened(H5Aopen_by_name(file_.id(), object.c_str(), attribute.c_str(), H5P_DEFAULT, H5P_DEFAULT),
                          H5Aclose);
  if (!opened.valid()) return malformed(fmt::format("{} cannot be opened: {}", where, hdf5_reason()));
  const Hdf5Handle type(H5Aget_type(opened.id()), H5Tclose);
  const Hdf5Handle space(H5Aget_space(opened.id()), H5Sclose);
  if (!type.valid() || H5Tget_class(type.id()) != H5T_STRING || !space.valid() ||
      H5Sget_simple_extent_npoints(space.id()) != 1) {
    return Error{ErrorCode::wrong_type, fmt::format("{} is not one string", where)};
  }
  if (H5Tis_variable_str(type.id()) > 0) {
    char* text = nullptr;
    if (H5Aread(opened.id(), type.id(), static_cast<void*>(&text)) < 0 || text == nullptr) {
      return malformed(fmt::format("{} cannot be read: {}", where, hdf5_reason()));
    }
    std::string result = text;
    H5free_memory(text);
    return result;
  }
  const std::size_t size = H5Tget_size(type.id());
  if (size == 0 || size > max_text_bytes || H5Aget_storage_size(opened.id()) < size) {
    return malformed(fmt::format("{} has {} bytes", where, size));
  }
  std::string result(size, '\0');
  if (H5Aread(opened.id(), type.id(), result.data()) < 0) {
    return malformed(fmt::format("{} cannot be read: {}", where, hdf5_reason()));
  }
  result.resize(std::strlen(result.c_str()));  // padded with zeros, if at all
  return result;
}

}  // namespace sotto::convert
