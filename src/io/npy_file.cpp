#include "io/npy_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <utility>

#include "topograph/core/container.hpp"

namespace topograph {
namespace {

struct Half {
  std::uint16_t bits;
};
float to_float(Half value) { return half_to_float(value.bits); }
float to_float(float value) { return value; }
float to_float(double value) { return static_cast<float>(value); }

template <class T>
T load(const char* data, std::size_t index) {
  T value{};
  std::memcpy(&value, data + index * sizeof(T), sizeof(T));
  return value;
}

struct BadValue {
  std::size_t row = 0;
  std::size_t column = 0;
  double value = 0;
};

std::unexpected<Error> not_finite(const BadValue& bad, const std::string& path) {
  std::string found = "an infinite value";
  if (std::isnan(bad.value)) found = "NaN";
  if (std::isfinite(bad.value)) found = fmt::format("{} (too large for float32)", bad.value);
  return input_error(ErrorCode::parse, path,
                     fmt::format("expected finite numbers, found {} in row {}, column {}", found,
                                 bad.row, bad.column),
                     "rows and columns count from 0; remove or repair that row");
}

/// The values of one row, `step` apart; the column of the first that is not finite in float32.
template <class T>
std::optional<std::size_t> convert_row(const char* data, std::size_t first, std::size_t step,
                                       std::span<float> out) {
  std::optional<std::size_t> bad;
  for (std::size_t c = 0; c < out.size(); ++c) {
    out[c] = to_float(load<T>(data, first + c * step));
    if (!std::isfinite(out[c]) && !bad) bad = c;
  }
  return bad;
}

Result<void> check_shape(const NpyHeader& header, std::optional<std::size_t> expected_rows,
                         const std::string& path) {
  if (header.shape.size() != 2) {
    return input_error(ErrorCode::parse, path,
                       fmt::format("expected a matrix (documents, dimensions), found the shape {}",
                                   npy_shape_text(header.shape)),
                       header.shape.size() == 1 ? "a single vector is saved as x.reshape(1, -1)"
                                                : "save one row per document");
  }
  if (expected_rows && header.shape[0] != *expected_rows) {
    return input_error(
        ErrorCode::invalid_argument, path,
        fmt::format("expected {} rows, one for each document, found {} (shape {})", *expected_rows,
                    header.shape[0], npy_shape_text(header.shape)),
        "the vectors must belong to the same documents, blank ones included, in the same order");
  }
  if (header.shape[1] == 0) {
    return input_error(ErrorCode::parse, path,
                       fmt::format("expected at least one column, found the shape {}",
                                   npy_shape_text(header.shape)));
  }
  return {};
}

/// Bytes of one value; 0 when the type is not read.
std::size_t bytes_of(const std::string& dtype) {
  if (dtype == "<f2") return 2;
  if (dtype == "<f4") return 4;
  return dtype == "<f8" ? 8 : 0;
}

}  // namespace

NpyFile::NpyFile(NpyFile&& other) noexcept
    : name_(std::move(other.name_)),
      header_(std::move(other.header_)),
      value_bytes_(other.value_bytes_),
      descriptor_(std::exchange(other.descriptor_, -1)),
      mapped_(std::exchange(other.mapped_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

NpyFile::~NpyFile() {
  if (mapped_ != nullptr) ::munmap(const_cast<char*>(mapped_), size_);
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<NpyFile> NpyFile::open(const std::filesystem::path& path,
                              std::optional<std::size_t> expected_rows) {
  NpyFile file;
  file.name_ = path.string();
  TG_TRY(file.map());
  TG_TRY(file.check(expected_rows));
  return file;
}

Result<void> NpyFile::map() {
  descriptor_ = ::open(name_.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0) {
    const bool missing = errno == ENOENT || errno == ENOTDIR;
    return input_error(missing ? ErrorCode::not_found : ErrorCode::io, name_,
                       missing ? "no such file" : fmt::format("cannot open: {}", strerror(errno)));
  }
  struct stat status = {};
  if (::fstat(descriptor_, &status) != 0 || !S_ISREG(status.st_mode)) {
    return input_error(ErrorCode::io, name_, "expected an ordinary file");
  }
  size_ = static_cast<std::size_t>(status.st_size);
  if (size_ == 0) return {};
  void* mapped = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, descriptor_, 0);
  if (mapped == MAP_FAILED) {
    return input_error(ErrorCode::io, name_, fmt::format("cannot read: {}", strerror(errno)));
  }
  mapped_ = static_cast<const char*>(mapped);
  return {};
}

Result<void> NpyFile::check(std::optional<std::size_t> expected_rows) {
  auto parsed = parse_npy_header({mapped_, size_});
  if (!parsed) {
    parsed.error().where = name_;
    return std::unexpected(std::move(parsed).error());
  }
  header_ = *std::move(parsed);
  value_bytes_ = bytes_of(header_.dtype);
  if (value_bytes_ == 0) {
    return input_error(
        ErrorCode::unsupported, name_,
        fmt::format("expected float32, float16 or float64 (little-endian), found the type '{}'",
                    header_.dtype),
        "save it with np.save(path, x.astype('<f4'))");
  }
  TG_TRY(check_shape(header_, expected_rows, name_));
  const std::size_t n_bytes = size_ - header_.data_begin;
  // Divisions, because rows * cols * bytes may not fit.
  const std::size_t n_values = n_bytes / value_bytes_;
  const bool is_exact =
      n_bytes % value_bytes_ == 0 && n_values % cols() == 0 && n_values / cols() == rows();
  if (is_exact) return {};
  const bool is_short = n_values / cols() < rows();
  return input_error(ErrorCode::parse, name_,
                     fmt::format("expected {} rows of {} values of {} bytes, found {} bytes",
                                 rows(), cols(), value_bytes_, n_bytes),
                     is_short ? "was the file cut short?" : "the file holds more than one array");
}

Result<void> NpyFile::read_row(std::size_t row, std::span<float> out) const {
  const std::size_t first = is_fortran() ? row : row * cols();
  const std::size_t step = is_fortran() ? rows() : 1;
  std::optional<std::size_t> bad;
  double value = 0;
  if (value_bytes_ == 2) {
    bad = convert_row<Half>(data(), first, step, out);
    if (bad) value = static_cast<double>(out[*bad]);
  } else if (value_bytes_ == 4) {
    bad = convert_row<float>(data(), first, step, out);
    if (bad) value = static_cast<double>(out[*bad]);
  } else {
    bad = convert_row<double>(data(), first, step, out);
    if (bad) value = load<double>(data(), first + *bad * step);
  }
  if (bad) return not_finite({row, *bad, value}, name_);
  return {};
}

void NpyFile::release(std::size_t begin, std::size_t end) const {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto from = reinterpret_cast<std::uintptr_t>(data() + begin * value_bytes_) / page * page;
  const auto to = reinterpret_cast<std::uintptr_t>(data() + end * value_bytes_);
  // Only advice: the file is read again where it is needed again.
  static_cast<void>(::madvise(reinterpret_cast<void*>(from), to - from, MADV_DONTNEED));
}

}  // namespace topograph
