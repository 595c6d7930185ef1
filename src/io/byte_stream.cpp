#include "io/byte_stream.hpp"

#include <arrow/util/compression.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

namespace topograph {
namespace {

constexpr std::size_t kRawBytes = std::size_t{1} << 18U;
constexpr std::size_t kPieceBytes = std::size_t{1} << 22U;

struct Signature {
  std::string_view bytes;
  std::string_view what;
  std::string_view hint;
};

// First bytes of files that people mistake for text.
constexpr std::array kSignatures{
    Signature{"PK\x03\x04", "a zip archive or a spreadsheet (.xlsx, .ods)",
              "save the sheet as CSV (UTF-8)"},
    Signature{"\xD0\xCF\x11\xE0", "an old Office file (.xls)", "save the sheet as CSV (UTF-8)"},
    Signature{"PAR1", "a Parquet file", "name it .parquet or pass --format parquet"},
    Signature{"ARROW1", "a Feather file", "name it .feather or pass --format feather"},
    Signature{"%PDF-", "a PDF", "extract its text first"},
    Signature{"BZh", "a bzip2 file", "gzip (.gz) and zstd (.zst) are understood"},
    Signature{"\xFD"
              "7zXZ",
              "an xz file", "gzip (.gz) and zstd (.zst) are understood"},
    Signature{"\xFF\xFE", "UTF-16 text", "convert it: iconv -f UTF-16 -t UTF-8"},
    Signature{"\xFE\xFF", "UTF-16 text", "convert it: iconv -f UTF-16 -t UTF-8"},
};

}  // namespace

struct ByteStream::Impl {
  std::string name = {};
  std::stop_token stop = {};
  int descriptor = -1;
  bool owns_descriptor = false;
  bool raw_ended = false;
  std::uint64_t consumed = 0;
  std::vector<char> raw = std::vector<char>(kRawBytes);
  std::size_t raw_begin = 0;
  std::size_t raw_end = 0;
  std::unique_ptr<arrow::util::Codec> codec = {};
  std::shared_ptr<arrow::util::Decompressor> decompressor = {};
  bool inside_member = false;  ///< A compressed member has begun and not ended.
  std::vector<char> piece = std::vector<char>(kPieceBytes);

  ~Impl() {
    if (owns_descriptor) ::close(descriptor);
  }

  /// A pipe or terminal may say nothing for long: false when the run was asked to stop meanwhile.
  [[nodiscard]] bool wait_for_bytes() const {
    constexpr int kMilliseconds = 50;
    pollfd waited{.fd = descriptor, .events = POLLIN, .revents = 0};
    while (!stop.stop_requested()) {
      // Whatever is wrong with the descriptor, `read` says it.
      const int n = ::poll(&waited, 1, kMilliseconds);
      if (n > 0 || (n < 0 && errno != EINTR)) return true;
    }
    return false;
  }

  /// Reads until the raw buffer is full or the file ends.
  Result<void> fill_raw() {
    if (raw_begin == raw_end) raw_begin = raw_end = 0;
    while (!raw_ended && raw_end < raw.size()) {
      if (!wait_for_bytes()) return cancelled();
      const ssize_t n = ::read(descriptor, raw.data() + raw_end, raw.size() - raw_end);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) {
        return input_error(ErrorCode::io, name, fmt::format("cannot read: {}", strerror(errno)));
      }
      if (n == 0) raw_ended = true;
      raw_end += static_cast<std::size_t>(n);
      consumed += static_cast<std::uint64_t>(n);
    }
    return {};
  }

  Result<void> detect_compression() {
    TG_TRY(fill_raw());
    const std::string_view head(raw.data(), raw_end);
    if (head.starts_with("\x1F\x8B")) return start_codec(arrow::Compression::GZIP);
    if (head.starts_with("\x28\xB5\x2F\xFD")) return start_codec(arrow::Compression::ZSTD);
    return {};
  }

  Result<void> start_codec(arrow::Compression::type type) {
    auto made = arrow::util::Codec::Create(type);
    if (!made.ok()) {
      return input_error(ErrorCode::unsupported, name, made.status().message());
    }
    codec = std::move(made).ValueUnsafe();
    auto started = codec->MakeDecompressor();
    if (!started.ok()) {
      return input_error(ErrorCode::unsupported, name, started.status().message());
    }
    decompressor = std::move(started).ValueUnsafe();
    return {};
  }

  std::unexpected<Error> damaged(const std::string& why) const {
    return input_error(ErrorCode::parse, name, "the compressed data is damaged: " + why,
                       "was the download or copy cut short?");
  }

  Result<std::size_t> read_plain() {
    TG_TRY(fill_raw());
    std::size_t filled = 0;
    while (raw_begin < raw_end && filled < piece.size()) {
      const std::size_t n = std::min(raw_end - raw_begin, piece.size() - filled);
      std::memcpy(piece.data() + filled, raw.data() + raw_begin, n);
      raw_begin += n;
      filled += n;
      TG_TRY(fill_raw());
    }
    return filled;
  }

  Result<std::size_t> read_compressed() {
    std::size_t filled = 0;
    while (filled < piece.size()) {
      if (raw_begin == raw_end) TG_TRY(fill_raw());
      const std::size_t available = raw_end - raw_begin;
      if (available == 0) {
        if (inside_member) return damaged("the file ends early");
        break;
      }
      auto step =
          decompressor->Decompress(static_cast<std::int64_t>(available),
                                   reinterpret_cast<const std::uint8_t*>(raw.data() + raw_begin),
                                   static_cast<std::int64_t>(piece.size() - filled),
                                   reinterpret_cast<std::uint8_t*>(piece.data() + filled));
      if (!step.ok()) return damaged(step.status().message());
      if (step->bytes_read == 0 && step->bytes_written == 0 && filled == 0) {
        return damaged("no data could be recovered");
      }
      raw_begin += static_cast<std::size_t>(step->bytes_read);
      filled += static_cast<std::size_t>(step->bytes_written);
      inside_member = !decompressor->IsFinished();
      if (!inside_member) {
        if (const auto reset = decompressor->Reset(); !reset.ok()) return damaged(reset.message());
      } else if (step->bytes_read == 0 && step->bytes_written == 0) {
        break;  // The piece has no room for what comes next.
      }
    }
    return filled;
  }
};

ByteStream::ByteStream() : impl_(std::make_unique<Impl>()) {}
ByteStream::ByteStream(ByteStream&&) noexcept = default;
ByteStream::~ByteStream() = default;

Result<ByteStream> ByteStream::open(const std::string& path, std::string name,
                                    std::stop_token stop) {
  ByteStream stream;
  Impl& impl = *stream.impl_;
  impl.stop = std::move(stop);
  impl.name = std::move(name);
  if (path == "-") {
    impl.descriptor = STDIN_FILENO;
  } else {
    impl.descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (impl.descriptor < 0) {
      const bool missing = errno == ENOENT || errno == ENOTDIR;
      return input_error(missing ? ErrorCode::not_found : ErrorCode::io, impl.name,
                         missing ? "no such file" : fmt::format("cannot open: {}", strerror(errno)),
                         errno == EACCES ? "may you read it?" : "");
    }
    impl.owns_descriptor = true;
  }
  TG_TRY(impl.detect_compression());
  return stream;
}

Result<std::string_view> ByteStream::next() {
  TG_TRY(const std::size_t n, impl_->decompressor ? impl_->read_compressed() : impl_->read_plain());
  return std::string_view(impl_->piece.data(), n);
}

std::uint64_t ByteStream::consumed_bytes() const { return impl_->consumed; }
const std::string& ByteStream::name() const { return impl_->name; }

Result<TextStream> TextStream::open(const std::string& path, std::string name,
                                    std::stop_token stop) {
  TG_TRY(auto bytes, ByteStream::open(path, std::move(name), std::move(stop)));
  return TextStream(std::move(bytes));
}

Result<std::string_view> TextStream::next() {
  TG_TRY(std::string_view piece, bytes_.next());
  if (offset_ == 0) {
    for (const Signature& signature : kSignatures) {
      if (piece.starts_with(signature.bytes)) {
        return input_error(ErrorCode::parse, name(),
                           fmt::format("expected UTF-8 text, found {}", signature.what),
                           std::string(signature.hint));
      }
    }
  }
  if (const void* nul = std::memchr(piece.data(), 0, piece.size()); nul != nullptr) {
    const auto at = static_cast<std::uint64_t>(static_cast<const char*>(nul) - piece.data());
    return input_error(
        ErrorCode::parse, name(),
        fmt::format("expected text, found binary data (a zero byte at offset {})", offset_ + at));
  }
  const bool has_mark = offset_ == 0 && piece.starts_with("\xEF\xBB\xBF");
  offset_ += piece.size();
  if (has_mark) piece.remove_prefix(3);
  return piece;
}

}  // namespace topograph
