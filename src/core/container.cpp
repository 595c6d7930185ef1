#include "topograph/core/container.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "topograph/core/atomic_file.hpp"

namespace topograph {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kAlignment = 64;
constexpr std::string_view kPadPrefix = "__pad";
constexpr std::size_t kMaxHeaderBytes = 100'000'000;  // as the reference reader

struct DTypeInfo {
  DType dtype;
  std::string_view name;
  std::size_t bytes;
};
constexpr DTypeInfo kDTypes[] = {
    {DType::f64, "F64", 8},      {DType::f32, "F32", 4}, {DType::f16, "F16", 2},
    {DType::bf16, "BF16", 2},    {DType::i64, "I64", 8}, {DType::i32, "I32", 4},
    {DType::i16, "I16", 2},      {DType::i8, "I8", 1},   {DType::u64, "U64", 8},
    {DType::u32, "U32", 4},      {DType::u16, "U16", 2}, {DType::u8, "U8", 1},
    {DType::boolean, "BOOL", 1},
};

const DTypeInfo& info(DType dtype) {
  return *std::find_if(std::begin(kDTypes), std::end(kDTypes),
                       [&](const DTypeInfo& d) { return d.dtype == dtype; });
}

/// Read-only mapping of a whole file.
class Mapping {
 public:
  Mapping() = default;
  Mapping(Mapping&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  Mapping& operator=(Mapping&&) = delete;
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping() {
    if (data_ != nullptr) ::munmap(data_, size_);
  }
  static Result<Mapping> open(const fs::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
      return model_error(errno == ENOENT ? ErrorCode::not_found : ErrorCode::io, path.string(),
                         fmt::format("cannot open the array file: {}", std::strerror(errno)));
    }
    struct stat status {};
    Mapping mapping;
    if (::fstat(descriptor, &status) == 0 && status.st_size > 0) {
      mapping.size_ = static_cast<std::size_t>(status.st_size);
      void* data = ::mmap(nullptr, mapping.size_, PROT_READ, MAP_PRIVATE, descriptor, 0);
      if (data != MAP_FAILED) mapping.data_ = data;
    }
    const int code = errno;
    ::close(descriptor);
    if (mapping.data_ == nullptr && mapping.size_ > 0) {
      return model_error(ErrorCode::io, path.string(),
                         fmt::format("cannot map the file: {}", std::strerror(code)));
    }
    return mapping;
  }
  [[nodiscard]] std::span<const std::byte> bytes() const {
    return {static_cast<const std::byte*>(data_), size_};
  }

 private:
  void* data_ = nullptr;
  std::size_t size_ = 0;
};

template <class T>
std::vector<T> copy_as(const ArrayRef& array) {
  std::vector<T> values(array.n_elements());
  if (!values.empty()) std::memcpy(values.data(), array.bytes.data(), array.bytes.size());
  return values;
}

template <class T>
T load(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

bool convert_to_float(const ArrayRef& array, float* out) {
  const std::size_t n = array.n_elements();
  const std::byte* in = array.bytes.data();
  switch (array.dtype) {
    case DType::f32:
      if (n > 0) std::memcpy(out, in, n * sizeof(float));
      return true;
    case DType::f16:
      for (std::size_t i = 0; i < n; ++i) out[i] = half_to_float(load<std::uint16_t>(in + 2 * i));
      return true;
    case DType::bf16:
      for (std::size_t i = 0; i < n; ++i) {
        out[i] = bfloat16_to_float(load<std::uint16_t>(in + 2 * i));
      }
      return true;
    case DType::f64:
      for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<float>(load<double>(in + 8 * i));
      return true;
    default: return false;
  }
}

}  // namespace

std::size_t size_bytes(DType dtype) { return info(dtype).bytes; }
std::string_view to_string(DType dtype) { return info(dtype).name; }

std::size_t ArrayRef::n_elements() const {
  std::size_t n = 1;
  for (const std::size_t extent : shape) n *= extent;
  return n;
}

struct ArrayFile::Impl {
  explicit Impl(Mapping map) : mapping(std::move(map)) {}
  Mapping mapping;
  std::string path = {};
  std::map<std::string, ArrayRef, std::less<>> arrays = {};
  std::map<std::string, std::string> metadata = {};
};

ArrayFile::ArrayFile() = default;
ArrayFile::ArrayFile(ArrayFile&&) noexcept = default;
ArrayFile& ArrayFile::operator=(ArrayFile&&) noexcept = default;
ArrayFile::~ArrayFile() = default;

namespace {

Result<ArrayRef> read_entry(const nlohmann::json& entry, std::span<const std::byte> data,
                            const std::string& where) {
  const auto damaged = [&](const std::string& what) {
    return model_error(ErrorCode::parse, where, what,
                       "the file is damaged; fetch or build it again");
  };
  if (!entry.is_object() || !entry.contains("dtype") || !entry.contains("shape") ||
      !entry.contains("data_offsets") || !entry["dtype"].is_string() ||
      !entry["shape"].is_array() || !entry["data_offsets"].is_array() ||
      entry["data_offsets"].size() != 2) {
    return damaged("expected dtype, shape and data_offsets");
  }
  ArrayRef array;
  const auto name = entry["dtype"].get<std::string>();
  const auto* found = std::find_if(std::begin(kDTypes), std::end(kDTypes),
                                   [&](const DTypeInfo& d) { return d.name == name; });
  if (found == std::end(kDTypes)) {
    return model_error(ErrorCode::unsupported, where,
                       "expected an element type of F64, F32, F16, BF16, I8 to I64, U8 to U64 or "
                       "BOOL, found " +
                           name,
                       "save the model in F32, F16 or BF16");
  }
  array.dtype = found->dtype;
  std::size_t n = 1;
  for (const auto& extent : entry["shape"]) {
    if (!extent.is_number_unsigned()) return damaged("expected a shape of whole numbers");
    const auto value = extent.get<std::size_t>();
    if (value != 0 && n > data.size() / value) return damaged("the shape is larger than the file");
    n *= value;
    array.shape.push_back(value);
  }
  const auto& offsets = entry["data_offsets"];
  if (!offsets[0].is_number_unsigned() || !offsets[1].is_number_unsigned()) {
    return damaged("expected whole numbers in data_offsets");
  }
  const auto begin = offsets[0].get<std::size_t>();
  const auto end = offsets[1].get<std::size_t>();
  if (begin > end || end > data.size()) {
    return damaged(
        fmt::format("data [{}, {}) lies outside the {} bytes present", begin, end, data.size()));
  }
  if (end - begin != n * found->bytes) {
    return damaged(
        fmt::format("expected {} bytes of data, found {}", n * found->bytes, end - begin));
  }
  array.bytes = data.subspan(begin, end - begin);
  return array;
}

}  // namespace

Result<ArrayFile> ArrayFile::open(const fs::path& path) {
  TG_TRY(auto mapping, Mapping::open(path));
  const auto all = mapping.bytes();
  const std::string where = path.string();
  const std::string hint = "the file is damaged; fetch or build it again";
  if (all.size() < 8) {
    return model_error(ErrorCode::parse, where,
                       fmt::format("expected a safetensors file, found {} bytes", all.size()),
                       hint);
  }
  constexpr std::string_view kPointer = "version https://git-lfs";
  if (std::string_view(reinterpret_cast<const char*>(all.data()), all.size())
          .starts_with(kPointer)) {
    return model_error(ErrorCode::parse, where,
                       "expected a safetensors file, found a git-lfs pointer to one",
                       "run `git lfs pull` in its folder, or fetch it with `topograph model pull`");
  }
  const auto header_bytes = load<std::uint64_t>(all.data());
  if (header_bytes > kMaxHeaderBytes || header_bytes > all.size() - 8) {
    return model_error(
        ErrorCode::parse, where,
        fmt::format("the header claims {} bytes, the file has {}", header_bytes, all.size()), hint);
  }
  const char* text = reinterpret_cast<const char*>(all.data() + 8);
  const auto header = nlohmann::json::parse(text, text + header_bytes, nullptr, false);
  if (!header.is_object()) {
    return model_error(ErrorCode::parse, where, "the header is not a JSON object", hint);
  }
  const auto data = all.subspan(8 + static_cast<std::size_t>(header_bytes));
  auto impl = std::make_unique<Impl>(std::move(mapping));
  impl->path = where;
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") {
      for (const auto& [key, value] : entry.items()) {
        if (value.is_string()) impl->metadata[key] = value.get<std::string>();
      }
      continue;
    }
    TG_TRY(auto array, read_entry(entry, data, where + ": " + name));
    if (!name.starts_with(kPadPrefix)) impl->arrays.emplace(name, std::move(array));
  }
  ArrayFile file;
  file.impl_ = std::move(impl);
  return file;
}

std::vector<std::string> ArrayFile::names() const {
  std::vector<std::string> names;
  for (const auto& [name, array] : impl_->arrays) names.push_back(name);
  return names;
}

bool ArrayFile::contains(std::string_view name) const {
  return impl_->arrays.find(name) != impl_->arrays.end();
}

const std::map<std::string, std::string>& ArrayFile::metadata() const { return impl_->metadata; }

Result<ArrayRef> ArrayFile::array(std::string_view name) const {
  const auto found = impl_->arrays.find(name);
  if (found == impl_->arrays.end()) {
    return model_error(ErrorCode::schema, impl_->path,
                       fmt::format("expected an array called '{}', found none", name));
  }
  return found->second;
}

namespace {

std::unexpected<Error> wrong_type(const std::string& path, std::string_view name,
                                  std::string_view expected, const ArrayRef& found) {
  return model_error(ErrorCode::schema, path,
                     fmt::format("expected '{}' to be {}, found {} with {} dimensions", name,
                                 expected, to_string(found.dtype), found.shape.size()));
}

}  // namespace

Result<Matrix<float>> ArrayFile::matrix(std::string_view name) const {
  TG_TRY(auto ref, array(name));
  if (ref.shape.size() != 2) return wrong_type(impl_->path, name, "a float matrix", ref);
  Matrix<float> out(ref.shape[0], ref.shape[1]);
  if (!convert_to_float(ref, out.data()))
    return wrong_type(impl_->path, name, "a float matrix", ref);
  return out;
}

Result<std::vector<float>> ArrayFile::floats(std::string_view name) const {
  TG_TRY(auto ref, array(name));
  std::vector<float> out(ref.n_elements());
  if (!convert_to_float(ref, out.data())) return wrong_type(impl_->path, name, "floats", ref);
  return out;
}

Result<std::vector<double>> ArrayFile::doubles(std::string_view name) const {
  TG_TRY(auto ref, array(name));
  if (ref.dtype != DType::f64) return wrong_type(impl_->path, name, "F64", ref);
  return copy_as<double>(ref);
}

Result<std::vector<std::int32_t>> ArrayFile::int32s(std::string_view name) const {
  TG_TRY(auto ref, array(name));
  if (ref.dtype != DType::i32) return wrong_type(impl_->path, name, "I32", ref);
  return copy_as<std::int32_t>(ref);
}

Result<std::vector<std::int64_t>> ArrayFile::int64s(std::string_view name) const {
  TG_TRY(auto ref, array(name));
  if (ref.dtype != DType::i64) return wrong_type(impl_->path, name, "I64", ref);
  return copy_as<std::int64_t>(ref);
}

Result<std::vector<std::uint8_t>> ArrayFile::bytes(std::string_view name) const {
  TG_TRY(auto ref, array(name));
  if (ref.dtype != DType::u8) return wrong_type(impl_->path, name, "U8", ref);
  return copy_as<std::uint8_t>(ref);
}

void ArrayWriter::add(std::string name, DType dtype, std::vector<std::size_t> shape,
                      std::span<const std::byte> bytes) {
  TG_EXPECTS(ArrayRef{dtype, shape}.n_elements() * size_bytes(dtype) == bytes.size());
  entries_.push_back({std::move(name), dtype, std::move(shape), bytes});
}

void ArrayWriter::add(std::string name, MatrixView<const float> matrix) {
  TG_EXPECTS(matrix.stride() == matrix.cols() || matrix.rows() <= 1);
  add(std::move(name), DType::f32, {matrix.rows(), matrix.cols()},
      std::as_bytes(std::span(matrix.data(), matrix.rows() * matrix.cols())));
}
void ArrayWriter::add(std::string name, std::span<const float> values) {
  add(std::move(name), DType::f32, {values.size()}, std::as_bytes(values));
}
void ArrayWriter::add(std::string name, std::span<const double> values) {
  add(std::move(name), DType::f64, {values.size()}, std::as_bytes(values));
}
void ArrayWriter::add(std::string name, std::span<const std::int32_t> values) {
  add(std::move(name), DType::i32, {values.size()}, std::as_bytes(values));
}
void ArrayWriter::add(std::string name, std::span<const std::int64_t> values) {
  add(std::move(name), DType::i64, {values.size()}, std::as_bytes(values));
}
void ArrayWriter::add(std::string name, std::span<const std::uint8_t> values) {
  add(std::move(name), DType::u8, {values.size()}, std::as_bytes(values));
}
void ArrayWriter::set_metadata(std::string key, std::string value) {
  metadata_[std::move(key)] = std::move(value);
}

Result<void> ArrayWriter::write(const fs::path& path) const {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!metadata_.empty()) header["__metadata__"] = metadata_;
  std::size_t offset = 0;
  std::vector<std::size_t> padding;
  for (const Entry& entry : entries_) {
    // A gap would make the file invalid for other readers, so the padding is an array of its own.
    const std::size_t pad = (kAlignment - offset % kAlignment) % kAlignment;
    padding.push_back(pad);
    if (pad > 0) {
      header[fmt::format("{}{}", kPadPrefix, padding.size())] = {
          {"dtype", "U8"}, {"shape", {pad}}, {"data_offsets", {offset, offset + pad}}};
      offset += pad;
    }
    header[entry.name] = {{"dtype", to_string(entry.dtype)},
                          {"shape", entry.shape},
                          {"data_offsets", {offset, offset + entry.bytes.size()}}};
    offset += entry.bytes.size();
  }
  std::string text = header.dump();
  text.append((kAlignment - (8 + text.size()) % kAlignment) % kAlignment, ' ');
  const auto n_header = static_cast<std::uint64_t>(text.size());
  static_assert(std::endian::native == std::endian::little, "safetensors is little-endian");

  TG_TRY(auto file, AtomicFile::create(path));
  TG_TRY(file.write(std::as_bytes(std::span(&n_header, 1))));
  TG_TRY(file.write(text));
  const std::string zeros(kAlignment, '\0');
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    TG_TRY(file.write(std::string_view(zeros).substr(0, padding[i])));
    TG_TRY(file.write(entries_[i].bytes));
  }
  return file.commit();
}

float half_to_float(std::uint16_t half) {
  const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000U) << 16U;
  const std::uint32_t exponent = (half >> 10U) & 0x1FU;
  std::uint32_t mantissa = half & 0x3FFU;
  if (exponent == 0x1F) return std::bit_cast<float>(sign | 0x7F800000U | (mantissa << 13U));
  if (exponent != 0)
    return std::bit_cast<float>(sign | ((exponent + 112) << 23U) | (mantissa << 13U));
  if (mantissa == 0) return std::bit_cast<float>(sign);
  std::uint32_t shift = 0;  // subnormal: normalise
  while ((mantissa & 0x400U) == 0) {
    mantissa <<= 1U;
    ++shift;
  }
  return std::bit_cast<float>(sign | ((113 - shift) << 23U) | ((mantissa & 0x3FFU) << 13U));
}

std::uint16_t float_to_half(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>((bits >> 16U) & 0x8000U);
  const std::uint32_t magnitude = bits & 0x7FFFFFFFU;
  if (magnitude > 0x7F800000U) return static_cast<std::uint16_t>(sign | 0x7E00U);   // NaN
  if (magnitude >= 0x47800000U) return static_cast<std::uint16_t>(sign | 0x7C00U);  // >= 65536
  if (magnitude < 0x33000000U) return sign;                                         // underflow
  std::uint32_t exponent = magnitude >> 23U;
  std::uint32_t mantissa = (magnitude & 0x7FFFFFU) | 0x800000U;
  std::uint32_t shift = 13;
  std::uint32_t base = 0;
  if (exponent < 113) {
    shift = 126 - exponent;
  } else {
    base = (exponent - 112) << 10U;
    mantissa &= 0x7FFFFFU;
  }
  std::uint32_t result = base + (mantissa >> shift);
  const std::uint32_t rest = mantissa & ((1U << shift) - 1);
  const std::uint32_t half_way = 1U << (shift - 1);
  if (rest > half_way || (rest == half_way && (result & 1U) != 0)) ++result;  // carries are right
  return static_cast<std::uint16_t>(sign | result);
}

float bfloat16_to_float(std::uint16_t value) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(value) << 16U);
}

}  // namespace topograph
