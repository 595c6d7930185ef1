#include "report/compress.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <zlib.h>

#include "topograph/core/parallel.hpp"

namespace topograph::detail {
namespace {

constexpr std::size_t block_bytes = std::size_t{1} << 20U;
constexpr std::size_t window_bytes = 32768;
constexpr int raw_deflate = -15;  // Negative window bits: no zlib header around the blocks.

const Bytef* as_bytes(std::string_view text) { return reinterpret_cast<const Bytef*>(text.data()); }

Error zlib_failure(std::string_view what) {
  return {.code = ErrorCode::internal, .message = "zlib refused to " + std::string(what)};
}

/// Deflates bytes [begin, end) as a piece of a longer stream: the text before it serves as the
/// dictionary, and every piece but the last ends on a byte border (a sync flush).
Result<std::string> deflate_piece(std::string_view bytes, std::size_t begin, std::size_t end) {
  z_stream stream{};
  if (deflateInit2(&stream, 6, Z_DEFLATED, raw_deflate, 9, Z_DEFAULT_STRATEGY) != Z_OK) {
    return std::unexpected(zlib_failure("start"));
  }
  const std::size_t before = std::min(begin, window_bytes);
  if (before > 0) {
    deflateSetDictionary(&stream, as_bytes(bytes.substr(begin - before)),
                         static_cast<uInt>(before));
  }
  const bool is_last = end == bytes.size();
  std::string out(deflateBound(&stream, static_cast<uLong>(end - begin)) + 64, '\0');
  stream.next_in = const_cast<Bytef*>(as_bytes(bytes.substr(begin)));  // zlib reads only.
  stream.avail_in = static_cast<uInt>(end - begin);
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int status = deflate(&stream, is_last ? Z_FINISH : Z_SYNC_FLUSH);
  const bool is_done = status == (is_last ? Z_STREAM_END : Z_OK) && stream.avail_in == 0;
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  if (!is_done) return std::unexpected(zlib_failure("finish a block"));
  return out;
}

void append_little_endian(std::string& out, std::uint64_t value) {
  for (int byte = 0; byte < 4; ++byte) {
    out += static_cast<char>((value >> (8 * byte)) & 0xFFU);
  }
}

}  // namespace

Result<std::string> gzip(std::string_view bytes, RunContext& run) {
  // An empty input still needs one (empty) final block.
  const std::size_t n_pieces = std::max<std::size_t>(1, block_count(bytes.size(), block_bytes));
  std::vector<std::string> pieces(n_pieces);
  std::vector<uLong> checksums(n_pieces);
  TG_TRY(parallel_blocks(run, n_pieces, 1, [&](const Block& block) -> Result<void> {
    const std::size_t begin = block.index * block_bytes;
    const std::size_t end = std::min(bytes.size(), begin + block_bytes);
    checksums[block.index] =
        crc32(0, as_bytes(bytes.substr(begin)), static_cast<uInt>(end - begin));
    TG_TRY(pieces[block.index], deflate_piece(bytes, begin, end));
    return {};
  }));

  // Magic number, deflate, no flags, no time, no extra flags, system unknown (RFC 1952).
  std::string out("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff", 10);
  uLong checksum = crc32(0, nullptr, 0);
  for (std::size_t i = 0; i < n_pieces; ++i) {
    const std::size_t begin = i * block_bytes;
    const std::size_t n = std::min(bytes.size() - begin, block_bytes);
    checksum = crc32_combine(checksum, checksums[i], static_cast<z_off_t>(n));
    out += pieces[i];
  }
  append_little_endian(out, checksum);
  append_little_endian(out, bytes.size());
  return out;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      const auto byte = j < n ? static_cast<unsigned char>(bytes[i + j]) : 0U;
      group = (group << 8U) | byte;
    }
    out += digits[(group >> 18U) & 63U];
    out += digits[(group >> 12U) & 63U];
    out += n > 1 ? digits[(group >> 6U) & 63U] : '=';
    out += n > 2 ? digits[group & 63U] : '=';
  }
  return out;
}

}  // namespace topograph::detail
