#include "embed/blocks/block_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string_view>

#include "topograph/core/atomic_file.hpp"
#include "topograph/core/digest.hpp"

namespace topograph::detail {
namespace fs = std::filesystem;
namespace {

static_assert(std::endian::native == std::endian::little, "the file holds the memory's bytes");

std::uint64_t checksum_of(BlockHeader header) {
  header.header_checksum = 0;
  return block_checksum(std::as_bytes(std::span(&header, 1)));
}

std::span<const std::byte> bytes_of(MatrixView<const float> matrix) {
  TG_EXPECTS(matrix.stride() == matrix.cols());
  return std::as_bytes(std::span(matrix.data(), matrix.rows() * matrix.cols()));
}

std::unexpected<Error> broken(const fs::path& path, std::string what) {
  return std::unexpected(
      Error{ErrorCode::parse, std::move(what), path.string(), {}, Subject::input});
}

}  // namespace

std::string block_key(const std::string& fingerprint, std::size_t dimension,
                      const TextColumn& texts) {
  Sha256 digest;
  digest.update(
      fmt::format("topograph embeddings 1 {} {} {}\n", fingerprint, dimension, texts.size()));
  for (std::size_t i = 0; i < texts.size(); ++i) {
    digest.update(fmt::format("{} ", texts[i].size()));
    digest.update(texts[i]);
  }
  return digest.hex();
}

BlockHeader describe_block(const std::string& key, std::size_t n_rows, std::size_t n_columns,
                           const EmbedReport& report, std::uint64_t vectors_checksum) {
  BlockHeader header;
  TG_EXPECTS(key.size() == header.key.size());
  std::ranges::copy(key, header.key.begin());
  header.n_rows = n_rows;
  header.n_columns = n_columns;
  header.n_tokens = static_cast<std::uint64_t>(report.n_tokens);
  header.n_truncated = static_cast<std::uint64_t>(report.n_truncated);
  header.vectors_checksum = vectors_checksum;
  header.header_checksum = checksum_of(header);
  return header;
}

bool is_sound(const BlockHeader& header) {
  return header.magic == BlockHeader().magic && checksum_of(header) == header.header_checksum;
}

bool has_content(const BlockHeader& header, const std::string& key, std::size_t n_rows,
                 std::size_t n_columns) {
  return std::string_view(header.key.data(), header.key.size()) == key && header.n_rows == n_rows &&
         header.n_columns == n_columns;
}

EmbedReport report_of(const BlockHeader& header) {
  return {.n_texts = static_cast<std::int64_t>(header.n_rows),
          .n_tokens = static_cast<std::int64_t>(header.n_tokens),
          .n_truncated = static_cast<std::int64_t>(header.n_truncated)};
}

std::uint64_t block_checksum(std::span<const std::byte> bytes) {
  // Odd multiples of 2^64 divided by the golden ratio: multipliers with well mixed bits.
  constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15U;
  constexpr std::array<std::uint64_t, 4> kMultipliers{kGolden, 3 * kGolden, 5 * kGolden,
                                                      7 * kGolden};
  std::array<std::uint64_t, 4> lanes = kMultipliers;
  const auto mix = [&](std::size_t lane, std::uint64_t word) {
    lanes[lane] = std::rotl((lanes[lane] ^ word) * kMultipliers[lane], 29);
  };
  const std::size_t n_words = bytes.size() / 8;
  std::size_t word = 0;
  for (; word + 4 <= n_words; word += 4) {
    std::array<std::uint64_t, 4> values{};
    std::memcpy(values.data(), bytes.data() + word * 8, sizeof values);
    for (std::size_t lane = 0; lane < 4; ++lane) mix(lane, values[lane]);
  }
  for (std::size_t at = word * 8; at < bytes.size(); at += 8) {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.data() + at, std::min<std::size_t>(8, bytes.size() - at));
    mix(at / 8 % 4, value);
  }
  std::uint64_t sum = bytes.size();
  for (const std::uint64_t lane : lanes) {
    sum = (std::rotl(sum, 23) ^ lane) * kMultipliers[0];
    sum ^= sum >> 32U;
  }
  return sum;
}

Result<void> write_block_file(const fs::path& path, const std::string& key,
                              MatrixView<const float> vectors, const EmbedReport& report) {
  const BlockHeader header = describe_block(key, vectors.rows(), vectors.cols(), report,
                                            block_checksum(bytes_of(vectors)));
  TG_TRY(auto file, AtomicFile::create(path));
  TG_TRY(file.write(std::as_bytes(std::span(&header, 1))));
  TG_TRY(file.write(bytes_of(vectors)));
  return file.commit_unsynced();
}

Result<std::optional<EmbedReport>> read_block_file(const fs::path& path, const std::string& key,
                                                   MatrixView<float> vectors) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    if (errno == ENOENT) return std::optional<EmbedReport>();
    return broken(path, fmt::format("cannot be opened: {}", std::strerror(errno)));
  }
  BlockHeader header;
  file.read(reinterpret_cast<char*>(&header), sizeof header);
  if (!file) return broken(path, "is cut short");
  if (header.magic != BlockHeader().magic) return broken(path, "is not a block of embeddings");
  if (!is_sound(header) || !has_content(header, key, vectors.rows(), vectors.cols())) {
    return broken(path, "has a damaged header");
  }
  const auto n_bytes = static_cast<std::streamsize>(bytes_of(vectors).size());
  file.read(reinterpret_cast<char*>(vectors.data()), n_bytes);
  if (file.gcount() != n_bytes) return broken(path, "is cut short");
  if (file.peek() != std::ifstream::traits_type::eof()) return broken(path, "is too long");
  if (block_checksum(bytes_of(vectors)) != header.vectors_checksum) {
    return broken(path, "holds damaged vectors");
  }
  return report_of(header);
}

}  // namespace topograph::detail
