#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/embed/embedder.hpp"

namespace topograph::detail {

/// What is known of a block: the first 128 bytes of its file, or an entry of a journal.
struct BlockHeader {
  std::array<char, 8> magic = {'T', 'G', 'E', 'M', 'B', 'E', 'D', '1'};
  std::array<char, 64> key = {};  ///< Hex digits.
  std::uint64_t n_rows = 0;
  std::uint64_t n_columns = 0;
  std::uint64_t n_tokens = 0;
  std::uint64_t n_truncated = 0;
  std::uint64_t vectors_checksum = 0;
  std::uint64_t header_checksum = 0;  ///< Of the bytes before it and eight zero bytes.
  std::uint64_t reserved = 0;
};
static_assert(sizeof(BlockHeader) == 128);

/// Names the content of a block, in 64 hex digits: everything that its bits depend on.
[[nodiscard]] std::string block_key(const std::string& fingerprint, std::size_t dimension,
                                    const TextColumn& texts);
[[nodiscard]] BlockHeader describe_block(const std::string& key, std::size_t n_rows,
                                         std::size_t n_columns, const EmbedReport& report,
                                         std::uint64_t vectors_checksum);
/// The header is one, and as it was written.
[[nodiscard]] bool is_sound(const BlockHeader& header);
[[nodiscard]] bool has_content(const BlockHeader& header, const std::string& key,
                               std::size_t n_rows, std::size_t n_columns);
[[nodiscard]] EmbedReport report_of(const BlockHeader& header);

/// Writes the vectors of one block and what was met while embedding it, so that the file appears
/// complete or not at all.
///
/// @param key  64 hex digits that name the content.
[[nodiscard]] Result<void> write_block_file(const std::filesystem::path& path,
                                            const std::string& key, MatrixView<const float> vectors,
                                            const EmbedReport& report);

/// Fills `vectors` from the file of `key`.
/// @return  Nothing when there is no such file.
/// @error   parse or io, saying what is wrong with the file; `vectors` may be half filled then.
[[nodiscard]] Result<std::optional<EmbedReport>> read_block_file(const std::filesystem::path& path,
                                                                 const std::string& key,
                                                                 MatrixView<float> vectors);

/// Detects damage, not forgery: four interleaved chains of multiply and rotate over 64-bit words,
/// so that it keeps up with memory.
[[nodiscard]] std::uint64_t block_checksum(std::span<const std::byte> bytes);

}  // namespace topograph::detail
