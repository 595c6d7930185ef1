#include "topograph/io/npy.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/npy_header.hpp"
#include "topograph/core/container.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph {
namespace {

constexpr std::size_t kRowsPerBlock = 1024;

/// A file mapped for reading.
class MappedFile {
 public:
  static Result<MappedFile> open(const std::string& path) {
    MappedFile file;
    file.descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file.descriptor_ < 0) {
      const bool missing = errno == ENOENT || errno == ENOTDIR;
      return input_error(
          missing ? ErrorCode::not_found : ErrorCode::io, path,
          missing ? "no such file" : fmt::format("cannot open: {}", strerror(errno)));
    }
    struct stat status = {};
    if (::fstat(file.descriptor_, &status) != 0 || !S_ISREG(status.st_mode)) {
      return input_error(ErrorCode::io, path, "expected an ordinary file");
    }
    file.size_ = static_cast<std::size_t>(status.st_size);
    if (file.size_ == 0) return file;
    void* mapped = ::mmap(nullptr, file.size_, PROT_READ, MAP_PRIVATE, file.descriptor_, 0);
    if (mapped == MAP_FAILED) {
      return input_error(ErrorCode::io, path, fmt::format("cannot read: {}", strerror(errno)));
    }
    file.data_ = static_cast<const char*>(mapped);
    return file;
  }
  MappedFile(MappedFile&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)),
        data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)) {}
  MappedFile& operator=(MappedFile&&) = delete;
  ~MappedFile() {
    if (data_ != nullptr) ::munmap(const_cast<char*>(data_), size_);
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  [[nodiscard]] std::string_view bytes() const { return {data_, size_}; }
  /// Pages that were read are taken from the file again when they are needed again.
  void forget() const {
    if (data_ != nullptr) ::madvise(const_cast<char*>(data_), size_, MADV_DONTNEED);
  }

 private:
  MappedFile() = default;
  int descriptor_ = -1;
  const char* data_ = nullptr;
  std::size_t size_ = 0;
};

struct Half {
  std::uint16_t bits;
};
float to_float(Half value) { return half_to_float(value.bits); }
float to_float(float value) { return value; }
float to_float(double value) { return static_cast<float>(value); }
double as_stored(Half value) { return static_cast<double>(half_to_float(value.bits)); }
double as_stored(double value) { return value; }

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

template <class T>
Result<Matrix<float>> convert(std::string_view data, const NpyHeader& header,
                              const std::string& path, RunContext& run) {
  const std::size_t rows = header.shape[0];
  const std::size_t cols = header.shape[1];
  const std::size_t row_step = header.is_fortran ? 1 : cols;
  const std::size_t col_step = header.is_fortran ? rows : 1;
  Matrix<float> matrix(rows, cols);
  // The first bad value of each block, so that the first of all is told for any number of threads.
  std::vector<std::optional<BadValue>> bad(block_count(rows, kRowsPerBlock));
  TG_TRY(parallel_blocks(run, rows, kRowsPerBlock, [&](const Block& block) {
    for (std::size_t r = block.begin; r < block.end; ++r) {
      for (std::size_t c = 0; c < cols; ++c) {
        const T stored = load<T>(data.data(), r * row_step + c * col_step);
        matrix[r, c] = to_float(stored);
        if (!std::isfinite(matrix[r, c]) && !bad[block.index]) {
          bad[block.index] = BadValue{r, c, as_stored(stored)};
        }
      }
    }
  }));
  for (const std::optional<BadValue>& value : bad) {
    if (value) return not_finite(*value, path);
  }
  return matrix;
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
std::size_t value_bytes(const std::string& dtype) {
  if (dtype == "<f2") return 2;
  if (dtype == "<f4") return 4;
  return dtype == "<f8" ? 8 : 0;
}

/// A mapped file whose header and size have been checked.
struct OpenedNpy {
  MappedFile file;
  NpyHeader header = {};
  std::size_t value_size = 0;
  [[nodiscard]] std::string_view data() const { return file.bytes().substr(header.data_begin); }
};

Result<OpenedNpy> open_npy(const std::string& name, std::optional<std::size_t> expected_rows) {
  TG_TRY(auto file, MappedFile::open(name));
  auto parsed = parse_npy_header(file.bytes());
  if (!parsed) {
    parsed.error().where = name;
    return std::unexpected(std::move(parsed).error());
  }
  const std::size_t size = value_bytes(parsed->dtype);
  if (size == 0) {
    return input_error(
        ErrorCode::unsupported, name,
        fmt::format("expected float32, float16 or float64 (little-endian), found the type '{}'",
                    parsed->dtype),
        "save it with np.save(path, x.astype('<f4'))");
  }
  TG_TRY(check_shape(*parsed, expected_rows, name));
  OpenedNpy opened{std::move(file), *std::move(parsed), size};
  const std::string_view data = opened.data();
  const std::size_t rows = opened.header.shape[0];
  const std::size_t cols = opened.header.shape[1];
  // Divisions, because rows * cols * size may not fit.
  const std::size_t n_values = data.size() / size;
  const bool is_exact = data.size() % size == 0 && n_values % cols == 0 && n_values / cols == rows;
  if (!is_exact) {
    const bool is_short = n_values / cols < rows;
    return input_error(ErrorCode::parse, name,
                       fmt::format("expected {} rows of {} values of {} bytes, found {} bytes",
                                   rows, cols, size, data.size()),
                       is_short ? "was the file cut short?" : "the file holds more than one array");
  }
  return opened;
}

template <class T>
std::optional<BadValue> copy_rows(const OpenedNpy& npy, std::span<const std::int64_t> ids,
                                  MatrixView<float> out) {
  const std::size_t row_step = npy.header.is_fortran ? 1 : npy.header.shape[1];
  const std::size_t col_step = npy.header.is_fortran ? npy.header.shape[0] : 1;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const std::size_t row = idx(ids[i]);
    for (std::size_t c = 0; c < out.cols(); ++c) {
      const T stored = load<T>(npy.data().data(), row * row_step + c * col_step);
      out[i, c] = to_float(stored);
      if (!std::isfinite(out[i, c])) return BadValue{row, c, as_stored(stored)};
    }
  }
  return {};
}

}  // namespace

Result<Matrix<float>> read_npy(const std::filesystem::path& path,
                               std::optional<std::size_t> expected_rows, RunContext& run) {
  const std::string name = path.string();
  TG_TRY(const OpenedNpy npy, open_npy(name, expected_rows));
  if (npy.value_size == 2) return convert<Half>(npy.data(), npy.header, name, run);
  if (npy.value_size == 4) return convert<float>(npy.data(), npy.header, name, run);
  return convert<double>(npy.data(), npy.header, name, run);
}

struct NpyRows::Mapped {
  std::string name = {};
  OpenedNpy npy;
};

NpyRows::NpyRows(std::unique_ptr<const Mapped> file) : file_(std::move(file)) {}
NpyRows::~NpyRows() = default;
std::size_t NpyRows::rows() const { return file_->npy.header.shape[0]; }
std::size_t NpyRows::cols() const { return file_->npy.header.shape[1]; }

Result<std::unique_ptr<NpyRows>> NpyRows::open(const std::filesystem::path& path) {
  TG_TRY(auto npy, open_npy(path.string(), {}));
  return std::unique_ptr<NpyRows>(
      new NpyRows(std::make_unique<const Mapped>(Mapped{path.string(), std::move(npy)})));
}

Result<void> NpyRows::read(std::span<const std::int64_t> ids, MatrixView<float> out) const {
  TG_EXPECTS(out.rows() == ids.size() && out.cols() == cols());
  std::optional<BadValue> bad;
  switch (file_->npy.value_size) {
    case 2: bad = copy_rows<Half>(file_->npy, ids, out); break;
    case 4: bad = copy_rows<float>(file_->npy, ids, out); break;
    default: bad = copy_rows<double>(file_->npy, ids, out); break;
  }
  file_->npy.file.forget();
  if (bad) return not_finite(*bad, file_->name);
  return {};
}

}  // namespace topograph
